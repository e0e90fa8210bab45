"""One drive through everything with marked secrets, and a search of everything that it left behind."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import logging
import random
import types
import warnings
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_vimeo import get_tools as langchain_tools
from llama_index.core.instrumentation.event_handlers import BaseEventHandler
from llama_index.tools.vimeo import get_tools as llama_tools
from llama_index_instrumentation import get_dispatcher
from typer.testing import CliRunner

from tests.examples import UPLOADS, example_input
from tests.leaks.faults import WAYS, Faults
from tests.leaks.markers import PASSWORD, TOKEN, Evidence, forms
from tests.waiting import hurry
from vimeo_toolkit import Connection, VimeoToolkit, VimeoToolkitError, configuration, generate_key
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.cli.app import app
from vimeo_toolkit.runtime.ports import Event
from vimeo_toolkit.sandbox import Sandbox, oauth, oauth_device, tokens
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

    def step(self, where: str, action: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            result = action(*args, **kwargs)
        except VimeoToolkitError as error:
            self._failed(where, error)
            return None
        self._done(where, result)
        return result

    async def astep(
        self, where: str, action: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any
    ) -> Any:
        try:
            result = await action(*args, **kwargs)
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
    for module in (oauth, oauth_device, tokens):
        monkeypatch.setattr(module, "secrets", marked)
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
        store=more.pop("store", None) or f"sqlite:///{path / 'accounts.db'}",
        **{"key": KEY, "max_wait": 60.0, "upload_folders": [UPLOADS], **more},
    )
    hurry(made)
    tokens = itertools.count()

    def random_token() -> str:  # the state, which is in the link for all to see, and then the verifier
        number = next(tokens)
        return f"{TOKEN}-{number:030d}" if number % 2 else f"state-{number:037d}"

    async def aemit(event: Event) -> None:
        evidence.look("event", repr(event))

    made._blocking.random_token = made._async.random_token = random_token
    made._blocking._emit = lambda event: evidence.look("event", repr(event))
    made._async._emit = aemit
    return made


def _input(tool: str, vimeo: Sandbox) -> dict[str, Any]:
    vimeo.user.window.used = 0
    for webhook in vimeo.world.webhooks:
        webhook.secret = f"{TOKEN}-hook"
    return {**example_input(tool, vimeo), **WITH_PASSWORD.get(tool, {})}


async def _calls(drive: Drive, vimeo: Sandbox, made: VimeoToolkit, who: str, evidence: Evidence) -> None:
    """Every tool, six ways."""
    lang = {tool.name: tool for tool in langchain_tools(identifier=who, toolkit=made, toolsets="all")}
    llama = {
        tool.metadata.get_name(): tool for tool in llama_tools(identifier=who, toolkit=made, toolsets="all")
    }
    config: Any = {"callbacks": [Callbacks(evidence)]}
    inputs = [(name, None) for name in catalog()] + BAD_INPUTS
    for name, given in inputs:
        # Made once: what is followed or deleted by the first of the six is an error to the others.
        values = given if given is not None else _input(name, vimeo)
        drive.step(name, made.execute_tool, identifier=who, tool_name=name, tool_input=values)
        await drive.astep(name, made.aexecute_tool, identifier=who, tool_name=name, tool_input=values)
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


@pytest.mark.timeout(600)
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
    for path in tmp_path.iterdir():  # noqa: ASYNC240 - nothing else runs
        evidence.look(f"file:{path.name}", path.read_bytes())
    for request in vimeo.requests:
        evidence.look("sandbox", repr(request))
    evidence.look("sandbox", repr(vimeo))
    captured = capfd.readouterr()
    evidence.look("stdout", captured.out)
    evidence.look("stderr", captured.err)

    assert not evidence.leaks, "\n".join(sorted(set(evidence.leaks)))
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
        "vimeo_unavailable",
        "bad_request",
        "forbidden",
        "invalid_input",
        "revoked",
        "wrong_key",
    ):
        assert drive.outcomes.get(code, 0) > 0, f"{code}: {drive.outcomes}"


async def _life(drive: Drive, vimeo: Sandbox, evidence: Evidence, path: Path) -> None:
    """Authorization, exchange, import, calls, refresh, revocation."""
    with _toolkit(vimeo, path, evidence) as made:
        evidence.thing("toolkit", made)
        evidence.thing("connection", made._context.connections["vimeo"])
        link = drive.step("link", made.get_authorization_link, identifier="u")
        callback = vimeo.authorize(link.link)
        assert TOKEN in callback
        drive.step("mixed up", made.complete_authorization, callback, identifier="other")
        drive.step("replay", made.complete_authorization, callback, identifier="u")
        for right, wrong in (("/callback", "/x"), ("code=", "code=0")):
            url = vimeo.authorize(made.get_authorization_link(identifier="u").link).replace(right, wrong)
            drive.step("spoilt", made.complete_authorization, url, identifier="u")
        drive.step("no callback", made.complete_authorization, f"http://x/?code={TOKEN}", identifier="u")
        callback = vimeo.authorize(made.get_authorization_link(identifier="u").link)
        assert drive.step("exchange", made.complete_authorization, callback, identifier="u") is not None
        link = await drive.astep("alink", made.aget_authorization_link, identifier="a")
        acallback = vimeo.authorize(link.link)
        await drive.astep("aexchange", made.acomplete_authorization, acallback, identifier="a")
        token = vimeo.issue_token().access_token
        drive.step("import", made.import_token, identifier="i", access_token=token)
        await drive.astep("aimport", made.aimport_token, identifier="j", access_token=token)
        for bad in (f"{TOKEN}-unknown", f"{TOKEN} with blanks", f"{TOKEN}é", f"{TOKEN}\r\nX: y"):
            drive.step("bad import", made.import_token, identifier="k", access_token=bad)
        await _calls(drive, vimeo, made, "u", evidence)

        # Refresh: due, then done; then refused.
        now = made._blocking.now
        made._blocking.now = lambda: now() + 99_990.0  # type: ignore[method-assign]
        assert drive.step("refresh", made.execute_tool, identifier="u", tool_name="vimeo_me_get") is not None
        vimeo.world.refresh_tokens.clear()
        made._blocking.now = lambda: now() + 300_000.0  # type: ignore[method-assign]
        drive.step("expired", made.execute_tool, identifier="u", tool_name="vimeo_me_get")
        made._blocking.now = now  # type: ignore[method-assign]
        drive.step("accounts", made.list_connected_accounts)
        drive.step("disconnect", made.delete_connected_account, identifier="a")
        vimeo.revoke_all(vimeo.user)
        drive.step("revoked", made.execute_tool, identifier="i", tool_name="vimeo_me_get")
        await drive.astep("arevoked", made.aexecute_tool, identifier="j", tool_name="vimeo_me_get")
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
                        made.execute_tool,
                        identifier=who,
                        tool_name=name,
                        tool_input=given,
                    )
                    await drive.astep(
                        way,
                        made.aexecute_tool,
                        identifier=who,
                        tool_name=name,
                        tool_input=given,
                    )
                drive.step(way, made.import_token, identifier="n", access_token=token)
                await drive.astep(way, made.aimport_token, identifier="n", access_token=token)
                drive.step(way, made.complete_authorization, callback, identifier="h")
                link = made.get_authorization_link(identifier="h").link
                state = link.partition("state=")[2].partition("&")[0]
                callback = f"{vimeo.app.redirect_uri}?code={TOKEN}-code&state={state}"
                drive.step(way, made.complete_authorization, callback, identifier="h")
                drive.step(way, made.delete_connected_account, identifier="g")
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
        drive.step("wrong secret", made.complete_authorization, callback, identifier="h")
        _broken_store(drive, made, vimeo, monkeyed="aput")
    with _toolkit(vimeo, path, evidence, key=generate_key()) as made:
        drive.step("wrong key", made.execute_tool, identifier="h", tool_name="vimeo_me_get")
    key = KEY[:-4]
    drive.step("bad key", _toolkit, vimeo, path, evidence, key=key)
    drive.step("bad url", Connection, client_secret=f"{TOKEN}-client", api_url="http://example.com")
    drive.step("bad scopes", Connection, client_secret=f"{TOKEN}-client", scopes=["x"])
    environ = {"VIMEO_CLIENT_SECRET": f"{TOKEN}-client", "VIMEO_TOOLKIT_KEY": KEY, "VIMEO_SCOPES": "x"}
    drive.step("bad environment", VimeoToolkit.from_env, environ)
    del environ["VIMEO_SCOPES"]
    drive.step("bad store", VimeoToolkit.from_env, {**environ, "VIMEO_TOOLKIT_STORE": "nosuch://x"})
    drive.step("bad timeout", VimeoToolkit, [Connection()], key=KEY, timeout=0)


def _broken_store(drive: Drive, made: VimeoToolkit, vimeo: Sandbox, monkeyed: str) -> None:
    """The store fails at each of its writes in turn: no frame that waits for it has a secret."""
    from vimeo_toolkit.errors import StoreBusy

    async def no_wait(seconds: float) -> None:
        return None

    real = made._blocking.store
    made._blocking.sleep = no_wait  # type: ignore[method-assign]
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
        drive.step("store", made.import_token, identifier="s", access_token=token)
        drive.step("store", made.get_authorization_link, identifier="s")
        made._blocking.store = Failing(0)  # type: ignore[assignment]
        drive.step("store", made.complete_authorization, callback, identifier="s")
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
        (["connect", "me", "--token"], token),
        (["connect", "me", "--token"], f"{TOKEN}-unknown"),
        (["connect", "me", "--token"], f"{TOKEN} with blanks"),
        (["connect", "you", "--paste"], f"{vimeo.app.redirect_uri}?code={TOKEN}&state=x"),
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
        for made in configuration._defaults.values():
            made.close()
        configuration._defaults.clear()


class _Careless:
    def __init__(self) -> None:
        self.token = TOKEN


def _leaks(kind: str, value: Any) -> list[str]:
    evidence = Evidence()
    getattr(evidence, kind)("x", value)
    return evidence.leaks


@pytest.mark.parametrize("client", ["i", "id", "idd"])
def test_the_search_sees_a_basic_pair(client: str) -> None:
    assert _leaks("look", "Basic " + base64.b64encode(f"{client}:{TOKEN}-x".encode()).decode())


def test_the_search_sees_what_there_is() -> None:
    """A leak of each kind that the drive would have to find."""
    for marker in (TOKEN, PASSWORD):
        for form in forms(marker):
            assert _leaks("look", f"…{form}…")
    assert _leaks("look", base64.b64decode(KEY))
    assert _leaks("thing", _Careless())
    assert _leaks("thing", Secret(TOKEN)) == []
    secret = Secret(TOKEN)
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads(secret.reveal())  # the parser's frames and its error hold the text
    assert _leaks("exception", caught.value)
    log = logging.getLogger("careless")
    evidence = Evidence()
    log.addHandler(evidence)
    log.warning("token %s", TOKEN)
    log.removeHandler(evidence)
    assert evidence.leaks


@pytest.mark.parametrize("store_url", ["postgres", "redis"], indirect=True)
async def test_no_secret_is_left_in_a_shared_store(
    planted: Sandbox, evidence: Evidence, tmp_path: Path, store_url: str
) -> None:
    """Its rows, its leases, its log and its errors."""
    vimeo, drive = planted, Drive(evidence)
    with _toolkit(vimeo, tmp_path, evidence, store=store_url) as made:
        evidence.thing("store", made._store)
        callback = vimeo.authorize(made.get_authorization_link(identifier="u").link)
        assert drive.step("exchange", made.complete_authorization, callback, identifier="u") is not None
        made.get_authorization_link(identifier="v")  # its verifier stays in the store
        for name in ("vimeo_me_get", "vimeo_video_edit", "vimeo_showcase_create"):
            values = _input(name, vimeo)
            drive.step(name, made.execute_tool, identifier="u", tool_name=name, tool_input=values)
            await drive.astep(name, made.aexecute_tool, identifier="u", tool_name=name, tool_input=values)
        rows = 0
        for row in _everything_in(store_url):
            evidence.look("row", row)
            rows += 1
        assert rows > 2
        drive.step("disconnect", made.delete_connected_account, identifier="u")
        await made.aclose()
    with _toolkit(vimeo, tmp_path, evidence, store=store_url, key=generate_key()) as made:
        drive.step("wrong key", made.list_connected_accounts)
    kind = store_url.partition("://")[0].replace("unix", "redis")
    for address in ("127.0.0.1:9/0", "127.0.0.1:9/0?no_such_option=1", "127.0.0.1:port/0"):
        url = f"{kind}://someone:{TOKEN}@{address}"
        drive.step(address, _unreachable, vimeo, tmp_path, evidence, url)
    assert not evidence.leaks, "\n".join(sorted(set(evidence.leaks)))


def _unreachable(vimeo: Sandbox, path: Path, evidence: Evidence, address: str) -> None:
    with _toolkit(vimeo, path, evidence, store=address) as made:
        evidence.thing("store", made._store)
        made.list_connected_accounts()


def _everything_in(store_url: str) -> Iterator[object]:
    """Every row of the test's own part of a server."""
    if store_url.startswith("postgresql"):
        import psycopg

        with psycopg.connect(store_url) as connection:
            for table in ("vimeo_toolkit_row", "vimeo_toolkit_lease"):
                for row in connection.execute(f"TABLE {table}".encode()).fetchall():
                    yield from (bytes(cell) if isinstance(cell, bytes | memoryview) else cell for cell in row)
        return
    import redis

    address, _, prefix = store_url.partition("?prefix=")
    client = redis.Redis.from_url(address)
    for name in client.scan_iter(f"*{prefix}*"):
        yield name
        yield client.dump(name)
    client.close()
