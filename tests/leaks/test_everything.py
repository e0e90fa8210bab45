"""One drive through everything with marked secrets, and a search of everything that it left behind."""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
import types
import warnings
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_vimeo import get_tools as langchain_tools
from llama_index.core.instrumentation import get_dispatcher
from llama_index.core.instrumentation.event_handlers import BaseEventHandler
from llama_index.tools.vimeo import get_tools as llama_tools
from typer.testing import CliRunner

from tests.examples import example_input
from tests.leaks.faults import WAYS, Faults
from tests.leaks.markers import PASSWORD, TOKEN, Evidence, forms
from vimeo_toolkit import Connection, VimeoToolkit, VimeoToolkitError, generate_key, toolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.cli.app import app
from vimeo_toolkit.runtime.ports import Event
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.sandbox import oauth as sandbox_oauth
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores.protocol import Key, Row

KEY = TOKEN + "A" * 31 + "="
SCOPES = ("public", "private", "create", "edit", "delete", "interact", "upload")
WITH_PASSWORD = {
    "vimeo_video_edit": {"privacy_view": "password", "password": f"{PASSWORD}-v"},
    "vimeo_showcase_create": {"privacy": "password", "password": f"{PASSWORD}-s"},
}
BAD_INPUTS: list[tuple[str, dict[str, Any]]] = [
    ("vimeo_video_edit", {"video_id": "1", "password": f"{PASSWORD}-{'x' * 40}"}),
    ("vimeo_video_edit", {"video_id": "1", "password": [f"{PASSWORD}"]}),
    ("vimeo_video_edit", {"video_id": "../me", "password": f"{PASSWORD}"}),
    ("vimeo_video_edit", {"video_id": "1", "passwort": f"{PASSWORD}"}),
    ("vimeo_showcase_create", {"password": f"{PASSWORD}"}),
    ("vimeo_no_such_tool", {"password": f"{PASSWORD}"}),
]


class Drive:
    """Runs steps; what each raises is evidence, and only typed errors may be raised."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.outcomes: dict[str, int] = {}

    def step(self, where: str, action: Callable[[], Any]) -> Any:
        try:
            result = action()
        except VimeoToolkitError as error:
            self._failed(where, error)
            return None
        self._done(where, result)
        return result

    async def astep(self, where: str, action: Callable[[], Awaitable[Any]]) -> Any:
        try:
            result = await action()
        except VimeoToolkitError as error:
            self._failed(where, error)
            return None
        self._done(where, result)
        return result

    def _failed(self, where: str, error: VimeoToolkitError) -> None:
        self.outcomes[error.code] = self.outcomes.get(error.code, 0) + 1
        self.evidence.exception(where, error)
        self.evidence.thing(where, error)

    def _done(self, where: str, result: Any) -> None:
        self.outcomes["ok"] = self.outcomes.get("ok", 0) + 1
        self.evidence.thing(where, result)


class Callbacks(BaseCallbackHandler):
    """Looks at everything that LangChain tells a tracer."""

    raise_error = True

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    def on_tool_start(self, *args: Any, **kwargs: Any) -> None:
        self.evidence.look("callback:start", repr((args, kwargs)))

    def on_tool_end(self, *args: Any, **kwargs: Any) -> None:
        self.evidence.look("callback:end", repr((args, kwargs)))

    def on_tool_error(self, *args: Any, **kwargs: Any) -> None:
        self.evidence.look("callback:error", repr((args, kwargs)))
        self.evidence.exception("callback", args[0])


class Events(BaseEventHandler):
    """Looks at everything that LlamaIndex's instrumentation tells."""

    evidence: Any

    def handle(self, event: Any, **kwargs: Any) -> None:
        self.evidence.look("llama event", repr(event), TOKEN)


@pytest.fixture
def evidence() -> Iterator[Evidence]:
    """Listens to all loggers at DEBUG, those that exist and those to come."""
    listening = Evidence()
    root = logging.getLogger()
    names = (
        "httpx",
        "httpcore",
        "sqlitedict",
        "langchain",
        "llama_index",
        "asyncio",
        "uvicorn",
        "vimeo_toolkit",
    )
    levels = {
        logger: logger.level
        for logger in [root, *map(logging.getLogger, [*names, *logging.root.manager.loggerDict])]
    }
    root.addHandler(listening)
    for logger in levels:
        logger.setLevel(logging.DEBUG)
    handler = Events(evidence=listening)
    dispatcher = get_dispatcher()
    dispatcher.add_event_handler(handler)
    yield listening
    dispatcher.event_handlers.remove(handler)
    root.removeHandler(listening)
    for logger, level in levels.items():
        logger.setLevel(level)


