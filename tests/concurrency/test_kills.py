"""kill -9 at any moment: no account is lost or damaged, and the next call works."""

from __future__ import annotations

import multiprocessing
import random
import time
from typing import Any

import pytest

from tests.concurrency.conftest import SHARED
from tests.concurrency.stress import die_at, reconnect, stress
from tests.concurrency.stress import version as stored_version
from tests.concurrency.workers import make_toolkit
from vimeo_toolkit import AccountStatus, Expired, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.parametrize("store_url", SHARED, indirect=True),
]

KILLS = 500


def _context() -> Any:
    """Children that start in milliseconds, from a server that has imported everything and holds no thread."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["tests.concurrency.stress", "vimeo_toolkit.stores.sqlite", "vimeo_toolkit.catalog.videos"]
    )
    return context


def _works_again(toolkit: VimeoToolkit, user: str, acknowledged: int) -> bool:
    """The account is there, no older than what was acknowledged, and a call works soon; True when a refresh
    was interrupted in the one moment that no client can make up for, which the account then says."""
    account = toolkit.get_connected_account(identifier="u")
    assert stored_version(toolkit) >= acknowledged
    assert account.status in (AccountStatus.ACTIVE, AccountStatus.EXPIRED)
    begun = time.monotonic()
    try:
        toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")
    except Expired as error:
        assert "interrupted" in str(error)  # noqa: PT017 - one of two outcomes
        reconnect(toolkit, user)
        toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")
        return True
    finally:
        assert time.monotonic() - begun < 15  # a dead holder's lease ends within seconds
    return False


def test_killed_at_random(vimeo: Sandbox, settings: dict[str, Any]) -> None:
    context, dice, user = _context(), random.Random(7), str(vimeo.user.id)
    vimeo.user.plan = "enterprise"
    interrupted = 0
    with make_toolkit(settings) as toolkit:
        reconnect(toolkit, user)
        for kill in range(KILLS):
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=stress, args=(settings, user, kill, theirs), daemon=True)
            process.start()
            theirs.close()
            assert ours.poll(60)
            last = ours.recv()
            time.sleep(dice.random() * 0.06)
            process.kill()
            process.join(30)
            while ours.poll():
                try:
                    last = ours.recv()
                except EOFError:
                    break
            ours.close()
            interrupted += _works_again(toolkit, user, last)
            vimeo.requests.clear()
            vimeo.user.window.used = 0
    assert interrupted < KILLS / 4


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("flow", ["refresh", "authorize", "call"])
def test_killed_at_every_effect(flow: str, after: bool, vimeo: Sandbox, settings: dict[str, Any]) -> None:
    context, user = _context(), str(vimeo.user.id)
    with make_toolkit(settings) as toolkit:
        reconnect(toolkit, user)
        for effect in range(60):
            ours, theirs = context.Pipe(duplex=False)
            arguments = (settings, user, flow, effect, after, theirs)
            process = context.Process(target=die_at, args=arguments, daemon=True)
            process.start()
            theirs.close()
            process.join(60)
            try:
                finished = ours.poll() and ours.recv()
            except EOFError:
                finished = False
            _works_again(toolkit, user, 0)
            if finished:
                break
        assert finished
        assert effect >= 2
