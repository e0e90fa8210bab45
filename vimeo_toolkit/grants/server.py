"""The authorization server: what its endpoints and its pages stand on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import parse_qs, urlencode, urlsplit

from vimeo_toolkit.accounts.model import AccountStatus, ConnectedAccount
from vimeo_toolkit.accounts.records import get_account
from vimeo_toolkit.connection import Connection
from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.grants import clients, sign_ins, tokens
from vimeo_toolkit.grants.limits import Limited, seconds_to_wait
from vimeo_toolkit.grants.redirects import same_redirect, with_query
from vimeo_toolkit.grants.sign_ins import ClientRequest
from vimeo_toolkit.grants.tokens import Grant, Tokens
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.loopback import is_confidential
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.wire.format import one_line

if TYPE_CHECKING:
    from starlette.routing import Route

    from vimeo_toolkit.runtime.ports import IO
    from vimeo_toolkit.toolkit import VimeoToolkit

__all__ = ["PAGES", "AuthorizationServer"]

PAGES: Final = "/sign-in"
"""Where the pages are."""

_LONGEST_NAME: Final = 80

_ENDPOINTS: Final = ("/authorize", "/token", "/register", "/revoke")
"""Where the SDK's endpoints are."""


class AuthorizationServer:
    """Gives clients tokens for people who sign in with Vimeo (OAuth 2.1, as MCP asks for it).

    What a client gets are tokens of our own, for one resource; Vimeo's never leave the toolkit. All of it is kept
    in the toolkit's store.

    Args:
        toolkit: whose store and connection it is.
        public_url: where browsers and clients reach this server: https, a host and no path. On this machine it may
            be plain http.
        resource: the URL that tokens are for, such as `https://mcp.example.com/mcp`.
        connection_name: the registered Vimeo app. Its redirect URI has to lead to `public_url`.

    Raises:
        ConfigurationError: the URL cannot be one of a server, or the connection does not lead back to it.
    """

    def __init__(
        self, toolkit: VimeoToolkit, *, public_url: str, resource: str, connection_name: str = "vimeo"
    ) -> None:
        self.issuer = self.checked_origin(public_url)
        self.resource = resource
        self.connection = toolkit.connection(connection_name)
        self.toolkit = toolkit
        _check_connection(self.connection, self.issuer, urlsplit(resource).path)

    @staticmethod
    def checked_origin(public_url: str) -> str:
        """Return the URL of a server without a slash at its end.

        Raises:
            ConfigurationError: it is not https (on this machine http), or has more than a host and a port.
        """
        parts = urlsplit(public_url) if is_confidential(public_url) else None
        if parts is None or parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ConfigurationError(
                f"{public_url[:100]!r} is not the public URL of a server.",
                hint="Give https, a host and no path, such as https://mcp.example.com; on this machine "
                "http://127.0.0.1:8000.",
            )
        return f"{parts.scheme}://{parts.netloc.lower()}"

    @property
    def _io(self) -> IO:
        return self.toolkit._async

    @property
    def _rows(self) -> Any:
        return self.toolkit._context.vault.rows

    def connect_page(self, scopes: Iterable[str] = ()) -> str:
        """Return the page on which somebody connects again, or allows more."""
        query = urlencode({"scopes": " ".join(scopes)})
        return f"{self.issuer}{PAGES}/connect?{query}"

    def routes(self) -> list[Route]:
        """Return the pages on which a person decides, and the one to which Vimeo sends them back.

        Raises:
            MissingExtra: a package that pages need is not installed.
        """
        from vimeo_toolkit.web.sign_in import sign_in_routes

        return sign_in_routes(self)

    # ---- clients ----

    async def seconds_to_wait(self, what: Limited, address: str) -> int:
        """Count a stranger's request; return 0, or after how many seconds it may come again."""
        return await seconds_to_wait(self._rows, self._io, what, address)

    async def register_client(
        self, client_id: str, metadata: Mapping[str, Any], redirect_uris: Sequence[str]
    ) -> None:
        """Keep a client that registers itself.

        Raises:
            InvalidInput: its redirect URIs cannot be used, or it says too much.
            StoreError: it could not be kept.
        """
        await clients.register_client(self._rows, self._io, client_id, metadata, redirect_uris)

    async def find_client(self, client_id: str) -> Mapping[str, Any] | None:
        """Return what a client said of itself; None where it is not known, or not any more."""
        return await clients.find_client(self._rows, self._io, client_id)

    @staticmethod
    def is_redirect_of(registered: Iterable[str], asked: str) -> bool:
        """Return whether codes may be sent to an address: it is one of those that the client registered."""
        return any(same_redirect(each, asked) for each in registered)

    # ---- a person signs in ----

    async def begin(self, asked: ClientRequest) -> str:
        """Return the page on which a person decides about what a client asks for."""
        # What a client says of itself is a stranger's text.
        shown = replace(asked, client_name=one_line(asked.client_name, _LONGEST_NAME))
        return f"{self.issuer}{PAGES}/{await sign_ins.begin(self._rows, self._io, shown)}"

    async def asked_under(self, name: str) -> ClientRequest | None:
        """Return what a page is about; None where that is too old, or decided."""
        return await sign_ins.find(self._rows, self._io, name)

    async def declined(self, name: str) -> str | None:
        """Return where a person goes who declined; None where it was decided already."""
        asked = await sign_ins.end(self._rows, self._io, name)
        return None if asked is None else self.refusal(asked, "access_denied")

    async def allowed(self, name: str, browser: Secret) -> str | None:
        """Return Vimeo's page for a person who allowed what was asked; None where it was decided already."""
        link = await self.link_to_vimeo(browser)
        (state,) = parse_qs(urlsplit(link).query)["state"]
        return link if await sign_ins.go_to_vimeo(self._rows, self._io, name, state) is not None else None

    async def link_to_vimeo(self, browser: Secret, scopes: Sequence[str] = ()) -> str:
        """Return Vimeo's page for somebody who signs in."""
        made = await self.toolkit.aget_sign_in_link(self.connection.name, browser=browser, scopes=scopes)
        return made.link

    async def back_from_vimeo(self, state: str) -> ClientRequest | None:
        """Return what a person allowed before they went to Vimeo, once; None where they only connect."""
        return await sign_ins.end(self._rows, self._io, state)

    async def code_for(self, asked: ClientRequest, account: ConnectedAccount) -> str:
        """Return the client's address with a code for this account.

        Raises:
            NotConnected: it was disconnected meanwhile.
            StoreError: the code could not be kept.
        """
        identity = Identity(self.connection.name, account.identifier)
        record = await get_account(self.toolkit._context, self._io, identity)
        code = await tokens.issue_code(self._rows, self._io, identity, record.created_at, asked)
        return self._back(asked, code=code.reveal())

    def refusal(self, asked: ClientRequest, error: str) -> str:
        """Return the client's address with an error of OAuth's."""
        return self._back(asked, error=error)

    def with_issuer(self, answer: str) -> str:
        """Return the client's address, with an answer in it, with the issuer added, which tells the client which
        server it talks to (RFC 9207)."""
        return with_query(answer, {"iss": self.issuer})

    def _back(self, asked: ClientRequest, **values: str) -> str:
        return self.with_issuer(with_query(asked.redirect_uri, {**values, "state": asked.state}))

    # ---- codes and tokens ----

    async def grant_of(self, use: Literal["code", "access", "refresh"], given: str) -> Grant | None:
        """Return the grant of a code or a token; None where it does not work.

        It works while the account is connected that it was made for, and at Vimeo, too.
        """
        grant = await tokens.find(self._rows, self._io, self.connection.name, use, Secret(given))
        if grant is None or grant.asked.resource != self.resource:
            return None
        identity = Identity(self.connection.name, grant.identifier)
        account = await self.toolkit._context.vault.load(self._io, identity)
        if account is None or account.created_at != grant.created_at:
            return None
        return grant if account.status is AccountStatus.ACTIVE else None

    async def exchanged(self, grant: Grant, use: Literal["code", "refresh"]) -> Tokens | None:
        """Use up a code or a refresh token; return new tokens, or None where somebody else has used it up."""
        made = await tokens.exchanged(self._rows, self._io, grant, use)
        if made is not None:
            await clients.keep_client(self._rows, self._io, grant.asked.client_id)
        return made

    async def revoke(self, grant: Grant) -> None:
        """End a grant: none of its tokens works any more."""
        await tokens.revoke(self._rows, self._io, grant)


def _check_connection(connection: Connection, issuer: str, resource_path: str) -> None:
    if not connection.can_authorize:
        raise ConfigurationError(
            f"Connection {connection.name!r} cannot sign users in: it lacks client_id, client_secret or "
            "redirect_uri.",
            hint="Give it client_id, client_secret and redirect_uri from your app's page at Vimeo.",
        )
    parts = urlsplit(connection.redirect_uri)
    taken = parts.path in ("", "/", resource_path, *_ENDPOINTS) or parts.path.startswith(f"{PAGES}/")
    if f"{parts.scheme}://{parts.netloc.lower()}" != issuer or taken:
        raise ConfigurationError(
            f"The redirect URI of connection {connection.name!r} does not lead to {issuer}, where people sign in.",
            hint=f"Register {issuer}/vimeo/callback at Vimeo, and give it to the connection (VIMEO_REDIRECT_URI).",
        )
