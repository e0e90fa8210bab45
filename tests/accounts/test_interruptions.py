"""Flows of an account, interrupted at each of their effects in every way: nothing is lost, nothing left behind."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.accounts.trials import How, MemoryRows, Trial
from vimeo_toolkit import AccountStatus, Connection
from vimeo_toolkit.accounts.authorize import authorization_link, complete_authorization
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.device import complete_device_authorization, start_device_authorization
from vimeo_toolkit.accounts.disconnecting import delete_account
from vimeo_toolkit.accounts.importing import import_token
from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.accounts.tokens import ensure_valid_token
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import StorePort
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores.protocol import Key

Flow = Coroutine[Any, Any, Any]
MOST: Final = 80


def connect(trial: Trial, ctx: Context, user: str = "/users/7", identifier: str = "u") -> Flow:
    """A callback that waits to be completed."""
    link = run_sync(
        authorization_link(ctx, trial, Identity("vimeo", identifier), allow_account_change=True)
    ).link
    state = parse_qs(urlsplit(link).query)["state"][0]
    code = f"code-{len(trial.vimeo.codes)}"
    trial.vimeo.codes[code] = (user, None)
    callback = Secret(f"http://127.0.0.1/cb?state={state}&code={code}")
    return complete_authorization(ctx, trial, callback, Identity("", identifier))


def connected(trial: Trial, ctx: Context, identifier: str = "u") -> None:
    run_sync(connect(trial, ctx, identifier=identifier))


def first_time(trial: Trial, ctx: Context) -> Flow:
    return connect(trial, ctx)


def again(trial: Trial, ctx: Context) -> Flow:
    connected(trial, ctx)
    return connect(trial, ctx)


def as_somebody_else(trial: Trial, ctx: Context) -> Flow:
    connected(trial, ctx)
    return connect(trial, ctx, user="/users/8")


def by_token(trial: Trial, ctx: Context) -> Flow:
    connected(trial, ctx)
    token = trial.vimeo.issue("/users/7", trial.time)
    return import_token(ctx, trial, Identity("vimeo", "u"), Secret(token.access), allow_account_change=False)


def by_device(trial: Trial, ctx: Context) -> Flow:
    device = run_sync(start_device_authorization(ctx, trial, Identity("vimeo", "u")))
    trial.vimeo.devices["device-1"] = "/users/7"
    return complete_device_authorization(ctx, trial, device)


def refresh(trial: Trial, ctx: Context) -> Flow:
    connected(trial, ctx)
    trial.time += 990.0
    record = trial.stored(ctx)
    assert record is not None
    return ensure_valid_token(ctx, trial, record)


def delete(trial: Trial, ctx: Context) -> Flow:
    connected(trial, ctx)
    run_sync(connect(trial, ctx))
    return delete_account(ctx, trial, Identity("vimeo", "u"))


@dataclass(frozen=True)
class Case:
    prepare: Callable[[Trial, Context], Flow]
    brings_own: bool = False
    """The token is the user's own: not ours to revoke when it is not taken."""


CASES: Final = {
    "authorize": Case(first_time),
    "authorize again": Case(again),
    "authorize another": Case(as_somebody_else),
    "import": Case(by_token, brings_own=True),
    "device": Case(by_device),
    "refresh": Case(refresh),
    "delete": Case(delete),
}


def _works(trial: Trial, ctx: Context) -> AccountRecord:
    """The next call's way to its token; where that is gone, the user connects again."""
    record = trial.stored(ctx)
    if record is not None:
        record = run_sync(ensure_valid_token(ctx, trial, record))
    if record is None or record.status is not AccountStatus.ACTIVE:
        run_sync(connect(trial, ctx, user=(record and record.vimeo_uri) or "/users/7"))
        record = trial.stored(ctx)
    assert record is not None
    assert record.access_token is not None
    assert record.access_token.reveal() in trial.vimeo.alive(trial.time)
    return record


