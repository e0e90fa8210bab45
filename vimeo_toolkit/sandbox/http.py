"""From an HTTP request to an endpoint and back: token, scopes, limits, `fields`, errors, the request log."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vimeo_toolkit.sandbox.errors import (
    ASK_THE_CREATOR,
    ApiError,
    bad_token,
    legacy,
    missing_scope,
    not_found,
    refused,
)
from vimeo_toolkit.sandbox.limits import take
from vimeo_toolkit.sandbox.projection import parse_fields, project, rendered
from vimeo_toolkit.sandbox.state import Token, User
from vimeo_toolkit.sandbox.world import World

if TYPE_CHECKING:
    from vimeo_toolkit.sandbox.server import Sandbox

__all__ = ["ENDPOINTS", "Answer", "Call", "Recorded", "endpoint", "respond", "routes"]

SECRET_NAMES = frozenset(
    {
        "access_token",
        "client_secret",
        "code",
        "code_verifier",
        "device_code",
        "password",
        "refresh_token",
        "secret",
        "token",
        "token_secret",
        "user_code",
    }
)


@dataclass(slots=True)
class Answer:
    status: int
    body: Any = None
    media: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False
    """The connection is cut before it."""


@dataclass(slots=True)
class Call:
    """One authenticated request, as an endpoint sees it."""

    world: World
    token: Token
    path: dict[str, str]
    query: dict[str, str]
    body: Any
    url_path: str
    base: str = ""
    """Scheme and host that the request came to."""
    since: str | None = None
    """The If-Modified-Since header."""

    @property
    def user(self) -> User:
        """The user of the token.

        Raises:
            ApiError: 401/8002, the token has none.
        """
        if self.token.user is None:
            raise refused(401, 8002, "This access token has no user.", error=ASK_THE_CREATOR)
        return self.token.user

    def has(self, scope: str) -> bool:
        return scope in self.token.scopes

    def object(self) -> dict[str, Any]:
        """The JSON body as an object; {} where there is none."""
        return self.body if isinstance(self.body, dict) else {}


@dataclass(slots=True)
class Recorded:
    """One request as the sandbox saw it. Holds no token and no secret."""

    method: str
    path: str
    query: dict[str, str]
    status: int
    user: str | None
    """URI of the token's user."""
    body: Any
    headers: dict[str, str]
    """Without Authorization; names in lower case."""
    overlapping: int
    """How many requests were under way with this one."""
    reason: str = ""
    """Why it was refused, in the sandbox's words: the answer tells hardly more than Vimeo's does."""


Endpoint = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class _Declared:
    method: str
    path: str
    scope: str | None
    function: Endpoint


ENDPOINTS: list[_Declared] = []


def endpoint(method: str, *paths: str, scope: str | None = None) -> Callable[[Endpoint], Endpoint]:
    """Declare an endpoint, at one or more paths. `scope`: what a token must have, else 403."""

    def declare(function: Endpoint) -> Endpoint:
        ENDPOINTS.extend(_Declared(method, path, scope, function) for path in paths)
        return function

    return declare


def routes(sandbox: Sandbox) -> list[Route]:
    """The declared endpoints as routes, one a path."""
    by_path: dict[str, dict[str, _Declared]] = {}
    for declared in ENDPOINTS:
        by_path.setdefault(declared.path, {})[declared.method] = declared

    def route(path: str, methods: dict[str, _Declared]) -> Route:
        async def handle(request: Request) -> Response:
            declared = methods.get("GET" if request.method == "HEAD" else request.method)
            return await respond(sandbox, request, lambda call: _run(declared, call))

        return Route(path, handle, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])

    # Fixed segments first, so that `/videos/…` never hides a more special path.
    ordered = sorted(by_path, key=lambda path: [part.startswith("{") for part in path.split("/")])
    return [route(path, by_path[path]) for path in ordered]


def _run(declared: _Declared | None, call: Call) -> Answer:
    if declared is None:
        raise legacy(405, "The method is not allowed on this resource.")
    if declared.scope is not None and not call.has(declared.scope):
        raise missing_scope(declared.scope)
    return declared.function(call)


async def respond(sandbox: Sandbox, request: Request, run: Callable[[Call], Answer]) -> Response:
    """Everything around an endpoint that needs a token."""
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
            _check_accept(request.headers.get("accept", "*/*"))
            token = authenticated(world, request.headers.get("authorization", ""))
            headers = _limited(world, token, request.method, query)
            body = _body(await request.body(), request.headers.get("content-type", ""))
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


def hidden(value: Any) -> Any:
    """A copy of a body with its secrets taken out."""
    if isinstance(value, dict):
        return {
            name: "***" if name in SECRET_NAMES and isinstance(item, str) else hidden(item)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [hidden(item) for item in value]
    return value


def authenticated(world: World, header: str) -> Token:
    """The token of an Authorization header.

    Raises:
        ApiError: 401/8003.
    """
    scheme, _, value = header.partition(" ")
    if not value or scheme.lower() != "bearer":
        raise bad_token("The request has no bearer token.")
    token = world.tokens.get(value.strip())
    if (
        token is None
        or token.revoked
        or (token.expires is not None and world.clock.seconds() >= token.expires)
    ):
        raise bad_token()
    return token


def _check_accept(accept: str) -> None:
    kinds = [part.strip() for part in accept.split(",")]
    for kind in kinds:
        media, *parameters = (part.strip() for part in kind.split(";"))
        if media in ("*/*", "application/json", "application/*"):
            return
        if media in ("application/vnd.vimeo.*+json", "application/vnd.vimeo.*"):
            version = next(
                (each.partition("=")[2] for each in parameters if each.startswith("version")), "3.4"
            )
            if version.startswith("3."):
                return
    raise legacy(406, "The requested media type or version is not available.")


def _limited(world: World, token: Token, method: str, query: dict[str, str]) -> dict[str, str]:
    # Client credentials use up the app owner's quota.
    owner = token.user or token.app.owner or world.users[0]
    allowed, headers = take(
        owner.window,
        owner.plan,
        projected=bool(query.get("fields")) or method == "DELETE",
        now=world.clock.seconds(),
        seconds=world.window_seconds,
    )
    if not allowed:
        error = refused(429, 9000, "The user's limit of requests is reached.", error="Too many API requests.")
        error.headers.update(headers)
        raise error
    return headers


def _body(raw: bytes, content_type: str) -> Any:
    if not raw:
        return None
    if "json" in content_type:
        try:
            return json.loads(raw)
        except ValueError:
            raise refused(400, 2205, "The body of the request isn't formatted properly.") from None
    # Without a JSON content type Vimeo reads a form; `privacy.view=anybody` nests there, too.
    try:
        pairs = parse_qs(raw.decode(), keep_blank_values=True)
    except UnicodeDecodeError:
        return None
    body: dict[str, Any] = {}
    for name, values in pairs.items():
        *parents, leaf = name.split(".")
        target = body
        for parent in parents:
            target = target.setdefault(parent, {})
        target[leaf] = values[-1]
    return body


def _projected(body: Any, fields: str) -> Any:
    tree = parse_fields(fields)
    if "data" in body and "paging" in body:
        return {**body, "data": project(body["data"], tree)}
    return project(body, tree)


def _json(body: Any) -> bytes:
    return json.dumps(body, separators=(",", ":"), default=rendered).encode()


def _sent(answer: Answer, headers: dict[str, str], world: World) -> Response:
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
