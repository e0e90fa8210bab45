"""Other people's clients, unchanged but for the address, work against the sandbox."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import vimeo as pyvimeo

from tests.node import install
from vimeo_toolkit.sandbox import Sandbox, Video


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


def test_pyvimeo_uploads(vimeo: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyvimeo.VimeoClient, "API_ROOT", vimeo.url)
    client = pyvimeo.VimeoClient(token=vimeo.issue_token().access_token)
    film, cover, words = tmp_path / "film.mp4", tmp_path / "cover.png", tmp_path / "words.vtt"
    film.write_bytes(bytes(range(256)) * 40)
    cover.write_bytes(b"\x89PNG\r\n\x1a\n")
    words.write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n")
    digest = hashlib.sha256(film.read_bytes()).hexdigest()

    uri = client.upload(str(film), data={"name": "By PyVimeo", "chunk_size": 4096})
    video = vimeo.user.videos[-1]
    assert (video.uri, video.name, video.upload) == (uri, "By PyVimeo", "complete")
    assert video.incoming is not None
    assert video.incoming.sha256 == digest

    film.write_bytes(film.read_bytes()[::-1])
    assert client.replace(uri, str(film)) == uri
    assert [version.active for version in video.versions] == [False, True]
    assert video.incoming.sha256 == hashlib.sha256(film.read_bytes()).hexdigest() != digest

    client.upload_texttrack(uri, "captions", "en-US", str(words))
    assert [track.file for track in video.texttracks] == [words.read_bytes()]
    picture = client.upload_picture(uri, str(cover), activate=True)
    number = int(picture["uri"].rpartition("/")[2])
    assert (video.images, video.active_picture) == ({number: cover.read_bytes()}, number)


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
  out({ link: client.buildAuthorizationEndpoint(redirect, ['public', 'private', 'edit', 'upload'], 'state') });
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
    const uploaded = await new Promise((done, fail) =>
      client.upload('film.mp4', { name: 'Sent by Node' }, done, () => {}, fail));
    const replaced = await new Promise((done, fail) =>
      client.replace('film.mp4', uploaded, {}, done, () => {}, fail));
    out({ me: me.body.uri, names: names.length, edit: edit.status, video, refused, uploaded, replaced });
  });
}
"""


TUS_SCRIPT = """
const fs = require('fs');
const tus = require('tus-js-client');
const { link } = JSON.parse(process.env.SANDBOX);
const part = Number(process.env.PART);
const upload = new tus.Upload(fs.createReadStream('film.mp4'), {
  uploadUrl: link, chunkSize: 1000, uploadSize: fs.statSync('film.mp4').size,
  onError: error => { console.error(String(error)); process.exit(1); },
  onChunkComplete: (size, sent, total) => { if (part && sent >= part) process.exit(0); },
  onSuccess: () => process.stdout.write('done'),
});
upload.start();
"""


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `@vimeo/vimeo` and `tus-js-client` installed, two scripts and a file to send."""
    folder = tmp_path_factory.mktemp("node")
    install(folder, "@vimeo/vimeo", "tus-js-client", seconds=100)
    (folder / "script.js").write_text(SCRIPT)
    (folder / "tus.js").write_text(TUS_SCRIPT)
    (folder / "film.mp4").write_bytes(bytes(range(250)) * 40)
    return folder


@pytest.mark.slow
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
    assert seen["names"] == len(vimeo.user.videos) - 1  # one more was sent afterwards
    assert seen["edit"] == 200
    edited = vimeo.world.videos[int(str(seen["video"]).rpartition("/")[2])]
    assert edited.name == "By Node"
    assert seen["refused"]["status"] == 403  # type: ignore[index]
    assert "create" in seen["refused"]["text"]  # type: ignore[index]
    sent = next(video for video in vimeo.user.videos if video.uri == seen["uploaded"])
    assert (sent.name, sent.upload, seen["replaced"]) == ("Sent by Node", "complete", sent.uri)
    assert [version.active for version in sent.versions] == [False, True]
    assert _digest(sent) == hashlib.sha256((node / "film.mp4").read_bytes()).hexdigest()


def _digest(video: Video) -> str:
    assert video.incoming is not None
    return video.incoming.sha256


@pytest.mark.slow
def test_tus_js_client(vimeo: Sandbox, node: Path) -> None:
    """It breaks off half-way, and goes on where it was."""
    film = (node / "film.mp4").read_bytes()
    headers = {"Authorization": f"bearer {vimeo.issue_token().access_token}"}
    body = {"upload": {"approach": "tus", "size": len(film)}}
    made = httpx.post(f"{vimeo.url}/me/videos", json=body, headers=headers, trust_env=False).json()
    video = vimeo.user.videos[-1]

    def send(part: int) -> str:
        environment = {
            **os.environ,
            "PART": str(part),
            "SANDBOX": json.dumps({"link": made["upload"]["upload_link"]}),
        }
        command = ["node", "tus.js"]
        done = subprocess.run(
            command, cwd=node, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert send(3000) == ""
    assert video.incoming is not None
    assert 3000 <= video.incoming.received < len(film)
    assert send(0) == "done"
    assert (video.upload, _digest(video)) == ("complete", hashlib.sha256(film).hexdigest())
