"""What each extra is for, run in an environment that has nothing but it: `scripts/matrix` and the slow tests.

The guides' own blocks are run, against a sandbox that another process serves. A page may name packages beside
ours in its `pip install` line: a reader would have them, so they are installed, and nothing else is.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.docs.blocks import blocks_of
from tests.packaging.building import ROOT, Environment
from tests.servers import postgres_running, redis_running
from vimeo_toolkit.sandbox import Sandbox

__all__ = ["USES", "Use", "serving", "try_use"]

CALLBACK = "https://your.app/vimeo/callback"
INSTALL = re.compile(r'pip install "vimeo-toolkit\[([\w,-]+)\]"([^`\n#]*)')
MODEL = re.compile(r'create_agent\("[\w:.-]+"')
"""A provider's model: a scripted one stands in its place."""


@dataclass(frozen=True)
class Use:
    """A use of an extra.

    Args:
        extra: its name; empty for vimeo-toolkit alone.
        page: whose Python blocks are run.
        having: run only the blocks in which this stands.
        lacking: run no block in which one of these stands.
        before: Python that makes what the blocks speak of, after the toolkit.
        after: Python that looks at what came of it.
        command: arguments of `vimeo-toolkit` to run afterwards.
    """

    extra: str
    page: str = ""
    having: str = ""
    lacking: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    command: str = ""

    def blocks(self) -> list[str]:
        """The blocks, at least one where a page is named."""
        if not self.page:
            return []
        found = [
            block.code
            for block in blocks_of(ROOT / self.page)
            if block.language == "python"
            and self.having in block.code
            and not any(word in block.code for word in self.lacking)
        ]
        assert found, f"{self.page} has no block with {self.having}"
        return found

    def requirements(self, wheel: Path) -> list[str]:
        """What a reader of the page has installed. The README speaks of all extras: of it, the one in question."""
        extras, beside = {self.extra} - {""}, set[str]()
        if self.page and self.page != "README.md":
            for named, others in INSTALL.findall((ROOT / self.page).read_text()):
                extras.update(named.split(","))
                beside.update(shlex.split(others))
        return [f"{wheel}[{','.join(sorted(extras))}]" if extras else str(wheel), *sorted(beside)]


def _double(name: str) -> str:
    source = (ROOT / "tests" / "adapters" / f"{name}_double.py").read_text()
    return source.replace("from __future__ import annotations\n", "")


STORED = """
with VimeoToolkit([connection], store=os.environ["STORE"], key=generate_key()) as stored:
    stored.import_token(identifier="stored", access_token=os.environ["TOKEN"])
    assert stored.execute_tool(identifier="stored", tool_name="vimeo_me_get")["name"]
"""
INDEXED = """
asked = VimeoToolkit([connection], store="sqlite:///:memory:", library="sqlite:///words")
asked.import_token(identifier="asks", access_token=os.environ["TOKEN"])
asked.library.sync(identifier="asks")
"""
EMBEDDED = """
class Lengths:
    model = "lengths"
    def embed_query(self, text): return [float(len(text)), 1.0]
    def embed_documents(self, texts): return [self.embed_query(text) for text in texts]

asked = VimeoToolkit([connection], store="sqlite:///:memory:", library="sqlite:///words", embed=Lengths())
asked.import_token(identifier="asks", access_token=os.environ["TOKEN"])
assert asked.library.sync(identifier="asks").embedded
assert asked.library.search("harbour", identifier="asks").not_compared == ""
"""
OPENAI = """
import sys, types
sys.modules["llama_index.llms"] = types.ModuleType("llama_index.llms")
sys.modules["llama_index.llms.openai"] = provider = types.ModuleType("llama_index.llms.openai")
provider.OpenAI = lambda name: llm
"""

