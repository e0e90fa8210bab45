"""What the SDK's endpoints of an authorization server do not do: limits, the resource of a token, the issuer."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vimeo_mcp.forms import LARGEST, completed_form, read_body, replayed
from vimeo_mcp.resource import is_same
from vimeo_mcp.steady import answer
from vimeo_toolkit import AuthorizationServer

__all__ = ["Guarded"]

_LIMITED: Final[dict[str, Any]] = {"/register": "registrations", "/authorize": "sign-ins"}


class Guarded:
    """One endpoint of the SDK's."""

    def __init__(self, app: ASGIApp, server: AuthorizationServer, path: str) -> None:
        self._app = app
        self._server = server
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = None
        try:
            if scope["method"] in ("GET", "POST"):
                refusal = await self._limited(scope)
            if refusal is None and scope["method"] == "POST":
                body = await read_body(Request(scope, receive))
                refusal = self._refused(scope, body)
                form = self._path in ("/token", "/revoke")
                receive = replayed(completed_form(scope, body or b"") if form else body or b"", receive)
            if refusal is None:
                await self._app(scope, receive, self._with_issuer(send))
        except ClientDisconnect:
            return
        except TimeoutError:
            refusal = answer(408, "invalid_request", "The request took too long.")
        if refusal is not None:
            await refusal(scope, receive, send)

    async def _limited(self, scope: Scope) -> JSONResponse | None:
        what = _LIMITED.get(self._path)
        if what is None:
            return None
        address = (scope.get("client") or ("",))[0]
        waits = await self._server.seconds_to_wait(what, address)
        if not waits:
            return None
        said = f"There were too many {what} lately. Try again in {waits} s."
        return answer(429, "temporarily_unavailable", said, {"Retry-After": str(waits)})

    def _refused(self, scope: Scope, body: bytes | None) -> JSONResponse | None:
        if body is None:
            return answer(413, "invalid_request", f"A request has at most {LARGEST} bytes.")
        if self._path != "/token" or "json" in Headers(scope=scope).get("content-type", ""):
            return None
        # RFC 8707, 2.2: of a token's request, too, which the SDK does not look at.
        asked = parse_qs(body.decode("latin-1")).get("resource", [])
        if all(is_same(each, self._server.resource) for each in asked):
            return None
        return answer(400, "invalid_target", "Tokens are for this server's own resource alone.")

    def _with_issuer(self, send: Send) -> Send:
        """Add the issuer to the errors that the SDK sends a client."""
        if self._path != "/authorize":
            return send

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                place = headers.get("location", "")
                if place and not place.startswith(f"{self._server.issuer}/"):
                    headers["location"] = self._server.with_issuer(place)
            await send(message)

        return sent
