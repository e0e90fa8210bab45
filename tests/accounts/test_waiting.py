"""How many authorization links of a user wait for their callback at once."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.unit.world import World
from vimeo_toolkit import AccountError, Connection, StoreBusy, VimeoToolkit, generate_key
from vimeo_toolkit.accounts.authorize import _state_key, authorization_link, offered_link
from vimeo_toolkit.accounts.records import get_or_create_account
from vimeo_toolkit.accounts.rows import own_key
from vimeo_toolkit.accounts.waiting import LINKS, MOST
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.blocking import run_sync
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
        run_sync(ctx.vault.rows.put_json(world, key, {"names": "x"}, ttl=60.0))
    else:
        run_sync(world.store.aput(key, b"?", version=7, expected=0, ttl=60.0))
    for _ in range(MOST + 2):
        run_sync(authorization_link(ctx, world, Identity("vimeo", "u")))
    assert len(run_sync(world.store.ascan("state", "", after=None, limit=100))) == MOST


def test_a_race_that_is_never_won_leaves_no_link() -> None:
    world = World()
    ctx = world.context()
    put = world.store.aput

    async def outrun(key: Key, value: bytes, **more: object) -> bool:
        return key.kind != LINKS and await put(key, value, **more)  # type: ignore[arg-type]

    world.store.aput = outrun  # type: ignore[method-assign]
    with pytest.raises(StoreBusy):
        run_sync(authorization_link(ctx, world, Identity("vimeo", "u")))
    assert run_sync(world.store.ascan("state", "", after=None, limit=100)) == []


# ---- links that failing calls offer ----


async def test_an_agent_that_fails_again_and_again_leaves_both_links_as_they_are() -> None:
    """The one that the user asked for, and the first one that a call has offered: they have it before them."""
    store, key = SqliteStore(":memory:"), generate_key()
    connection = Connection(client_id="x", client_secret="x", redirect_uri="http://127.0.0.1/cb")
    toolkit = VimeoToolkit([connection], store=store, key=key)
    asked = toolkit.get_authorization_link(identifier="ana").link
    offered: list[str | None] = []
    for _ in range(MOST + 5):
        with pytest.raises(AccountError) as failed:
            toolkit.execute_tool(identifier="ana", tool_name="vimeo_me_get")
        offered.append(failed.value.authorization_link)
        with pytest.raises(AccountError) as failed:
            await toolkit.aexecute_tool(identifier="ana", tool_name="vimeo_me_get")
        offered.append(failed.value.authorization_link)
    (link,) = set(offered)
    assert link
    assert link != asked
    assert _works(toolkit, asked)
    assert _works(toolkit, link)
    with pytest.raises(AccountError) as failed:
        toolkit.execute_tool(identifier="ben", tool_name="vimeo_me_get")
    assert failed.value.authorization_link not in {link, asked}


def test_offered_links_take_none_away_that_was_asked_for() -> None:
    """Nor the other way round, where many workers offer one each."""
    world, who = World(), Identity("vimeo", "u")
    contexts = [world.context() for _ in range(MOST + 3)]
    first = run_sync(authorization_link(contexts[0], world, who)).link
    offered = [run_sync(offered_link(each, world, who)).link for each in contexts]
    rows = {key.name for key, _ in run_sync(world.store.ascan("state", "", after=None, limit=100))}
    names = [_state_key(parse_qs(urlsplit(link).query)["state"][0]).name for link in (first, *offered)]
    assert [name in rows for name in names] == [True, *[False] * 3, *[True] * MOST]


@pytest.mark.parametrize("change", ["used", "another user", "other scopes", "half its time", "made anew"])
def test_what_a_link_is_offered_again_for(change: str) -> None:
    world, who = World(), Identity("vimeo", "u")
    ctx = world.context()
    account = world.account(ctx)
    first = run_sync(offered_link(ctx, world, who))
    scopes: list[str] = []
    assert run_sync(offered_link(ctx, world, who)) == first
    match change:
        case "used":
            state = parse_qs(urlsplit(first.link).query)["state"][0]
            assert run_sync(ctx.vault.rows.take_json(world, _state_key(state)))
        case "another user":
            who = Identity("vimeo", "v")
        case "other scopes":
            scopes = ["edit"]
        case "half its time":
            world.time += 301.0
        case _:
            run_sync(ctx.vault.rows.drop(world, own_key("account", who)))
            world.time += 1.0
            assert run_sync(get_or_create_account(ctx, world, who)).created_at != account.created_at
    again = run_sync(offered_link(ctx, world, who, scopes=scopes))
    assert again != first
    assert run_sync(offered_link(ctx, world, who, scopes=scopes)) == again
    assert first.link not in repr(ctx)


def test_what_is_offered_takes_no_more_memory_than_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vimeo_toolkit.accounts.authorize.MOST_OFFERS", 3)
    world = World()
    ctx = world.context()
    links = [run_sync(offered_link(ctx, world, Identity("vimeo", name))).link for name in "abcde"]
    assert [offer.link.link for offer in ctx.offers.values()] == links[2:]
