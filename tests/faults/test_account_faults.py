"""What happens to accounts: each fault of the catalogue, its outcome, and that nothing else was lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest

from tests.faults.covering import covers
from tests.waiting import hurry
from vimeo_toolkit import (
    AccountStatus,
    AuthorizationFailed,
    ConfigurationError,
    Connection,
    Revoked,
    VimeoToolkit,
    VimeoToolkitError,
    VimeoUnavailable,
)
from vimeo_toolkit.sandbox import App, Sandbox
from vimeo_toolkit.sandbox.fault_proxy import FaultProxy
from vimeo_toolkit.sandbox.faults import FAULTS

MODES = ("sync", "async")
FOR_EVER = 1000


def _token(method: str, path: str) -> bool:
    return path.startswith("/oauth/access_token")


def _verify(method: str, path: str) -> bool:
    return path.startswith("/oauth/verify")


def _api(method: str, path: str) -> bool:
    return not path.startswith("/oauth")


@pytest.fixture
def app(lasting: Sandbox) -> App:
    """An app of this test's own, whose tokens expire and can be refreshed."""
    return lasting.add_app("Expiring", token_lifetime=1000.0, refresh_tokens=True)


@pytest.fixture
def connection(app: App, proxy: FaultProxy) -> Connection:
    return Connection(
        client_id=app.client_id,
        client_secret=app.client_secret,
        redirect_uri=app.redirect_uri,
        scopes=["private"],
        api_url=proxy.url,
    )


@pytest.fixture
def toolkit(connection: Connection) -> Iterator[VimeoToolkit]:
    with VimeoToolkit([connection], store="sqlite:///:memory:", timeout=3.0, max_wait=1.0) as made:
        yield made


def _connect(toolkit: VimeoToolkit, vimeo: Sandbox, identifier: str = "u") -> None:
    user = vimeo.add_user(videos=30)
    link = toolkit.get_authorization_link(identifier=identifier).link
    toolkit.complete_authorization(vimeo.authorize(link, user=user), identifier=identifier)


def _status(toolkit: VimeoToolkit) -> AccountStatus:
    return toolkit.get_connected_account(identifier="u").status


