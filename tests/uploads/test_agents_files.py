"""Which files an agent may have uploaded, by the file system alone."""

from __future__ import annotations

import asyncio
import io
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.media import FILM, JPEG, PNG, VTT, film
from vimeo_toolkit import ConfigurationError, Connection, Identity, InvalidInput, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.uploads import listing, opening
from vimeo_toolkit.uploads.content import Kind, fits
from vimeo_toolkit.uploads.files import UploadOptions, own_files, source_of, upload_folders
from vimeo_toolkit.uploads.listing import files_of

BEN = Identity("vimeo", "ben")


@pytest.fixture(params=["by descriptors", "by comparing"])
def inside(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for uploads, on systems with openat and on those without."""
    monkeypatch.setattr(opening, "WALKS", request.param == "by descriptors" and opening.WALKS)
    folder = tmp_path / "uploads"
    (folder / "sub" / ".git").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    return folder


def _refused(folder: Path, path: str, match: str, kind: Kind = "video", own: tuple[Path, ...] = ()) -> None:
    with pytest.raises(InvalidInput, match=match) as caught:
        UploadOptions(upload_folders([folder]), own=own).open(path, kind)
    assert caught.value.hint
    assert str(folder.parent) not in str(caught.value)


def test_hidden_files_and_those_below_hidden_folders(inside: Path) -> None:
    (inside / ".hidden").mkdir()
    for path in (".env", ".film.mp4", ".hidden/film.mp4", "sub/.git/film.mp4", "sub/..film.mp4"):
        (inside / path).write_bytes(FILM)
        _refused(inside, path, "hidden")
        _refused(inside, str(inside / path), "hidden")
    (inside / "plain.mp4").symlink_to(inside / ".film.mp4")
    _refused(inside, "plain.mp4", "hidden")
    _refused(inside, "sub/../.env", "hidden")
    _refused(inside, ".absent", "hidden")  # whether there is one is not told


def test_a_folder_below_a_hidden_one_may_be_named(tmp_path: Path) -> None:
    named = tmp_path / ".cache" / "films"
    named.mkdir(parents=True)
    (named / "film.mp4").write_bytes(FILM)
    assert UploadOptions(upload_folders([named])).open("film.mp4", "video").size == len(FILM)


@pytest.mark.parametrize("end", ["", "-wal", "-shm", "-journal", ".key"])
def test_the_toolkits_own_files_by_whatever_name(inside: Path, end: str) -> None:
    store = inside / "accounts.db"
    own = own_files(store)
    mine = inside / f"accounts.db{end}"
    mine.write_bytes(FILM)  # what it is does not help
    (inside / "link.mp4").symlink_to(mine)
    (inside / "sub" / "hard.mp4").hardlink_to(mine)
    for path in (mine.name, f"sub/../{mine.name}", "link.mp4", "sub/hard.mp4", str(mine)):
        _refused(inside, path, "own files", own=own)
    for given_ in (mine, inside / "sub" / "hard.mp4"):
        with pytest.raises(InvalidInput, match="own files"):
            source_of(given_, own)


def test_the_store_of_the_environment(
    tmp_path: Path, connection: Connection, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The default set-up in the working directory: nothing of it leaves."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("VIMEO_CLIENT_SECRET=hunter2\n")
    (tmp_path / "settings.mp4").hardlink_to(tmp_path / ".env")
    with pytest.warns(UserWarning, match="encryption key"):
        toolkit = VimeoToolkit([connection], upload_folders=["."])
    with toolkit:
        toolkit.import_token(identifier="ben", access_token=vimeo.issue_token().access_token)
        vimeo.requests.clear()
        names = sorted(path.name for path in tmp_path.iterdir())
        assert {".env", "vimeo_accounts.db", "vimeo_accounts.db.key"} <= set(names)
        for name in names:
            for tool, more in (
                ("vimeo_video_upload", {}),
                ("vimeo_video_version_add", {"video_id": "1"}),
                ("vimeo_video_captions_add", {"video_id": "1", "language": "en"}),
                ("vimeo_video_thumbnail_upload", {"video_id": "1"}),
            ):
                with pytest.raises(InvalidInput, match="path"):
                    toolkit.execute_tool(identifier="ben", tool_name=tool, tool_input={"path": name, **more})
        with pytest.raises(InvalidInput, match="own files"):
            toolkit.upload_video("vimeo_accounts.db.key", identifier="ben")
        assert vimeo.requests == []


CONTENTS: dict[str, tuple[bytes, Kind | None]] = {
    "MP4": (FILM, "video"),
    "MOV without ftyp": (b"\0\0\0\x08wide\0\0\0\x10mdat" + b"x" * 8, "video"),
    "Matroska": (b"\x1aE\xdf\xa3\xa3B\x86\x81\x01" + b"B\x82\x88matroska", "video"),
    "AVI": (b"RIFF\x24\0\0\0AVI LIST", "video"),
    "WAV": (b"RIFF\x24\0\0\0WAVEfmt ", "video"),
    "ASF": (bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + b"x" * 9, "video"),
    "FLV": (b"FLV\x01\x05\0\0\0\x09", "video"),
    "Ogg": (b"OggS\0\x02", "video"),
    "MPEG-PS": (b"\0\0\x01\xba!\0\x01", "video"),
    "MPEG-TS": ((b"G" + b"\xff" * 187) * 3, "video"),
    "MXF": (bytes.fromhex("060e2b34020501010d010201"), "video"),
    "MP3 with tags": (b"ID3\x04\0\0\0\0\0\x22TSSE", "video"),
    "MP3": (b"\xff\xfb\x50\xc4\0\0\x07L\x01e", "video"),
    "AAC": (b"\xff\xf1P@ \xff\xfc\xdc\0L", "video"),
    "FLAC": (b"fLaC\0\0\0\x22", "video"),
    "JPEG": (JPEG, "image"),
    "PNG": (PNG, "image"),
    "GIF": (b"GIF89a\x80\0`\0", "image"),
    "WebVTT": (VTT, "captions"),
    "WebVTT with a note": (b"\xef\xbb\xbfWEBVTT - a title\r\nKind: captions\r\n\r\nNOTE hm\r\n", "captions"),
    "WebVTT with named cues": (b"WEBVTT\n\nintro\n00:01.000 --> 00:02.000\nHi\n", "captions"),
    "SRT": ("\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\nGrüße\r\n".encode(), "captions"),
    "SRT without numbers": (b"\n0:00:01,0 --> 0:00:02,5\nHi\n", "captions"),
    "SRT without a blank line": (b"1\n00:01 --> 00:02\nHi\n2\n00:03 --> 00:04\nHo\n", "captions"),
    "SRT in UTF-16": ("1\n00:00:01,000 --> 00:00:02,500\nHi\n".encode("utf-16"), "captions"),
    "settings": (b"VIMEO_CLIENT_SECRET=hunter2\nVIMEO_TOOLKIT_KEY=x\n" * 9, None),
    "settings with a time": (b"KEY=hunter2\n1\n00:00:01,000 --> 00:00:02,500\nHi\n", None),
    "settings under a heading": (b"WEBVTT\n\nKEY=hunter2\nKEY=1\n\n00:01.000 --> 00:02.000\n", None),
    "a heading alone": (b"WEBVTT\n", None),
    "SQLite": (b"SQLite format 3\0" + b"\0" * 100, None),
    "private key": (b"-----BEGIN PRIVATE KEY-----\nMIIE\n", None),
    "ELF": (b"\x7fELF\x02\x01\x01", None),
    "zip": (b"PK\x03\x04\x14\0", None),
    "PDF": (b"%PDF-1.7\n", None),
    "HTML": (b"<!doctype html><video>", None),
    "WebP": (b"RIFF\x70\x05\0\0WEBPVP8 ", None),
    "AVIF": (b"\0\0\0\x2cftypavis\0\0\0\0", None),
    "HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0", None),
    "text that names a box": (b"KEY=free=hunter2\n", None),
    "UTF-16 text": ("KEY=hunter2".encode("utf-16"), None),
    "one byte": (b"\xff", None),
}


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("kind", ["video", "image", "captions"])
def test_what_a_file_is_by_its_first_bytes(name: str, kind: Kind, tmp_path: Path) -> None:
    content, belongs = CONTENTS[name]
    assert fits(kind, len(content), lambda at, count: content[at : at + count]) == (kind == belongs)
    # Its name does not matter.
    (tmp_path / "film.mp4").write_bytes(content)
    files = UploadOptions(upload_folders([tmp_path]))
    if kind == belongs:
        assert files.open("film.mp4", kind).read(0, 9) == content[:9]
    else:
        _refused(tmp_path, "film.mp4", "first bytes", kind)


@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=600), st.sampled_from(["video", "image", "captions"]))
def test_any_bytes_get_an_answer(content: bytes, kind: Kind) -> None:
    assert fits(kind, len(content), lambda at, count: content[at : at + count]) in (True, False)


@settings(deadline=None, max_examples=40)
@given(st.text(st.characters(codec="ascii", exclude_characters="\0"), max_size=600))
def test_no_text_is_a_film(text: str) -> None:
    content = text.encode()
    # Three lines of 187 characters that begin with a G could pass for a transport stream.
    if not any(content[at : at + 1] == content[at + 188 : at + 189] == b"G" for at in (0, 4)):
        known = (b"RIFF", b"FLV", b"ID3", b"FORM", b"ftyp")
        if not any(mark in content for mark in known):
            assert not fits("video", len(content), lambda at, count: content[at : at + count])


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(path))


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names here")
@pytest.mark.parametrize("make", [_pipe, _socket])
def test_what_would_block_is_refused(inside: Path, make: Callable[[Path], None]) -> None:
    make(inside / "film.mp4")
    _refused(inside, "film.mp4", "regular file")
    with pytest.raises(InvalidInput, match="regular file"):
        source_of(inside / "film.mp4")


def test_devices_and_folders(inside: Path) -> None:
    _device(inside / "film.mp4")
    _refused(inside, "film.mp4", "no such file")
    with pytest.raises(InvalidInput, match="regular file"):
        source_of("/dev/zero")
    _refused(inside, "sub", "no such file")
    _refused(inside, "", "no such file")


def _each_moment(change: Callable[[], None], monkeypatch: pytest.MonkeyPatch, moment: int) -> None:
    """Change something just before the system call of this number that an opening makes."""
    count = 0

    def watched(call: Callable[..., object]) -> Callable[..., object]:
        def before(*arguments: object, **more: object) -> object:
            nonlocal count
            count += 1
            if count == moment:
                change()
            return call(*arguments, **more)

        return before

    for name in ("open", "stat", "fstat", "lstat"):
        monkeypatch.setattr(os, name, watched(getattr(os, name)))


@pytest.mark.parametrize("what", ["the file", "its folder", "the folder for uploads"])
def test_a_link_that_is_put_there_at_any_moment_leads_nowhere(
    inside: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = inside.parent / "outside"
    for folder in (outside, outside / "sub"):
        folder.mkdir(exist_ok=True)
        (folder / "film.mp4").write_bytes(FILM + b"hunter2")
    film_inside = inside / "sub" / "film.mp4"
    film_inside.write_bytes(FILM + b"a film.")
    folders = upload_folders([inside])
    swapped, target = {
        "the file": (film_inside, outside / "film.mp4"),
        "its folder": (inside / "sub", outside),
        "the folder for uploads": (inside, outside),
    }[what]
    aside = inside.parent / "aside"

    def swap() -> None:
        swapped.rename(aside)
        swapped.symlink_to(target)

    seen = set()
    for moment in range(1, 200):
        with monkeypatch.context() as patched:
            _each_moment(swap, patched, moment)
            try:
                source = UploadOptions(folders).open("sub/film.mp4", "video")
                seen.add(source.read(0, source.size))
            except InvalidInput:
                seen.add(b"")
        if not swapped.is_symlink():
            break  # an opening makes fewer calls than that
        swapped.unlink()
        aside.rename(swapped)
    assert seen == {b"", FILM + b"a film."}


def test_a_file_that_changes_while_it_is_sent(inside: Path) -> None:
    path = inside / "film.mp4"
    other = inside / "other.mp4"

    def written() -> None:
        path.write_bytes(film(1000))

    def same_size_and_time() -> None:
        found = path.stat()
        other.write_bytes(film(900))
        os.utime(other, ns=(found.st_atime_ns, found.st_mtime_ns))
        other.replace(path)

    def touched() -> None:
        os.utime(path, ns=(1, 1))

    def swapped() -> None:
        path.unlink()
        path.symlink_to(inside.parent / "outside" / "film.mp4")

    (inside.parent / "outside" / "film.mp4").write_bytes(film(900))
    for change in (written, same_size_and_time, touched, path.unlink, swapped):
        path.unlink(missing_ok=True)
        path.write_bytes(film(900))
        for source in (source_of(path), UploadOptions(upload_folders([inside])).open("film.mp4", "video")):
            assert len(source.read(0, 900)) == 900
        change()
        for _ in range(2):
            with pytest.raises(InvalidInput, match="changed"):
                source.read(0, 900)


def test_a_stream_whose_file_changes_or_that_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(film(900))
    with path.open("rb") as stream:
        source = source_of(stream)
        assert len(source.read(0, 900)) == 900
        os.utime(path, ns=(1, 1))
        with pytest.raises(InvalidInput, match="changed"):
            source.read(0, 900)
        stream.seek(0)
        other = source_of(stream)
    with pytest.raises(InvalidInput, match="closed"):
        other.read(0, 9)


@pytest.mark.parametrize("given_", [None, 7, b"film", object(), io.StringIO("film"), "", "a\0", b"\xff"])
def test_what_is_no_source(given_: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        source_of(given_)
    assert caught.value.hint


def test_a_key_is_for_the_content(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(film(300_000))
    source = source_of(path)
    keys = {source.key}
    assert source_of(path).key == source.key
    for at in (0, 150_000, 299_999):  # written in place, with its size and its time as before
        found = path.stat()
        while path.stat().st_ctime_ns == found.st_ctime_ns:  # a file system's clock ticks slowly
            with path.open("r+b") as file:
                file.seek(at)
                file.write(os.urandom(8)[:1])
            os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
        keys.add(source_of(path).key)
    assert len(keys) == 4
    with pytest.raises(InvalidInput, match="changed while"):
        source.read(0, 10)


@pytest.mark.parametrize(
    "path",
    [
        "../outside/film.mp4",
        "/etc/passwd",
        "a" * 300,
        "x/" * 500,
        "film.mp4\0",
        "\ud800.mp4",
        "~/a",
        "loop",
        "?",
        "",
    ],
)
def test_paths_that_lead_nowhere(inside: Path, path: str) -> None:
    (inside.parent / "outside" / "film.mp4").write_bytes(FILM)
    (inside / "loop").symlink_to(inside / "loop")
    _refused(inside, path, "no such file")


@pytest.mark.parametrize(
    "name", ["Ärger 日本.mp4", "a\nb.mp4", "\u202egpj.mp4", "'\".mp4", "a" * 200 + ".mp4"]
)
def test_names_that_are_odd(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(FILM)
    source = UploadOptions(upload_folders([tmp_path])).open(name, "video")
    assert source.name.isprintable()
    assert len(source.name) <= 128
    raw = os.fsdecode(b"\xff\xfe.mp4")
    (tmp_path / raw).write_bytes(FILM)
    assert source_of(tmp_path / raw).name.encode()


# ---- folders of each user ----


def test_folders_of_each_user(tmp_path: Path, connection: Connection, vimeo: Sandbox) -> None:
    for name in ("ann", "ben"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.mp4").write_bytes(FILM)
    asked: list[Identity] = []

    def folders(identity: Identity) -> Iterator[Path]:
        asked.append(identity)
        yield tmp_path / identity.identifier

    with VimeoToolkit([connection], store="sqlite:///:memory:", upload_folders=folders) as toolkit:
        for name in ("ann", "ben", "new"):
            toolkit.import_token(identifier=name, access_token=vimeo.issue_token().access_token)

        def upload(who: str, path: str) -> None:
            toolkit.execute_tool(identifier=who, tool_name="vimeo_video_upload", tool_input={"path": path})

        upload("ann", "ann.mp4")
        assert asked == [Identity("vimeo", "ann")]
        for path in ("ben.mp4", "../ben/ben.mp4", str(tmp_path / "ben" / "ben.mp4")):
            with pytest.raises(InvalidInput, match="no such file"):
                upload("ann", path)
        asyncio.run(
            toolkit.aexecute_tool(
                identifier="ben", tool_name="vimeo_video_upload", tool_input={"path": "ben.mp4"}
            )
        )
        with pytest.raises(InvalidInput, match="may not upload"):
            upload("new", "ann.mp4")  # that user's folder was not made yet


async def _coroutine(identity: Identity) -> list[str]:
    return ["."]


def _fails(identity: Identity) -> list[str]:
    raise KeyError("hunter2")


@pytest.mark.parametrize(
    "function", [_coroutine, _fails, lambda identity: ".", lambda identity: 7, lambda identity: [None]]
)
def test_a_function_that_fails(function: Callable[[Identity], list[str]]) -> None:
    with pytest.raises(ConfigurationError, match="upload_folders") as caught:
        UploadOptions(upload_folders(function)).open("film.mp4", "video", BEN)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("folders", [".", b".", Path(), None, 7, [None], [7], ["\0"]])
def test_what_are_no_folders(folders: object) -> None:
    with pytest.raises(ConfigurationError, match="upload_folders"):
        upload_folders(folders)  # type: ignore[arg-type]


def test_while_files_are_swapped_by_another_thread(tmp_path: Path) -> None:
    """The same as above, with a real race: 2,000 tries."""
    inside = tmp_path / "uploads"
    inside.mkdir()
    (tmp_path / "secret").write_bytes(b"hunter2")
    (inside / "good.mp4").write_bytes(FILM)
    target, one, other = (inside / name for name in ("film.mp4", "one", "other"))
    stop = threading.Event()

    def flip() -> None:
        while not stop.is_set():
            one.hardlink_to(inside / "good.mp4")
            one.replace(target)
            one.unlink(missing_ok=True)
            other.symlink_to(tmp_path / "secret")
            other.replace(target)

    thread = threading.Thread(target=flip)
    thread.start()
    files, seen = UploadOptions(upload_folders([inside])), set()
    try:
        for _ in range(2_000):
            try:
                source = files.open("film.mp4")
                seen.add(source.read(0, source.size))
            except InvalidInput:
                continue
    finally:
        stop.set()
        thread.join()
    assert seen <= {FILM}


# ---- what there is ----


def _paths(folder: Path, own: tuple[Path, ...] = (), **given: str) -> list[str]:
    found = files_of(UploadOptions(upload_folders([folder]), own=own), BEN, **given)
    assert found.total == len(found.files)
    return [each.path for each in found.files]


def test_what_is_listed_can_be_opened_and_what_is_not_listed_cannot(inside: Path, tmp_path: Path) -> None:
    """Everything that a folder can hold, by both ways."""
    store = inside / "accounts.db"
    good = ["a film.mp4", "sub/b.mp4", "café.mp4"]
    bad = [".env", ".hidden/film.mp4", "sub/.git/film.mp4", "accounts.db", "accounts.db.key", "empty.mp4"]
    (inside / ".hidden").mkdir()
    for path in (*good, *bad):
        (inside / path).write_bytes(b"" if path.startswith("empty") else FILM)
    outside = tmp_path / "outside" / "secret.mp4"
    outside.write_bytes(FILM)
    links = {
        "leads-in.mp4": inside / "sub" / "b.mp4",
        "leads-out.mp4": outside,
        "to-hidden.mp4": inside / ".env",
        "to-store.mp4": store,
        "to-nothing.mp4": inside / "absent.mp4",
        "to-itself.mp4": inside / "to-itself.mp4",
        "folder-out": outside.parent,
    }
    for name, target in links.items():
        (inside / name).symlink_to(target)
    os.link(store, inside / "hard.mp4")
    os.mkfifo(inside / "pipe.mp4")
    own = own_files(store)
    listed = _paths(inside, own)
    assert listed == sorted([*good, "leads-in.mp4"])
    for path in (*good, *bad, *links, "hard.mp4", "pipe.mp4", "folder-out/secret.mp4"):
        try:
            UploadOptions(upload_folders([inside]), own=own).open(path)
        except InvalidInput:
            assert path not in listed
        else:
            assert path in listed


def test_a_listing_is_of_the_users_own_folders(inside: Path, tmp_path: Path) -> None:
    (inside / "mine.mp4").write_bytes(FILM)
    (tmp_path / "outside" / "others.mp4").write_bytes(FILM)
    options = UploadOptions(lambda who: [inside] if who.identifier == "ben" else [])
    assert [(each.path, each.size) for each in files_of(options, BEN).files] == [("mine.mp4", len(FILM))]
    with pytest.raises(InvalidInput, match="may not upload local files"):
        files_of(options, Identity("vimeo", "eve"))
    with pytest.raises(InvalidInput, match="may not upload local files"):
        files_of(UploadOptions(), BEN)


@pytest.mark.parametrize("folders", [True, False])
def test_a_link_in_the_place_of_a_path_is_told_what_takes_links(inside: Path, folders: bool) -> None:
    options = UploadOptions(upload_folders([inside]) if folders else ())
    with pytest.raises(InvalidInput, match="a link is not read") as caught:
        options.open("https://media.example.com/en.vtt")
    assert "as text" in caught.value.hint


def test_a_long_listing_is_cut_and_narrowed(inside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        (inside / f"Film-{number:02}.mp4").write_bytes(FILM)
    monkeypatch.setattr(listing, "MOST", 10)
    found = files_of(UploadOptions(upload_folders([inside])), BEN)
    assert (len(found.files), found.total, found.whole) == (10, 12, True)
    assert _paths(inside, name_contains="film-11") == ["Film-11.mp4"]
    monkeypatch.setattr(listing, "MOST_SEEN", 5)
    assert not files_of(UploadOptions(upload_folders([inside])), BEN).whole


def test_an_agent_sees_what_it_can_upload(inside: Path, connection: Connection, vimeo: Sandbox) -> None:
    (inside / "harbour.mp4").write_bytes(film(3_000))
    with VimeoToolkit([connection], store="sqlite:///:memory:", upload_folders=[inside]) as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        vimeo.requests.clear()
        result = toolkit.execute_tool(identifier="u", tool_name="vimeo_upload_files_list")
        (one,) = result["data"]
        assert one["path"] == "harbour.mp4"
        assert one["size_bytes"] == (inside / "harbour.mp4").stat().st_size
        assert str(inside) not in result.to_text()
        assert vimeo.requests == []
        given = {"path": one["path"]}
        assert toolkit.execute_tool(identifier="u", tool_name="vimeo_video_upload", tool_input=given)["uri"]
