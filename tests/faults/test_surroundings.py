"""What the process around the toolkit does: name servers that hang, full executors, signal handlers, forks."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from vimeo_toolkit import Connection, VimeoToolkit, generate_key
from vimeo_toolkit.errors import StoreBusy, StoreError, VimeoUnavailable
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime import deadline
from vimeo_toolkit.runtime.http1 import Http1, Kept
from vimeo_toolkit.runtime.resolve import _in_turn, addresses
from vimeo_toolkit.runtime.shares import Shares
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.stores import Key, open_store
from vimeo_toolkit.stores.sqlite_file import _Writer

KEY = Key("account", "vimeo", "u")


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A name server that answers nothing until the test is over; the names that were looked up."""
    over, asked = threading.Event(), []
    real = socket.getaddrinfo

    def lookup(host: Any, *arguments: Any, **options: Any) -> Any:
        if "example" not in str(host):
            return real(host, *arguments, **options)
        asked.append(str(host))
        over.wait(60)
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    yield asked
    over.set()


def test_a_name_server_that_hangs_keeps_nobody(hanging: list[str]) -> None:
    """Both worlds end at their deadline, `asyncio.run` included, and no lookup is begun twice meanwhile."""
    with VimeoToolkit(
        [Connection(api_url="https://api.example")], store="sqlite:///:memory:", timeout=0.5
    ) as kit:
        with pytest.raises(VimeoUnavailable, match="no connection could be made"):
            kit.import_token(identifier="u", access_token="t")
        with pytest.raises(VimeoUnavailable, match="no connection could be made"):
            asyncio.run(kit.aimport_token(identifier="u", access_token="t"))
    assert hanging == ["api.example"]


def test_addresses_of_both_families_are_tried_in_turn() -> None:
    assert _in_turn(["2::1", "2::2", "2::3", "1.1.1.1"]) == ["2::1", "1.1.1.1", "2::2", "2::3"]
    assert _in_turn(["1.1.1.1", "1.1.1.2", "2::1", "1.1.1.1"]) == ["1.1.1.1", "2::1", "1.1.1.2"]


