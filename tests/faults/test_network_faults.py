"""Every fault of the network, met by a read, a PUT and a POST, blocking and asynchronous."""

from __future__ import annotations

import asyncio
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.faults.expected import EXPECTED, Outcome
from tests.waiting import hurry
from vimeo_toolkit import AccountStatus, Connection, VimeoToolkit, VimeoToolkitError
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.sandbox import Sandbox, User
from vimeo_toolkit.sandbox.fault_proxy import FaultProxy
from vimeo_toolkit.sandbox.faults import FAULTS, NETWORK_FAULTS

FOR_EVER = 1000
ANTI_HANG = 30.0
MODES = ("sync", "async")


@dataclass
class Fixture:
    """A connected user at a toolkit that works through the proxy."""

    toolkit: VimeoToolkit
    proxy: FaultProxy
    user: User
    mode: str
    calls: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)

    async def call(self, kind: str) -> Any:
        name, arguments = self.calls[kind]
        if self.mode == "sync":
            return self.toolkit.execute_tool(identifier="u", tool_name=name, tool_input=arguments)
        return await self.toolkit.aexecute_tool(identifier="u", tool_name=name, tool_input=arguments)

    def patience(self, seconds: float) -> None:
        """How long a call may take from now on; at first longer than anything takes on a busy machine."""
        object.__setattr__(self.toolkit._context.policy, "timeout", seconds)

    async def ends_in(self, kind: str, expected: Outcome) -> None:
        """Call, and compare the outcome's exact class."""
        started = time.monotonic()
        if expected is None:
            assert (await self.call(kind)).requests
        else:
            with pytest.raises(VimeoToolkitError) as caught:
                await self.call(kind)
            assert type(caught.value) is expected, repr(caught.value)
            assert caught.value.hint
        assert time.monotonic() - started < ANTI_HANG


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def fault(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _open(connection: Connection, store: str) -> VimeoToolkit:
    made = VimeoToolkit([connection], store=store, timeout=10.0, max_wait=3.0)
    hurry(made)
    return made


@pytest.fixture
def fixture(
    lasting: Sandbox, proxy: FaultProxy, proxied: Connection, mode: str, fault: str
) -> Iterator[Fixture]:
    user = lasting.add_user(videos=1)
    token = lasting.issue_token(user).access_token
    with _open(proxied, "sqlite:///:memory:") as toolkit:
        toolkit.import_token(identifier="u", access_token=token)
        made = Fixture(toolkit, proxy, user, mode)
        made.calls["read"] = ("vimeo_my_videos_list", {})
        made.calls["put"] = ("vimeo_watchlater_add", {"video_id": str(user.videos[0].id)})
        made.calls["post"] = (
            "vimeo_video_comment_add",
            {"video_id": str(user.videos[0].id), "text": "What a view!"},
        )
        yield made


ALL = [fault.name for fault in NETWORK_FAULTS]


def test_every_fault_has_its_outcome() -> None:
    assert set(EXPECTED) == set(ALL)
    assert len(FAULTS) >= 80
    assert all(fault.what.endswith(".") for fault in FAULTS.values())


ONE_OF_EACH = {("sync", "read"), ("async", "put"), ("async", "post")}
"""Each kind of request in one of the modes; the slow run has both."""


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        pytest.param(mode, kind, marks=() if (mode, kind) in ONE_OF_EACH else pytest.mark.slow)
        for mode in MODES
        for kind in ("read", "put", "post")
    ],
    indirect=["mode"],
)
@pytest.mark.parametrize("fault", ALL, indirect=True)
async def test_once(fault: str, kind: str, fixture: Fixture) -> None:
    """The fault strikes a connection that has worked before, once."""
    await fixture.call("read")
    fixture.proxy.received.clear()
    fixture.proxy.inject(FAULTS[fault])
    fixture.patience(EXPECTED[fault].timeout)
    await fixture.ends_in(kind, getattr(EXPECTED[fault], kind))
    await _no_damage(fixture, fault)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["read", "post"])
@pytest.mark.parametrize("fault", ALL, indirect=True)
@pytest.mark.parametrize("mode", ["sync"], indirect=True)
async def test_lasting(fault: str, kind: str, fixture: Fixture) -> None:
    """The fault stays."""
    fixture.proxy.inject(FAULTS[fault], times=FOR_EVER, match=lambda _, path: not path.startswith("/oauth"))
    fixture.patience(2 * EXPECTED[fault].timeout)
    await fixture.ends_in(kind, EXPECTED[fault].lasting if kind == "read" else EXPECTED[fault].post)
    await _no_damage(fixture, fault)


@pytest.mark.parametrize("fault", ["stale-connection"], indirect=True)
async def test_a_post_over_a_connection_that_was_closed(fixture: Fixture) -> None:
    """The server has closed the kept connection meanwhile: the POST goes over a new one."""
    fixture.proxy.inject(FAULTS["stale-connection"])
    await fixture.call("read")
    await asyncio.sleep(0.1)
    before = fixture.proxy.connections
    assert (await fixture.call("post"))["uri"]
    assert fixture.proxy.connections == before + 1


async def _no_damage(fixture: Fixture, fault: str) -> None:
    """No POST went twice, no token went elsewhere, the account is as it was, and the next call works."""
    assert fixture.proxy.count("POST") <= 1
    assert len(fixture.user.videos[0].comments) <= 1
    assert fixture.proxy.strayed == []
    fixture.proxy.clear()
    account = fixture.toolkit.get_connected_account(identifier="u")
    assert account.status is AccountStatus.ACTIVE
    assert account.reason is None
    if "429" in fault or fault == "status-403-html":  # this toolkit keeps still until the reset, as it should
        fixture.toolkit._engine.quota = Quota(fixture.toolkit._engine.quota.windows._seal, kept=False)
    fixture.patience(10.0)
    assert (await fixture.call("read"))["total"] == 1


@pytest.mark.parametrize("fault", ["gzip-bomb", "body-50mb", "body-endless"], indirect=True)
@pytest.mark.parametrize("mode", MODES, indirect=True)
async def test_what_is_too_large_takes_no_memory(fault: str, fixture: Fixture) -> None:
    await fixture.call("read")
    act = FAULTS[fault].strike
    assert act is not None
    fixture.proxy.inject(FAULTS[fault])
    with pytest.raises(VimeoToolkitError):  # the bomb is made once, and that takes memory of its own
        await fixture.call("read")
    fixture.proxy.inject(FAULTS[fault])
    tracemalloc.start()
    try:
        with pytest.raises(VimeoToolkitError):
            await fixture.call("read")
        assert tracemalloc.get_traced_memory()[1] < 64 * 1024 * 1024
    finally:
        tracemalloc.stop()