@pytest.fixture
def planted(vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A sandbox whose every secret has a marker."""
    count = itertools.count()
    marked = types.SimpleNamespace(
        token_hex=lambda _=0: f"{TOKEN}{next(count):020d}",
        token_urlsafe=lambda _=0: f"{TOKEN}r{next(count):020d}",
        choice=random.choice,
    )
    monkeypatch.setattr(sandbox_oauth, "secrets", marked)
    vimeo.app.client_secret = f"{TOKEN}-client"
    vimeo.app.refresh_tokens = True
    vimeo.app.token_lifetime = 100_000.0
    vimeo.user.default_password = f"{PASSWORD}-d"
    for video in vimeo.world.videos.values():
        video.password = f"{PASSWORD}-w"
    for showcase in vimeo.user.showcases:
        showcase.password = f"{PASSWORD}-w"
    return vimeo


def _toolkit(vimeo: Sandbox, path: Path, evidence: Evidence, **more: Any) -> VimeoToolkit:
    made = VimeoToolkit(
        [
            Connection(
                client_id=vimeo.app.client_id,
                client_secret=more.pop("client_secret", vimeo.app.client_secret),
                redirect_uri=vimeo.app.redirect_uri,
                scopes=SCOPES,
                api_url=more.pop("api_url", None) or vimeo.url,
            )
        ],
        store=f"sqlite:///{path / 'accounts.db'}",
        **{"key": KEY, "max_wait": 60.0, **more},
    )
    tokens = itertools.count()

    def random_token() -> str:  # the state, which is in the link for all to see, and then the verifier
        number = next(tokens)
        return f"{TOKEN}-{number:030d}" if number % 2 else f"state-{number:037d}"

    async def atell(event: Event) -> None:
        evidence.look("event", repr(event))

    made._blocking.random_token = made._async.random_token = random_token  # type: ignore[method-assign]
    made._blocking._emit = lambda event: evidence.look("event", repr(event))
    made._async._emit = atell
    return made


def _input(tool: str, vimeo: Sandbox) -> dict[str, Any]:
    vimeo.user.window.used = 0  # type: ignore[attr-defined]
    for webhook in vimeo.world.webhooks:
        webhook.secret = f"{TOKEN}-hook"
    return {**example_input(tool, vimeo), **WITH_PASSWORD.get(tool, {})}


async def _calls(drive: Drive, vimeo: Sandbox, made: VimeoToolkit, who: str, evidence: Evidence) -> None:
    """Every tool, six ways."""
    lang = {tool.name: tool for tool in langchain_tools(identifier=who, toolkit=made)}
    llama = {tool.metadata.get_name(): tool for tool in llama_tools(identifier=who, toolkit=made)}
    config: Any = {"callbacks": [Callbacks(evidence)]}
    inputs = [(name, None) for name in catalog()] + BAD_INPUTS
    for name, given in inputs:
        # Made once: what is followed or deleted by the first of the six is an error to the others.
        values = given if given is not None else _input(name, vimeo)
        drive.step(name, partial(made.execute_tool, identifier=who, tool_name=name, tool_input=values))
        await drive.astep(
            name, partial(made.aexecute_tool, identifier=who, tool_name=name, tool_input=values)
        )
        if name not in lang:
            continue
        for answer in (
            lang[name].invoke({"name": name, "args": values, "id": "1", "type": "tool_call"}, config),
            await lang[name].ainvoke({"name": name, "args": values, "id": "1", "type": "tool_call"}, config),
            llama[name].call(**values),
            await llama[name].acall(**values),
        ):
            evidence.thing(f"{name} {type(answer).__name__}", answer)
            failure = getattr(answer, "exception", None)
            if failure is not None:
                evidence.exception(name, failure)
    for tool in [*lang.values(), *llama.values()]:
        evidence.look("object:tool", repr(tool))
        evidence.look("object:tool", repr(vars(tool)))
    evidence.thing("Tool", catalog()["vimeo_video_edit"])
    evidence.thing("ToolInput", catalog()["vimeo_video_edit"].validate(_input("vimeo_video_edit", vimeo)))


async def test_no_secret_is_left_anywhere(
    planted: Sandbox,
    evidence: Evidence,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    vimeo, drive = planted, Drive(evidence)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        await _life(drive, vimeo, evidence, tmp_path)
        await _trouble(drive, vimeo, evidence, tmp_path)
        _command_line(vimeo, evidence, tmp_path, monkeypatch)
    for warning in caught:
        evidence.look("warning", str(warning.message))
    for path in tmp_path.iterdir():
        evidence.look(f"file:{path.name}", path.read_bytes())
    for request in vimeo.requests:
        evidence.look("sandbox", repr(request))
    evidence.look("sandbox", repr(vimeo))
    captured = capfd.readouterr()
    evidence.look("stdout", captured.out)
    evidence.look("stderr", captured.err)

    assert evidence.leaks == []
    # The search has looked where it should, and what was driven both worked and failed.
    for kind in (
        "log",
        "exception",
        "frame",
        "object",
        "dump",
        "copy",
        "pickle",
        "callback",
        "event",
        "file",
        "cli",
    ):
        assert evidence.seen.get(kind, 0) > 0, kind
    assert drive.outcomes["ok"] > 60
    for code in (
        "outcome_unknown",
        "unavailable",
        "bad_request",
        "forbidden",
        "invalid_input",
        "revoked",
        "wrong_key",
    ):
        assert drive.outcomes.get(code, 0) > 0, (code, drive.outcomes)


async def _life(drive: Drive, vimeo: Sandbox, evidence: Evidence, path: Path) -> None:
    """Authorization, exchange, import, calls, refresh, revocation."""
    with _toolkit(vimeo, path, evidence) as made:
        evidence.thing("toolkit", made)
        evidence.thing("connection", made._context.connections["vimeo"])
        link = drive.step("link", lambda: made.get_authorization_link(identifier="u"))
        callback = vimeo.authorize(link.link)
        assert TOKEN in callback
        drive.step("mixed up", lambda: made.complete_authorization(callback, identifier="other"))
        drive.step("replay", lambda: made.complete_authorization(callback, identifier="u"))
        for spoil in (lambda url: url.replace("/callback", "/x"), lambda url: url.replace("code=", "code=0")):
            url = spoil(vimeo.authorize(made.get_authorization_link(identifier="u").link))
            drive.step("spoilt", lambda url=url: made.complete_authorization(url, identifier="u"))
        drive.step(
            "no callback", lambda: made.complete_authorization(f"http://x/?code={TOKEN}", identifier="u")
        )
        callback = vimeo.authorize(made.get_authorization_link(identifier="u").link)
        assert (
            drive.step("exchange", lambda: made.complete_authorization(callback, identifier="u")) is not None
        )
        link = await drive.astep("alink", lambda: made.aget_authorization_link(identifier="a"))
        acallback = vimeo.authorize(link.link)
        await drive.astep("aexchange", lambda: made.acomplete_authorization(acallback, identifier="a"))
        token = vimeo.issue_token().access_token
        drive.step("import", lambda: made.import_token(identifier="i", access_token=token))
        await drive.astep("aimport", lambda: made.aimport_token(identifier="j", access_token=token))
        for bad in (f"{TOKEN}-unknown", f"{TOKEN} with blanks", f"{TOKEN}é", f"{TOKEN}\r\nX: y"):
            drive.step("bad import", lambda bad=bad: made.import_token(identifier="k", access_token=bad))
        await _calls(drive, vimeo, made, "u", evidence)

        # Refresh: due, then done; then refused.
        now = made._blocking.now
        made._blocking.now = lambda: now() + 99_990.0  # type: ignore[method-assign]
        assert (
            drive.step("refresh", lambda: made.execute_tool(identifier="u", tool_name="vimeo_me_get"))
            is not None
        )
        vimeo.world.refresh_tokens.clear()
        made._blocking.now = lambda: now() + 300_000.0  # type: ignore[method-assign]
        drive.step("expired", lambda: made.execute_tool(identifier="u", tool_name="vimeo_me_get"))
        made._blocking.now = now  # type: ignore[method-assign]
        drive.step("accounts", made.list_connected_accounts)
        drive.step("disconnect", lambda: made.delete_connected_account(identifier="a"))
        vimeo.revoke_all(vimeo.user)
        drive.step("revoked", lambda: made.execute_tool(identifier="i", tool_name="vimeo_me_get"))
        await drive.astep("arevoked", lambda: made.aexecute_tool(identifier="j", tool_name="vimeo_me_get"))
        await made.aclose()


async def _trouble(drive: Drive, vimeo: Sandbox, evidence: Evidence, path: Path) -> None:
    """Faults of the server, of the store and of the set-up."""
    with _toolkit(vimeo, path, evidence) as made:
        for who in ("f", "g"):
            made.import_token(
                identifier=who, access_token=vimeo.issue_token(expires_in=200.0, refresh=True).access_token
            )
        callback = vimeo.authorize(made.get_authorization_link(identifier="h").link)
    with Faults() as faults:
        for way in WAYS:
            faults.way = way
            url = "http://127.0.0.1:9" if way == "refused" else faults.url
            with _toolkit(vimeo, path, evidence, api_url=url, timeout=0.4) as made:
                token = f"{TOKEN}-given"
                for name in (
                    "vimeo_me_get",
                    "vimeo_video_edit",
                    "vimeo_showcase_create",
                    "vimeo_video_delete",
                ):
                    given = {**({"video_id": "1"} if "video" in name else {}), **WITH_PASSWORD.get(name, {})}
                    if name == "vimeo_showcase_create":
                        given["name"] = "A name"
                    who = "f" if "e" in way else "g"
                    drive.step(
                        way,
                        lambda n=name, g=given: made.execute_tool(identifier=who, tool_name=n, tool_input=g),
                    )
                    await drive.astep(
                        way,
                        lambda n=name, g=given: made.aexecute_tool(identifier=who, tool_name=n, tool_input=g),
                    )
                drive.step(way, lambda: made.import_token(identifier="n", access_token=token))
                await drive.astep(way, lambda: made.aimport_token(identifier="n", access_token=token))
                drive.step(way, lambda: made.complete_authorization(callback, identifier="h"))
                link = made.get_authorization_link(identifier="h").link
                state = link.partition("state=")[2].partition("&")[0]
                callback = f"{vimeo.app.redirect_uri}?code={TOKEN}-code&state={state}"
                drive.step(way, lambda: made.complete_authorization(callback, identifier="h"))
                drive.step(way, lambda: made.delete_connected_account(identifier="g"))
                task = asyncio.create_task(made.aexecute_tool(identifier="g", tool_name="vimeo_me_get"))
                await asyncio.sleep(0.05)
                task.cancel()
                try:
                    await task
                except (asyncio.CancelledError, VimeoToolkitError) as error:
                    evidence.exception(f"cancelled {way}", error)
                await made.aclose()
    with _toolkit(vimeo, path, evidence, client_secret=f"{TOKEN}-wrong") as made:
        callback = vimeo.authorize(made.get_authorization_link(identifier="h").link)
        drive.step("wrong secret", lambda: made.complete_authorization(callback, identifier="h"))
        _broken_store(drive, made, vimeo, monkeyed="aput")
    with _toolkit(vimeo, path, evidence, key=generate_key()) as made:
        drive.step("wrong key", lambda: made.execute_tool(identifier="g", tool_name="vimeo_me_get"))
    key = KEY[:-4]
    drive.step("bad key", lambda: _toolkit(vimeo, path, evidence, key=key))
    drive.step("bad url", lambda: Connection(client_secret=f"{TOKEN}-client", api_url="http://example.com"))
    drive.step("bad scopes", lambda: Connection(client_secret=f"{TOKEN}-client", scopes=["x"]))
    environ = {"VIMEO_CLIENT_SECRET": f"{TOKEN}-client", "VIMEO_TOOLKIT_KEY": KEY, "VIMEO_SCOPES": "x"}
    drive.step("bad environment", lambda: VimeoToolkit.from_env(environ))
    del environ["VIMEO_SCOPES"]
    drive.step("bad store", lambda: VimeoToolkit.from_env({**environ, "VIMEO_TOOLKIT_STORE": "nosuch://x"}))
    drive.step("bad timeout", lambda: VimeoToolkit([Connection()], key=KEY, timeout=0))


def _broken_store(drive: Drive, made: VimeoToolkit, vimeo: Sandbox, monkeyed: str) -> None:
    """The store fails at each of its writes in turn: no frame that waits for it has a secret."""
    from vimeo_toolkit.errors import StoreBusy

    real = made._blocking.store
    token = vimeo.issue_token().access_token

    class Failing:
        def __init__(self, left: int) -> None:
            self.left = left

        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

        def _count(self) -> None:
            self.left -= 1
            if self.left < 0:
                raise StoreBusy("The store is locked.")

        async def aput(self, key: Key, value: bytes, **more: Any) -> bool:
            self._count()
            return await real.aput(key, value, **more)

        async def adelete(self, key: Key, *, expected: int) -> bool:
            self._count()
            return await real.adelete(key, expected=expected)

        async def aget(self, key: Key) -> Row | None:
            return await real.aget(key)

    for left in range(3):
        callback = (
            f"{vimeo.app.redirect_uri}?code={TOKEN}&state="
            + (made.get_authorization_link(identifier="s").link.partition("state=")[2].partition("&")[0])
        )
        made._blocking.store = Failing(left)  # type: ignore[assignment]
        drive.step("store", lambda: made.import_token(identifier="s", access_token=token))
        drive.step("store", lambda: made.get_authorization_link(identifier="s"))
        made._blocking.store = Failing(0)  # type: ignore[assignment]
        drive.step("store", lambda url=callback: made.complete_authorization(url, identifier="s"))
        made._blocking.store = real


def _command_line(vimeo: Sandbox, evidence: Evidence, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "VIMEO_CLIENT_ID": vimeo.app.client_id,
        "VIMEO_CLIENT_SECRET": vimeo.app.client_secret,
        "VIMEO_REDIRECT_URI": vimeo.app.redirect_uri,
        "VIMEO_API_URL": vimeo.url,
        "VIMEO_SCOPES": " ".join(SCOPES),
        "VIMEO_TOOLKIT_STORE": f"sqlite:///{path / 'cli.db'}",
        "VIMEO_TOOLKIT_KEY": KEY,
    }.items():
        monkeypatch.setenv(name, value)
    token = vimeo.issue_token().access_token
    commands: list[tuple[list[str], str | None]] = [
        (["accounts", "import", "me"], token),
        (["accounts", "import", "me"], f"{TOKEN}-unknown"),
        (["accounts", "import", "me"], f"{TOKEN} with blanks"),
        (["accounts", "connect", "you"], f"{vimeo.app.redirect_uri}?code={TOKEN}&state=x"),
        (["accounts", "list"], None),
        (["accounts", "list", "--json"], None),
        (["accounts", "show", "me"], None),
        (["call", "vimeo_me_get", "--json"], None),
        (["call", "vimeo_video_edit", "video_id=1", f"password={PASSWORD}"], None),
        (["call", "vimeo_video_edit", "video_id=../1", f"password={PASSWORD}"], None),
        (["call", "vimeo_webhooks_list", "--json"], None),
        (["tools", "vimeo_video_edit"], None),
        (["accounts", "disconnect", "me"], None),
    ]
    try:
        for command, stdin in commands:
            outcome = CliRunner().invoke(app, command, input=None if stdin is None else stdin + "\n")
            evidence.look(f"cli:{command}", outcome.output)
            if outcome.exception is not None:
                evidence.exception(f"cli {command}", outcome.exception)
    finally:
        for made in toolkit._defaults.values():
            made.close()
        toolkit._defaults.clear()


def test_the_search_finds_what_there_is() -> None:
    """A leak of each kind that this test would have to see."""
    import base64

    class Careless:
        def __init__(self) -> None:
            self.token = TOKEN

    def fails() -> None:
        header = base64.b64encode(f"id:{TOKEN}-x".encode())
        raise ValueError(len(header))

    def count(look: Callable[[Evidence], None]) -> int:
        evidence = Evidence()
        look(evidence)
        return len(evidence.leaks)

    for start in range(3):
        pair = base64.b64encode(f"{'i' * (start + 1)}:{TOKEN}-x".encode()).decode()
        assert count(lambda evidence, pair=pair: evidence.look("x", f"Basic {pair}"))
    assert count(lambda evidence: evidence.look("x", base64.b64decode(KEY).__repr__()))
    assert count(lambda evidence: evidence.thing("x", Careless()))
    assert count(lambda evidence: evidence.look("x", forms(PASSWORD)[0]))
    log = logging.getLogger("careless")
    evidence = Evidence()
    log.addHandler(evidence)
    log.warning("token %s", TOKEN)
    log.removeHandler(evidence)
    assert evidence.leaks
    secret = Evidence()
    secret.thing("secret", Secret(TOKEN))
    assert secret.leaks == []
    with pytest.raises(ValueError, match="") as caught:
        fails()
    assert caught.value.args
