"""Answers of OAuth's form, and one for the time in which the store does not answer."""

from __future__ import annotations

import logging

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from vimeo_toolkit import VimeoToolkitError

__all__ = ["Steady", "answer"]

_log = logging.getLogger(__name__)


def answer(status: int, error: str, description: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """Return an error as OAuth writes it. Clients in a browser may read it, too."""
    told = {"error": error, "error_description": description}
    shared = {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}
    return JSONResponse(told, status, {**shared, **(headers or {})})


class Steady:
    """Answers a request while the store does not, which would end in a traceback."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except VimeoToolkitError as error:
            _log.error("A request was refused: %s", error)
            later = answer(503, "temporarily_unavailable", "Try again in a moment.", {"Retry-After": "5"})
            await later(scope, receive, send)
