"""The audit log: what is in it, who may read it, many writers, and disks that fail."""

from __future__ import annotations

import errno
import json
import logging
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.observe.conftest import Call
from vimeo_toolkit import ConfigurationError, Connection, Event, InvalidInput, VimeoToolkit
from vimeo_toolkit.observe import AuditLog

Join = Callable[..., str]

DELETED = Event("account.deleted", "vimeo", "u", None, {"revoked": True})


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit.jsonl"


def test_writes_and_accounts_are_written(connection: Connection, call: Call, join: Join, path: Path) -> None:
    before = datetime.now(UTC)
    with VimeoToolkit([connection], store="sqlite:///:memory:", on_event=AuditLog(path)) as toolkit:
        token = join(toolkit)
        call(toolkit, "vimeo_my_videos_list")
        call(toolkit, "vimeo_folder_create", {"name": "marker"})
        with pytest.raises(InvalidInput):
            call(toolkit, "vimeo_folder_create", {})
    lines = _lines(path)
    assert [(line["event"], line.get("outcome")) for line in lines] == [
        ("account.connected", None),
        ("call.started", None),
        ("call.finished", "ok"),
        ("call.started", None),
        ("call.finished", "invalid_input"),
    ]
    for line in lines:
        assert next(iter(line)) == "at"
        assert line["at"].endswith("Z")
        assert before <= datetime.fromisoformat(line["at"]) <= datetime.now(UTC)
        assert (line["connection_name"], line["identifier"]) == ("vimeo", "u")
    assert lines[2]["tool"] == "vimeo_folder_create"
    assert lines[1]["call"] == lines[2]["call"]
    text = path.read_text()
    assert "marker" not in text
    assert token not in text


def test_reads_by_switch(connection: Connection, call: Call, join: Join, path: Path) -> None:
    hook = AuditLog(path, reads=True, fsync=True)
    with VimeoToolkit([connection], store="sqlite:///:memory:", on_event=hook) as toolkit:
        join(toolkit)
        call(toolkit, "vimeo_my_videos_list")
    assert [line["event"] for line in _lines(path)] == ["account.connected", "call.started", "call.finished"]


def test_only_its_owner_may_read_it(path: Path) -> None:
    old = os.umask(0)
    try:
        AuditLog(path)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_only_grows_and_survives_rotation_and_a_change_of_directory(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path.write_text('{"old": true}\n')
    monkeypatch.chdir(tmp_path)
    hook = AuditLog(path.name)
    monkeypatch.chdir("/")
    hook(DELETED)
    assert len(_lines(path)) == 2
    path.rename(tmp_path / "rotated")
    hook(DELETED)
    assert len(_lines(path)) == 1
    assert hook.lost == 0


def test_no_identifier_can_forge_a_line(path: Path) -> None:
    hostile = 'u\n{"event":"account.deleted"}\r\u2028\x00é\ud800"'
    AuditLog(path)(Event("account.deleted", "vimeo", hostile, None, {"revoked": True}))
    raw = path.read_bytes()
    assert raw.count(b"\n") == 1
    assert json.loads(raw)["identifier"] == hostile


@pytest.mark.parametrize("where", ["missing/audit.jsonl", "."])
def test_a_path_that_cannot_be_is_refused_early(where: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="audit log"):
        AuditLog(tmp_path / where)


def test_a_device_is_no_audit_log() -> None:
    with pytest.raises(ConfigurationError, match="regular file"):
        AuditLog(os.devnull)


def test_a_full_disk_breaks_no_call(
    connection: Connection,
    call: Call,
    join: Join,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    hook = AuditLog(path)
    with VimeoToolkit([connection], store="sqlite:///:memory:", on_event=hook) as toolkit:
        join(toolkit)

        def full(handle: int, data: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as broken, caplog.at_level(logging.WARNING):
            broken.setattr("vimeo_toolkit.observe.audit.os.write", full)
            for _ in range(2):
                assert call(toolkit, "vimeo_folder_create", {"name": "new"})
        assert hook.lost == 4
        assert len([message for message in caplog.messages if "No space left" in message]) == 1
        assert call(toolkit, "vimeo_folder_create", {"name": "new"})
    assert [message for message in caplog.messages if "4 lines were lost" in message]
    assert len(_lines(path)) == 3


def test_a_piece_of_a_line_spoils_no_other(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hook = AuditLog(path)
    write = os.write
    with monkeypatch.context() as broken:
        broken.setattr("vimeo_toolkit.observe.audit.os.write", lambda handle, data: write(handle, data[:9]))
        hook(DELETED)
    hook(DELETED)
    hook(DELETED)
    piece, *whole = path.read_text().splitlines()
    assert len(piece) == 9
    assert [json.loads(line)["event"] for line in whole] == ["account.deleted"] * 2
    assert hook.lost == 1


def test_a_piece_that_another_process_left_spoils_no_line(path: Path) -> None:
    AuditLog(path)(DELETED)
    with path.open("ab") as file:
        file.write(b'{"at":"2026')
    AuditLog(path)(DELETED)
    first, piece, last = path.read_text().splitlines()
    assert piece == '{"at":"2026'
    assert [json.loads(line)["event"] for line in (first, last)] == ["account.deleted"] * 2


def test_a_signal_handler_may_write_in_the_middle_of_a_line(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, write, again = AuditLog(path), os.write, [True]

    def interrupted(handle: int, data: bytes) -> int:
        if again.pop() if again else False:
            hook(DELETED)  # as the handler of a signal that comes right now
        return write(handle, data)

    monkeypatch.setattr("vimeo_toolkit.observe.audit.os.write", interrupted)
    hook(DELETED)
    assert [json.loads(line)["event"] for line in path.read_text().splitlines()] == ["account.deleted"] * 2


WRITER = """
import sys
from vimeo_toolkit.observe import AuditLog, Event
hook = AuditLog(sys.argv[1])
sys.stdin.readline()
for number in range(2000):
    identifier = f"{sys.argv[2]}-{number}-" + "x" * (number % 400)
    hook(Event("account.deleted", "vimeo", identifier, None, {"revoked": True}))
assert hook.lost == 0
"""


def test_four_processes_share_one_file(path: Path) -> None:
    workers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(number)], stdin=subprocess.PIPE)
        for number in range(4)
    ]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write(b"\n")
        worker.stdin.close()
    assert [worker.wait() for worker in workers] == [0] * 4
    seen: dict[str, list[int]] = {}
    for line in _lines(path):
        process, number, filler = line["identifier"].split("-")
        assert len(filler) == int(number) % 400
        seen.setdefault(process, []).append(int(number))
    assert seen == {str(process): list(range(2000)) for process in range(4)}


def test_after_a_fork_and_in_threads(path: Path) -> None:
    import threading

    hook = AuditLog(path)

    def many() -> None:
        for _ in range(200):
            hook(DELETED)

    threads = [threading.Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    child = os.fork()
    if child == 0:
        hook(DELETED)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert len(_lines(path)) == 801
