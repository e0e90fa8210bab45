"""A lost key or damaged rows: the others are not affected, and the way that the error names leads out."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from vimeo_toolkit import Connection, Event, StoreBusy, StoreError, VimeoToolkit, WrongKey, generate_key
from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores import Key, Row, Store
from vimeo_toolkit.stores.cipher import Cipher
from vimeo_toolkit.stores.kinds import KINDS

OLD, NEW = generate_key(), generate_key()
stores = pytest.mark.parametrize("store_url", ["sqlite", "postgres", "redis"], indirect=True)


def _toolkit(url: str, key: Any, seen: list[Event] | None = None) -> VimeoToolkit:
    return VimeoToolkit([Connection()], store=url, key=key, on_event=None if seen is None else seen.append)


def _connect(toolkit: VimeoToolkit, *names: str) -> None:
    for name in names:
        record = AccountRecord(
            connection_name="vimeo",
            identifier=name,
            status=AccountStatus.ACTIVE,
            access_token=Secret(f"token of {name}"),
            vimeo_uri="/users/1",
        )
        assert run_sync(toolkit._context.vault.save(toolkit._blocking, record))


def _row(store: Store, name: str, kind: str = "account") -> tuple[Key, Row]:
    key = Key(kind, "vimeo", name)
    row = store.get(key)
    assert row is not None
    return key, row


def _flipped(store: Store, name: str) -> None:
    key, row = _row(store, name)
    store.put(key, row.value[:-1] + bytes([row.value[-1] ^ 1]), version=row.version + 1, expected=row.version)


def _cut(store: Store, name: str) -> None:
    key, row = _row(store, name)
    store.put(key, row.value[:10], version=row.version + 1, expected=row.version)


def _copied(store: Store, name: str) -> None:
    key, row = _row(store, name)
    _, other = _row(store, "healthy")
    store.put(key, other.value, version=row.version + 1, expected=row.version)


def _foreign(store: Store, name: str) -> None:
    key, row = _row(store, name)
    sealed = Cipher([generate_key()]).seal(key, row.version + 1, b"{}")
    store.put(key, sealed, version=row.version + 1, expected=row.version)


def _no_account(store: Store, name: str) -> None:
    key, row = _row(store, name)
    sealed = Cipher([OLD]).seal(key, row.version + 1, b'{"status": "FROM THE FUTURE"}')
    store.put(key, sealed, version=row.version + 1, expected=row.version)


DAMAGES = [_flipped, _cut, _copied, _foreign, _no_account]


def _check_one_bad_row(url: str, target: str, damage: Any) -> None:
    seen: list[Event] = []
    toolkit = _toolkit(url, OLD, seen)
    _connect(toolkit, "bad", "healthy", "third")
    damage(toolkit._store, "bad") if callable(damage) else _planted(toolkit._store, "bad", damage)
    listed = toolkit.list_connected_accounts()
    assert [account.identifier for account in listed] == ["healthy", "third"]
    assert [each.identifier for each in listed.unreadable] == ["bad"]
    told = [(event.name, event.identifier, event.data["kind"]) for event in seen]
    assert told == [("account.unreadable", "bad", "account")]
    with _toolkit(target, NEW) as other:
        moved = toolkit.copy_accounts_to(other)
        assert (moved.total, moved.copied, [each.identifier for each in moved.unreadable]) == (3, 2, ["bad"])
        assert not moved.complete
        assert [account.identifier for account in other.list_connected_accounts()] == ["healthy", "third"]
    with _toolkit(url, [NEW, OLD]) as rotating:
        rotated = rotating.rotate_key()
        assert rotated.total == 3
        if damage is not _no_account:  # which opens, and so can be sealed anew
            assert (rotated.changed, [each.identifier for each in rotated.unreadable]) == (2, ["bad"])
    with _toolkit(url, [NEW, OLD]) as after:
        assert [account.identifier for account in after.list_connected_accounts()] == ["healthy", "third"]
        done = after.delete_connected_account(identifier="bad")
        assert (bool(done), done.revoked, done.unreadable) == (True, False, True)
        assert not after.delete_connected_account(identifier="bad")
        assert after.get_or_create_connected_account(identifier="bad").status is AccountStatus.PENDING
        assert after.rotate_key().complete
    with _toolkit(url, NEW) as finally_:
        found = finally_.list_connected_accounts()
        assert [account.identifier for account in found] == ["bad", "healthy", "third"]
        assert not found.unreadable
    toolkit.close()


@pytest.mark.parametrize("damage", DAMAGES)
def test_one_bad_row(sqlite_url: str, tmp_path: Path, damage: Any) -> None:
    _check_one_bad_row(sqlite_url, f"sqlite:///{tmp_path / 'target.db'}", damage)


@pytest.mark.parametrize("store_url", ["postgres", "redis"], indirect=True)
def test_one_bad_row_on_servers(store_url: str, tmp_path: Path) -> None:
    _check_one_bad_row(store_url, f"sqlite:///{tmp_path / 'target.db'}", _flipped)


def _planted(store: Any, name: str, value: Any) -> None:
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute('UPDATE "rows" SET value = ? WHERE key = ?', (value, f"account/vimeo/{name}"))
    other.close()


@pytest.mark.parametrize("value", [b"", b"short", "text", 7, None])
def test_a_row_that_no_store_wrote(sqlite_url: str, tmp_path: Path, value: Any) -> None:
    _check_one_bad_row(sqlite_url, f"sqlite:///{tmp_path / 'target.db'}", value)


@pytest.mark.parametrize("command", [("SET", b"short"), ("RPUSH", b"a list")])
def test_a_row_that_no_store_wrote_in_redis(
    redis_server: Any, redis_url: str, command: tuple[str, bytes]
) -> None:
    import redis

    toolkit = _toolkit(redis_url, OLD)
    _connect(toolkit, "bad", "healthy")
    client = redis.Redis(unix_socket_path=str(redis_server.unix_socket_path))
    name = f"{{{redis_url.partition('prefix=')[2]}}}:row:account/vimeo/bad"
    client.delete(name)
    getattr(client, command[0].lower())(name, command[1])
    client.close()
    with pytest.raises(StoreError, match="damaged"):
        toolkit.get_connected_account(identifier="bad")
    assert [each.identifier for each in toolkit.list_connected_accounts().unreadable] == ["bad"]
    assert toolkit.delete_connected_account(identifier="bad").unreadable
    assert not toolkit.list_connected_accounts().unreadable
    toolkit.close()


@stores
def test_a_lost_key(store_url: str) -> None:
    with _toolkit(store_url, OLD) as toolkit:
        _connect(toolkit, "a", "b")
        vault, io = toolkit._context.vault, toolkit._blocking
        for kind, rule in KINDS.items():
            if kind != "account":
                name = "a" if rule.owner == "address" else "0123"
                run_sync(vault.rows.put_json(io, Key(kind, "vimeo", name), {"identifier": "a"}, ttl=60))
    with _toolkit(store_url, NEW) as toolkit:
        with pytest.raises(WrongKey, match="'a', 'b'") as caught:
            toolkit.list_connected_accounts()
        assert "delete each account" in caught.value.hint
        rotated = toolkit.rotate_key()
        assert {each.kind for each in rotated.unreadable} == set(KINDS), "nothing is passed over in silence"
        assert toolkit.delete_connected_account(identifier="a").unreadable
        _connect(toolkit, "a")
        found = toolkit.list_connected_accounts()
        assert ([each.identifier for each in found], [each.identifier for each in found.unreadable]) == (
            ["a"],
            ["b"],
        )
        assert toolkit._store.get(Key("upload", "vimeo", "a")) is None


@stores
def test_every_kind_is_sealed_anew_and_ends_when_it_did(store_url: str) -> None:
    with _toolkit(store_url, OLD) as toolkit:
        _connect(toolkit, "a")
        vault, io = toolkit._context.vault, toolkit._blocking
        for kind in KINDS:
            if kind != "account":
                assert run_sync(vault.rows.put_json(io, Key(kind, "vimeo", "long"), {"new": 1}, ttl=60))
                assert run_sync(vault.rows.put_json(io, Key(kind, "vimeo", "short"), {}, ttl=0.3))
        known = {kind: toolkit._store.get(Key(kind, "vimeo", "long")) for kind in KINDS if kind != "account"}
    with _toolkit(store_url, [NEW, OLD]) as toolkit:
        rotated = toolkit.rotate_key()
        assert (rotated.changed, rotated.complete) == (1, True)
        assert rotated.others >= len(KINDS) - 1
    with _toolkit(store_url, NEW) as toolkit:
        vault, io = toolkit._context.vault, toolkit._blocking
        for kind, row in known.items():
            assert row is not None
            # The same version: whoever has read the row may still change it.
            assert run_sync(vault.rows.read_json(io, Key(kind, "vimeo", "long"))) == ({"new": 1}, row.version)
        run_sync(io.sleep(0.3))
        for kind in known:
            assert toolkit._store.get(Key(kind, "vimeo", "short")) is None, "its end was not put off"


class _Plain:
    """A store of somebody's own, that has what `Store` asks for and no more."""

    shared = False
    path = None

    def __init__(self, store: Store) -> None:
        for name in ("get", "put", "delete", "scan", "acquire", "release", "close"):
            setattr(self, name, getattr(store, name))
            setattr(self, f"a{name}", getattr(store, f"a{name}"))


