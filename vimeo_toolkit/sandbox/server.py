"""The sandbox itself: what a test holds in its hands."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Self

from vimeo_toolkit.sandbox.browser import decide
from vimeo_toolkit.sandbox.clock import Clock
from vimeo_toolkit.sandbox.deliveries import deliver
from vimeo_toolkit.sandbox.limits import PLANS
from vimeo_toolkit.sandbox.state import App, Token, User, Video, Webhook
from vimeo_toolkit.sandbox.world import SandboxWorld

try:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.routing import Route

    from vimeo_toolkit.sandbox import resources as _resources  # noqa: F401 - declares the endpoints
    from vimeo_toolkit.sandbox.http import routes, unknown
    from vimeo_toolkit.sandbox.large_library import add_library
    from vimeo_toolkit.sandbox.oauth import oauth_routes
    from vimeo_toolkit.sandbox.quirks import Quirks
    from vimeo_toolkit.sandbox.receiving import upload_routes
    from vimeo_toolkit.sandbox.recorded import Recorded
    from vimeo_toolkit.sandbox.seed import add_user, seed, seed_minimum
    from vimeo_toolkit.sandbox.serving import Serving
    from vimeo_toolkit.sandbox.talks import add_talks
    from vimeo_toolkit.sandbox.tokens import SCOPES, issue
except ImportError as missing:
    if (missing.name or "").startswith("vimeo_toolkit"):
        raise
    raise ImportError(
        f'The sandbox needs {missing.name}: pip install "vimeo-toolkit[sandbox]"', name=missing.name
    ) from None

__all__ = ["Sandbox"]

REDIRECT_URI = "http://127.0.0.1:8000/callback"


class Sandbox:
    """A Vimeo on loopback, to develop agents on and to test them.

        with Sandbox() as vimeo:
            token = vimeo.issue_token(vimeo.user, scopes=["public", "private"])
            httpx.get(f"{vimeo.url}/me/videos", headers={"Authorization": f"bearer {token.access_token}"})

    Args:
        now: where its clock starts; the machine's time by default.
        seed_library: False leaves only the app's owner, without videos.
        port: 0 takes a free one.
        window_seconds: the length of the rate-limit window.
        token_lifetime: seconds that the app's tokens live; for ever by default, as Vimeo's do.
        refresh_tokens: give refresh tokens, which Vimeo does not do today.
        transcode_seconds: how long, by the sandbox's clock, an uploaded video is transcoding.
        quirks: names of what Vimeo is reported to do wrong, to be switched on (see `QUIRKS`).
        on_request: is told of each request when it was answered, such as to log it.
        newest_errors: every error has a code and a `developer_message`. By default it is as on the wire, where
            many endpoints, above all for what is not there, answer `{error}` alone.

    Attributes:
        app: the registered app: `client_id`, `client_secret`, `redirect_uri`, `uri`, `capabilities`.
        user: the user who owns the seeded library.
        clock: the sandbox's time: `now()`, `advance(seconds)`, `set(datetime)`.
        requests: what was asked, in order, without any token.
        quirks: what Vimeo is reported to do wrong: `quirks.on(name)` and `quirks.off()`.
        latency: seconds that every API answer takes at least; token_latency: the same for the token endpoint.
        device_interval: seconds between polls that a device code asks for.
        token_calls: how often the token endpoint was called.
    """

    def __init__(
        self,
        *,
        now: datetime | None = None,
        seed_library: bool = True,
        port: int = 0,
        window_seconds: float = 60.0,
        token_lifetime: float | None = None,
        refresh_tokens: bool = False,
        transcode_seconds: float = 10.0,
        quirks: Iterable[str] = (),
        newest_errors: bool = False,
        on_request: Callable[[Recorded], None] | None = None,
    ) -> None:
        self.clock = Clock(now)
        self.world = SandboxWorld(self.clock, window_seconds, transcode_seconds)
        self.newest_errors = newest_errors
        self._on_request = on_request
        self.latency = 0.0
        self.token_latency = 0.0
        self.device_interval: float = 5
        self.under_way = 0
        self.token_calls = 0
        self.requests: list[Recorded] = []
        self.quirks = Quirks(quirks)
        self.user = seed(self.world) if seed_library else seed_minimum(self.world)
        self.app = self.add_app(
            "Sandbox App",
            redirect_uris=[REDIRECT_URI],
            capabilities=["CAPABILITY_WEBHOOK_SCOPE"],
            token_lifetime=token_lifetime,
            refresh_tokens=refresh_tokens,
        )
        self._serving = Serving(port)

    @property
    def users(self) -> list[User]:
        """The users of the sandbox."""
        return self.world.users

    @property
    def url(self) -> str:
        """The API's address, such as `http://127.0.0.1:49152`."""
        if self._serving.port is None:
            raise RuntimeError("The sandbox is not running: use it in a with statement, or call start().")
        return f"http://127.0.0.1:{self._serving.port}"

    def __repr__(self) -> str:
        where = self.url if self._serving.port is not None else "not running"
        return f"<Sandbox {where}, {len(self.users)} users, {len(self.world.videos)} videos>"

    # ---- running ----

    def asgi(self) -> Starlette:
        """Return the sandbox's ASGI application, for those who serve it themselves."""
        rest = Route("/{anything:path}", unknown(self), methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
        app = Starlette(routes=[*oauth_routes(self), *upload_routes(self), *routes(), rest])
        app.state.sandbox = self
        return app

    def start(self) -> Self:
        """Serve in a thread; returns when it answers."""
        self._serving.start(self.asgi)
        return self

    def stop(self) -> None:
        """Stop serving; the state stays."""
        self._serving.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    async def cut(self, request: Request) -> None:
        """Break the connection of a request off. Where somebody else serves `asgi()`, nothing happens."""
        await self._serving.cut(request)

    def record(self, request: Recorded) -> None:
        """Add a request to those that arrived."""
        self.requests.append(request)
        if self._on_request is not None:
            self._on_request(request)

    # ---- what is in it ----

    def add_app(
        self,
        name: str,
        *,
        redirect_uris: Iterable[str] = (REDIRECT_URI,),
        capabilities: Iterable[str] = (),
        token_lifetime: float | None = None,
        refresh_tokens: bool = False,
        owner: User | None = None,
    ) -> App:
        """Register one more app, the main user's unless another `owner` is named.

        `token_lifetime` and `refresh_tokens` make tokens expire, which Vimeo's do not.
        """
        app = App(
            name=name,
            number=500 + len(self.world.apps),
            client_id=secrets.token_hex(20),
            client_secret=secrets.token_urlsafe(48),
            redirect_uris=list(redirect_uris),
            capabilities=set(capabilities),
            token_lifetime=token_lifetime,
            refresh_tokens=refresh_tokens,
            owner=owner or self.user,
        )
        self.world.apps.append(app)
        return app

    def add_user(
        self,
        name: str = "Test User",
        *,
        plan: str = "standard",
        videos: int | Iterable[dict[str, Any]] = 0,
        upload_access: bool = True,
        email_verified: bool = True,
    ) -> User:
        """Create a user with so many videos, or with one video for each dict of `Video` attributes, and return
        them.

        Raises:
            ValueError: there is no such plan.
        """
        if plan not in PLANS:
            raise ValueError(f"There is no plan {plan!r}; the plans are {', '.join(PLANS)}.")
        user = add_user(
            self.world,
            name,
            plan,
            self.clock.now(),
            upload_access=upload_access,
            email_verified=email_verified,
        )
        details = [{} for _ in range(videos)] if isinstance(videos, int) else list(videos)
        for place, detail in enumerate(details):
            self.add_video(user, **{"name": f"{name}'s video {place + 1}", **detail})
        return user

    def add_video(self, user: User, name: str = "Untitled", **details: Any) -> Video:
        """Create a video of this user and return it; `details` are attributes of `Video`, such as `view` or
        `created`."""
        return self.world.add_video(user, name, **details)

    def add_talks(self, user: User | None = None) -> list[Video]:
        """Add about thirty videos with words to search to a user's library, the main user's by default, and
        return them: talks, lessons and interviews in several languages, with and without captions."""
        return add_talks(self.world, user or self.user)

    def add_library(
        self, user: User | None = None, *, videos: int = 100, hours: float = 100.0, seed: int = 1
    ) -> list[Video]:
        """Add so many captioned videos, of so many hours together, to a user's library, the main user's by
        default, and return them. Their words are made up when they are read, the same for the same `seed`.

        Each says a word that nothing else says: `video.texttracks[0].cues.unique_word`, in the cue of
        `unique_place`.

        Raises:
            ValueError: there would be less than a second for each video.
        """
        return add_library(self.world, user or self.user, videos=videos, hours=hours, seed=seed)

    # ---- tokens ----

    def issue_token(
        self,
        user: User | None = None,
        *,
        scopes: Iterable[str] = tuple(SCOPES),
        app: App | None = None,
        expires_in: float | None = None,
        refresh: bool = False,
    ) -> Token:
        """Create a token as Vimeo's developer page does, by default for the main user with every scope, and
        return it."""
        return issue(
            self.world,
            app or self.app,
            user or self.user,
            frozenset(scopes),
            lifetime=expires_in,
            refresh=refresh,
        )

    def revoke(self, token: Token) -> None:
        """Revoke a token, as if the user had removed the app in their settings."""
        token.revoked = True
        self.world.refresh_tokens.pop(token.refresh_token or "", None)

    def revoke_all(self, user: User) -> None:
        """Revoke every token of this user."""
        for token in self.world.tokens.values():
            if token.user is user:
                self.revoke(token)

    def authorize(
        self, link: str, *, user: User | None = None, allow: bool = True, scopes: Iterable[str] | None = None
    ) -> str:
        """Play the browser: open the link, log in as `user`, decide, and give back the callback URL.

        `scopes`: what the user leaves ticked; all by default.

        Raises:
            ValueError: the page refused the link.
        """
        return decide(link, user=str((user or self.user).id), allow=allow, scopes=scopes)

    def deliver(
        self, webhook: Webhook | str, data: dict[str, Any] | None = None, *, timestamp: float | None = None
    ) -> list[int]:
        """Post an event to a webhook, or to every enabled webhook of a type, signed as Vimeo is said to do it.

        Payload, header and encoding (hex) follow second-hand descriptions and are not verified.

        Args:
            webhook: one of `world.webhooks`, or a type such as `video-transcode-complete`.
            data: the payload's data; by default it names the first video.
            timestamp: Unix time; the sandbox's now by default.

        Returns:
            The status that each receiver answered.
        """
        chosen = (
            [each for each in self.world.webhooks if each.enabled and each.type == webhook]
            if isinstance(webhook, str)
            else [webhook]
        )
        if data is None:
            data = {"video_uri": next(iter(self.world.videos.values())).uri} if self.world.videos else {}
        moment = int(self.clock.seconds() if timestamp is None else timestamp)
        return [deliver(each, data, moment) for each in chosen]
