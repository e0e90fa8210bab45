"""The pages on which a signed-in user connects, sees and disconnects their Vimeo account."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vimeo_toolkit.accounts.authorize import checked_scopes
from vimeo_toolkit.accounts.model import AccountStatus, ConnectedAccount
from vimeo_toolkit.asking import Asker
from vimeo_toolkit.connection import scope_words
from vimeo_toolkit.errors import ConfigurationError, NotConnected, VimeoToolkitError, VimeoUnavailable
from vimeo_toolkit.web.intake import Intake
from vimeo_toolkit.web.messages import OUTCOMES, STATUSES, outcome_of
from vimeo_toolkit.web.origin import FIELD, form_token, is_foreign_visit, is_form_token, is_from_own_page
from vimeo_toolkit.web.rendering import HEADERS, PageTemplates
from vimeo_toolkit.web.requests import callback_url, note, read_form, take_query

if TYPE_CHECKING:
    from vimeo_toolkit.toolkit import VimeoToolkit

__all__ = ["Identify", "connect_app"]

Identify = Callable[[Request], str | None] | Callable[[Request], Awaitable[str | None]]
"""Returns the user whom your product has authenticated, or None when nobody is signed in."""

_DOING: Final = "Connecting a user to Vimeo"
_CALLBACK: Final = "/callback"
_TRUE_FOR: Final[Mapping[str, Callable[[ConnectedAccount | None], bool]]] = {
    "connected": lambda account: account is not None and account.status is AccountStatus.ACTIVE,
    "disconnected": lambda account: account is None,
    "forgotten": lambda account: account is None,
    "disconnected_meanwhile": lambda account: account is None or account.status is not AccountStatus.ACTIVE,
    "not_disconnected": lambda account: account is not None,
    "other_account": lambda account: account is not None,
    "sign_in": lambda account: False,
}
"""Result pages about the account, and when each is true; the others are about what was tried."""

_LARGEST_FORM: Final = 4_096
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-prefix", "via")


def connect_app(
    toolkit: VimeoToolkit,
    identify: Identify,
    *,
    connection_name: str = "vimeo",
    after: str = "/",
    templates: str | os.PathLike[str] | None = None,
    brand: str = "Vimeo",
) -> Starlette:
    """Return an ASGI application to mount: `app.mount("/vimeo", connect_app(toolkit, identify=current_user))`.

    It has `/` (the account's status), `/connect` (`/connect?scopes=create+delete` asks for more than the connection
    does), `/callback`, `/disconnect` (POST) and result pages. The
    connection's `redirect_uri`, which is registered at Vimeo, must be the public URL of `/callback`; it may
    differ from what this process sees of the URL, as behind a proxy that ends TLS.

    Args:
        identify: names the user, from the session that your product has checked; sync (it is run in a thread)
            or async, within 30 seconds. Never take the name from the query or from anything else that a browser
            can choose: who may name themselves may take over accounts. None shows "Sign in first".
        after: where the user goes on when they are done; a path or URL of your product.
        templates: a folder whose files win over the package's own of the same name: `base.html`,
            `status.html`, `message.html`, `style.css`.
        brand: what the pages call Vimeo.

    Raises:
        ConfigurationError: the connection cannot make links, its redirect URI does not end in `/callback`,
            the folder does not exist, or a package is missing.
    """
    connection = toolkit.connection(connection_name)
    if not connection.can_authorize:
        raise ConfigurationError(
            f"Connection {connection_name!r} cannot connect users: it lacks client_id, client_secret or "
            "redirect_uri.",
            hint="Give it all three, from your app's page on Vimeo's developer site.",
        )
    redirect_uri = connection.redirect_uri
    registered = urlsplit(redirect_uri).path
    if not registered.endswith(_CALLBACK):
        raise ConfigurationError(
            f"The redirect URI of connection {connection_name!r} does not lead to the connect pages: its path "
            f"is {registered!r}, and theirs ends in {_CALLBACK!r}.",
            hint="Register the public URL of the mounted pages with /callback at its end, such as "
            "https://your-product.example/vimeo/callback, at Vimeo and in the connection.",
        )
    pages = PageTemplates(templates, brand)
    own_netloc = urlsplit(redirect_uri).netloc
    intake = Intake(_LARGEST_FORM)
    who = Asker(identify).ask

    async def account_of(identifier: str) -> ConnectedAccount | None:
        try:
            return await toolkit.aget_connected_account(connection_name, identifier=identifier)
        except NotConnected:
            return None

    def message(request: Request, name: str, account: ConnectedAccount | None = None) -> Response:
        outcome = OUTCOMES[name]
        return pages.html(
            "message.html",
            outcome.status,
            base=_base(request),
            after=after,
            title=pages.words(outcome.title),
            text=pages.words(outcome.text),
            next_step=pages.words(outcome.next_step),
            action=outcome.action,
            good=outcome.status < 400,
            signed_in=outcome.status != 401,
            account=account,
            missing=scope_words(account.missing_scopes) if account else [],
        )

    async def status(request: Request) -> Response:
        return await status_page(request, await who(request))

    async def status_page(request: Request, identifier: str, asked: Sequence[str] = ()) -> Response:
        account = await account_of(identifier)
        return pages.html(
            "status.html",
            base=_base(request),
            after=after,
            form_token=form_token(connection.secret, identifier),
            account=account,
            state=STATUSES[account.status if account else None],
            active=account is not None and account.status is AccountStatus.ACTIVE,
            known=account is not None and account.status is not AccountStatus.PENDING,
            missing=scope_words(account.missing_scopes) if account else [],
            asked=scope_words(asked),
            query=f"?{urlencode({'scopes': ' '.join(asked)})}" if asked else "",
        )

    async def connect(request: Request) -> Response:
        identifier = await who(request)
        check_mount(request)
        asked = checked_scopes(request.query_params.get("scopes", ""))
        if is_foreign_visit(request.headers):
            # Nothing is changed for a link or an image on somebody else's page: ask the user here first.
            return await status_page(request, identifier, asked)
        account = await account_of(identifier) if asked else None
        # With what is granted already: a new token has only what its link asks for.
        scopes = dict.fromkeys([*asked, *(sorted(account.granted_scopes) if account else [])])
        link = await toolkit.aget_authorization_link(
            connection_name, identifier=identifier, scopes=list(scopes)
        )
        return RedirectResponse(link.link, 303, HEADERS)

    def check_mount(request: Request) -> None:
        seen = _below_mount(request, _CALLBACK)
        if not _leads_here(registered, seen, request.headers, own_netloc):
            raise ConfigurationError(
                f"The redirect URI of connection {connection_name!r} has the path {registered!r}, but these "
                f"pages are mounted where the callback is {seen!r}: Vimeo would send users astray.",
                hint="Register the public URL of /callback at Vimeo and in the connection. Where a proxy changes "
                "the path, let it send X-Forwarded-Prefix or X-Forwarded-For.",
            )

    async def is_own(request: Request, identifier: str) -> bool:
        token = (await read_form(request, intake)).get(FIELD, [""])[0]
        has_token = is_form_token(token, connection.secret, identifier)
        return is_from_own_page(request.headers, own_netloc, has_token=has_token)

    async def callback(request: Request) -> Response:
        query = take_query(request)
        identifier = await who(request)
        if not query:
            return message(request, "malformed")
        try:
            await toolkit.acomplete_authorization(callback_url(redirect_uri, query), identifier=identifier)
        except VimeoToolkitError as error:
            note(_DOING, error)
            return _result(request, outcome_of(error))
        return _result(request, "connected")

    async def result(request: Request) -> Response:
        name = request.path_params["outcome"].replace("-", "_")
        if name not in OUTCOMES:
            raise HTTPException(404)
        identifier = await who(request)
        account = await account_of(identifier) if name in _TRUE_FOR else None
        if name in _TRUE_FOR and not _TRUE_FOR[name](account):
            # The user has followed an old link or a foreign one.
            return RedirectResponse(_base(request) or "./", 303, HEADERS)
        return message(request, name, account)

    async def disconnect(request: Request) -> Response:
        # Checked first, because another site's request does not bring the session's cookie, which `identify`
        # needs.
        if is_foreign_visit(request.headers):
            return message(request, "cross_site")
        identifier = await who(request)
        if not await is_own(request, identifier):
            return message(request, "cross_site")
        try:
            done = await toolkit.adelete_connected_account(connection_name, identifier=identifier)
        except VimeoToolkitError as error:
            note(_DOING, error)
            unconfirmed = isinstance(error, VimeoUnavailable)
            return _result(request, "not_disconnected" if unconfirmed else outcome_of(error))
        return _result(request, "disconnected" if done.revoked else "forgotten")

    async def style(request: Request) -> Response:
        return pages.style()

    async def explained(request: Request, error: Exception) -> Response:
        assert isinstance(error, VimeoToolkitError)  # noqa: S101 - registered for it
        note(_DOING, error)
        return message(request, outcome_of(error))

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
        take_query(request)  # a HEAD or POST of a callback is refused, and has the code like any other
        names = {401: "sign_in", 404: "not_found", 405: "not_allowed", 503: "busy"}
        if error.status_code in names and "location" not in {name.lower() for name in error.headers or {}}:
            answer = message(request, names[error.status_code])
        else:  # the response that `identify` raised, such as a redirect to the sign-in page
            answer = Response(status_code=error.status_code, headers=HEADERS)
        answer.headers.update(error.headers or {})
        return answer

    return Starlette(
        routes=[
            Route("/", _get_only(status), methods=["GET"]),
            Route("/connect", _get_only(connect), methods=["GET"]),
            Route(_CALLBACK, _get_only(callback), methods=["GET"]),
            Route("/result/{outcome}", _get_only(result), methods=["GET"]),
            Route("/disconnect", disconnect, methods=["POST"]),
            Route("/style.css", style, methods=["GET"]),
        ],
        exception_handlers={VimeoToolkitError: explained, HTTPException: refused},
    )


def _get_only(endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Remove HEAD, which Starlette adds: a mail scanner's HEAD of a callback would use the link up."""

    async def guarded(request: Request) -> Response:
        if request.method != "GET":
            raise HTTPException(405, headers={"Allow": "GET"})
        return await endpoint(request)

    return guarded


def _below_mount(request: Request, path: str) -> str:
    return str(request.scope.get("root_path", "")).rstrip("/") + path


def _base(request: Request) -> str:
    """Return the relative URL from the current page to the mount, which works behind any proxy."""
    own = request.scope["path"].removeprefix(str(request.scope.get("root_path", "")))
    return "../" * max(str(own).count("/") - 1, 0)


def _result(request: Request, outcome: str) -> Response:
    return RedirectResponse(f"{_base(request)}result/{outcome.replace('_', '-')}", 303, HEADERS)


def _leads_here(registered: str, seen: str, headers: Mapping[str, str], own_netloc: str) -> bool:
    """Return whether Vimeo's callback, sent to the registered path, arrives at the path that this process sees.

    A proxy may take a prefix away or add one. One that adds a prefix has to show itself, because without a proxy
    that is a mount at the wrong place, which would show only once users come back from Vimeo.
    """
    if registered == seen:
        return True
    proxied = any(name in headers for name in _FORWARDED)
    stripped = registered.endswith(seen) and (proxied or headers.get("host") != own_netloc)
    return stripped or (proxied and seen.endswith(registered))
