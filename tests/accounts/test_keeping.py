"""Tokens that are renewed while something else happens, stores that cannot be written, APIs that change."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.accounts.test_interruptions import connect, connected
from tests.accounts.trials import MemoryRows, Trial
from tests.unit.world import World, answer
from vimeo_toolkit import (
    AccountStatus,
    ConfigurationError,
    Connection,
    StoreBusy,
    StoreError,
    VimeoUnavailable,
)
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.disconnecting import delete_account
from vimeo_toolkit.accounts.keeping import save_all_held
from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.accounts.tokens import ensure_valid_token, handle_unauthorized
from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import HttpRequest, HttpResponse
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores.protocol import Key, Row
from vimeo_toolkit.wire.sending import Policy

KEY = Key("account", "vimeo", "u")


def _due(trial: Trial) -> tuple[Context, AccountRecord]:
    """An account whose token is at its end."""
    ctx = trial.context()
    connected(trial, ctx)
    trial.time += 990.0
    record = trial.stored(ctx)
    assert record is not None
    return ctx, record


class Stopped(Trial):
    """A world that stands still after a refresh was sent: its lease lapses, and `meanwhile` happens."""

    meanwhile: Callable[[], Any] | None = None

    async def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        response = await super().send(request, timeout=timeout)
        if b"refresh" in request.content and self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            held, self.leases = self.leases, set()
            meanwhile()
            self.leases = held
        return response


@pytest.mark.parametrize("server", ["refuses", "repeats its answer", "gives another"])
def test_two_processes_refresh_with_one_refresh_token(server: str) -> None:
    """The one that stood still has lost its lease. Whatever the server does, one good token is stored."""
    trial = Stopped()
    ctx, record = _due(trial)
    before = trial.vimeo.tokens["access-1"]
    outcomes: list[AccountRecord] = []

    def other_process() -> None:
        if server == "gives another":
            before.revoked = False
            trial.vimeo.refreshable["refresh-1"] = before
        elif server == "repeats its answer":
            handle = trial.vimeo.handle
            first = trial.vimeo._given(trial.vimeo.tokens["access-2"])
            trial.vimeo.handle = lambda request, now: (  # type: ignore[method-assign]
                first if b"refresh" in request.content else handle(request, now)
            )
        outcomes.append(run_sync(ensure_valid_token(trial.context(), trial, record)))

    trial.meanwhile = other_process
    mine = run_sync(ensure_valid_token(ctx, trial, record))
    stored = trial.stored(trial.context())
    assert stored is not None
    assert mine.status is stored.status is AccountStatus.ACTIVE
    assert stored.access_token is not None
    assert trial.vimeo.alive(trial.time) == {stored.access_token.reveal()}
    assert mine.access_token == stored.access_token
    if server != "refuses":
        assert outcomes[0].status is AccountStatus.ACTIVE


@pytest.mark.parametrize("what", ["delete", "reconnect"])
def test_what_the_user_did_meanwhile_wins(what: str) -> None:
    trial = Stopped()
    ctx, record = _due(trial)
    other = trial.context()
    if what == "delete":
        trial.meanwhile = lambda: run_sync(delete_account(other, trial, Identity("vimeo", "u")))
    else:
        trial.meanwhile = lambda: run_sync(connect(trial, other))
    error = trial.run(ensure_valid_token(ctx, trial, record))
    stored = trial.stored(other)
    if what == "delete":
        assert error is not None
        assert stored is None
        assert not trial.vimeo.alive(trial.time)
    else:
        assert error is None
        assert stored is not None
        assert stored.access_token is not None
        assert trial.vimeo.alive(trial.time) == {stored.access_token.reveal()}


class Full(MemoryRows):
    """Rows on a disk that is full from the second write of the account on."""

    room = 1
    error: type[StoreError] = StoreError

    async def aput(self, key: Key, value: bytes, **more: Any) -> bool:
        if key.kind == "account":
            self.room -= 1
            if self.room < 0:
                raise self.error("There is no room.")
        return await super().aput(key, value, **more)


@pytest.mark.parametrize("error", [StoreError, StoreBusy])
def test_a_store_that_cannot_be_written_costs_no_token(error: type[StoreError]) -> None:
    """This process uses the new token, and saves it when there is room."""
    rows = Full()
    rows.room, rows.error = 100, error
    trial = Trial(rows)
    ctx, record = _due(trial)
    rows.room = 1  # for the intent
    renewed = run_sync(ensure_valid_token(ctx, trial, record))
    assert renewed.access_token == Secret("access-2")
    for _ in range(3):
        now = trial.stored(ctx)
        assert now is not None
        assert run_sync(ensure_valid_token(ctx, trial, now)).access_token == Secret("access-2")
    assert len(trial.vimeo.tokens) == 2
    rows.room = 100
    trial.time += 10.0
    now = trial.stored(ctx)
    assert now is not None
    run_sync(ensure_valid_token(ctx, trial, now))
    elsewhere = trial.stored(trial.restart())
    assert elsewhere is not None
    assert elsewhere.access_token == Secret("access-2")
    assert elsewhere.refreshing_since is None


def test_what_is_held_is_saved_at_the_end() -> None:
    rows = Full()
    rows.room = 100
    trial = Trial(rows)
    ctx, record = _due(trial)
    rows.room = 1
    run_sync(ensure_valid_token(ctx, trial, record))
    run_sync(save_all_held(ctx, trial))
    assert ctx.vault.all_held()
    rows.room = 100
    run_sync(save_all_held(ctx, trial))
    assert not ctx.vault.all_held()
    elsewhere = trial.stored(trial.restart())
    assert elsewhere is not None
    assert elsewhere.access_token == Secret("access-2")


def test_nothing_is_sent_that_cannot_be_noted() -> None:
    rows = Full()
    rows.room = 100
    trial = Trial(rows)
    ctx, record = _due(trial)
    rows.room = 0
    trial.sent.clear()
    with pytest.raises(StoreError):
        run_sync(ensure_valid_token(ctx, trial, record))
    with pytest.raises(StoreError):
        run_sync(delete_account(ctx, trial, Identity("vimeo", "u")))
    assert not trial.sent
    assert trial.vimeo.alive(trial.time) == {"access-1"}


def test_a_replaced_token_is_revoked_when_vimeo_can_be_reached_again() -> None:
    trial = Trial()
    ctx = trial.context()
    connected(trial, ctx)
    handle = trial.vimeo.handle
    trial.vimeo.handle = lambda request, now: (  # type: ignore[method-assign]
        answer(500) if request.method == "DELETE" else handle(request, now)
    )
    connected(trial, ctx)
    assert trial.events[-1].name == "account.revoke_failed"
    assert trial.events[-1].data == {"left": 1}
    assert trial.vimeo.alive(trial.time) == {"access-1", "access-2"}
    assert not trial.orphans(ctx)
    with pytest.raises(VimeoUnavailable, match="was kept"):
        run_sync(delete_account(ctx, trial, Identity("vimeo", "u")))
    record = trial.stored(ctx)
    assert record is not None
    assert record.status is AccountStatus.ACTIVE
    assert "disconnect again" in str(record.public().reason)
    trial.vimeo.handle = handle  # type: ignore[method-assign]
    trial.time += 901.0
    trial.vimeo.tokens["access-1"].ends += 10_000
    run_sync(ensure_valid_token(ctx, trial, record))
    assert "access-1" not in trial.vimeo.alive(trial.time)
    done = run_sync(delete_account(ctx, trial, Identity("vimeo", "u")))
    assert done == 1
    assert done.revoked
    assert not trial.vimeo.alive(trial.time)


class Elsewhere(World):
    """A world whose connection is set to another API."""

    def at(self, api_url: str) -> Context:
        return Context({"vimeo": Connection(api_url=api_url)}, Vault(self.cipher), Policy())


@pytest.mark.parametrize(
    ("theirs", "ours", "allowed"),
    [
        (None, "https://api.vimeo.com", True),
        (None, "https://evil.example", False),
        (None, "http://127.0.0.1:8000", False),
        ("https://api.vimeo.com", "https://api.vimeo.com:443/", True),
        ("https://api.vimeo.com", "https://api.vimeo.com.evil.example", False),
        ("https://api.vimeo.com", "https://api.vimeo.com:8443", False),
        ("http://127.0.0.1:8000", "http://localhost:9000", True),
        ("http://127.0.0.1:8000", "https://api.vimeo.com", False),
    ],
)
def test_a_token_goes_to_its_own_api_only(theirs: str | None, ours: str, allowed: bool) -> None:
    world = Elsewhere(*[answer(401, b"{}")] * 3)
    record = world.account(world.context(), api_url=theirs, expires_at=world.time - 1)
    ctx = world.at(ours)
    for flow in (ensure_valid_token(ctx, world, record), handle_unauthorized(ctx, world, record)):
        if allowed:
            run_sync(flow)
            continue
        with pytest.raises(ConfigurationError, match="was not sent") as caught:
            run_sync(flow)
        assert "connect the user again" in caught.value.hint
    assert bool(world.sent) is allowed
    stored = run_sync(ctx.vault.load(world, Identity("vimeo", "u")))
    assert stored is not None
    if not allowed:  # a deletion takes it back where it came from
        world.outcomes = [answer(204, b"")]
        assert run_sync(delete_account(ctx, world, Identity("vimeo", "u"))).revoked
        assert [request.url for request in world.sent] == [f"{theirs or 'https://api.vimeo.com'}/tokens"]


def test_fields_of_a_newer_release_are_kept() -> None:
    trial = Trial()
    ctx = trial.context()
    connected(trial, ctx)
    rows = trial.rows
    assert isinstance(rows, MemoryRows)
    row = rows.rows[KEY]
    body = json.loads(trial.cipher.open(KEY, row.version, row.value))
    newer = {**body, "colour": {"hue": 7}, "flag": None}
    rows.rows[KEY] = Row(trial.cipher.seal(KEY, row.version, json.dumps(newer).encode()), row.version)
    trial.time += 990.0
    record = trial.stored(ctx)
    assert record is not None
    assert "hue" not in repr(record)
    run_sync(ensure_valid_token(ctx, trial, record))
    run_sync(connect(trial, ctx))
    row = rows.rows[KEY]
    kept = json.loads(trial.cipher.open(KEY, row.version, row.value))
    assert kept["colour"] == {"hue": 7}
    assert "flag" in kept
    assert kept["access_token"] == "access-3"
