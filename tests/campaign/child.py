"""What the processes do that are struck, and those that come after them."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

from tests.campaign.cases import Case
from tests.campaign.flows import ACT, PREPARE, RECOVER, Hands
from tests.campaign.striking import Strike, StruckStore, TimeLimit, strike_requests
from vimeo_toolkit import Connection, VimeoToolkit, VimeoToolkitError
from vimeo_toolkit.accounts.belongings import BY_USER, NAMED, PREFIXED
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.driver_parts import LEASE_SECONDS
from vimeo_toolkit.stores import Key, Store, open_store

__all__ = ["run"]

Tell = Callable[[dict[str, Any]], None]

catalog()  # once, in the server that forks the processes


def run(case: Case, settings: dict[str, Any], at: int | None, told: dict[str, Any] | None, pipe: Any) -> None:
    """Run a case, or with `told` what comes after a process that was killed; tells the parent all of it."""
    guard = threading.Lock()

    def tell(message: dict[str, Any]) -> None:
        with guard:
            pipe.send(message)
        if told is not None:
            told.update(message)

    signal.signal(signal.SIGUSR1, _limit)
    try:
        store = open_store(settings["store"])
        if told is None:
            told = {}
            toolkit, strike = _struck(case, settings, store, at, tell)
            if case.restart:
                if case.store == "memory":  # closing it would empty it
                    toolkit._blocking.settle()
                else:
                    toolkit.close()
                toolkit, strike = _calm(case, settings, store, tell)
        else:
            toolkit, strike = _calm(case, settings, store, tell, at)
        hands = Hands(toolkit, case, settings, tell, told)
        _world(case, RECOVER[case.flow], hands)
        strike.disarm()
        _after(hands, store, pipe)
    except BaseException as error:
        lines = traceback.format_exception(error)
        tell({"fault": f"{type(error).__name__}: {error}", "trace": "".join(lines)[-6000:]})
    tell({"end": True})


def _limit(*_: object) -> None:
    raise TimeLimit


def _toolkit(case: Case, settings: dict[str, Any], store: Store) -> VimeoToolkit:
    return VimeoToolkit(
        [Connection(**settings["connections"]["expiring" if case.expiring else "lasting"])],
        store=store,
        key=settings["key"],
        timeout=20.0,
        approval="outward" if case.flow == "approval" else None,
    )


def _calm(
    case: Case, settings: dict[str, Any], store: Store, tell: Tell, at: int | None = None
) -> tuple[VimeoToolkit, Strike]:
    """A toolkit of which it is told which tokens it hears, and to which nothing happens, unless at `at`."""
    strike = Strike(case, tell)
    toolkit = _toolkit(case, settings, StruckStore(store, strike))
    strike_requests(toolkit, strike)
    strike.arm(at)
    return toolkit, strike


def _struck(
    case: Case, settings: dict[str, Any], store: Store, at: int | None, tell: Tell
) -> tuple[VimeoToolkit, Strike]:
    strike = Strike(case, tell)
    toolkit = _toolkit(case, settings, StruckStore(store, strike))
    strike_requests(toolkit, strike)
    hands = Hands(toolkit, case, settings, tell)
    _world(case, PREPARE, hands)
    tell({"prepared": True})
    outcome = _interrupted(case, hands, strike, at)
    tell({"outcome": outcome})
    return toolkit, strike


def _world(case: Case, flow: Callable[[Hands], Awaitable[None]], hands: Hands) -> None:
    work: Any = flow(hands)
    if case.asynchronous:
        asyncio.run(work)
    else:
        run_sync(work)


def _interrupted(case: Case, hands: Hands, strike: Strike, at: int | None) -> str:
    """How the flow ended for its caller."""
    try:
        try:
            strike.arm(at)
            if case.asynchronous:
                asyncio.run(_as_task(case, hands, strike))
            else:
                _world(case, ACT[case.flow], hands)
            outcome = "ok"
        except VimeoToolkitError as error:
            outcome = error.code
        finally:
            strike.disarm()
    except (KeyboardInterrupt, TimeLimit, asyncio.CancelledError):
        outcome = "cancelled"
        strike.disarm()
    return outcome


async def _as_task(case: Case, hands: Hands, strike: Strike) -> None:
    act: Any = ACT[case.flow](hands)
    strike.loop = asyncio.get_running_loop()
    strike.task = task = asyncio.create_task(act)
    await asyncio.wait([task])
    if task.cancelled() and not case.loop_closes:
        await asyncio.sleep(0.05)
    await task


def _after(hands: Hands, store: Store, pipe: Any) -> None:
    """Look at what is left, and delete it."""
    toolkit, tell = hands.toolkit, hands.tell
    toolkit._blocking.settle()
    _lease_is_free(store, hands.me, tell)
    vault, io = toolkit._context.vault, toolkit._blocking
    held: set[str] = set()
    for identifier in (hands.me, hands.neighbour):
        record = run_sync(vault.load(io, Identity("vimeo", identifier)))
        if record is not None:
            held.update(each.token.reveal() for each in record.former_tokens)
            held.update(each.reveal() for each in (record.access_token,) if each is not None)
    tell({"held": sorted(held)})
    assert pipe.recv() == "go on"
    for identifier in (hands.me, hands.neighbour):
        gone = toolkit.delete_connected_account(identifier=identifier)
        assert gone, "the account was not there"
        assert gone.revoked, "its tokens were not revoked"
        for kind in ("account", *BY_USER):
            assert store.get(Key(kind, "vimeo", identifier)) is None, f"a row of {kind} was left"
        for kind in PREFIXED:
            digest = Identity("vimeo", identifier).digest
            names = [key.name for key, _ in store.scan(kind, "vimeo")]
            assert not any(name.startswith(digest) for name in names), f"{kind} was left"
        for kind in NAMED:
            rows = store.scan(kind, "vimeo")
            assert not any(vault.rows._says(key, row, Identity("vimeo", identifier)) for key, row in rows), (
                f"{kind} was left"
            )
    tell({"deleted": True})
    toolkit.close()


def _lease_is_free(store: Store, identifier: str, tell: Tell) -> None:
    """A lease that nobody holds ends within its lifetime."""
    lease = f"account/5/vimeo/{identifier}"
    if not store.acquire(lease, "looks", 1.0):
        tell({"lease": "held"})
        time.sleep(LEASE_SECONDS + 0.5)
        assert store.acquire(lease, "looks", 1.0), "a lease outlived its lifetime"
    store.release(lease, "looks")