def test_a_store_that_cannot_keep_ends() -> None:
    from vimeo_toolkit.stores import open_store

    inner: Any = _Plain(open_store("sqlite:///:memory:"))
    assert isinstance(inner, Store)
    old = VimeoToolkit([Connection()], store=inner, key=OLD)
    _connect(old, "a")
    run_sync(old._context.vault.rows.put_json(old._blocking, Key("upload", "vimeo", "a"), {"x": 1}, ttl=60))
    both = VimeoToolkit([Connection()], store=inner, key=[NEW, OLD])
    assert (both.rotate_key().changed, both.rotate_key().changed) == (1, 0)
    new = VimeoToolkit([Connection()], store=inner, key=NEW)
    found = run_sync(new._context.vault.rows.read_json(new._blocking, Key("upload", "vimeo", "a")))
    assert found is not None
    assert found[0] == {"x": 1}


@stores
def test_a_damaged_row_that_ends_by_itself_keeps_no_key_in_use(store_url: str, tmp_path: Path) -> None:
    """No key opens it, so the old one may go. An account's row is somebody's to delete, and a row of a lost key is
    not known to be damaged."""
    with _toolkit(store_url, OLD) as toolkit:
        _connect(toolkit, "healthy")
        vault, io, store = toolkit._context.vault, toolkit._blocking, toolkit._store
        ending = [kind for kind in KINDS if kind != "account"]
        for kind in ending:
            run_sync(vault.rows.put_json(io, Key(kind, "vimeo", "bad"), {"identifier": "healthy"}, ttl=3600))
            key, row = _row(store, "bad", kind)
            store.put(
                key, row.value[:-1] + bytes([row.value[-1] ^ 1]), version=2, expected=row.version, ttl=3600
            )
    with _toolkit(store_url, [NEW, OLD]) as toolkit:
        rotated = toolkit.rotate_key()
        assert (rotated.complete, rotated.void, rotated.unreadable) == (True, len(ending), ())
        with _toolkit(f"sqlite:///{tmp_path / 'target.db'}", NEW) as target:
            moved = toolkit.copy_accounts_to(target)
            copied = [kind for kind in ending if KINDS[kind].moves]
            assert (moved.complete, moved.copied, moved.void) == (True, 1, len(copied))
        run_sync(
            toolkit._context.vault.rows.put_json(toolkit._blocking, Key("approval", "vimeo", "x"), {}, ttl=60)
        )
        key, row = _row(toolkit._store, "x", "approval")
        _foreign(toolkit._store, "healthy")
        sealed = Cipher([generate_key()]).seal(key, row.version + 1, b"{}")
        toolkit._store.put(key, sealed, version=row.version + 1, expected=row.version, ttl=60)
        rotated = toolkit.rotate_key()
        assert not rotated.complete
        told = {(each.kind, each.identifier, each.name, each.damaged) for each in rotated.unreadable}
        assert told == {("account", "healthy", "", False), ("approval", "", "x", False)}


