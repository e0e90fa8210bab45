"""Sign in with Vimeo: who comes is whom Vimeo names, and only the browser that began it can end it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from vimeo_toolkit import AccountStatus, AuthorizationFailed, Connection, InvalidInput, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox, User

BROWSER = "the-cookie-of-this-browser"
OTHER = "the-cookie-of-another-browser"


@pytest.fixture
def own(connection: Connection) -> Iterator[VimeoToolkit]:
    with VimeoToolkit([connection], store="sqlite:///:memory:") as made:
        yield made


def _callback(own: VimeoToolkit, vimeo: Sandbox, user: User | None = None, *, allow: bool = True) -> str:
    return vimeo.authorize(own.get_sign_in_link(browser=BROWSER).link, user=user, allow=allow)


def test_the_same_person_is_the_same_identifier(own: VimeoToolkit, vimeo: Sandbox) -> None:
    other = vimeo.add_user("Other")
    first, again, theirs = (
        own.complete_sign_in(_callback(own, vimeo, user), browser=BROWSER)
        for user in (vimeo.user, vimeo.user, other)
    )
    assert first.status is AccountStatus.ACTIVE
    assert first.identifier == again.identifier == f"vimeo:{vimeo.user.uri.rpartition('/')[2]}"
    assert theirs.identifier == f"vimeo:{other.uri.rpartition('/')[2]}"
    assert len(own.list_connected_accounts()) == 2
    assert own.execute_tool(tool_name="vimeo_me_get", identifier=theirs.identifier)["uri"] == other.uri


async def test_awaited(own: VimeoToolkit, vimeo: Sandbox) -> None:
    link = await own.aget_sign_in_link(browser=BROWSER, scopes=["upload"])
    account = await own.acomplete_sign_in(vimeo.authorize(link.link), browser=BROWSER)
    assert "upload" in account.granted_scopes


def test_another_browser_cannot_end_it(own: VimeoToolkit, vimeo: Sandbox) -> None:
    callback = _callback(own, vimeo)
    with pytest.raises(AuthorizationFailed) as caught:
        own.complete_sign_in(callback, browser=OTHER)
    assert caught.value.reason == "other_user"
    with pytest.raises(AuthorizationFailed) as caught:
        own.complete_sign_in(callback, browser=BROWSER)
    assert caught.value.reason == "used"
    assert own.list_connected_accounts() == []
    for short in "", "1234567890":
        with pytest.raises(InvalidInput):
            own.get_sign_in_link(browser=short)


def test_nobody_signs_in_who_declines(own: VimeoToolkit, vimeo: Sandbox) -> None:
    with pytest.raises(AuthorizationFailed) as caught:
        own.complete_sign_in(_callback(own, vimeo, allow=False), browser=BROWSER)
    assert caught.value.reason == "denied"
    assert own.list_connected_accounts() == []


def test_a_link_that_a_call_offered_connects_its_user_alone(own: VimeoToolkit, vimeo: Sandbox) -> None:
    """Whoever opens it, in whatever browser: the account has to be that of the Vimeo user who had signed in."""
    other = vimeo.add_user("Other")
    account = own.complete_sign_in(_callback(own, vimeo), browser=BROWSER)
    for user, works in ((other, False), (vimeo.user, True)):
        link = own.get_authorization_link(identifier=account.identifier, scopes=["upload"])
        callback = vimeo.authorize(link.link, user=user)
        if works:
            assert "upload" in own.complete_sign_in(callback, browser=OTHER).granted_scopes
            continue
        with pytest.raises(AuthorizationFailed) as caught:
            own.complete_sign_in(callback, browser=BROWSER)
        assert caught.value.reason == "other_account"
    assert [each.identifier for each in own.list_connected_accounts()] == [account.identifier]


def test_the_links_of_products_are_not_sign_ins(own: VimeoToolkit, vimeo: Sandbox) -> None:
    callback = vimeo.authorize(own.get_authorization_link(identifier="ana").link)
    with pytest.raises(AuthorizationFailed) as caught:
        own.complete_sign_in(callback, browser=BROWSER)
    assert caught.value.reason == "other_user"
    with pytest.raises(AuthorizationFailed) as caught:
        own.complete_authorization(_callback(own, vimeo), identifier="ana")
    assert caught.value.reason == "other_user"