async def _me(toolkit: VimeoToolkit, mode: str = "sync") -> str:
    if mode == "sync":
        return str(toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")["uri"])
    return str((await toolkit.aexecute_tool(identifier="u", tool_name="vimeo_me_get"))["uri"])


async def _complete(toolkit: VimeoToolkit, callback: str, mode: str) -> None:
    if mode == "sync":
        toolkit.complete_authorization(callback, identifier="u")
    else:
        await toolkit.acomplete_authorization(callback, identifier="u")


def _age(toolkit: VimeoToolkit, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let the toolkit believe that so much time has passed."""
    for io in (toolkit._blocking, toolkit._async):
        monkeypatch.setattr(io, "now", lambda real=io.now: real() + seconds)


def _changed(callback: str, **changes: str) -> str:
    parts = urlsplit(callback)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return urlunsplit(parts._replace(query=urlencode({**query, **changes})))


# ---- tokens ----


@covers("token-expires-on-the-way")
@pytest.mark.parametrize("mode", MODES)
async def test_expired_on_the_way(toolkit: VimeoToolkit, lasting: Sandbox, app: App, mode: str) -> None:
    """By the toolkit's clock it lives; the server has ended it: refreshed once, and the call succeeds."""
    _connect(toolkit, lasting)
    for token in lasting.world.tokens.values():
        if token.app is app:
            token.expires = lasting.clock.seconds() - 1
    before = lasting.token_calls
    assert await _me(toolkit, mode)
    assert lasting.token_calls == before + 1
    assert _status(toolkit) is AccountStatus.ACTIVE


@covers("verify-401-html")
def test_an_account_is_not_forgotten_on_a_portals_word(
    lasting: Sandbox, proxy: FaultProxy, proxied: Connection
) -> None:
    """Deleting an account revokes its token, and only Vimeo can say that it is dead already."""
    token = lasting.issue_token(lasting.add_user())
    with VimeoToolkit([proxied], store="sqlite:///:memory:", timeout=3.0) as toolkit:
        toolkit.import_token(identifier="u", access_token=token.access_token)
        proxy.inject(FAULTS["status-401-html"])
        with pytest.raises(VimeoUnavailable, match="was kept"):
            toolkit.delete_connected_account(identifier="u")
        assert _status(toolkit) is AccountStatus.ACTIVE
        assert toolkit.delete_connected_account(identifier="u")
        assert token.revoked


@covers("token-revoked")
@pytest.mark.parametrize("mode", MODES)
async def test_revoked(lasting: Sandbox, proxied: Connection, mode: str) -> None:
    user = lasting.add_user()
    with VimeoToolkit([proxied], store="sqlite:///:memory:") as toolkit:
        toolkit.import_token(identifier="u", access_token=lasting.issue_token(user).access_token)
        lasting.revoke_all(user)
        for _ in range(2):
            with pytest.raises(Revoked):
                await _me(toolkit, mode)
        assert _status(toolkit) is AccountStatus.REVOKED
        toolkit.import_token(identifier="u", access_token=lasting.issue_token(user).access_token)
        assert await _me(toolkit, mode) == user.uri


@covers("401-while-paging")
@pytest.mark.parametrize("mode", MODES)
async def test_401_while_paging(
    toolkit: VimeoToolkit, lasting: Sandbox, proxy: FaultProxy, mode: str
) -> None:
    """Page 2 is refused once; the pages are whole all the same."""
    _connect(toolkit, lasting)
    proxy.inject(FAULTS["status-401"], match=lambda _, path: "page=2" in path)
    seen: set[str] = set()
    page: int | None = 1
    while page is not None:
        wanted = {"page": page, "per_page": 10}
        if mode == "sync":
            listed = toolkit.execute_tool(identifier="u", tool_name="vimeo_my_videos_list", tool_input=wanted)
        else:
            listed = await toolkit.aexecute_tool(
                identifier="u", tool_name="vimeo_my_videos_list", tool_input=wanted
            )
        seen.update(video["uri"] for video in listed["data"])
        assert listed.pages is not None
        page = listed.pages.next
    assert len(seen) == 30
    assert _status(toolkit) is AccountStatus.ACTIVE


@covers("verify-down")
@pytest.mark.parametrize("fault", ["silent", "reset-before-answer", "status-502-html", "html-200"])
@pytest.mark.parametrize("mode", MODES)
async def test_a_401_that_cannot_be_explained(
    lasting: Sandbox, proxy: FaultProxy, proxied: Connection, fault: str, mode: str
) -> None:
    user = lasting.add_user()
    with VimeoToolkit([proxied], store="sqlite:///:memory:", timeout=10.0) as toolkit:
        hurry(toolkit)
        toolkit.import_token(identifier="u", access_token=lasting.issue_token(user).access_token)
        proxy.inject(FAULTS["status-401"], match=_api)
        proxy.inject(FAULTS[fault], times=FOR_EVER, match=_verify)
        policy = toolkit._context.policy
        if fault == "silent":
            object.__setattr__(policy, "timeout", 0.4)
        with pytest.raises(VimeoUnavailable):
            await _me(toolkit, mode)
        object.__setattr__(policy, "timeout", 10.0)
        proxy.clear()
        assert _status(toolkit) is AccountStatus.ACTIVE
        assert await _me(toolkit, mode) == user.uri


@covers("verify-401-html")
@pytest.mark.parametrize("mode", MODES)
async def test_a_401_of_somebody_else_revokes_nothing(
    lasting: Sandbox, proxy: FaultProxy, proxied: Connection, mode: str
) -> None:
    """A portal or firewall that answers everything with its own 401 page says nothing about the token."""
    user = lasting.add_user()
    with VimeoToolkit([proxied], store="sqlite:///:memory:", timeout=3.0) as toolkit:
        toolkit.import_token(identifier="u", access_token=lasting.issue_token(user).access_token)
        proxy.inject(FAULTS["status-401-html"], times=FOR_EVER)
        with pytest.raises(VimeoUnavailable):
            await _me(toolkit, mode)
        proxy.clear()
        assert _status(toolkit) is AccountStatus.ACTIVE
        assert await _me(toolkit, mode) == user.uri


# ---- refresh ----


@covers("refresh-down", "refresh-500", "refresh-invalid-client", "refresh-html")
@pytest.mark.parametrize(
    ("fault", "broken"),
    [
        ("dropped", "refresh-down"),
        ("status-502-html", "refresh-500"),
        ("invalid-client", "refresh-invalid-client"),
        ("html-200-unforwarded", "refresh-html"),
    ],
)
@pytest.mark.parametrize("age", [750.0, 990.0], ids=["advisory", "mandatory"])
@pytest.mark.parametrize("mode", MODES)
async def test_a_refresh_that_fails(
    toolkit: VimeoToolkit,
    lasting: Sandbox,
    proxy: FaultProxy,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
    broken: str,
    age: float,
    mode: str,
) -> None:
    """Early, the old token still serves; late, the call says so. The account stays, and recovers."""
    _connect(toolkit, lasting)
    _age(toolkit, monkeypatch, age)
    proxy.inject(FAULTS[fault], times=FOR_EVER, match=_token)
    if age < 900:
        assert await _me(toolkit, mode)
    else:
        with pytest.raises(VimeoUnavailable, match="could not be refreshed"):
            await _me(toolkit, mode)
    assert _status(toolkit) is AccountStatus.ACTIVE
    proxy.clear()
    assert await _me(toolkit, mode)
    assert _status(toolkit) is AccountStatus.ACTIVE


# ---- authorization ----


@covers("exchange-down", "exchange-500", "exchange-invalid-client", "exchange-html")
@pytest.mark.parametrize(
    ("fault", "cls", "exchanges"),
    [
        # Its answer is lost: the code goes once more, which brings the token or has the server revoke it.
        ("dropped", VimeoUnavailable, 2),
        ("status-502-html", VimeoUnavailable, 2),
        ("invalid-client", ConfigurationError, 1),
        ("html-200-unforwarded", AuthorizationFailed, 1),
    ],
)
@pytest.mark.parametrize("mode", MODES)
async def test_an_exchange_that_fails(
    toolkit: VimeoToolkit,
    lasting: Sandbox,
    proxy: FaultProxy,
    fault: str,
    cls: type[VimeoToolkitError],
    exchanges: int,
    mode: str,
) -> None:
    callback = lasting.authorize(toolkit.get_authorization_link(identifier="u").link)
    proxy.inject(FAULTS[fault], times=FOR_EVER, match=_token)
    with pytest.raises(cls):
        await _complete(toolkit, callback, mode)
    assert proxy.count("POST") == 1 + exchanges  # and the consent page's form
    assert _status(toolkit) is AccountStatus.PENDING
    proxy.clear()
    _connect(toolkit, lasting)
    assert await _me(toolkit, mode)


@covers("callback-twice", "state-replayed", "state-foreign")
def test_callbacks_that_are_none(toolkit: VimeoToolkit, lasting: Sandbox) -> None:
    used = lasting.authorize(toolkit.get_authorization_link(identifier="u").link)
    toolkit.complete_authorization(used, identifier="u")
    before = lasting.token_calls
    fresh_code = parse_qs(
        urlsplit(lasting.authorize(toolkit.get_authorization_link(identifier="u").link)).query
    )
    foreign = lasting.authorize(toolkit.get_authorization_link(identifier="other").link)
    for callback in (
        used,
        _changed(used, code=fresh_code["code"][0]),
        _changed(used, state="a" * 43),
        foreign,
    ):
        with pytest.raises(AuthorizationFailed):
            toolkit.complete_authorization(callback, identifier="u")
    assert lasting.token_calls == before
    assert _status(toolkit) is AccountStatus.ACTIVE
    assert toolkit.get_connected_account(identifier="other").status is AccountStatus.PENDING
    assert toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")


@covers("callbacks-at-once")
def test_two_callbacks_at_once(toolkit: VimeoToolkit, lasting: Sandbox) -> None:
    callback = lasting.authorize(toolkit.get_authorization_link(identifier="u").link)
    before = lasting.token_calls
    together = threading.Barrier(8)

    def complete(_: int) -> str:
        together.wait(10)
        try:
            return toolkit.complete_authorization(callback, identifier="u").status.value
        except AuthorizationFailed:
            return "refused"

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(complete, range(8)))
    assert outcomes == ["ACTIVE"] + ["refused"] * 7
    assert lasting.token_calls == before + 1
    assert toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")


@covers("connection-mixed-up")
def test_a_callback_at_another_connections_door(
    connection: Connection, lasting: Sandbox, proxy: FaultProxy
) -> None:
    other_app = lasting.add_app("Other", redirect_uris=["http://127.0.0.1:8000/other/callback"])
    other = replace(
        connection,
        name="other",
        client_id=other_app.client_id,
        client_secret=other_app.client_secret,
        redirect_uri=other_app.redirect_uri,
    )
    with VimeoToolkit([connection, other], store="sqlite:///:memory:") as toolkit:
        callback = lasting.authorize(toolkit.get_authorization_link("other", identifier="u").link)
        before = lasting.token_calls
        moved = callback.replace("/other/callback", urlsplit(connection.redirect_uri).path)
        with pytest.raises(AuthorizationFailed):
            toolkit.complete_authorization(moved, identifier="u")
        assert lasting.token_calls == before
        assert toolkit.get_connected_account("other", identifier="u").status is AccountStatus.PENDING