USES = (
    Use("", page="docs/guides/moving.md", after="assert result['data']"),
    Use(
        "langchain",
        page="README.md",
        having="create_agent",
        lacking=("llama_index",),
        before=_double("langchain") + "\nmodel = OneCallChat(tool_name='vimeo_me_get', arguments={})",
        after="assert '/users/' in answer['messages'][-1].content, answer\n"
        "from langchain_vimeo import VimeoToolsOnDemand\n"
        "create_agent(model, middleware=[VimeoToolsOnDemand(identifier='user_1', toolkit=toolkit)])",
    ),
    Use(
        "llama-index",
        page="README.md",
        having="FunctionAgent",
        lacking=("langchain",),
        before=_double("llama_index")
        + "\nllm = OneCallLlm(tool_name='vimeo_me_get', arguments={})\n"
        + OPENAI,
        after="import asyncio\n"
        "async def asked(): return str(await agent.run('Who am I?'))\n"
        "assert '/users/' in asyncio.run(asked())\n"
        "from llama_index.tools.vimeo import VimeoToolRetriever\n"
        "VimeoToolRetriever(identifier='user_1', toolkit=toolkit)",
    ),
    Use(
        "mcp",
        page="docs/guides/mcp.md",
        having="http_app",
        after="import asyncio\nfrom mcp import Client\nfrom vimeo_mcp import create_server\n"
        "async def asked():\n"
        "    async with Client(create_server('user_1', toolkit=toolkit)) as client:\n"
        "        return (await client.call_tool('vimeo_me_get', {})).content[0].text\n"
        "assert '/users/' in asyncio.run(asked())",
    ),
    Use(
        "langchain",
        after=INDEXED + "from langchain_vimeo import VimeoRetriever, VimeoTranscriptLoader\n"
        "assert VimeoRetriever(identifier='asks', toolkit=asked).invoke('customer')\n"
        "assert VimeoTranscriptLoader(identifier='asks', toolkit=asked).load()",
    ),
    Use(
        "llama-index",
        after=INDEXED + "from llama_index.readers.vimeo import VimeoReader, VimeoRetriever\n"
        "assert VimeoRetriever(identifier='asks', toolkit=asked).retrieve('customer')\n"
        "assert VimeoReader(identifier='asks', toolkit=asked).load_data()",
    ),
    Use("langchain", page="docs/guides/langchain.md"),
    Use("langchain", page="docs/guides/conversations.md"),
    Use("llama-index", page="docs/guides/llamaindex.md"),
    Use("web", page="docs/guides/fastapi.md", lacking=("langchain_vimeo",), after="assert app.routes"),
    Use("postgres", after=STORED),
    Use("redis", after=STORED),
    Use("sandbox", page="docs/guides/testing.md", lacking=("import pytest",)),
    Use(
        "web",
        after="from vimeo_toolkit.web import connect_app\nassert connect_app(toolkit, identify=print).routes",
    ),
    Use("web", page="docs/guides/webhooks.md", after="assert receiver"),
    Use("otel", page="docs/guides/observing.md", having="OpenTelemetryHook"),
    Use("cli", command="tools vimeo_my_videos_list"),
    Use(
        "keyring",
        before="from vimeo_toolkit import ConfigurationError, MissingExtra",
        after="from vimeo_toolkit.stores.desktop_keyring import read_key\n"
        "import os; os.environ['PYTHON_KEYRING_BACKEND'] = 'keyring.backends.null.Keyring'\n"
        "try: read_key('mine')\n"
        "except ConfigurationError as error: assert not isinstance(error, MissingExtra), error",
    ),
    Use("library-embeddings", after=EMBEDDED),
    Use("h2", after="from vimeo_toolkit.runtime.multiplexed import installed\nassert installed()"),
    Use("demo", command="demo"),
    Use(
        "demo",
        page="docs/guides/evaluating.md",
        lacking=("create_agent",),
        command="eval --task change-typo --framework langchain",
    ),
)

TOOLKIT = """
import os
from vimeo_toolkit import Connection, VimeoToolkit, generate_key
connection = Connection(api_url=os.environ["VIMEO_API_URL"])
toolkit = VimeoToolkit.from_env()
careful = VimeoToolkit([connection], store="sqlite:///:memory:", approval="destructive")
for made in (toolkit, careful):
    for who in {names!r}:
        made.import_token(identifier=who, access_token=os.environ["TOKEN"])
"""


@contextmanager
def serving() -> Iterator[dict[str, str]]:
    """A sandbox, as the environment variables that lead to it and to a user's token."""
    with Sandbox() as vimeo:
        vimeo.app.redirect_uris[:] = [CALLBACK]
        yield {
            "VIMEO_API_URL": vimeo.url,
            "VIMEO_CLIENT_ID": vimeo.app.client_id,
            "VIMEO_CLIENT_SECRET": vimeo.app.client_secret,
            "VIMEO_REDIRECT_URI": CALLBACK,
            "VIMEO_TOOLKIT_STORE": "sqlite:///accounts.db",
            "TOKEN": vimeo.issue_token().access_token,
        }


def try_use(use: Use, environment: Environment, folder: Path, variables: dict[str, str]) -> None:
    """Run the use in the environment; an AssertionError has what it said."""
    with _store(use.extra) as store:
        blocks = [MODEL.sub("create_agent(model", block) for block in use.blocks()]
        names = {"user_1", *re.findall(r'identifier="([^"]+)"', "".join(blocks))}
        program = "\n".join([TOOLKIT.format(names=sorted(names)), use.before, *blocks, use.after])
        environment.run(program, folder, **variables, **store)
    if use.command:
        code = (
            f"import sys; sys.argv[1:] = {use.command.split()!r}\nfrom vimeo_toolkit.cli import main; main()"
        )
        environment.run(code, folder, **variables)


@contextmanager
def _store(extra: str) -> Iterator[dict[str, str]]:
    if extra == "postgres":
        with postgres_running() as server:
            yield {"STORE": str(server.get_uri())}
    elif extra == "redis":
        with redis_running() as server:
            yield {"STORE": f"unix://{server.unix_socket_path}"}
    else:
        yield {}
