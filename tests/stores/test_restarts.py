"""What becomes of accounts whose server dies in the midst of a renewal, and comes back with or without them."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from tests.stores.crashing import Server, forgetful_server, server, soon
from vimeo_toolkit import AccountError, Connection, StoreError, VimeoToolkit, generate_key
from vimeo_toolkit.sandbox import Sandbox, oauth

__all__ = ["forgetful_server", "server"]

pytestmark = pytest.mark.slow

ME: dict[str, Any] = {"identifier": "u", "tool_name": "vimeo_me_get"}


def _killed_while_renewing(
    server: Server, toolkit: VimeoToolkit, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Connect an account and let its store's server die before it hears of the renewed token, which is returned."""
    monkeypatch.setattr("vimeo_toolkit.accounts.keeping.PAUSES", (0.05,))
    monkeypatch.setattr("vimeo_toolkit.accounts.keeping._AGAIN", 0.0)
    vimeo.app.refresh_tokens, vimeo.app.token_lifetime = True, 10.0
    link = toolkit.get_authorization_link(identifier="u").link
    toolkit.complete_authorization(vimeo.authorize(link), identifier="u")
    vimeo.app.token_lifetime = 100_000.0
    refresh = oauth._refresh

    def crashing(*args: Any) -> Any:
        server.crash()
        return refresh(*args)

    monkeypatch.setattr(oauth, "_refresh", crashing)
    with contextlib.suppress(StoreError):  # where what comes after the renewal needs the store
        toolkit.execute_tool(**ME)
    monkeypatch.setattr(oauth, "_refresh", refresh)
    (held,) = toolkit._context.vault.all_held()
    assert held.record.access_token is not None
    return held.record.access_token.reveal()


def test_a_renewed_token_outlives_its_server(
    server: Server, vimeo: Sandbox, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = generate_key()
    with VimeoToolkit([connection], store=server.url, key=key) as toolkit:
        token = _killed_while_renewing(server, toolkit, vimeo, monkeypatch)
        with pytest.raises(StoreError):
            toolkit.execute_tool(**ME)
        server.start()
        assert soon(lambda: toolkit.execute_tool(**ME))["uri"] == vimeo.user.uri
        assert toolkit._context.vault.all_held() == []
    with VimeoToolkit([connection], store=server.url, key=key) as other:
        assert other.execute_tool(**ME)["uri"] == vimeo.user.uri
    assert not vimeo.world.tokens[token].revoked


@pytest.mark.filterwarnings("ignore:The store's Redis server has appendonly no")
def test_a_server_that_comes_back_empty(
    forgetful_server: Server, vimeo: Sandbox, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its accounts are gone, and that is what is said; no token lives on that nobody knows of."""
    server = forgetful_server
    with VimeoToolkit([connection], store=server.url, key=generate_key()) as toolkit:
        token = _killed_while_renewing(server, toolkit, vimeo, monkeypatch)
        server.start()
        with pytest.raises(AccountError) as failed:
            soon(lambda: toolkit.execute_tool(**ME))
        assert failed.value.code == "not_connected"
        assert failed.value.authorization_link
        assert toolkit.list_connected_accounts() == []
        callback = vimeo.authorize(failed.value.authorization_link)
        toolkit.complete_authorization(callback, identifier="u")
        assert toolkit.execute_tool(**ME)["uri"] == vimeo.user.uri
    assert vimeo.world.tokens[token].revoked
