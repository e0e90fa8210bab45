"""How many authorization links of a user wait for their callback at once."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.unit.world import World
from vimeo_toolkit import Connection, StoreBusy, VimeoToolkit, generate_key
from vimeo_toolkit.accounts.authorize import _state_key, authorization_link
from vimeo_toolkit.accounts.waiting import LINKS, MOST
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.blocking import drive
from vimeo_toolkit.stores.protocol import Key
from vimeo_toolkit.stores.sqlite import SqliteStore


def _works(toolkit: VimeoToolkit, link: str) -> bool:
    return toolkit._store.get(_state_key(parse_qs(urlsplit(link).query)["state"][0])) is not None


async def test_the_oldest_goes_first_whichever_worker_made_it() -> None:
    """Two toolkits on one store, many links at once: never more than so many rows, and the newest works."""
    store, key = SqliteStore(":memory:"), generate_key()
    connection = Connection(client_id="x", client_secret="x", redirect_uri="http://127.0.0.1/cb")
    workers = [VimeoToolkit([connection], store=store, key=key) for _ in range(2)]
    others = workers[0].get_authorization_link(identifier="ben").link
    for round_ in range(3):
        await asyncio.gather(
            *(workers[each % 2].aget_authorization_link(identifier="ana") for each in range(12))
        )
        links = [workers[round_ % 2].get_authorization_link(identifier="ana").link for _ in range(MOST)]
        assert all(_works(workers[0], link) for link in links)
        assert len(store.scan("state", "", after=None, limit=100)) == MOST + 1
    newest = workers[0].get_authorization_link(identifier="ana", allow_account_change=True).link
    assert [_works(workers[1], link) for link in (newest, *links)] == [True, False, *[True] * (MOST - 1)]
    assert _works(workers[0], others)


@pytest.mark.parametrize("spoiled", ["sealed by another key", "of another shape"])
def test_a_note_that_cannot_be_used_is_written_anew(spoiled: str) -> None:
    world = World()
    ctx = world.context()
    key = Key(LINKS, "vimeo", "u")
    if spoiled == "of another shape":
        drive(ctx.vault.rows.put_json(world, key, {"names": "x"}, ttl=60.0))
    else:
        drive(world.store.aput(key, b"?", version=7, expected=0, ttl=60.0))
    for _ in range(MOST + 2):
        drive(authorization_link(ctx, world, Identity("vimeo", "u")))
    assert len(drive(world.store.ascan("state", "", after=None, limit=100))) == MOST


def test_a_race_that_is_never_won_leaves_no_link() -> None:
    world = World()
    ctx = world.context()
    put = world.store.aput

    async def outrun(key: Key, value: bytes, **more: object) -> bool:
        return key.kind != LINKS and await put(key, value, **more)  # type: ignore[arg-type]

    world.store.aput = outrun  # type: ignore[method-assign]
    with pytest.raises(StoreBusy):
        drive(authorization_link(ctx, world, Identity("vimeo", "u")))
    assert drive(world.store.ascan("state", "", after=None, limit=100)) == []