def test_a_process_that_seals_with_the_old_key_is_noticed(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, both = _toolkit(sqlite_url, OLD), _toolkit(sqlite_url, [NEW, OLD])
    _connect(old, "a")
    plain = both._store.scan

    def scan(kind: str, *args: Any, **kwargs: Any) -> Any:
        if kind == "account":
            for _, row in plain(kind):
                if Cipher.key_id_of(row.value) != Cipher([OLD]).key_id:
                    toolkit = _toolkit(sqlite_url, [OLD, NEW])
                    run_sync(
                        toolkit._context.vault.update(
                            toolkit._blocking, Identity("vimeo", "a"), lambda one: one
                        )
                    )
        return plain(kind, *args, **kwargs)

    monkeypatch.setattr(both._store, "scan", scan)
    with pytest.raises(StoreBusy, match="another key") as caught:
        both.rotate_key()
    assert "Drop no key" in caught.value.hint


def test_what_does_not_open_keeps_nothing_else_from_being_done(sqlite_url: str) -> None:
    """An approval or the list of unfinished uploads, sealed with a key that is gone, is void."""
    with _toolkit(sqlite_url, OLD) as toolkit:
        run_sync(
            toolkit._context.vault.rows.put_json(
                toolkit._blocking, Key("upload", "vimeo", "a"), {"x": {}}, ttl=60
            )
        )
    with _toolkit(sqlite_url, NEW) as toolkit:
        vault, io, key = toolkit._context.vault, toolkit._blocking, Key("upload", "vimeo", "a")
        with pytest.raises(WrongKey):
            run_sync(vault.rows.read_json(io, key))
        found = run_sync(vault.rows.read_json(io, key, void=True))
        assert found is not None
        assert found[0] == {}
        assert run_sync(vault.rows.put_json(io, key, {"y": {}}, ttl=60, expected=found[1]))
        again = run_sync(vault.rows.read_json(io, key))
        assert again is not None
        assert again[0] == {"y": {}}


def test_a_store_that_fails_is_not_taken_for_a_bad_row(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _toolkit(sqlite_url, OLD) as toolkit:
        _connect(toolkit, "a")

        def fail(key: Key) -> None:
            raise StoreError("The disk of the account store failed to read or write.")

        with monkeypatch.context() as broken:
            broken.setattr(toolkit._store, "get", fail)
            with pytest.raises(StoreError, match="disk"):
                toolkit.delete_connected_account(identifier="a", revoke=False)
        assert toolkit.delete_connected_account(identifier="a", revoke=False)
