"""Single leaks that were found, each with the smallest case that shows it."""

from __future__ import annotations

import asyncio
import json
import pickle
import traceback
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.leaks.markers import PASSWORD, TOKEN, Evidence
from tests.unit.world import World, answer, execute
from vimeo_toolkit import (
    BadRequest,
    ConfigurationError,
    Connection,
    VimeoToolkit,
    VimeoUnavailable,
    configuration,
)
from vimeo_toolkit.accounts.disconnecting import delete_account
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.cli.app import app
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime import deadline, streams
from vimeo_toolkit.runtime.asynchronous import AsyncIO
from vimeo_toolkit.runtime.blocking import BlockingIO, run_sync
from vimeo_toolkit.runtime.ports import AnswerLost, HttpRequest
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores.sqlite import SqliteStore
from vimeo_toolkit.wire.redact import redacted

EDIT = {"video_id": "1", "password": f"{PASSWORD}-1"}


def test_a_password_is_no_text() -> None:
    values = catalog()["vimeo_video_edit"].validate(EDIT)
    assert PASSWORD not in repr(values) + str(values) + repr(values.model_dump()) + values.model_dump_json()
    with pytest.raises(TypeError):
        pickle.dumps(values)
    request = catalog()["vimeo_video_edit"].request_for(values, World().account(World().context()))
    assert PASSWORD not in repr(request)
    assert request.body == {"password": f"{PASSWORD}-1"}


def test_what_a_password_looks_like_to_a_model() -> None:
    schema = catalog()["vimeo_video_edit"].input_schema["properties"]["password"]
    assert schema["type"] == "string"


def test_arguments_for_a_trace() -> None:
    shown = catalog()["vimeo_video_edit"].without_secrets({**EDIT, "passwort": PASSWORD, "name": None})
    assert shown == {"video_id": "1", "password": "***", "passwort": "***", "name": None}


def test_vimeos_sentence_without_what_it_repeats() -> None:
    world = World(answer(400, json.dumps({"error": f"Not with access-1 and {PASSWORD}-1"}).encode()))
    ctx = world.context()
    world.account(ctx)
    with pytest.raises(BadRequest) as caught:
        run_sync(execute(ctx, world, "vimeo_video_edit", EDIT))
    assert "Not with *** and ***" in str(caught.value)


@pytest.mark.parametrize("value", ["x", 5, ["x"], {"a": "x"}])
def test_a_secret_of_any_type_is_redacted(value: Any) -> None:
    assert redacted({"data": [{"password": value}]}) == {"data": [{"password": "[redacted]"}]}


REQUEST = HttpRequest("GET", "http://127.0.0.1:9/", (("Authorization", f"bearer {TOKEN}\u00e9"),))


def test_a_header_that_cannot_be_sent() -> None:
    """Python's own error has the whole header among its arguments."""
    with pytest.raises(AnswerLost) as caught:
        run_sync(BlockingIO(SqliteStore(":memory:")).send(REQUEST, timeout=1.0))
    evidence = Evidence()
    evidence.exception("x", caught.value)
    assert evidence.leaks == []


async def test_a_cancellation_without_the_connections_frames(
    monkeypatch: pytest.MonkeyPatch, vimeo: Sandbox
) -> None:
    begun = asyncio.Event()

    async def stuck(*_: Any, **__: Any) -> None:
        header = f"bearer {TOKEN}"
        begun.set()
        await asyncio.sleep(60)
        raise AssertionError(header)

    monkeypatch.setattr(streams.Stream, "read", stuck)
    request = HttpRequest("GET", f"{vimeo.url}/me", (("Authorization", f"bearer {TOKEN}"),))
    io = AsyncIO(SqliteStore(":memory:"))
    task = asyncio.create_task(io.send(request, timeout=5.0))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError) as caught:
        await task
    assert "stuck" not in "".join(traceback.format_exception(caught.value))
    assert task.cancelled()
    await io.aclose()


def test_an_interrupt_without_the_connections_frames(monkeypatch: pytest.MonkeyPatch, vimeo: Sandbox) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(deadline.Stream, "read", interrupted)
    with pytest.raises(KeyboardInterrupt) as caught:
        run_sync(
            BlockingIO(SqliteStore(":memory:")).send(HttpRequest("GET", f"{vimeo.url}/me", ()), timeout=5.0)
        )
    assert "interrupted" not in "".join(traceback.format_exception(caught.value))


def test_a_toolkit_that_could_not_be_made_can_be_shown() -> None:
    """An error tracker shows the locals of a failed `__init__`, `self` included."""
    with pytest.raises(ConfigurationError) as caught:
        VimeoToolkit([Connection()], store="nosuch://", key=TOKEN)
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert "VimeoToolkit(not set up)" in "".join(shown.format())


@pytest.mark.parametrize("page", [b"<html>Log in to this network</html>", b"{}"])
def test_a_page_is_no_revocation(page: bytes) -> None:
    """A captive portal answers 200: the token would live on, and nobody would know of it."""
    world = World(answer(200, page))
    ctx = world.context()
    world.account(ctx)
    with pytest.raises(VimeoUnavailable):
        run_sync(delete_account(ctx, world, Identity("vimeo", "u")))
    assert run_sync(ctx.vault.load(world, Identity("vimeo", "u"))) is not None


def test_surrogates_in_a_secret() -> None:
    assert Secret("\ud800") == Secret("\ud800")
    assert Secret("\ud800") != Secret("x")


def test_names_from_vimeo_are_no_markup(
    vimeo: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vimeo.user.name = "[/]\x1b[2J[red]Eve"
    monkeypatch.setenv("VIMEO_API_URL", vimeo.url)
    monkeypatch.setenv("VIMEO_TOOLKIT_STORE", f"sqlite:///{tmp_path / 'a.db'}")
    monkeypatch.setenv("COLUMNS", "200")
    try:
        token = vimeo.issue_token().access_token
        outcomes = [
            CliRunner().invoke(app, ["connect", "[/]", "--token"], input=f"{token}\n"),
            CliRunner().invoke(app, ["accounts", "list"]),
        ]
    finally:
        for made in configuration._defaults.values():
            made.close()
        configuration._defaults.clear()
    for outcome in outcomes:
        assert outcome.exit_code == 0, outcome.output
        assert "\x1b" not in outcome.output
        assert "[red]Eve" in outcome.output
