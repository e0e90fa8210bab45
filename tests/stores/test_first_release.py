"""A store that release 0.1.0 wrote opens, is brought up to date, and keeps every account."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.stores import first_release
from tests.stores.helpers import in_processes, key
from vimeo_toolkit import ConfigurationError, Connection, VimeoToolkit, generate_key
from vimeo_toolkit.accounts.model import AccountStatus
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.stores import Key, open_store
from vimeo_toolkit.stores.kinds import KINDS
from vimeo_toolkit.stores.sqlite_schema import network_disk

stores = pytest.mark.parametrize("store_url", ["sqlite", "postgres", "redis"], indirect=True)
NEW = generate_key()


def _toolkit(url: str, keys: Any = first_release.KEY) -> VimeoToolkit:
    return VimeoToolkit([Connection()], store=url, key=keys)


def _kinds(toolkit: VimeoToolkit) -> dict[str, int]:
    """How many rows there are of each kind, all of which open."""
    for kind in KINDS:
        for name, row in toolkit._store.scan(kind):
            toolkit._context.vault.rows.check(name, row)
    return {kind: len(toolkit._store.scan(kind)) for kind in KINDS}


@stores
def test_it_opens_and_everything_goes_on(store_url: str, tmp_path: Path) -> None:
    first_release.write(store_url)
    with _toolkit(store_url) as toolkit:
        accounts = toolkit.list_connected_accounts()
        assert tuple(each.identifier for each in accounts) == first_release.USERS
        assert not accounts.unreadable
        assert accounts[0].status is AccountStatus.ACTIVE
        assert accounts[0].vimeo_uri == "/users/1001"
        found = _kinds(toolkit)
        assert {kind: count for kind, count in found.items() if count} == {
            "account": 4,
            "state": 1,
            "approval": 2,
            "upload": 1,
            "budget": 1,
        }
    with _toolkit(store_url, [NEW, first_release.KEY]) as toolkit:
        rotated = toolkit.rotate_key()
        assert (rotated.total, rotated.changed, rotated.others, rotated.complete) == (4, 4, 5, True)
    with _toolkit(store_url, NEW) as toolkit:
        assert list(toolkit.list_connected_accounts()) == list(accounts)
        assert _kinds(toolkit) == found
        vault, io = toolkit._context.vault, toolkit._blocking
        [(state, _)] = toolkit._store.scan("state")
        pending = run_sync(vault.rows.take_json(io, state))
        assert pending is not None
        assert pending["identifier"] == "new"
        with _toolkit(f"sqlite:///{tmp_path / 'target.db'}") as target:
            moved = toolkit.copy_accounts_to(target)
            assert (moved.total, moved.copied, moved.complete) == (4, 4, True)
            assert list(target.list_connected_accounts()) == list(accounts)
            assert target._store.get(Key("upload", "vimeo", "ana"))
        assert toolkit.delete_connected_account(identifier="ana", revoke=False)
        assert toolkit.get_or_create_connected_account(identifier="another")


def test_a_sqlite_file_gets_its_number(sqlite_url: str) -> None:
    first_release.write(sqlite_url)
    with _toolkit(sqlite_url) as toolkit:
        toolkit.list_connected_accounts()
    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    connection.close()


@stores
def test_a_lease_of_the_first_release_is_respected_and_nothing_of_it_stays(store_url: str) -> None:
    """A process of 0.1.0 may hold one while the first process of this release starts."""
    first_release.write(store_url)
    first_release.hold_lease(store_url, "job", "before", seconds=60)
    first_release.hold_lease(store_url, "gone", "before", seconds=-1)
    store = open_store(store_url)
    assert not store.acquire("job", "now", 60)
    store.release("job", "now")
    assert not store.acquire("job", "now", 60)
    assert store.acquire("gone", "now", 60)
    store.release("gone", "now")
    store.close()
    assert first_release.leases(store_url) == ["job"]


def _accounts(number: int, url: str) -> int:
    with _toolkit(url) as toolkit:
        return len(toolkit.list_connected_accounts())


@pytest.mark.slow
@stores
def test_8_processes_bring_it_up_to_date_at_once(store_url: str) -> None:
    first_release.write(store_url)
    assert in_processes(8, _accounts, store_url) == [4] * 8


@pytest.mark.parametrize("store_url", ["sqlite", "redis"], indirect=True)
def test_what_a_newer_release_made_is_left_alone(store_url: str) -> None:
    first_release.write(store_url)
    if store_url.startswith("sqlite"):
        connection = sqlite3.connect(store_url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("PRAGMA user_version = 99")
        connection.close()
    else:
        import redis

        address, _, prefix = store_url.partition("?prefix=")
        client = redis.Redis(unix_socket_path=address.removeprefix("unix://"))
        client.set(f"{{{prefix}}}:format", "99")
        client.close()
    store = open_store(store_url)
    for call in (
        lambda: store.get(key("ana")),
        lambda: store.put(key("z"), b"", version=1, expected=0),
        lambda: store.scan("account"),
    ):
        with pytest.raises(ConfigurationError, match="99, made by a newer vimeo-toolkit") as caught:
            call()
        assert "Upgrade" in caught.value.hint
    store.close()


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/home/a.db", ""), ("/mnt/team/a.db", "nfs4"), ("/mnt/team x/a.db", "cifs"), ("/mnt/teams/a.db", "")],
)
def test_a_network_disk_is_known(path: str, kind: str) -> None:
    mounts = (
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
        "40 22 0:38 / /mnt/team rw,relatime shared:20 - nfs4 server:/export rw,vers=4.2\n"
        "41 22 0:39 / /mnt/team\\040x rw shared:21 - cifs //server/share rw\n"
        "a line of another kind\n"
    )
    assert network_disk(Path(path), mounts) == kind
