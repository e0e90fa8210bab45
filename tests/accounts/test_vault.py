"""Accounts in their rows: read once, written by compare-and-set, rotated, copied, and never under two keys."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.world import USER, World
from vimeo_toolkit import NotConnected, StoreBusy, StoreError, WrongKey
from vimeo_toolkit.accounts import home, migration, vault
from vimeo_toolkit.accounts.home import Home
from vimeo_toolkit.accounts.migration import Moved, Rotated, copy_accounts, rotate_key
from vimeo_toolkit.accounts.model import AccountRecord, Unreadable
from vimeo_toolkit.accounts.rows import CAS_ATTEMPTS, Rows, own_key
from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.observe.events import Event
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.stores.cipher import Cipher, generate_key
from vimeo_toolkit.stores.protocol import DAMAGED, Key, Row

OLD, NEW = generate_key(), generate_key()
ACCOUNT = own_key("account", USER)


def new(identifier: str = "u", **values: Any) -> AccountRecord:
    return AccountRecord(connection_name="vimeo", identifier=identifier, **values)


def saved(world: World, of: Vault, record: AccountRecord) -> AccountRecord:
    done = run_sync(of.save(world, record))
    assert done is not None
    return done


def test_a_version_is_the_time_and_never_used_twice() -> None:
    world, of = World(), Vault(Cipher([OLD]))
    first = saved(world, of, new())
    assert (first.version, first.created_at, first.updated_at) == (
        1_800_000_000_000_000,
        world.time,
        world.time,
    )
    assert run_sync(of.save(world, new())) is None
    world.time -= 100
    second = saved(world, of, first)
    assert (second.version, second.created_at) == (first.version + 1, first.created_at)
    assert second.updated_at == world.time
    world.time += 200
    third = run_sync(of.save(world, second, touch=False))
    assert third is not None
    assert (third.version, third.updated_at) == (1_800_000_100_000_000, second.updated_at)
    assert run_sync(of.load(world, USER)) == third
    assert run_sync(of.remove(world, second)) is False
    assert run_sync(of.remove(world, third)) is True
    assert run_sync(of.load(world, USER)) is None


def test_an_unchanged_row_is_opened_once(monkeypatch: pytest.MonkeyPatch) -> None:
    world, of = World(), Vault(Cipher([OLD]))
    record = saved(world, of, new())
    first = run_sync(of.load(world, USER))
    assert run_sync(of.load(world, USER)) is first
    changed = saved(world, of, record.replace(reason="why"))
    assert run_sync(of.load(world, USER)) == changed
    monkeypatch.setattr(vault, "_REMEMBERED", 1)
    saved(world, of, new("v"))
    run_sync(of.load(world, Identity("vimeo", "v")))
    assert [key.name for key in of._opened] == ["v"]
    run_sync(of.load(world, USER))
    assert [key.name for key in of._opened] == ["u"]


def test_a_change_is_made_again_after_a_lost_race() -> None:
    world, of = World(), Vault(Cipher([OLD]))
    saved(world, of, new())
    tries: list[str | None] = []

    def change(current: AccountRecord) -> AccountRecord:
        tries.append(current.reason)
        if len(tries) == 1:  # somebody else is quicker
            saved(world, Vault(Cipher([OLD])), current.replace(reason="theirs"))
        return current.replace(vimeo_name="Ana")

    done = run_sync(of.update(world, USER, change))
    assert (done.reason, done.vimeo_name, tries) == ("theirs", "Ana", [None, "theirs"])
    assert world.slept == [0.005]
    assert run_sync(of.update(world, USER, lambda now: None)) == done


def test_a_race_that_is_never_won_and_an_account_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    world, of = World(), Vault(Cipher([OLD]))
    with pytest.raises(NotConnected) as caught:
        run_sync(of.update(world, USER, lambda now: now))
    assert (caught.value.connection_name, caught.value.identifier) == ("vimeo", "u")
    saved(world, of, new())

    async def lost(self: Vault, *args: Any, **more: Any) -> None:
        return None

    monkeypatch.setattr(Vault, "save", lost)
    with pytest.raises(StoreBusy):
        run_sync(of.update(world, USER, lambda now: now))
    assert len(world.slept) == CAS_ATTEMPTS


def test_what_is_held_stands_for_the_row_that_it_is_to_replace() -> None:
    world, of = World(), Vault(Cipher([OLD]))
    row = saved(world, of, new())
    held = row.replace(reason="held")
    of.hold(row, held, again=7.0)
    assert run_sync(of.load(world, USER)) == held
    found = of.held(row)
    assert found is not None
    assert (found.base, found.record, found.again, of.all_held()) == (row, held, 7.0, [found])
    assert of.held(new("v")) is None
    newer = saved(world, Vault(Cipher([OLD])), row)
    assert run_sync(of.load(world, USER)) == newer
    of.release(row)
    assert (of.held(row), of.all_held()) == (None, [])
    of.hold(row, held, again=7.0)
    assert run_sync(of.remove(world, newer))
    assert of.all_held() == []


def test_rows_that_do_not_open() -> None:
    world, of = World(), Vault(Cipher([NEW]))
    saved(world, Vault(Cipher([OLD])), new())
    foreign = run_sync(world.store.aget(ACCOUNT))
    assert foreign is not None
    page = run_sync(of.page(world, "vimeo", after=None, limit=5))
    assert [(key, each.foreign) for key, each in page if isinstance(each, Unreadable)] == [(ACCOUNT, True)]
    assert run_sync(of.broken(world, USER)) == foreign
    assert run_sync(Vault(Cipher([OLD])).broken(world, USER)) is None
    assert run_sync(of.broken(world, Identity("vimeo", "v"))) is None
    odd = of.rows.cipher.seal(ACCOUNT, 9, b'{"status": "ODD"}')
    found = of.record_of(ACCOUNT, Row(odd, 9))
    assert isinstance(found, Unreadable)
    assert (found.connection_name, found.identifier, found.kind, found.foreign) == (
        "vimeo",
        "u",
        "account",
        False,
    )
    assert "written by another release" in found.reason
    with pytest.raises(WrongKey):
        run_sync(of.load(world, USER))


# ---- one store, one set of keys ----


def test_a_store_of_another_key_takes_no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "_PAGE", 2)
    world = World()
    theirs, ours = Cipher([OLD]), Cipher([NEW])
    run_sync(Home(ours).require(world))
    for number in range(4):
        saved(world, Vault(theirs), new(f"u{number}"))
    with pytest.raises(WrongKey) as caught:
        run_sync(Home(ours).require(world))
    assert f"({theirs.key_id}) than" in caught.value.message
    assert f"({ours.key_id}): no account" in caught.value.message
    run_sync(Home(Cipher([NEW, OLD])).require(world))
    lost = Home(ours)
    lost.give_up_others()
    run_sync(lost.require(world))
    own = own_key("account", Identity("vimeo", "u4"))
    run_sync(world.store.aput(own, ours.seal(own, 1, b"{}"), version=1, expected=0))
    known = Home(ours)
    run_sync(known.require(world))
    run_sync(world.store.adelete(own, expected=1))
    run_sync(known.require(world))


def test_a_damaged_row_says_nothing_of_keys() -> None:
    world = World()
    run_sync(world.store.aput(ACCOUNT, b"rubbish", version=1, expected=0))
    run_sync(Home(Cipher([NEW])).require(world))


# ---- rotation and copying ----


def test_every_row_of_every_kind_is_sealed_anew_and_what_is_counted() -> None:
    world = World()
    old, both = Vault(Cipher([OLD])), Vault(Cipher([NEW, OLD]))
    for name in "ab":
        saved(world, old, new(name))
    saved(world, both, new("c"))
    run_sync(old.rows.put_json(world, Key("state", "", "s"), {}, ttl=600.0))
    run_sync(world.store.aput(own_key("account", Identity("vimeo", "d")), b"rubbish", version=1, expected=0))
    done = run_sync(rotate_key(both, world))
    assert (done.total, done.changed, done.others, done.complete) == (4, 2, 1, False)
    assert [(each.identifier, each.kind) for each in done.unreadable] == [("d", "account")]
    told = {"kind": "account", "cause": "damaged"}
    assert world.events == [Event("account.unreadable", "vimeo", "d", None, told)]
    alone = Vault(Cipher([NEW]))
    assert run_sync(alone.load(world, Identity("vimeo", "a"))) == run_sync(
        both.load(world, Identity("vimeo", "a"))
    )
    assert run_sync(alone.rows.read_json(world, Key("state", "", "s"))) is not None
    run_sync(world.store.adelete(own_key("account", Identity("vimeo", "d")), expected=1))
    assert run_sync(rotate_key(both, world)) == Rotated(total=3, changed=0)


def test_rows_that_come_while_the_others_are_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    old, both = Vault(Cipher([OLD])), Vault(Cipher([NEW, OLD]))
    saved(world, old, new("a"))
    left = [2]
    real = Rows.reseal

    async def racing(self: Rows, io: Any, key: Key, row: Row, *, ttl: float | None) -> bool:
        if left[0]:
            left[0] -= 1
            return False
        return await real(self, io, key, row, ttl=ttl)

    monkeypatch.setattr(Rows, "reseal", racing)
    assert run_sync(rotate_key(both, world)) == Rotated(total=1, changed=1)
    assert world.slept == [0.05, 0.05]
    left[0] = 99
    saved(world, old, new("b"))
    with pytest.raises(StoreBusy, match="still being sealed"):
        run_sync(rotate_key(both, world))
    assert len(world.slept) == 2 + migration._ROUNDS


def test_accounts_and_what_moves_with_them_are_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration, "_PAGE", 2)
    source, target = World(), World()
    mine, theirs = Vault(Cipher([OLD])), Vault(Cipher([NEW]))
    for name in "abc":
        saved(source, mine, new(name, vimeo_name=name))
    upload, state = own_key("upload", Identity("vimeo", "a")), Key("state", "", "s")
    for key in (upload, state):
        run_sync(mine.rows.put_json(source, key, {"x": 1}, ttl=600.0))
    assert run_sync(copy_accounts(mine, source, theirs, target)) == Moved(total=3, copied=3, present=0)
    assert run_sync(theirs.load(target, Identity("vimeo", "b"))) is not None
    found = run_sync(theirs.rows.read_json(target, upload))
    assert found is not None
    assert found[0] == {"x": 1}
    assert run_sync(target.store.aget(state)) is None
    again = run_sync(copy_accounts(mine, source, theirs, target))
    assert (again, again.complete) == (Moved(total=3, copied=0, present=3), True)
    source.time += 5
    record = run_sync(mine.load(source, Identity("vimeo", "c")))
    assert record is not None
    saved(source, mine, record.replace(vimeo_name="newer"))
    assert run_sync(copy_accounts(mine, source, theirs, target)) == Moved(total=3, copied=1, present=2)
    assert run_sync(theirs.load(target, Identity("vimeo", "c"))) == record.replace(
        vimeo_name="newer",
        updated_at=source.time,
        version=run_sync(theirs.load(target, Identity("vimeo", "c"))).version,  # type: ignore[union-attr]
    )


def test_rows_that_do_not_open_on_either_side_are_gone_past() -> None:
    source, target = World(), World()
    mine, theirs = Vault(Cipher([OLD])), Vault(Cipher([NEW]))
    for name in "abc":
        saved(source, mine, new(name))
    rubbish = own_key("account", Identity("vimeo", "d"))
    run_sync(source.store.aput(rubbish, b"rubbish", version=1, expected=0))
    upload, approval = own_key("upload", USER), Key("approval", "vimeo", "x")
    foreign = Cipher([generate_key()]).seal(upload, 1, b"{}")
    run_sync(source.store.aput(upload, foreign, version=1, expected=0, ttl=60.0))
    run_sync(source.store.aput(approval, b"rubbish", version=1, expected=0, ttl=60.0))
    saved(target, theirs, new("z"))
    b = own_key("account", Identity("vimeo", "b"))
    run_sync(target.store.aput(b, Cipher([generate_key()]).seal(b, 1, b"{}"), version=1, expected=0))
    done = run_sync(copy_accounts(mine, source, theirs, target))
    assert (done.total, done.copied, done.present, done.complete) == (4, 2, 0, False)
    assert [(each.kind, each.identifier) for each in done.unreadable] == [
        ("account", "b"),
        ("account", "d"),
        ("upload", "u"),
    ]
    assert "target" in done.unreadable[0].reason
    assert done.void == 1
    assert [event.identifier for event in source.events] == ["d", "", "u"]
    assert [event.identifier for event in target.events] == ["b"]


def test_a_copy_that_reads_back_otherwise_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = World(), World()
    mine, theirs = Vault(Cipher([OLD])), Vault(Cipher([NEW]))
    saved(source, mine, new("a"))

    async def lost(self: Vault, *args: Any, **more: Any) -> None:
        return None

    monkeypatch.setattr(Vault, "save", lost)
    with pytest.raises(StoreError, match="The copy of account 'a' is not the same"):
        run_sync(copy_accounts(mine, source, theirs, target))


# ---- rows that a store cannot read ----


def test_what_the_store_itself_cannot_read_is_damaged_and_can_be_dropped() -> None:
    class Broken(World):
        """A world whose store cannot read one row."""

        def __init__(self, error: type[StoreError]) -> None:
            super().__init__()
            self.error, self.deleted = error, False
            self.store = self  # type: ignore[assignment]

        async def aget(self, key: Key) -> Row | None:
            raise self.error("It is broken.")

        async def adelete(self, key: Key, *, expected: int) -> bool:
            self.deleted = expected == 0
            return self.deleted

    rows = Rows(Cipher([OLD]))
    damaged = Broken(StoreError)
    assert run_sync(rows.envelope(damaged, ACCOUNT)) == DAMAGED
    run_sync(rows.drop(damaged, ACCOUNT))
    assert damaged.deleted
    with pytest.raises(StoreBusy):
        run_sync(rows.envelope(Broken(StoreBusy), ACCOUNT))
    assert run_sync(rows.read_json(Broken(StoreError), ACCOUNT, void=True)) is None
    with pytest.raises(StoreError, match="broken"):
        run_sync(rows.read_json(Broken(StoreError), ACCOUNT))