def test_the_next_address_is_tried(vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    port = int(vimeo.url.rpartition(":")[2])
    real = socket.getaddrinfo

    def both(host: Any, *arguments: Any, **options: Any) -> Any:
        if host != "localhost":
            return real(host, *arguments, **options)
        return [
            *real("127.0.0.2", port, type=socket.SOCK_STREAM),
            *real("127.0.0.1", port, type=socket.SOCK_STREAM),
        ]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    assert addresses("localhost", port, 5.0) == ["127.0.0.2", "127.0.0.1"]
    token = vimeo.issue_token(vimeo.user).access_token
    with VimeoToolkit([Connection(api_url=f"http://localhost:{port}")], store="sqlite:///:memory:") as kit:
        kit.import_token(identifier="u", access_token=token)
        asyncio.run(kit.aexecute_tool(identifier="u", tool_name="vimeo_me_get"))


def test_an_executor_that_is_full_keeps_nobody(vimeo: Sandbox, tmp_path: Path) -> None:
    over = threading.Event()
    film = tmp_path / "film.mp4"
    film.write_bytes(b"\0\0\0\x18ftypmp42" + b"x" * 1000)
    token = vimeo.issue_token(vimeo.user).access_token

    async def flow() -> None:
        loop = asyncio.get_running_loop()
        executor = ThreadPoolExecutor(1)
        loop.set_default_executor(executor)
        filled = loop.run_in_executor(None, over.wait, 60)
        try:
            kit = VimeoToolkit(
                [Connection(api_url=vimeo.url)], store=f"sqlite:///{tmp_path / 'a.db'}", key=generate_key()
            )
            await kit.aimport_token(identifier="u", access_token=token)
            await kit.aexecute_tool(identifier="u", tool_name="vimeo_me_get")
            await kit.aupload_video(film, identifier="u", name="Film")
            await kit.aclose()
            assert not filled.done()
        finally:
            over.set()
            await filled

    asyncio.run(flow())


def test_a_signal_handler_in_the_midst_of_a_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It gets an error at once; the write that it interrupted succeeds."""
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    store.put(KEY, b"x", version=1, expected=0)
    real, met = _Writer._run, []

    def handler(*_: Any) -> None:
        try:
            store.put(KEY, b"z", version=2, expected=1)
        except StoreBusy as error:
            met.append(str(error))

    def interrupted(self: _Writer, *arguments: Any) -> Any:
        signal.raise_signal(signal.SIGUSR1)
        return real(self, *arguments)

    before = signal.signal(signal.SIGUSR1, handler)
    monkeypatch.setattr(_Writer, "_run", interrupted)
    try:
        assert store.put(KEY, b"y", version=2, expected=1)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert len(met) == 1
    assert "signal handler" in met[0]
    store.close()


@pytest.mark.parametrize(
    ("owner", "step"),
    [
        (Shares, "ask"),
        (Kept, "take"),
        (Http1, "begin"),
        (deadline.Stream, "write"),
        (deadline.Stream, "read"),
        (Http1, "take"),
        (Http1, "next_may_follow"),
        (Kept, "put"),
        (Shares, "leave"),
    ],
)
def test_a_signal_handler_in_the_midst_of_a_request(
    vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch, owner: Any, step: str
) -> None:
    """It may call the toolkit, wherever it interrupts a request, and neither gets the other's answer."""
    kit = VimeoToolkit([Connection(api_url=vimeo.url)], store="sqlite:///:memory:")
    kit.import_token(identifier="u", access_token=vimeo.issue_token(vimeo.user).access_token)
    kit.execute_tool(identifier="u", tool_name="vimeo_me_get")
    answers: list[Any] = []
    real = getattr(owner, step)

    def handler(*_: Any) -> None:
        answers.append(kit.execute_tool(identifier="u", tool_name="vimeo_me_get"))

    def reached(*arguments: Any, **named: Any) -> Any:
        if not answers:
            answers.append(None)
            signal.raise_signal(signal.SIGUSR1)
        return real(*arguments, **named)

    before = signal.signal(signal.SIGUSR1, handler)
    monkeypatch.setattr(owner, step, reached)
    try:
        languages = kit.execute_tool(identifier="u", tool_name="vimeo_languages_list")
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert answers[1].data["name"]
    assert languages.data["data"][0]["code"]
    kit.close()


@pytest.mark.parametrize("what", ["budgets", "kept answers"])
def test_a_signal_handler_in_the_midst_of_what_is_remembered_of_users(
    vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    kit = VimeoToolkit([Connection(api_url=vimeo.url)], store="sqlite:///:memory:")
    kit.import_token(identifier="u", access_token=vimeo.issue_token(vimeo.user).access_token)
    engine = kit._engine
    assert engine.reads is not None
    guard: Any = engine.quota.budgets._guard if what == "budgets" else engine.reads.kept._guard
    begun: list[Identity] = []
    answers: list[Any] = []
    real = Identity.__hash__

    def handler(*_: Any) -> None:
        answers.append(kit.execute_tool(identifier="u", tool_name="vimeo_languages_list"))

    def hashed(self: Identity) -> int:
        if not begun and guard._is_owned():
            begun.append(self)
            signal.raise_signal(signal.SIGUSR1)
        return real(self)

    before = signal.signal(signal.SIGUSR1, handler)
    monkeypatch.setattr(Identity, "__hash__", hashed)
    try:
        answers.append(kit.execute_tool(identifier="u", tool_name="vimeo_languages_list"))
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert [each.requests for each in answers] == [1, 1]
    assert kit.execute_tool(identifier="u", tool_name="vimeo_languages_list").requests == 0
    kit.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.parametrize("used", [True, False])
def test_a_store_in_memory_does_not_come_over_a_fork(used: bool) -> None:
    """Accounts are not lost without a word. A store that nobody had used yet is the child's own."""
    store = open_store("sqlite:///:memory:")
    if used:
        store.put(KEY, b"x", version=1, expected=0)
    child = os.fork()
    if not child:
        try:
            store.get(KEY)
        except StoreError as error:
            os._exit(7 if "forked" in error.message else 8)
        os._exit(6)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == (7 if used else 6)
    assert (store.get(KEY) is not None) == used
