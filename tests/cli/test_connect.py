"""`vimeo-toolkit connect`, `init` and `accounts check`: from nothing to an account."""

from __future__ import annotations

import json
import os
import socket
import stat
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.cli.conftest import Run
from vimeo_toolkit import AuthorizationFailed, ConfigurationError, VimeoToolkit
from vimeo_toolkit.cli.loopback import CallbackServer, is_loopback
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.settings import SETTINGS

Browser = Callable[[Callable[[str], object]], None]


@pytest.fixture
def redirect_uri(environment: dict[str, str], vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> str:
    """A callback URL with a free port of this machine, registered."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        uri = f"http://127.0.0.1:{taken.getsockname()[1]}/callback"
    vimeo.app.redirect_uris[:] = [uri]
    monkeypatch.setenv("VIMEO_REDIRECT_URI", uri)
    return uri


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Put something in the browser's place; it runs beside the command."""

    def put(visit: Callable[[str], object]) -> None:
        def opened(link: str) -> bool:
            threading.Thread(target=visit, args=(link,), daemon=True).start()
            return True

        monkeypatch.setattr(webbrowser, "open", opened)

    return put


def test_the_browser_comes_back(vimeo: Sandbox, redirect_uri: str, run: Run, browser: Browser) -> None:
    pages: list[httpx.Response] = []

    def visit(link: str) -> None:
        callback = vimeo.authorize(link)
        origin = redirect_uri.removesuffix("/callback")
        pages.append(httpx.get(f"{origin}/favicon.ico"))
        pages.append(httpx.get(redirect_uri))
        pages.append(httpx.get(callback, headers={"Host": "evil.example"}))
        # Any page that is open in the browser can send these: they must not end the wait.
        pages.extend(
            httpx.get(f"{redirect_uri}?{query}")
            for query in (
                "error=access_denied",
                "code=c&state=wrong",
                "state=",
                "x",
                f"{urlsplit(callback).query}&state=y",
            )
        )
        pages.append(httpx.get(callback))

    browser(visit)
    outcome = run("connect")
    assert outcome.exit_code == 0, outcome.output
    assert f"connected as {vimeo.user.name}" in outcome.stdout
    assert [page.status_code for page in pages[:3]] == [404, 400, 404]
    assert [page.status_code for page in pages[3:]] == [400, 400, 400, 400, 400, 200]
    assert not any(token in outcome.output for token in vimeo.world.tokens)
    shown = json.loads(run("accounts", "show", "me").stdout)
    assert shown["status"] == "ACTIVE"


def test_the_user_declines(vimeo: Sandbox, redirect_uri: str, run: Run, browser: Browser) -> None:
    browser(lambda link: httpx.get(vimeo.authorize(link, allow=False)))
    outcome = run("connect", "ana", "--json")
    assert outcome.exit_code == 1
    assert "declined" in json.loads(outcome.stdout)["message"]


def test_a_port_that_is_taken(redirect_uri: str) -> None:
    with (
        CallbackServer(redirect_uri, Secret("s")),
        pytest.raises(ConfigurationError, match="Nothing can listen"),
    ):
        CallbackServer(redirect_uri, Secret("s"))


def test_nobody_comes_back(redirect_uri: str) -> None:
    times = iter([0.0, 599.99, 600.0, 600.0])
    with (
        CallbackServer(redirect_uri, Secret("s")) as server,
        pytest.raises(AuthorizationFailed, match="Nobody"),
    ):
        server.wait(600.0, lambda: next(times))


@pytest.mark.parametrize(
    ("uri", "here"),
    [
        ("http://127.0.0.1:8723/callback", True),
        ("http://localhost:1/", True),
        ("http://127.0.0.1/callback", False),
        ("https://127.0.0.1:8723/callback", False),
        ("http://127.0.0.1.evil.example:80/", False),
        ("http://[::1:80/", False),
        ("", False),
    ],
)
def test_what_is_this_machine(uri: str, here: bool) -> None:
    assert is_loopback(uri) is here


def test_by_device(
    environment: dict[str, str], vimeo: Sandbox, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    vimeo.device_interval = 0.05
    start = VimeoToolkit.start_device_authorization

    def entered(self: VimeoToolkit, *args: object, **kwargs: object) -> object:
        device = start(self, *args, **kwargs)  # type: ignore[arg-type]
        form = {"user_code": device.user_code, "user": str(vimeo.user.id)}
        assert httpx.post(device.activate_link, data=form).status_code == 200
        return device

    monkeypatch.setattr(VimeoToolkit, "start_device_authorization", entered)
    outcome = run("connect", "ana", "--device", "--json")
    assert outcome.exit_code == 0, outcome.output
    assert json.loads(outcome.stdout)["identifier"] == "ana"
    assert "enter the code" in outcome.stderr


def test_one_way_at_a_time(environment: dict[str, str], run: Run) -> None:
    outcome = run("connect", "--token", "--device")
    assert outcome.exit_code == 2
    assert "Choose one" in outcome.stderr


def test_check_says_what_the_account_can_do(me: str, run: Run) -> None:
    outcome = run("accounts", "check", me)
    assert outcome.exit_code == 0
    told = json.loads(outcome.stdout)
    assert told["ok"] is False, "a scope that tools need is missing"
    assert "edit" in told["scopes"]["granted"]
    assert "upload" in [each["scope"] for each in told["scopes"]["missing"]]


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with no setting in the environment; what a .env sets there is unset after."""
    folder = tmp_path / "new"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in SETTINGS:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return folder


def test_from_nothing_to_ones_own_videos(
    environment: dict[str, str], empty_folder: Path, vimeo: Sandbox, run: Run
) -> None:
    secret = vimeo.app.client_secret
    made = run("init", "--client-id", vimeo.app.client_id, stdin=f"{secret}\n")
    assert made.exit_code == 0, made.output
    assert "http://127.0.0.1:8723/callback" in made.stdout
    assert secret not in made.output
    settings = empty_folder / ".env"
    assert stat.S_IMODE(settings.stat().st_mode) == 0o600
    assert secret in settings.read_text()
    with settings.open("a") as opened:
        opened.write(f"VIMEO_API_URL={vimeo.url}\nNOT_OURS=1\n")

    token = vimeo.issue_token().access_token
    connected = run("connect", "--token", stdin=f"{token}\n")
    assert connected.exit_code == 0, connected.output
    assert "No encryption key" not in connected.output
    called = run("call", "vimeo_my_videos_list", "per_page=5")
    assert called.exit_code == 0, called.output
    assert json.loads(called.stdout)["total"] == len(vimeo.user.videos)
    assert (empty_folder / "vimeo_accounts.db").exists()
    assert "NOT_OURS" not in os.environ


def test_init_refuses_a_key_that_is_none(empty_folder: Path, run: Run) -> None:
    (empty_folder / ".env").write_text("VIMEO_TOOLKIT_KEY=precious\n")
    outcome = run("init")
    assert outcome.exit_code == 1
    assert (empty_folder / ".env").read_text() == "VIMEO_TOOLKIT_KEY=precious\n"


@pytest.mark.parametrize("arguments", [("--client-id", "a b"), ("--redirect-uri", 'http://x/"')])
def test_init_refuses_what_would_break_the_file(
    empty_folder: Path, run: Run, arguments: tuple[str, ...]
) -> None:
    assert run("init", *arguments, stdin="secret\n").exit_code == 2
    assert not (empty_folder / ".env").exists()


def test_init_without_an_app(empty_folder: Path, run: Run) -> None:
    assert run("init", stdin="").exit_code == 0
    assert "VIMEO_CLIENT_ID=\n" in (empty_folder / ".env").read_text()
    nowhere = run("init", "--file", "no/such/folder/.env", stdin="")
    assert nowhere.exit_code == 2
    assert "cannot be written" in nowhere.stderr


def test_without_an_app_the_hint_names_the_user(
    environment: dict[str, str], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIMEO_CLIENT_ID")
    monkeypatch.delenv("VIMEO_CLIENT_SECRET")
    assert "`vimeo-toolkit connect ana --token`" in run("connect", "ana").stderr


def test_a_token_is_not_an_argument(environment: dict[str, str], run: Run) -> None:
    token = "0123456789abcdef0123456789abcdef"
    outcome = run("connect", "--token", token, stdin="")
    assert outcome.exit_code == 2
    assert "paste the token when it asks" in outcome.stderr
    assert token not in outcome.output
