"""The machine's clock moves by hours: no call fails for it, no account is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import test_account_faults, test_store_faults
from tests.faults.covering import COVERED, covers
from vimeo_toolkit import AccountStatus, AuthorizationFailed, Connection, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.sandbox.faults import STATE_FAULTS

HOURS = 5 * 3600.0


@pytest.fixture
def toolkit(connection: Connection, tmp_path: Path) -> Iterator[VimeoToolkit]:
    with VimeoToolkit(
        [connection], store=f"sqlite:///{tmp_path}/a.db", key="A" * 43 + "=", max_wait=2.0
    ) as made:
        yield made


def _move(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Everything in this process that asks for the time of day, the store included, sees another one."""
    import time

    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + seconds)


def _connect(toolkit: VimeoToolkit, vimeo: Sandbox) -> None:
    link = toolkit.get_authorization_link(identifier="u").link
    toolkit.complete_authorization(vimeo.authorize(link), identifier="u")


@covers("clock-forward", "clock-backward")
@pytest.mark.parametrize("seconds", [HOURS, -HOURS], ids=["forward", "backward"])
def test_calls_and_changes_go_on(
    seconds: float, toolkit: VimeoToolkit, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also with rate-limit headers of a server whose clock did not move with ours."""
    _connect(toolkit, vimeo)
    vimeo.clock.advance(-seconds)  # the sandbox runs on this process's clock: it is to stay where it is
    _move(monkeypatch, seconds)
    for _ in range(3):
        result = toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")
        assert result.rate_limit.remaining is not None
    vimeo.world.tokens.clear()
    _connect(toolkit, vimeo)  # a version that is later than the stored one, whatever the clock says
    assert toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")
    assert toolkit.get_connected_account(identifier="u").status is AccountStatus.ACTIVE
    assert toolkit.delete_connected_account(identifier="u")


@covers("clock-forward")
def test_a_link_is_too_old_when_the_clock_jumps(
    toolkit: VimeoToolkit, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    callback = vimeo.authorize(toolkit.get_authorization_link(identifier="u").link)
    _move(monkeypatch, HOURS)
    with pytest.raises(AuthorizationFailed):
        toolkit.complete_authorization(callback, identifier="u")
    vimeo.clock.advance(0)
    _connect(toolkit, vimeo)
    assert toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")


@covers("clock-backward")
def test_a_lease_of_the_future_binds_nobody(
    toolkit: VimeoToolkit, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process died while it held the lease, and then the clock was set back."""
    app = vimeo.add_app("Expiring", token_lifetime=1000.0, refresh_tokens=True)
    assert app.refresh_tokens
    _connect(toolkit, vimeo)
    store = toolkit._store
    with monkeypatch.context() as ahead:
        _move(ahead, HOURS)
        assert store.acquire("account/5/vimeo/u", "dead", 1.0)
    vimeo.revoke_all(vimeo.user)
    before = len(vimeo.requests)
    with pytest.raises(Exception, match="revoked"):
        toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")
    assert len(vimeo.requests) > before
    assert toolkit.get_connected_account(identifier="u").status is AccountStatus.REVOKED


def test_every_fault_of_accounts_stores_and_clocks_has_a_test() -> None:
    assert test_account_faults
    assert test_store_faults
    assert {fault.name for fault in STATE_FAULTS} == COVERED
