"""The TypeScript SDK's client, on which most MCP clients stand, signs in to the server and renews its tokens."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.signing_in import Person, site
from tests.node import install
from vimeo_toolkit.sandbox import Sandbox

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SCRIPT = """
import { createInterface } from 'node:readline';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';

const url = new URL(process.argv[2]);
const kept = {};
const say = (what) => console.log(JSON.stringify(what));
const provider = {
  redirectUrl: 'http://127.0.0.1:33418/callback',
  clientMetadata: { client_name: 'TypeScript client', redirect_uris: ['http://127.0.0.1:33418/callback'] },
  clientInformation: () => kept.client,
  saveClientInformation: (client) => { kept.client = client; },
  tokens: () => kept.tokens,
  saveTokens: (tokens) => { kept.tokens = tokens; },
  redirectToAuthorization: (link) => say({ link: link.href }),
  saveCodeVerifier: (verifier) => { kept.verifier = verifier; },
  codeVerifier: () => kept.verifier,
};
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const connect = async () => {
  const client = new Client({ name: 'walk', version: '1' });
  const transport = new StreamableHTTPClientTransport(url, { authProvider: provider });
  try {
    await client.connect(transport);
  } catch (error) {
    if (!(error instanceof UnauthorizedError)) throw error;
    const landed = new URL((await lines.next()).value);
    await transport.finishAuth(landed.searchParams.get('code'));
    await client.connect(new StreamableHTTPClientTransport(url, { authProvider: provider }));
  }
  return client;
};
const me = async (client) => JSON.parse((await client.callTool({ name: 'vimeo_me_get' })).content[0].text).uri;
let client = await connect();
say({ me: await me(client) });
await client.close();
const before = kept.tokens.refresh_token;
kept.tokens = { ...kept.tokens, access_token: 'vta_worn' }; // so that it uses its refresh token
client = await connect();
say({ me: await me(client), renewed: kept.tokens.refresh_token !== before });
await client.close();
process.exit(0);
"""
"""It writes the link that a browser is to open, and reads where that came back to."""


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the SDK and the script."""
    folder = tmp_path_factory.mktemp("node")
    install(folder, "@modelcontextprotocol/sdk", seconds=150)
    (folder / "walk.mjs").write_text(SCRIPT)
    return folder


async def test_it_signs_in_and_renews_its_tokens(node: Path, vimeo: Sandbox) -> None:
    person, said = Person(vimeo), list[dict[str, Any]]()
    with site(vimeo) as here:
        pipe = asyncio.subprocess.PIPE
        walk = await asyncio.create_subprocess_exec(
            "node", "walk.mjs", here.mcp, cwd=node, stdin=pipe, stdout=pipe, stderr=pipe
        )
        assert walk.stdin is not None
        assert walk.stdout is not None
        assert walk.stderr is not None
        async for line in walk.stdout:
            said.append(json.loads(line))
            if "link" in said[-1]:
                walk.stdin.write(f"{await person.visit(said[-1]['link'])}\n".encode())
                await walk.stdin.drain()
        problem = (await walk.stderr.read()).decode()
        assert await walk.wait() == 0, problem
    assert said[1:] == [{"me": vimeo.user.uri}, {"me": vimeo.user.uri, "renewed": True}]
