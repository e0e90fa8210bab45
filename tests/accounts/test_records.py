"""The accounts of one connection, and what is kept beside them."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests.unit.world import USER, World
from vimeo_toolkit import NotConnected, StoreBusy, WrongKey
from vimeo_toolkit.accounts import records
from vimeo_toolkit.accounts.belongings import BY_USER, NAMED, PREFIXED, forget_belongings
from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus, Unreadable
from vimeo_toolkit.accounts.rows import Rows, own_key
from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.observe.events import Event
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.stores.cipher import Cipher, generate_key
from vimeo_toolkit.stores.protocol import Key, Row

OTHER = Identity("vimeo", "v")


def test_an_account_that_is_not_there() -> None:
    world = World()
    with pytest.raises(NotConnected, match="'u' has no account on connection 'vimeo'") as caught:
        run_sync(records.get_account(world.context(), world, USER))
    assert (caught.value.connection_name, caught.value.identifier) == ("vimeo", "u")


def test_an_account_is_made_once_and_waits_for_its_user() -> None:
    world = World()
    ctx = world.context()
    made = run_sync(records.get_or_create_account(ctx, world, USER))
    assert (made.status, made.requested_scopes) == (
        AccountStatus.PENDING,
        tuple(ctx.connection("vimeo").scopes),
    )
    assert made.reason == "The user has not connected a Vimeo account yet."
    assert (made.created_at, made.updated_at) == (world.time, world.time)
    assert made.identity == USER
    assert run_sync(records.get_or_create_account(ctx, world, USER)) == made
    assert run_sync(records.get_account(ctx, world, USER)) == made


def test_an_account_that_is_made_and_deleted_at_once_is_given_up_after_five_tries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries: list[AccountRecord] = []

    async def taken(self: Vault, io: object, record: AccountRecord) -> None:
        tries.append(record)

    monkeypatch.setattr(Vault, "save", taken)
    world = World()
    with pytest.raises(StoreBusy):
        run_sync(records.get_or_create_account(world.context(), world, USER))
    assert len(tries) == 5


def test_all_pages_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_PAGE", 2)
    world = World()
    ctx = world.context()
    for name in "abcde":
        run_sync(records.get_or_create_account(ctx, world, Identity("vimeo", name)))
    for connection in (None, "vimeo"):
        found = run_sync(records.list_accounts(ctx, world, connection))
        assert [each.identifier for each in found] == list("abcde")
        assert found.unreadable == ()


def test_what_does_not_open_is_listed_beside_the_rest_and_told() -> None:
    world = World()
    ctx = world.context()
    run_sync(records.get_or_create_account(ctx, world, USER))
    damaged, foreign = own_key("account", OTHER), own_key("account", Identity("vimeo", "w"))
    run_sync(world.store.aput(damaged, b"rubbish", version=1, expected=0))
    sealed = Cipher([generate_key()]).seal(foreign, 1, b"{}")
    run_sync(world.store.aput(foreign, sealed, version=1, expected=0))
    found = run_sync(records.list_accounts(ctx, world, None))
    assert [each.identifier for each in found] == ["u"]
    assert [(each.identifier, each.foreign) for each in found.unreadable] == [("v", False), ("w", True)]
    told = [{"kind": "account", "cause": cause} for cause in ("damaged", "key")]
    assert world.events == [
        Event("account.unreadable", "vimeo", "v", None, told[0]),
        Event("account.unreadable", "vimeo", "w", None, told[1]),
    ]


def test_a_store_of_which_nothing_opens_wants_another_key() -> None:
    foreign = [
        Unreadable("vimeo", f"u{number:02}", "Sealed with another key.", foreign=True) for number in range(12)
    ]
    ten = records.all_foreign(foreign[:10]).message
    assert "None of the 10 stored accounts" in ten
    assert ten.endswith("'u08', 'u09'.")
    assert records.all_foreign(foreign).message.endswith("'u08', 'u09' and 2 more.")
    world = World()
    key = own_key("account", USER)
    run_sync(world.store.aput(key, Cipher([generate_key()]).seal(key, 1, b"{}"), version=1, expected=0))
    with pytest.raises(WrongKey, match="'u'"):
        run_sync(records.list_accounts(world.context(), world, None))


def test_a_row_that_is_no_users_by_its_address_is_told_without_a_name() -> None:
    world = World()
    run_sync(records.tell_unreadable(world, Unreadable("", "", "Damaged.", kind="state", name="a-row")))
    assert world.events[0].identifier == ""
    assert "a-row" not in repr(world.events[0])
    run_sync(records.tell_unreadable(world, Unreadable("vimeo", "u", "Damaged.", kind="budget")))
    assert (world.events[1].connection_name, world.events[1].identifier) == ("vimeo", "u")


# ---- what is kept beside an account ----


def put(world: World, rows: Rows, key: Key, **body: Any) -> None:
    assert run_sync(rows.put_json(world, key, body, ttl=600.0))


def kept(world: World, keys: list[Key]) -> list[Key]:
    return [key for key in keys if run_sync(world.store.aget(key)) is not None]


def test_what_is_a_users_goes_and_what_is_anothers_stays() -> None:
    world = World()
    ctx = world.context()
    rows = ctx.vault.rows
    assert BY_USER
    assert NAMED
    mine = [own_key(kind, USER) for kind in BY_USER] + [Key(kind, "vimeo", "n") for kind in NAMED]
    others = [own_key(kind, OTHER) for kind in BY_USER] + [Key(kind, "vimeo", "m") for kind in NAMED]
    for number, kind in itertools.product(range(120), PREFIXED):  # more than a page
        mine.append(Key(kind, "vimeo", f"{USER.digest}-{number}"))
    others += [Key(kind, "vimeo", f"{OTHER.digest}-0") for kind in PREFIXED]
    others += [Key(kind, "vimeo", f"{edge}-0") for kind in PREFIXED for edge in ("0" * 48, "f" * 48)]
    links = [Key("state", "", "mine")]
    others_links = [Key("state", "", "other"), Key("state", "", "elsewhere"), Key("state", "", "nobody")]
    for key in mine:
        put(world, rows, key, identifier="u")
    for key in others:
        put(world, rows, key, identifier="v")
    put(world, rows, links[0], connection_name="vimeo", identifier="u")
    put(world, rows, others_links[0], connection_name="vimeo", identifier="v")
    put(world, rows, others_links[1], connection_name="second", identifier="u")
    put(world, rows, others_links[2])
    run_sync(forget_belongings(ctx, world, USER))
    assert kept(world, mine + links) == links
    assert kept(world, others + others_links) == others + others_links
    run_sync(forget_belongings(ctx, world, USER, links=True))
    assert kept(world, links) == []
    assert kept(world, others + others_links) == others + others_links


# ---- sealed rows ----

KEY = Key("state", "", "name")


def test_of_many_rows_all_pages_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vimeo_toolkit.accounts.rows._PAGE", 2)
    world = World()
    rows = Rows(world.cipher)
    keys = [Key("approval", "vimeo", str(number)) for number in range(5)]
    for key in keys:
        put(world, rows, key, identifier="u" if key.name != "2" else "v")
    run_sync(rows.forget(world, "approval", USER))
    assert kept(world, keys) == [keys[2]]


def test_rows_that_say_nothing_of_a_user_are_gone_past() -> None:
    world = World()
    rows = Rows(world.cipher)
    keys = [Key("approval", "vimeo", str(number)) for number in range(5)]
    texts = [b"[1]", b"{", b"7", b"{}", b'{"identifier": "u"}']
    for key, text in zip(keys, texts, strict=True):
        run_sync(world.store.aput(key, rows.cipher.seal(key, 1, text), version=1, expected=0, ttl=60.0))
    run_sync(rows.forget(world, "approval", USER))
    assert kept(world, keys) == keys[:4]


def test_a_small_row_is_read_with_its_version_and_used_up_once() -> None:
    world = World()
    rows = Rows(world.cipher)
    assert run_sync(rows.read_json(world, KEY)) is None
    assert run_sync(rows.take_json(world, KEY)) is None
    put(world, rows, KEY, a=1)
    body, version = run_sync(rows.read_json(world, KEY)) or ({}, 0)
    assert (body, version) == ({"a": 1}, int(world.now() * 1_000_000))
    assert not run_sync(rows.put_json(world, KEY, {"a": 2}, ttl=600.0))
    assert run_sync(rows.put_json(world, KEY, {"a": 2}, ttl=600.0, expected=version))
    assert not run_sync(rows.take(world, KEY, version))
    assert run_sync(rows.read_json(world, KEY)) == ({"a": 2}, version + 1)
    assert run_sync(rows.take_json(world, KEY)) == {"a": 2}
    assert run_sync(rows.take_json(world, KEY)) is None


def test_a_row_that_was_used_up_and_not_deleted_is_not_there() -> None:
    world = World()
    rows = Rows(world.cipher)
    put(world, rows, KEY, taken=True)
    assert run_sync(rows.take_json(world, KEY)) is None
    assert kept(world, [KEY]) == [KEY]
    assert run_sync(rows.read_json(world, KEY)) is None
    assert kept(world, [KEY]) == []


def test_a_row_that_does_not_open_is_an_error_or_counts_as_empty() -> None:
    world = World()
    rows = Rows(world.cipher)
    run_sync(world.store.aput(KEY, b"rubbish", version=7, expected=0, ttl=60.0))
    with pytest.raises(WrongKey):
        run_sync(rows.read_json(world, KEY))
    with pytest.raises(WrongKey):
        rows.check(KEY, Row(b"rubbish", 7))
    assert run_sync(rows.read_json(world, KEY, void=True)) == ({}, 7)
    not_json = world.cipher.seal(KEY, 8, b"[1]")
    run_sync(world.store.aput(KEY, not_json, version=8, expected=7, ttl=60.0))
    assert run_sync(rows.read_json(world, KEY, void=True)) == ({}, 8)
    with pytest.raises(TypeError):
        run_sync(rows.read_json(world, KEY))


def test_a_row_is_sealed_anew_at_its_version_and_only_if_it_is_as_it_was() -> None:
    world = World()
    first, newest = generate_key(), generate_key()
    old, both = Rows(Cipher([first])), Rows(Cipher([newest, first]))
    put(world, old, KEY, a=1)
    row = run_sync(world.store.aget(KEY))
    assert row is not None
    assert (old.is_current(row), both.is_current(row)) == (True, False)
    assert run_sync(both.reseal(world, KEY, row, ttl=60.0))
    again = run_sync(world.store.aget(KEY))
    assert again is not None
    assert (again.version, both.is_current(again)) == (row.version, True)
    assert run_sync(Rows(Cipher([newest])).read_json(world, KEY)) == ({"a": 1}, row.version)
    run_sync(old.drop(world, KEY))
    assert kept(world, [KEY]) == []
    assert not run_sync(both.reseal(world, KEY, row, ttl=60.0))


def test_a_row_is_copied_under_the_other_stores_key_and_not_over_another() -> None:
    source, target = World(), World()
    rows, others = Rows(source.cipher), Rows(target.cipher)
    put(source, rows, KEY, a=1)
    row = run_sync(source.store.aget(KEY))
    assert row is not None
    assert run_sync(rows.copy(KEY, row, others, target, ttl=60.0))
    assert run_sync(others.read_json(target, KEY)) == ({"a": 1}, row.version)
    assert not run_sync(rows.copy(KEY, row, others, target, ttl=60.0))
