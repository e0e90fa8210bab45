"""The pages of the authorization server: a person decides about a client, signs in with Vimeo, and goes back."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vimeo_toolkit.accounts.authorize import checked_scopes
from vimeo_toolkit.connection import scope_words
from vimeo_toolkit.errors import AuthorizationFailed, VimeoToolkitError
from vimeo_toolkit.grants.redirects import place_of
from vimeo_toolkit.grants.server import PAGES, AuthorizationServer
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.web.intake import Intake
from vimeo_toolkit.web.messages import outcome_of
from vimeo_toolkit.web.origin import FIELD, form_token, is_form_token, is_from_own_page
from vimeo_toolkit.web.rendering import HEADERS, PageTemplates
from vimeo_toolkit.web.requests import callback_url, note, read_form, take_query
from vimeo_toolkit.web.sign_in_messages import MESSAGES

__all__ = ["sign_in_routes"]

_DOING: Final = "Signing a user in with Vimeo"

_LARGEST_FORM: Final = 4_096
_BROWSER: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_COOKIE_SECONDS: Final = 3_600

_Page = Callable[[Request], Awaitable[Response]]

# Errors that say that this browser, or this callback, is not the one that was asked for: the client hears nothing.
_NOT_THEIRS: Final = ("other_user", "used", "malformed")


def sign_in_routes(server: AuthorizationServer) -> list[Route]:
    """Return the pages, with the path of the connection's redirect URI among them.

    Raises:
        MissingExtra: jinja2 is not installed.
    """
    return _Pages(server).routes()


class _Pages:
    def __init__(self, server: AuthorizationServer) -> None:
        self._server = server
        self._pages = PageTemplates(None, "Vimeo")
        self._intake = Intake(_LARGEST_FORM)
        self._own = urlsplit(server.issuer)
        # A prefix that no other host of the domain can set; browsers take it with TLS alone.
        self._tls = self._own.scheme == "https"
        self._cookie = "__Host-vimeo-sign-in" if self._tls else "vimeo-sign-in"

    def routes(self) -> list[Route]:
        callback = urlsplit(self._server.connection.redirect_uri).path
        return [
            Route(callback, self._steady(self._callback), methods=["GET"]),
            Route(f"{PAGES}/style.css", self._style, methods=["GET"]),
            Route(f"{PAGES}/connect", self._steady(self._connect), methods=["GET", "POST"]),
            Route(f"{PAGES}/result/{{outcome}}", self._result, methods=["GET"]),
            Route(f"{PAGES}/{{name}}", self._steady(self._consent), methods=["GET", "POST"]),
        ]

    def _steady(self, page: _Page) -> _Page:
        """Return a page that says what is wrong with the store, with Vimeo, or with the settings."""

        async def steady(request: Request) -> Response:
            try:
                return await page(request)
            except VimeoToolkitError as error:
                return self._failed(error)

        return steady

    # ---- a client asks ----

    async def _consent(self, request: Request) -> Response:
        name = request.path_params["name"]
        asked = await self._server.asked_under(name)
        if asked is None:
            return self._message("gone")
        if request.method != "POST":
            return self._form(
                request,
                "consent.html",
                name,
                client=asked.client_name,
                place=place_of(asked.redirect_uri),
                allows=scope_words(self._server.connection.scopes),
            )
        browser, decision = await self._decision(request, name)
        if browser is None:
            return self._message("cross_site")
        going = await (
            self._server.allowed(name, browser) if decision == "allow" else self._server.declined(name)
        )
        return self._message("gone") if going is None else self._onward(going)

    # ---- somebody who is signed in connects again, or allows more ----

    async def _connect(self, request: Request) -> Response:
        try:
            scopes = checked_scopes(request.query_params.get("scopes", ""))
        except VimeoToolkitError:
            return self._message("gone")
        if request.method != "POST":
            asked = sorted({*self._server.connection.scopes, *scopes})
            return self._form(request, "connect_again.html", "connect", allows=scope_words(asked))
        browser, _ = await self._decision(request, "connect")
        if browser is None:
            return self._message("cross_site")
        address = request.client.host if request.client is not None else ""
        if await self._server.seconds_to_wait("sign-ins", address):
            return self._message("too_many")
        return self._onward(await self._server.link_to_vimeo(browser, scopes))

    # ---- back from Vimeo ----

    async def _callback(self, request: Request) -> Response:
        query = take_query(request)
        if request.method != "GET":  # a mail scanner's HEAD would use the link up
            raise HTTPException(405, headers={"Allow": "GET"})
        states = parse_qs(query.reveal()).get("state", [""])
        url = callback_url(self._server.connection.redirect_uri, query)
        # Whoever has no cookie is told so by the core, which uses the link up, too.
        browser = self._browser(request) or Secret(secrets.token_urlsafe(32))
        asked = await self._server.back_from_vimeo(states[0])
        try:
            account = await self._server.toolkit.acomplete_sign_in(url, browser=browser)
            if asked is None:
                return self._to_result("connected")
            return _sent(await self._server.code_for(asked, account))
        except VimeoToolkitError as error:
            reason = error.reason if isinstance(error, AuthorizationFailed) else ""
            if asked is None or reason in _NOT_THEIRS:
                return self._failed(error)
            note(_DOING, error)
            return _sent(self._server.refusal(asked, _oauth_error(error, reason)))

    async def _result(self, request: Request) -> Response:
        name = request.path_params["outcome"]
        if name not in MESSAGES:
            raise HTTPException(404)
        return self._message(name)

    async def _style(self, request: Request) -> Response:
        return self._pages.style()

    # ---- parts ----

    def _browser(self, request: Request) -> Secret | None:
        value = request.cookies.get(self._cookie, "")
        return Secret(value) if _BROWSER.fullmatch(value) else None

    def _form(self, request: Request, template: str, name: str, **values: Any) -> Response:
        """Return a page with a form that this browser alone can send."""
        browser = self._browser(request) or Secret(secrets.token_urlsafe(32))
        token = form_token(self._server.connection.secret, f"{browser.reveal()} {name}")
        page = self._pages.html(template, base=f"{PAGES}/", form_token=token, **values)
        page.set_cookie(
            self._cookie,
            browser.reveal(),
            max_age=_COOKIE_SECONDS,
            secure=self._tls,
            httponly=True,
            samesite="lax",
        )
        return page

    async def _decision(self, request: Request, name: str) -> tuple[Secret | None, str]:
        """Return the browser that sent a form of these pages, and the button; None where it is not one of these."""
        fields = await read_form(request, self._intake)
        browser = self._browser(request)
        if browser is None:
            return None, ""
        token = fields.get(FIELD, [""])[0]
        right = is_form_token(token, self._server.connection.secret, f"{browser.reveal()} {name}")
        own = is_from_own_page(request.headers, self._own.netloc, has_token=right)
        return (browser if right and own else None), fields.get("decision", [""])[0]

    def _onward(self, url: str) -> Response:
        """Return a page that leads on at once. A redirect would be a part of the form's sending, and the pages'
        policy (`form-action`) lets a form go to this server alone."""
        return self._pages.html("onward.html", base=f"{PAGES}/", url=url)

    def _message(self, name: str) -> Response:
        said = MESSAGES[name]
        return self._pages.html(
            "signed_in.html", said.status, base=f"{PAGES}/", title=said.title, text=said.text
        )

    def _to_result(self, name: str) -> Response:
        return _sent(f"{self._server.issuer}{PAGES}/result/{name}")

    def _failed(self, error: VimeoToolkitError) -> Response:
        note(_DOING, error)
        name = outcome_of(error)
        return self._to_result(name if name in MESSAGES else "failed")


def _sent(url: str) -> Response:
    return RedirectResponse(url, 303, HEADERS)


def _oauth_error(error: VimeoToolkitError, reason: str) -> str:
    if reason == "denied":
        return "access_denied"
    return "temporarily_unavailable" if error.code in ("vimeo_unavailable", "store_busy") else "server_error"
