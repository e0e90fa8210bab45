"""`vimeo-toolkit sandbox`: a Vimeo on this machine, the same at every start."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from vimeo_toolkit.cli.init import REDIRECT_URI, SCOPES
from vimeo_toolkit.cli.output import emit_json, notice, say
from vimeo_toolkit.cli.session import session
from vimeo_toolkit.cli.shells import SHELLS, Shell, assignments
from vimeo_toolkit.errors import ConfigurationError, InvalidInput, MissingExtra

if TYPE_CHECKING:
    from vimeo_toolkit.sandbox import Sandbox, User
    from vimeo_toolkit.sandbox.recorded import Recorded

__all__ = ["sandbox"]

CLIENT_ID: Final = "sandbox-client-id"
CLIENT_SECRET: Final = "sandbox-client-secret"  # noqa: S105 - it opens this machine's sandbox and nothing else


def sandbox(
    port: Annotated[
        int, typer.Option(help="Where to listen on loopback; 0 takes a free port.", min=0, max=65535)
    ] = 8484,
    env: Annotated[
        Shell | None,
        typer.Option(
            help="Print the settings for this shell, and end: for a second terminal.", show_default=False
        ),
    ] = None,
    log: Annotated[bool, typer.Option(help="Show each request on standard error.")] = True,
) -> None:
    """Serve a sandbox Vimeo until Ctrl+C, and print what to set to use it: the same at every start."""
    if env is not None:
        if port == 0:
            raise InvalidInput("--env needs the port.", hint="Give both commands the same --port, or none.")
        for line in assignments(settings_for(f"http://127.0.0.1:{port}"), env):
            say(line)
        return
    with _started(port, log) as vimeo:
        if session().as_json:
            emit_json(_described(vimeo))
        else:
            _tell(vimeo, port)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            notice("Stopped.")


def _described(vimeo: Sandbox) -> dict[str, Any]:
    users = [
        {"name": user.name, "uri": user.uri, "plan": user.plan, "access_token": _token(vimeo, user)}
        for user in vimeo.users
    ]
    return {"url": vimeo.url, "settings": settings_for(vimeo.url), "users": users}


def _tell(vimeo: Sandbox, port: int) -> None:
    say(f"# A sandbox Vimeo at {vimeo.url}, with {len(vimeo.users)} users; stop it with Ctrl+C.")
    for line in assignments(settings_for(vimeo.url), Shell.bash):
        say(line)
    say("# The same in a second terminal:")
    same = "" if port == 8484 else f" --port {vimeo.url.rpartition(':')[2]}"
    for shell in SHELLS:
        say(
            f"#   {shell.name}: {SHELLS[shell].use.format(f'vimeo-toolkit sandbox --env {shell.name}{same}')}"
        )
    say("# Personal access tokens with every scope, for: vimeo-toolkit connect IDENTIFIER --token")
    for user in vimeo.users:
        say(f"# {_token(vimeo, user)}  {user.name} {user.uri} ({user.plan})")


def settings_for(url: str) -> dict[str, str]:
    """Return the settings with which everything goes to the sandbox at this address."""
    return {
        "VIMEO_API_URL": url,
        "VIMEO_CLIENT_ID": CLIENT_ID,
        "VIMEO_CLIENT_SECRET": CLIENT_SECRET,
        "VIMEO_REDIRECT_URI": REDIRECT_URI,
        "VIMEO_SCOPES": SCOPES,
        # A separate store, because an account of Vimeo's does not open at the sandbox, nor the other way round.
        "VIMEO_TOOLKIT_STORE": "sqlite:///sandbox_accounts.db",
    }


def _started(port: int, log: bool) -> Sandbox:
    try:
        from vimeo_toolkit.sandbox import Sandbox
    except ImportError as missing:
        raise MissingExtra("The sandbox", missing.name or "starlette", "sandbox") from None
    vimeo = Sandbox(port=port, on_request=_log if log else None)
    app = vimeo.app
    app.client_id, app.client_secret, app.redirect_uris[:] = CLIENT_ID, CLIENT_SECRET, [REDIRECT_URI]
    try:
        return vimeo.start()
    except OSError as error:
        why = f" ({error.strerror})" if error.strerror else ""
        raise ConfigurationError(
            f"Port {port} cannot be used{why}.",
            hint="Another program may listen there. Name another port with --port; 0 takes a free one.",
        ) from None


def _token(vimeo: Sandbox, user: User) -> str:
    """Return the user's token: always the same, so that accounts connected before go on working."""
    token = vimeo.issue_token(user)
    del vimeo.world.tokens[token.access_token]
    token.access_token = hashlib.sha256(f"sandbox token of {user.id}".encode()).hexdigest()[:32]
    vimeo.world.tokens[token.access_token] = token
    return token.access_token


def _log(request: Recorded) -> None:
    query = "&".join(f"{name}={value}" for name, value in request.query.items() if name != "fields")
    reason = f"  {request.reason}" if request.reason else ""
    notice(f"{request.method} {request.path}{'?' if query else ''}{query} {request.status}{reason}")
