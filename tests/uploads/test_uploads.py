"""Uploads through the toolkit, against the sandbox over real HTTP."""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
import os
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Connect
from tests.media import FILM
from tests.uploads.cutting import CuttingProxy
from tests.waiting import hurry
from vimeo_toolkit import (
    ConfigurationError,
    Connection,
    InvalidInput,
    QuotaExceeded,
    UploadInterrupted,
    UploadNotGranted,
    UploadProgress,
    VimeoToolkit,
    generate_key,
)
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.sandbox.state import Video

SIZE = 3_000_000
CHUNK = 400_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "harbour.mp4"
    path.write_bytes(os.urandom(SIZE))
    return path


def _same(video: Video, path: Path) -> bool:
    assert video.incoming
    return video.incoming.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


async def _upload(toolkit: VimeoToolkit, mode: str, source: Any, **more: Any) -> Any:
    arguments: dict[str, Any] = {"identifier": "user_1", "chunk_size": CHUNK, **more}
    if mode == "sync":
        return await asyncio.to_thread(toolkit.upload_video, source, **arguments)
    return await toolkit.aupload_video(source, **arguments)


both = pytest.mark.parametrize("mode", ["sync", "async"])


@both
async def test_a_password_is_there_from_the_beginning(
    mode: str, file: Path, vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    connect("user_1")
    vimeo.requests.clear()
    with pytest.raises(InvalidInput, match="add password"):
        await _upload(toolkit, mode, file, privacy_view="password")
    assert vimeo.requests == []
    result = await _upload(toolkit, mode, file, privacy_view="password", password="fjord-2")
    video = vimeo.user.videos[-1]
    assert (video.uri, video.view, video.password) == (result["uri"], "password", "fjord-2")
    assert "fjord-2" not in repr(result)


@both
async def test_a_file_arrives_byte_for_byte(
    mode: str, file: Path, vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    connect()
    seen: list[UploadProgress] = []
    folder = vimeo.user.folders[0]
    result = await _upload(
        toolkit, mode, file, on_progress=seen.append, privacy_view="nobody", folder_uri=str(folder.id)
    )
    video = vimeo.user.videos[-1]
    assert result["uri"] == video.uri
    assert result["uploaded_bytes"] == SIZE
    assert (video.name, video.view, video.folder) == ("harbour.mp4", "nobody", folder)
    assert _same(video, file)
    assert [progress.sent for progress in seen] == [0, *range(CHUNK, SIZE, CHUNK), SIZE]
    assert {progress.total for progress in seen} == {SIZE}
    assert "vimeo_video_wait_ready" in result.notes[0]
    assert "upload" not in result.data

    waited = await toolkit.aexecute_tool(
        identifier="user_1",
        tool_name="vimeo_video_wait_ready",
        tool_input={"video_id": video.uri, "max_seconds": 0},
    )
    assert (waited["ready"], waited["state"]) == (False, "in progress")
    vimeo.clock.advance(20)
    waited = await toolkit.aexecute_tool(
        identifier="user_1", tool_name="vimeo_video_wait_ready", tool_input={"video_id": video.uri}
    )
    assert (waited["ready"], waited["state"]) == (True, "ready")


@both
async def test_a_stream(
    mode: str, file: Path, vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    connect()
    stream = io.BytesIO(b"before" + file.read_bytes())  # noqa: ASYNC240 - a small file of a test
    stream.seek(6)
    await _upload(toolkit, mode, stream, name="From memory")
    assert vimeo.user.videos[-1].name == "From memory"
    assert _same(vimeo.user.videos[-1], file)


async def test_a_callable_that_waits(
    file: Path, vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    connect()
    seen = []

    async def progress(value: UploadProgress) -> None:
        await asyncio.sleep(0)
        seen.append(value.sent)

    await toolkit.aupload_video(file, identifier="user_1", on_progress=progress)
    assert seen == [0, SIZE]
    with pytest.raises(ConfigurationError, match="begins with `a`"):
        toolkit.upload_video(file, identifier="user_1", on_progress=progress)


@both
async def test_goes_on_after_breaks(
    mode: str, file: Path, vimeo: Sandbox, connection: Connection, tmp_path: Path
) -> None:
    """The line breaks within bodies: what has arrived is not sent again."""
    with CuttingProxy(vimeo.url, [500_000, 1_300_000, 1_310_000, 2_900_000]) as line:
        broken = Connection(client_id="x", client_secret="x", api_url=line.url)
        with VimeoToolkit([broken], store="sqlite:///:memory:") as toolkit:
            hurry(toolkit)
            toolkit.import_token(identifier="user_1", access_token=vimeo.issue_token().access_token)
            await _upload(toolkit, mode, file)
            await toolkit.aclose()
        assert line.left == []
        assert line.passed < SIZE + 4 * CHUNK
    assert _same(vimeo.user.videos[-1], file)
    assert sum(request.method == "POST" for request in vimeo.requests) == 1


def test_a_new_process_goes_on_where_the_last_one_stopped(
    file: Path, vimeo: Sandbox, connection: Connection, tmp_path: Path
) -> None:
    store = f"sqlite:///{tmp_path / 'accounts.db'}"
    key = generate_key()
    with VimeoToolkit([connection], store=store, key=key) as toolkit:
        toolkit.import_token(identifier="user_1", access_token=vimeo.issue_token().access_token)

        def progress(value: UploadProgress) -> None:
            if value.sent >= 2 * CHUNK:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            toolkit.upload_video(file, identifier="user_1", chunk_size=CHUNK, on_progress=progress)
    count = len(vimeo.user.videos)
    seen: list[UploadProgress] = []
    with VimeoToolkit([connection], store=store, key=key) as toolkit:
        result = toolkit.upload_video(file, identifier="user_1", chunk_size=CHUNK, on_progress=seen.append)
        assert len(vimeo.user.videos) == count, "no second placeholder"
        assert seen[0] == UploadProgress(2 * CHUNK, SIZE, 2 * CHUNK)
        assert _same(vimeo.user.videos[-1], file)
        assert any("earlier attempt" in note for note in result.notes)
        # It is finished: the same file once more is another video.
        toolkit.upload_video(file, identifier="user_1")
        assert len(vimeo.user.videos) == count + 1
        # A changed file is another one, too.
        with pytest.raises(KeyboardInterrupt):
            toolkit.upload_video(file, identifier="user_1", chunk_size=CHUNK, on_progress=progress)
        file.write_bytes(b"x" * SIZE)
        toolkit.upload_video(file, identifier="user_1")
        assert len(vimeo.user.videos) == count + 3


def test_a_file_that_changes_meanwhile(
    file: Path, vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    connect()

    def progress(value: UploadProgress) -> None:
        if value.sent == CHUNK:
            file.write_bytes(b"y" * SIZE)

    with pytest.raises(InvalidInput, match="changed"):
        toolkit.upload_video(file, identifier="user_1", chunk_size=CHUNK, on_progress=progress)


def test_a_link_that_vimeo_forgot(
    file: Path, vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    connect()

    def progress(value: UploadProgress) -> None:
        if value.sent == CHUNK:
            vimeo.world.incoming.clear()

    with pytest.raises(UploadInterrupted, match="from the beginning") as caught:
        toolkit.upload_video(file, identifier="user_1", chunk_size=CHUNK, on_progress=progress)
    assert vimeo.user.videos[-1].uri in caught.value.hint
    toolkit.upload_video(file, identifier="user_1")
    assert _same(vimeo.user.videos[-1], file)


def test_nothing_is_sent_without_access_or_room(
    file: Path, vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    connect("no_scope", scopes=["public", "private"])
    connect()
    with pytest.raises(UploadNotGranted, match="Nothing was sent"):
        toolkit.upload_video(file, identifier="no_scope")
    assert vimeo.requests == []
    count = len(vimeo.user.videos)
    vimeo.user.upload_access = False
    with pytest.raises(UploadNotGranted):
        toolkit.upload_video(file, identifier="user_1")
    vimeo.user.upload_access = True
    vimeo.user.quota_bytes = vimeo.user.space_used + SIZE - 1
    with pytest.raises(QuotaExceeded, match=str(SIZE)):
        toolkit.upload_video(file, identifier="user_1")
    assert len(vimeo.user.videos) == count
    assert not any(request.method == "PATCH" for request in vimeo.requests)


def test_what_is_no_file(tmp_path: Path, toolkit: VimeoToolkit, connect: Connect) -> None:
    connect()
    (tmp_path / "empty.mp4").touch()
    for path, problem in (
        (tmp_path / "none.mp4", "no readable"),
        (tmp_path, "regular"),
        (tmp_path / "empty.mp4", "empty"),
    ):
        with pytest.raises(InvalidInput, match=problem):
            toolkit.upload_video(path, identifier="user_1")
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe, pytest.raises(InvalidInput, match="seek"):
        toolkit.upload_video(pipe, identifier="user_1")
    os.close(writing)


def test_an_agent_uploads_from_named_folders_only(
    tmp_path: Path, vimeo: Sandbox, connection: Connection, file: Path
) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (inside / "a.mp4").write_bytes(FILM)
    (inside / "sub").mkdir()
    (inside / "sub" / "b.mp4").write_bytes(FILM)
    (outside / "secret.mp4").write_bytes(FILM)
    (inside / "link.mp4").symlink_to(outside / "secret.mp4")
    (tmp_path / "inside-not").mkdir()
    (tmp_path / "inside-not" / "c.mp4").write_bytes(FILM)

    def upload(toolkit: VimeoToolkit, path: str) -> None:
        toolkit.execute_tool(identifier="u", tool_name="vimeo_video_upload", tool_input={"path": path})

    token = vimeo.issue_token().access_token
    with VimeoToolkit([connection], store="sqlite:///:memory:", upload_folders=[inside]) as toolkit:
        toolkit.import_token(identifier="u", access_token=token)
        for good in ("a.mp4", "sub/b.mp4", str(inside / "a.mp4"), "sub/../a.mp4"):
            upload(toolkit, good)
        vimeo.requests.clear()
        for bad in (
            "../outside/secret.mp4",
            str(outside / "secret.mp4"),
            "link.mp4",
            "../inside-not/c.mp4",
            "/etc/passwd",
            "none.mp4",
            "sub",
            "a.mp4\0",
            "~/a.mp4",
        ):
            with pytest.raises(InvalidInput, match="path"):
                upload(toolkit, bad)
        assert vimeo.requests == []
    with VimeoToolkit([connection], store="sqlite:///:memory:") as toolkit:
        toolkit.import_token(identifier="u", access_token=token)
        with pytest.raises(InvalidInput, match="upload_folders"):
            upload(toolkit, str(file))
    with pytest.raises(ConfigurationError, match="not a folder"):
        VimeoToolkit([connection], store="sqlite:///:memory:", upload_folders=[tmp_path / "none"])


@both
async def test_a_new_version_keeps_the_video(
    mode: str, file: Path, vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    connect()
    video = vimeo.user.videos[3]
    if mode == "sync":
        await asyncio.to_thread(
            toolkit.upload_version, video.uri, file, identifier="user_1", chunk_size=CHUNK
        )
    else:
        await toolkit.aupload_version(video.uri, file, identifier="user_1", chunk_size=CHUNK)
    assert _same(video, file)
    assert [version.active for version in video.versions] == [False, True]


@both
async def test_captions_and_thumbnails(
    mode: str, tmp_path: Path, vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    connect()
    video = vimeo.user.videos[3]
    srt, image = tmp_path / "words.srt", tmp_path / "cover.jpg"
    srt.write_bytes("\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\nGrüße\r\n".encode())
    image.write_bytes(b"\xff\xd8\xff" + b"j" * 1000)
    if mode == "sync":
        await asyncio.to_thread(toolkit.upload_captions, video.uri, srt, "de", identifier="user_1")
        await asyncio.to_thread(toolkit.upload_thumbnail, video.uri, image, identifier="user_1")
    else:
        await toolkit.aupload_captions(video.uri, srt, "de", identifier="user_1")
        await toolkit.aupload_thumbnail(video.uri, image, identifier="user_1")
    track = video.texttracks[-1]
    assert track.file == "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\nGrüße\n".encode()
    assert (track.language, track.name, track.active) == ("de", "German", True)
    assert video.active_picture == video.pictures[-1]
    assert video.images[video.pictures[-1]] == image.read_bytes()
    with pytest.raises(InvalidInput, match="captions"):
        toolkit.upload_captions(video.uri, image, "de", identifier="user_1")
    with pytest.raises(InvalidInput, match="JPEG"):
        toolkit.upload_thumbnail(video.uri, srt, identifier="user_1")
    assert len(video.pictures) == 2


def test_the_link_shows_nowhere(
    file: Path,
    vimeo: Sandbox,
    toolkit: VimeoToolkit,
    connect: Connect,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    """Whoever has it could upload without a token."""
    connect()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
        result = toolkit.upload_video(file, identifier="user_1")
        vimeo.world.incoming.clear()
    key = vimeo.user.videos[-1].incoming.key  # type: ignore[union-attr]
    assert key not in caplog.text
    assert key not in repr(result.data)
    assert key not in repr(vimeo.requests)


def test_pulling_from_a_network_is_refused(vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect) -> None:
    connect()
    for tool, more in (("vimeo_video_create", {}), ("vimeo_video_version_add", {"video_id": "1"})):
        for link in ("http://127.0.0.1/a.mp4", "http://169.254.169.254/latest", "https://intranet/a.mp4"):
            with pytest.raises(InvalidInput, match="file_link"):
                toolkit.execute_tool(
                    identifier="user_1", tool_name=tool, tool_input={"file_link": link, **more}
                )
    assert vimeo.requests == []
