"""From an HTTP request to an endpoint and back: token, scopes, limits, `fields`, errors, the request log."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from email.utils import formatdate
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vimeo_toolkit.sandbox.endpoints import ENDPOINTS, Answer, Call, Declared
from vimeo_toolkit.sandbox.errors import ApiError, legacy, missing_scope, not_found
from vimeo_toolkit.sandbox.projection import parse_fields, project, rendered
from vimeo_toolkit.sandbox.reading import authenticated, body_of, check_accept, limited
from vimeo_toolkit.sandbox.recorded import Recorded, hidden
from vimeo_toolkit.sandbox.state import Token
from vimeo_toolkit.sandbox.world import SandboxWorld

if TYPE_CHECKING:
    from vimeo_toolkit.sandbox.server import Sandbox

__all__ = ["respond", "routes", "unknown"]


@cache
def routes() -> tuple[Route, ...]:
    """Return the declared endpoints as routes, one for each path: the same ones for each sandbox, since a path's
    pattern takes long to compile. An application's `state.sandbox` says whose they are."""
    by_path: dict[str, dict[str, Declared]] = {}
    for declared in ENDPOINTS:
        by_path.setdefault(declared.path, {})[declared.method] = declared

    def route(path: str, methods: dict[str, Declared]) -> Route:
        async def handle(request: Request) -> Response:
            declared = methods.get("GET" if request.method == "HEAD" else request.method)
            return await respond(request.app.state.sandbox, request, lambda call: _run(declared, call))

        return Route(path, handle, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])

    # Fixed segments first, so that `/videos/…` never hides a more special path.
    ordered = sorted(by_path, key=lambda path: [part.startswith("{") for part in path.split("/")])
    return tuple(route(path, by_path[path]) for path in ordered)


def _run(declared: Declared | None, call: Call) -> Answer:
    if declared is None:
        raise legacy(405, "The method is not allowed on this resource.")
    if declared.scope is not None and not call.has(declared.scope):
        raise missing_scope(declared.scope)
    return declared.function(call)


async def respond(sandbox: Sandbox, request: Request, run: Callable[[Call], Answer]) -> Response:
    """Answer a request to an endpoint that needs a token: check the token, call the endpoint, shape its
    answer."""
    world = sandbox.world
    query = {name: values[-1] for name, values in parse_qs(request.url.query, keep_blank_values=True).items()}
    sandbox.under_way += 1
    token: Token | None = None
    body: Any = None
    headers: dict[str, str] = {}
    overlapping = sandbox.under_way
    status, reason = 500, ""  # unless the rest says otherwise
    quirks = sandbox.quirks.meet(request.method, request.url.path)
    try:
        if sandbox.latency:
            await asyncio.sleep(sandbox.latency)
            overlapping = max(overlapping, sandbox.under_way)
        for quirk in quirks:
            if quirk.refuses is not None:
                refusal = quirk.refuses()
                status = refusal.status
                return _sent(refusal, headers, world)
        try:
            check_accept(request.headers.get("accept", "*/*"))
            token = authenticated(world, request.headers.get("authorization", ""))
            headers = limited(world, token, request.method, query)
            body = body_of(await request.body(), request.headers.get("content-type", ""))
            since = request.headers.get("if-modified-since")
            base = f"{request.url.scheme}://{request.url.netloc}"
            world.settle()
            call = Call(world, token, dict(request.path_params), query, body, request.url.path, base, since)
            instead = [quirk.before(call) for quirk in quirks if quirk.before is not None]
            answer = next(filter(None, instead), None) or run(call)
            if query.get("fields") and isinstance(answer.body, dict | list) and request.method != "DELETE":
                answer.body = _projected(answer.body, query["fields"])
            for quirk in quirks:
                if quirk.after is not None:
                    quirk.after(call, answer)
        except ApiError as error:
            headers.update(error.headers)
            shown = error.body(newest=sandbox.newest_errors)
            answer, reason = Answer(error.status, shown, "application/vnd.vimeo.error+json"), error.reason
        response = _sent(answer, headers, world)
        status = answer.status
        if answer.lost:
            await sandbox.cut(request)
        return response
    finally:
        sandbox.under_way -= 1
        sandbox.record(
            Recorded(
                method=request.method,
                path=request.url.path,
                query=hidden(query),
                status=status,
                user=token.user.uri if token is not None and token.user is not None else None,
                body=hidden(body),
                headers={name: value for name, value in request.headers.items() if name != "authorization"},
                overlapping=overlapping,
                reason=reason,
            )
        )


def _projected(body: Any, fields: str) -> Any:
    tree = parse_fields(fields)
    if "data" in body and "paging" in body:
        return {**body, "data": project(body["data"], tree)}
    return project(body, tree)


def _json(body: Any) -> bytes:
    return json.dumps(body, separators=(",", ":"), default=rendered).encode()


def _sent(answer: Answer, headers: dict[str, str], world: SandboxWorld) -> Response:
    content = answer.body if isinstance(answer.body, bytes) else b""
    if answer.body is not None and not content:
        content = _json(answer.body)
    all_headers = {
        "Cache-Control": "private, no-store, no-cache",
        "Vary": "Accept,Vimeo-Client-Id",
        **headers,
        **answer.headers,
        "Date": formatdate(world.clock.seconds(), usegmt=True),
    }
    return Response(content, answer.status, all_headers, media_type=answer.media if content else None)


def unknown(sandbox: Sandbox) -> Callable[[Request], Any]:
    async def handle(request: Request) -> Response:
        def run(call: Call) -> Answer:
            raise not_found("page")

        return await respond(sandbox, request, run)

    return handle