def _check(name: str, how: How, trial: Trial, own: set[str], raised: BaseException | None) -> None:
    """`own`: tokens that the user made: not ours to revoke when they are not taken."""
    ctx = trial.restart() if how.crash else trial.context()
    other = trial.stored(ctx, "other")
    assert other is not None
    assert other.access_token is not None
    assert other.access_token.reveal() in trial.vimeo.alive(trial.time)
    if how is How.CANCEL:
        assert isinstance(raised, asyncio.CancelledError)
    if how is How.REPEATED:
        assert raised is None
    assert trial.orphans(ctx) <= own
    record = trial.stored(ctx)
    if name == "delete":
        assert run_sync(delete_account(ctx, trial, Identity("vimeo", "u"))) or record is None
        assert not trial.orphans(ctx)
        for kind in ("account", "state"):
            assert {key.name for key, _ in run_sync(trial.rows.ascan(kind))} <= {"other"}
        return
    if name == "refresh":
        assert record is not None
        if not how.crash and not trial.unheard:
            assert record.status is AccountStatus.ACTIVE
        record = run_sync(ensure_valid_token(ctx, trial, record))
        if record.status is AccountStatus.EXPIRED:
            assert trial.unheard or how.crash
            assert "interrupted" in str(record.reason)
    if name in ("authorize again", "import") and not how.crash:
        assert record is not None
        assert record.status is AccountStatus.ACTIVE
    _works(trial, ctx)
    assert trial.orphans(ctx) <= own


def attempt(name: str, how: How, at: int, rows: StorePort | None = None) -> bool:
    """Interrupt a flow at one of its effects and check what is left; False when it has no such effect.

    `rows`: an empty store; in memory by default.
    """
    case, trial = CASES[name], Trial(rows)
    ctx = trial.context()
    connected(trial, ctx, "other")
    flow = case.prepare(trial, ctx)
    if name == "refresh":  # the other's token is not to end meanwhile
        trial.vimeo.tokens["access-1"].ends += 10_000
    own = {list(trial.vimeo.tokens)[-1]} if case.brings_own else set()
    trial.arm(at, how)
    raised = trial.run(flow)
    if trial.struck is None:
        assert raised is None
        return False
    trial.disarm()
    _check(name, how, trial, own, raised)
    return True


@pytest.mark.parametrize("how", How)
@pytest.mark.parametrize("name", CASES)
def test_interrupted_at_every_effect(name: str, how: How) -> None:
    effects = next(at for at in range(MOST) if not attempt(name, how, at))
    assert effects >= 3


def test_what_a_user_leaves_behind_is_in_the_table() -> None:
    """Rows of every kind that the code writes go with the account."""
    trial = Trial()
    ctx = trial.context()
    connected(trial, ctx)
    for kind in ("upload", "budget"):
        run_sync(ctx.vault.rows.put_json(trial, Key(kind, "vimeo", "u"), {"x": 1}, ttl=60.0))
        run_sync(ctx.vault.rows.put_json(trial, Key(kind, "vimeo", "v"), {"x": 1}, ttl=60.0))
    for identifier in ("u", "v"):
        body = {"identifier": identifier}
        run_sync(ctx.vault.rows.put_json(trial, Key("approval", "vimeo", f"a-{identifier}"), body, ttl=60.0))
        run_sync(authorization_link(ctx, trial, Identity("vimeo", identifier)))
    assert run_sync(delete_account(ctx, trial, Identity("vimeo", "u"))).revoked
    assert isinstance(trial.rows, MemoryRows)
    left = sorted((key.kind, key.name) for key in trial.rows.rows if key.kind != "state")
    assert left == [("account", "v"), ("approval", "a-v"), ("budget", "v"), ("links", "v"), ("upload", "v")]
    assert sum(key.kind == "state" for key in trial.rows.rows) == 1


def test_a_link_of_the_same_identifier_at_another_app_stays() -> None:
    trial = Trial()
    ctx = trial.context()
    other = Connection(name="other", client_id="c", client_secret="s", redirect_uri="http://127.0.0.1/cb")
    ctx = dataclasses.replace(ctx, connections={**ctx.connections, "other": other})
    connected(trial, ctx)
    for name in ("vimeo", "other"):
        run_sync(authorization_link(ctx, trial, Identity(name, "u")))
    run_sync(delete_account(ctx, trial, Identity("vimeo", "u")))
    assert isinstance(trial.rows, MemoryRows)
    assert sum(key.kind == "state" for key in trial.rows.rows) == 1
    assert run_sync(ctx.vault.load(trial, Identity("other", "u"))) is not None
