"""The public methods about accounts: connect a user, look accounts up, take them away, move them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vimeo_toolkit.accounts import authorize, disconnecting, importing, records, signing_in
from vimeo_toolkit.accounts import device as devices
from vimeo_toolkit.accounts.device import DeviceAuthorization
from vimeo_toolkit.accounts.disconnecting import Disconnected
from vimeo_toolkit.accounts.migration import Moved, Rotated, copy_accounts, rotate_key
from vimeo_toolkit.accounts.model import AuthorizationLink, ConnectedAccount, ConnectedAccounts
from vimeo_toolkit.connection import DEFAULT_CONNECTION
from vimeo_toolkit.facade.core import Core
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.secret import Secret

if TYPE_CHECKING:
    from vimeo_toolkit.toolkit import VimeoToolkit

__all__ = ["Accounts"]


class Accounts(Core):
    """The asynchronous methods about accounts; `_blocking.BlockingAccounts` has the blocking ones."""

    async def aget_or_create_connected_account(
        self, connection_name: str = DEFAULT_CONNECTION, *, identifier: str
    ) -> ConnectedAccount:
        """Return the user's account; a new one is PENDING until the user has authorized it. Idempotent.

        Args:
            identifier: your product's own id of the user.

        Raises:
            ConfigurationError: there is no such connection.
            InvalidInput: the identifier cannot be one.
        """
        identity = self._context.identity(connection_name, identifier)
        record = await records.get_or_create_account(self._context, self._async, identity)
        return record.public()

    async def aget_connected_account(
        self, connection_name: str = DEFAULT_CONNECTION, *, identifier: str
    ) -> ConnectedAccount:
        """Return the user's account as it is stored.

        Raises:
            NotConnected: there is none.
        """
        identity = self._context.identity(connection_name, identifier)
        record = await records.get_account(self._context, self._async, identity)
        return record.public()

    async def alist_connected_accounts(self, connection_name: str | None = None) -> ConnectedAccounts:
        """Return all accounts (of one connection), in the order of their names.

        The list's `unreadable` has those whose rows do not open; `adelete_connected_account` takes them away.

        Raises:
            WrongKey: none of the accounts was sealed with a key that is among those given.
        """
        return await records.list_accounts(self._context, self._async, connection_name)

    async def aget_authorization_link(
        self,
        connection_name: str = DEFAULT_CONNECTION,
        *,
        identifier: str,
        scopes: Sequence[str] | None = None,
        allow_account_change: bool = False,
    ) -> AuthorizationLink:
        """Return a new link under which this user grants access; it can be used once, within 10 minutes.

        Args:
            scopes: what to ask for beside the connection's own scopes.
            allow_account_change: the user wants to switch to a different Vimeo account.

        Raises:
            ConfigurationError: the connection has no client id, secret or redirect URI.
            InvalidInput: Vimeo has no such scope.
        """
        identity = self._context.identity(connection_name, identifier)
        return await authorize.authorization_link(
            self._context, self._async, identity, scopes=scopes, allow_account_change=allow_account_change
        )

    async def acomplete_authorization(
        self, callback_url: str | Secret, *, identifier: str
    ) -> ConnectedAccount:
        """Turn the callback into an ACTIVE account, and return it.

        Args:
            callback_url: the whole URL that Vimeo sent the browser to.
            identifier: who is logged in to your product NOW, from your session. When somebody else asked for
                the link, it is refused: otherwise an attacker's link would tie a victim's Vimeo account to
                the attacker's user.

        Raises:
            AuthorizationFailed: denied, replayed, too old, another user's, or a different Vimeo account.
            VimeoUnavailable: Vimeo did not answer; nothing was changed.
        """
        callback = Secret.of(callback_url)
        del callback_url  # it has the code, and a traceback's locals are often logged
        user = Identity("", identifier)  # the link knows of which connection
        record = await authorize.complete_authorization(self._context, self._aemitting, callback, user)
        return record.public()

    async def aget_sign_in_link(
        self,
        connection_name: str = DEFAULT_CONNECTION,
        *,
        browser: str | Secret,
        scopes: Sequence[str] | None = None,
    ) -> AuthorizationLink:
        """Return a new link under which whoever opens it in this browser signs in with Vimeo; it can be used once,
        within 10 minutes.

        Args:
            browser: an unguessable text that you have put into a cookie of this browser, such as
                `secrets.token_urlsafe(32)`. Only this browser can complete the sign-in.
            scopes: what to ask for beside the connection's own scopes.

        Raises:
            ConfigurationError: the connection has no client id, secret or redirect URI.
            InvalidInput: Vimeo has no such scope, or the text is too short.
        """
        told = Secret.of(browser)
        del browser
        return await signing_in.sign_in_link(
            self._context, self._async, connection_name, browser=told, scopes=scopes
        )

    async def acomplete_sign_in(
        self, callback_url: str | Secret, *, browser: str | Secret
    ) -> ConnectedAccount:
        """Turn the callback into the ACTIVE account of the Vimeo user who signed in, and return it.

        Its `identifier` is `vimeo:` and the number of the Vimeo user, the same each time. Give sign-ins a
        connection of their own where your product also names users itself: whoever chose such a name would be them.

        Args:
            callback_url: the whole URL that Vimeo sent the browser to.
            browser: what this browser's cookie holds now, see `aget_sign_in_link`.

        Raises:
            AuthorizationFailed: denied, replayed, too old, or begun in another browser.
            VimeoUnavailable: Vimeo did not answer; nothing was changed.
        """
        callback, told = Secret.of(callback_url), Secret.of(browser)
        del callback_url, browser  # a traceback's locals are often logged
        record = await signing_in.complete_sign_in(self._context, self._aemitting, callback, told)
        return record.public()

    async def astart_device_authorization(
        self,
        connection_name: str = DEFAULT_CONNECTION,
        *,
        identifier: str,
        scopes: Sequence[str] | None = None,
        allow_account_change: bool = False,
    ) -> DeviceAuthorization:
        """Ask for a code that this user enters on Vimeo's page, on any machine: for terminals and servers that no
        browser can be sent back to. Pass the result to `acomplete_device_authorization`.

        Args:
            scopes: what to ask for beside the connection's own scopes.
            allow_account_change: the user wants to switch to a different Vimeo account.

        Raises:
            ConfigurationError: the connection has no client id or secret, or Vimeo does not accept them.
            AuthorizationFailed: Vimeo gave no code.
            VimeoUnavailable: Vimeo did not answer.
        """
        identity = self._context.identity(connection_name, identifier)
        return await devices.start_device_authorization(
            self._context, self._async, identity, scopes=scopes, allow_account_change=allow_account_change
        )

    async def acomplete_device_authorization(self, device: DeviceAuthorization) -> ConnectedAccount:
        """Wait until the user has entered the code, and return the account, which is ACTIVE then.

        Raises:
            AuthorizationFailed: the user declined, the code became too old, or it is a different Vimeo account.
        """
        record = await devices.complete_device_authorization(self._context, self._aemitting, device)
        return record.public()

    async def aimport_token(
        self,
        connection_name: str = DEFAULT_CONNECTION,
        *,
        identifier: str,
        access_token: str | Secret,
        allow_account_change: bool = False,
    ) -> ConnectedAccount:
        """Make an ACTIVE account from a personal access token of Vimeo's developer page, after verifying it.

        Args:
            access_token: the token. It is kept sealed and never shown.
            allow_account_change: the user wants to switch to a different Vimeo account.

        Raises:
            AuthorizationFailed: Vimeo does not accept the token, or it belongs to another Vimeo user than
                this account did before.
        """
        token = Secret.of(access_token)
        del access_token  # a traceback's locals are often logged
        identity = self._context.identity(connection_name, identifier)
        record = await importing.import_token(
            self._context, self._aemitting, identity, token, allow_account_change=allow_account_change
        )
        return record.public()

    async def adelete_connected_account(
        self, connection_name: str = DEFAULT_CONNECTION, *, identifier: str, revoke: bool = True
    ) -> Disconnected:
        """Revoke the account's token at Vimeo, and delete the account with everything that is kept for the user.
        After a failure it can be called again: until the row is gone, the account says that it is being
        disconnected.

        Args:
            revoke: False forgets the account without telling Vimeo, where the token then lives on.

        Returns what was done: true in a condition when there was an account; `revoked` when Vimeo confirmed that
        no token of the account lives on; `unreadable` when the account's row did not open (a lost key, a damaged
        row), so that it was deleted without revoking anything.

        Raises:
            VimeoUnavailable: Vimeo did not confirm the revocation; the account was kept.
            StoreError: the store cannot be written; says whether the token was revoked.
        """
        identity = self._context.identity(connection_name, identifier)
        done = await disconnecting.delete_account(self._context, self._aemitting, identity, revoke=revoke)
        self._engine.forget(identity)
        return done

    async def arotate_key(self) -> Rotated:
        """Seal every row (accounts, unfinished uploads, approvals, waiting links…) under the newest key, after one
        was put in front of the others. It may be interrupted and run again.

        Returns what was done. Rows that do not open are left and reported (`unreadable`); when the result is
        `complete`, the older keys can go.

        Raises:
            StoreError: the store failed, or cannot know whether these are all of its rows.
            StoreBusy: another process still seals rows with another key.
        """
        return await rotate_key(self._context.vault, self._async)

    async def acopy_accounts_to(self, other: VimeoToolkit) -> Moved:
        """Copy every account, with unfinished uploads and approvals, into another toolkit's store, under its key,
        and verify each account's copy. It may be interrupted and run again.

        Returns what was done; rows that do not open are left and reported (`unreadable`).

        Raises:
            StoreError: a copy is not the same as its original.
        """
        return await copy_accounts(self._context.vault, self._async, other._context.vault, other._async)
