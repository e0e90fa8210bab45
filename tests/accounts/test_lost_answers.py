"""Compare-and-set over a store whose answers are lost: every writer of the store recognises its own write."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

import vimeo_toolkit
from tests.accounts.trials import How, Trial
from tests.unit.inputs import minimal
from vimeo_toolkit import StoreBusy, WrongUser
from vimeo_toolkit.accounts.belongings import BY_USER, NAMED, PREFIXED, STATE
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.accounts.threads import claim
from vimeo_toolkit.accounts.vault import ACCOUNT
from vimeo_toolkit.calls import approvals
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.grants import tokens as grants
from vimeo_toolkit.grants.sign_ins import ClientRequest
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores.protocol import Key
from vimeo_toolkit.uploads.journal import Journal, Wanted

Write = Coroutine[Any, Any, Any]
ROW = Key("state", "", "x")
RECORD = AccountRecord(connection_name="vimeo", identifier="new")


async def _approved(trial: Trial, ctx: Context) -> bool:
    tool = catalog()["vimeo_video_delete"]
    values = tool.validate(minimal("vimeo_video_delete"))
    who = Identity("vimeo", "u")
    subject = approvals.Subject(Owner(who, "generation"), values, "digest")
    approval = await approvals.hold(ctx.vault, trial, subject)
    await approvals.approve(ctx.vault, trial, approval, who)
    taken = [(await approvals.take(ctx.vault, trial, subject))[0] is not None for _ in range(2)]
    return taken == [True, False]


async def _journal(trial: Trial, ctx: Context) -> bool:
    journal = Journal(ctx.vault, trial, Owner(Identity("vimeo", "new"), RECORD.generation))
    wanted = Wanted.of("a film", subject="film.mp4")
    name = await journal.note(wanted, Secret("https://files.example/1"), {"uri": "/videos/1"})
    found, _ = await journal.find(wanted)
    await journal.forget(name)
    gone, others = await journal.find(wanted)
    return found is not None and gone is None and not others


async def _budget(trial: Trial, ctx: Context) -> bool:
    quota = Quota(trial.cipher, kept=True)
    user = Owner(Identity("vimeo", "u"), "g")
    for _ in range(5):
        if quota.budgets.take(user, trial.monotonic()):
            return True
        await quota.refill(trial, user)
    return False


async def _state(trial: Trial, ctx: Context) -> bool:
    kept = await ctx.vault.rows.put_json(trial, ROW, {"a": 1}, ttl=60.0)
    first, second = await ctx.vault.rows.take_json(trial, ROW), await ctx.vault.rows.take_json(trial, ROW)
    again = await ctx.vault.rows.put_json(trial, ROW, {"a": 2}, ttl=60.0)
    return kept and first == {"a": 1} and second is None and again


async def _life(trial: Trial, ctx: Context) -> bool:
    saved = await ctx.vault.save(trial, RECORD)
    if saved is None or await ctx.vault.save(trial, RECORD) is not None:
        return False
    changed = await ctx.vault.update(
        trial, Identity("vimeo", "new"), lambda record: record.replace(vimeo_name="Ana")
    )
    stale = await ctx.vault.remove(trial, saved)
    # Of a deletion nothing is left to be recognised by: that the row is gone is what counts.
    removed = (
        await ctx.vault.remove(trial, changed)
        or await ctx.vault.load(trial, Identity("vimeo", "new")) is None
    )
    return changed.vimeo_name == "Ana" and not stale and removed


async def _thread(trial: Trial, ctx: Context) -> bool:
    await claim(ctx.vault.rows, trial, "t", Identity("vimeo", "u"))
    try:
        await claim(ctx.vault.rows, trial, "t", Identity("vimeo", "another"))
    except WrongUser:
        await claim(ctx.vault.rows, trial, "t", Identity("vimeo", "u"))
        return True
    return False


async def _grant(trial: Trial, ctx: Context) -> bool:
    """A code, and each refresh token, is used once, and its user loses nothing by an answer that is lost."""
    asked = ClientRequest("client", "A client", "https://client.example/cb", "challenge", "https://here/mcp")
    code = await grants.issue_code(ctx.vault.rows, trial, Identity("vimeo", "u"), 1.0, asked)
    found = await grants.find(ctx.vault.rows, trial, "vimeo", "code", code)
    assert found is not None
    first = await grants.exchanged(ctx.vault.rows, trial, found, "code")
    assert first is not None
    again = await grants.find(ctx.vault.rows, trial, "vimeo", "refresh", first.refresh_token)
    assert again is not None
    return await grants.exchanged(ctx.vault.rows, trial, again, "refresh") is not None


WRITERS: dict[str, Callable[[Trial, Context], Coroutine[Any, Any, bool]]] = {
    "account": _life,
    "approval": _approved,
    "budget": _budget,
    "grant": _grant,
    "link": _state,
    "thread": _thread,
    "upload": _journal,
}


@pytest.mark.parametrize("how", [How.ANSWER_LOST, How.REPEATED])
@pytest.mark.parametrize("name", WRITERS)
def test_a_writer_knows_its_own_write(name: str, how: How) -> None:
    for at in range(60):
        trial = Trial()
        ctx = trial.context()
        trial.arm(at, how)
        found: list[Any] = []
        error = trial.run(_outcome(WRITERS[name](trial, ctx), found))
        if trial.struck is None:
            break
        # A read that fails is told as such; a write never comes to another verdict than what was written.
        assert found == [True] or isinstance(error, StoreBusy), (at, error)
        if how is How.REPEATED:
            assert found == [True]
    assert trial.struck is None
    assert at > 1


async def _outcome(flow: Write, found: list[Any]) -> None:
    found.append(await flow)


def test_of_two_who_take_one_gets_it_even_when_its_answer_is_lost() -> None:
    for at in range(4):
        trial = Trial()
        ctx = trial.context()
        run_sync(ctx.vault.rows.put_json(trial, ROW, {"a": 1}, ttl=60.0))
        other = Trial(trial.rows)
        other.cipher = trial.cipher
        trial.arm(at, How.ANSWER_LOST)
        taken: list[Any] = []
        for each, vault in ((trial, ctx.vault), (other, other.context().vault)):
            each.run(_outcome(vault.rows.take_json(each, ROW), taken))
        trial.disarm()
        assert taken.count({"a": 1}) <= 1
        assert run_sync(ctx.vault.rows.take_json(trial, ROW)) is None


def test_every_kind_of_row_is_known() -> None:
    """What is kept for a user goes with the account: a new kind belongs in a table of `accounts.belongings`."""
    root = Path(vimeo_toolkit.__file__).parent
    found: set[str] = set()
    for path in root.rglob("*.py"):
        if path.is_relative_to(root / "stores") or path.is_relative_to(root / "sandbox"):
            continue
        text = path.read_text()
        named = {"ACCOUNT": ACCOUNT} | dict(
            re.findall(r'^([A-Z]+)(?:: Final)? = "([a-z_]+)"', text, re.MULTILINE)
        )
        for quoted, name in re.findall(r'\b(?:Key|own_key)\((?:"([a-z]+)"|([A-Z]+)),', text):
            found.add(quoted or named[name])
    nobodys = {"delivery", "oauth_client", "oauth_count", "oauth_request", "thread"}
    assert found == {ACCOUNT, STATE, *BY_USER, *PREFIXED, *NAMED, *nobodys}
