"""Tokens that expire (Vimeo's do not, today): refreshed in time where they can be, else EXPIRED."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from vimeo_toolkit import AccountStatus, Connection, Expired, VimeoToolkit, VimeoUnavailable
from vimeo_toolkit.sandbox import Sandbox


@pytest.fixture
def expiring(vimeo: Sandbox) -> Iterator[VimeoToolkit]:
    """A toolkit over an app whose tokens live 1,000 seconds, and a connected user `u`."""
    app = vimeo.add_app("Expiring", token_lifetime=1000.0, refresh_tokens=True)
    connection = Connection(
        client_id=app.client_id,
        client_secret=app.client_secret,
        redirect_uri=app.redirect_uri,
        scopes=["private"],
        api_url=vimeo.url,
    )
    with VimeoToolkit([connection], store="sqlite:///:memory:") as toolkit:
        link = toolkit.get_authorization_link(identifier="u").link
        toolkit.complete_authorization(vimeo.authorize(link), identifier="u")
        vimeo.token_calls = 0
        yield toolkit


def _later(toolkit: VimeoToolkit, vimeo: Sandbox, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    real = toolkit._blocking.now
    monkeypatch.setattr(toolkit._blocking, "now", lambda: real() + seconds)
    vimeo.clock.advance(seconds)


def _call(toolkit: VimeoToolkit) -> str:
    return str(toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")["uri"])


def test_a_fresh_token_is_used(expiring: VimeoToolkit, vimeo: Sandbox) -> None:
    assert _call(expiring) == vimeo.user.uri
    assert vimeo.token_calls == 0


@pytest.mark.parametrize("seconds", [750.0, 980.0, 1500.0], ids=["advisory", "mandatory", "after its end"])
def test_refreshed_in_time(
    seconds: float, expiring: VimeoToolkit, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    _later(expiring, vimeo, seconds, monkeypatch)
    for _ in range(3):
        assert _call(expiring) == vimeo.user.uri
    assert vimeo.token_calls == 1
    account = expiring.get_connected_account(identifier="u")
    assert account.status is AccountStatus.ACTIVE
    assert account.expires_at is not None


def test_in_the_advisory_window_an_outage_does_no_harm(
    expiring: VimeoToolkit, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    _later(expiring, vimeo, 750.0, monkeypatch)
    _break_the_token_endpoint(expiring, monkeypatch)
    assert _call(expiring) == vimeo.user.uri
    assert expiring.get_connected_account(identifier="u").status is AccountStatus.ACTIVE


def test_in_the_mandatory_window_an_outage_is_said_and_costs_nothing(
    expiring: VimeoToolkit, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    _later(expiring, vimeo, 990.0, monkeypatch)
    with monkeypatch.context() as broken:
        _break_the_token_endpoint(expiring, broken)
        with pytest.raises(VimeoUnavailable, match="could not be refreshed"):
            _call(expiring)
    assert expiring.get_connected_account(identifier="u").status is AccountStatus.ACTIVE
    assert _call(expiring) == vimeo.user.uri


def test_a_caller_and_a_loop_that_go_away_cost_nothing(
    expiring: VimeoToolkit, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one who refreshes is cancelled and its loop is closed, before the answer has come."""
    real = expiring._async.now
    monkeypatch.setattr(expiring._async, "now", lambda: real() + 990.0)
    _later(expiring, vimeo, 990.0, monkeypatch)
    vimeo.token_latency = 0.5

    async def main() -> None:
        call = asyncio.create_task(expiring.aexecute_tool(identifier="u", tool_name="vimeo_me_get"))
        while not vimeo.token_calls:  # noqa: ASYNC110 - of another thread
            await asyncio.sleep(0.01)
        call.cancel()

    asyncio.run(main())
    assert _call(expiring) == vimeo.user.uri
    assert vimeo.token_calls == 1
    assert sum(not token.revoked for token in vimeo.world.tokens.values()) == 1


def test_a_refresh_token_that_is_refused(
    expiring: VimeoToolkit, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    vimeo.world.refresh_tokens.clear()
    _later(expiring, vimeo, 1500.0, monkeypatch)
    with pytest.raises(Expired) as caught:
        _call(expiring)
    assert caught.value.authorization_link
    assert expiring.get_connected_account(identifier="u").status is AccountStatus.EXPIRED


def test_a_401_with_a_refresh_token_refreshes(expiring: VimeoToolkit, vimeo: Sandbox) -> None:
    next(token for token in vimeo.world.tokens.values()).revoked = False
    for token in list(vimeo.world.tokens.values()):
        token.expires = vimeo.clock.seconds() - 1
    assert _call(expiring) == vimeo.user.uri
    assert vimeo.token_calls == 1


def test_without_a_refresh_token_the_end_is_the_end(
    vimeo: Sandbox, toolkit: VimeoToolkit, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = vimeo.issue_token(expires_in=100.0)
    toolkit.import_token(identifier="u", access_token=token.access_token)
    assert _call(toolkit) == vimeo.user.uri
    _later(toolkit, vimeo, 101.0, monkeypatch)
    vimeo.requests.clear()
    for _ in range(2):
        with pytest.raises(Expired, match="lifetime has ended"):
            _call(toolkit)
    # Vimeo is asked once: the machine's own clock may be wrong.
    assert [request.path for request in vimeo.requests] == ["/oauth/verify"]


@pytest.mark.parametrize("hours", [-1, 1], ids=["behind", "ahead"])
def test_a_wrong_clock_ends_no_account(
    hours: int, vimeo: Sandbox, toolkit: VimeoToolkit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An hour off all the time, or from one moment to the next."""
    real = toolkit._blocking.now
    for moved in (0.0, hours * 3600.0):
        monkeypatch.setattr(toolkit._blocking, "now", lambda moved=moved: real() + moved)
        token = vimeo.issue_token(expires_in=600.0)
        account = toolkit.import_token(identifier="u", access_token=token.access_token)
        assert account.expires_at is not None
        assert abs(account.expires_at.timestamp() - vimeo.clock.seconds() - 600.0) < 5  # Vimeo's time
        assert _call(toolkit) == vimeo.user.uri
        monkeypatch.setattr(toolkit._blocking, "now", lambda moved=moved: real() + moved + hours * 3600.0)
        assert _call(toolkit) == vimeo.user.uri
    assert toolkit.get_connected_account(identifier="u").status is AccountStatus.ACTIVE


def _break_the_token_endpoint(toolkit: VimeoToolkit, monkeypatch: pytest.MonkeyPatch) -> None:
    from vimeo_toolkit.runtime.ports import HttpRequest, HttpResponse, NotSent

    send = toolkit._blocking.send

    async def broken(request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        if request.url.endswith("/oauth/access_token"):
            raise NotSent("ConnectError")
        return await send(request, timeout=timeout)

    async def no_wait(seconds: float) -> None:
        return None

    monkeypatch.setattr(toolkit._blocking, "send", broken)
    monkeypatch.setattr(toolkit._blocking, "sleep", no_wait)
