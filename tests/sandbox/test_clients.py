"""Other people's clients, unchanged but for the address, work against the sandbox."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import vimeo as pyvimeo

from vimeo_toolkit.sandbox import Sandbox


def _code(link: str, vimeo: Sandbox) -> str:
    return parse_qs(urlsplit(vimeo.authorize(link)).query)["code"][0]


def test_pyvimeo(vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyvimeo.VimeoClient, "API_ROOT", vimeo.url)
    client = pyvimeo.VimeoClient(key=vimeo.app.client_id, secret=vimeo.app.client_secret)
    assert client.load_client_credentials()

    link = client.auth_url(["public", "private", "edit"], vimeo.app.redirect_uri, "state")
    token, user, scope = client.exchange_code(_code(link, vimeo), vimeo.app.redirect_uri)
    assert user["uri"] == vimeo.user.uri
    assert "edit" in scope
    client.token = token

    path, names = "/me/videos?per_page=25&fields=name", []
    while path:
        page = client.get(path).json()
        names += [video["name"] for video in page["data"]]
        path = page["paging"]["next"]
    assert len(names) == len(vimeo.user.videos)

    video = vimeo.user.videos[0]
    assert client.patch(f"/videos/{video.id}", data={"name": "By PyVimeo"}).status_code == 200
    assert video.name == "By PyVimeo"
    answer = client.post("/me/albums", data={"name": "x"})
    assert answer.status_code == 403
    assert '"create" scope' in answer.json()["error"]
    assert client.get("/videos/1").json().keys() == {"error"}


SCRIPT = """
const { Vimeo } = require('@vimeo/vimeo');
const { id, secret, redirect, port, step, code } = JSON.parse(process.env.SANDBOX);
const at = { hostname: '127.0.0.1', port, protocol: 'http:' };
const client = new Vimeo(id, secret, null);
const request = client.request.bind(client);
client.request = (options, callback) =>
  request(Object.assign({}, typeof options === 'string' ? { path: options } : options, at), callback);
const ask = options => new Promise((done, fail) => client.request(
  options, (error, body, status) => error ? fail(Object.assign(error, { status })) : done({ body, status })));
const out = value => process.stdout.write(JSON.stringify(value));
if (step === 'link') {
  out({ link: client.buildAuthorizationEndpoint(redirect, ['public', 'private', 'edit'], 'state') });
} else {
  client.accessToken(code, redirect, async (error, body) => {
    if (error) return out({ error: String(error) });
    client.setAccessToken(body.access_token);
    const me = await ask('/me');
    const names = [];
    let path = '/me/videos?per_page=25&fields=name';
    while (path) {
      const page = await ask(path);
      names.push(...page.body.data.map(video => video.name));
      path = page.body.paging.next;
    }
    const video = (await ask('/me/videos?per_page=1&sort=date&fields=uri')).body.data[0].uri.split(':')[0];
    const edit = await ask({ method: 'PATCH', path: video, query: { name: 'By Node' } });
    const refused = await ask({ method: 'POST', path: '/me/albums', query: { name: 'x' } })
      .catch(problem => ({ status: problem.status, text: String(problem.message) }));
    out({ me: me.body.uri, names: names.length, edit: edit.status, video, refused });
  });
}
"""


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `@vimeo/vimeo` installed."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("needs node and npm")
    folder = tmp_path_factory.mktemp("node")
    install = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), "@vimeo/vimeo"]
    try:
        done = subprocess.run(install, capture_output=True, timeout=100, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip("npm did not install @vimeo/vimeo in time")
    if done.returncode:
        pytest.skip("npm cannot install @vimeo/vimeo here")
    (folder / "script.js").write_text(SCRIPT)
    return folder


def test_vimeo_js(vimeo: Sandbox, node: Path) -> None:
    def run(**more: str) -> dict[str, object]:
        settings = {
            "id": vimeo.app.client_id,
            "secret": vimeo.app.client_secret,
            "redirect": vimeo.app.redirect_uri,
            "port": urlsplit(vimeo.url).port,
            **more,
        }
        done = subprocess.run(
            ["node", "script.js"],
            cwd=node,
            env={**os.environ, "SANDBOX": json.dumps(settings)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.stdout, done.stderr
        return dict(json.loads(done.stdout))

    link = str(run(step="link")["link"])
    parts = urlsplit(link)
    code = _code(f"{vimeo.url}{parts.path}?{parts.query}", vimeo)
    seen = run(step="use", code=code)
    assert seen.get("me") == vimeo.user.uri, seen
    assert seen["names"] == len(vimeo.user.videos)
    assert seen["edit"] == 200
    edited = vimeo.world.videos[int(str(seen["video"]).rpartition("/")[2])]
    assert edited.name == "By Node"
    assert seen["refused"]["status"] == 403  # type: ignore[index]
    assert "create" in seen["refused"]["text"]  # type: ignore[index]
