"""A process that connects, refreshes and calls without end, to be killed at any moment."""

from __future__ import annotations

import itertools
import os
import random
import signal
import time
from typing import Any

import httpx

from tests.concurrency.workers import make_toolkit
from vimeo_toolkit import Expired, VimeoToolkit
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.blocking import run_sync

__all__ = ["die_at", "reconnect", "stress"]


def reconnect(toolkit: VimeoToolkit, user: str) -> None:
    """Connect `u` anew, playing the browser by hand."""
    link = toolkit.get_authorization_link(identifier="u").link
    form = {"user": user, "decision": "allow", "scope": ["public", "private"]}
    with httpx.Client(trust_env=False, verify=False) as browser:  # noqa: S501 - loopback without TLS
        callback = browser.post(link, data=form).headers["location"]
    toolkit.complete_authorization(callback, identifier="u")


def expire(toolkit: VimeoToolkit) -> None:
    vault = toolkit._context.vault
    soon = time.time() - 1
    run_sync(
        vault.update(
            toolkit._blocking, Identity("vimeo", "u"), lambda record: record.replace(expires_at=soon)
        )
    )


def version(toolkit: VimeoToolkit) -> int:
    record = run_sync(toolkit._context.vault.load(toolkit._blocking, Identity("vimeo", "u")))
    return 0 if record is None else record.version


def stress(settings: dict[str, Any], user: str, seed: int, acknowledged: Any) -> None:
    """Work until killed; tells the version of each account state that was acknowledged."""
    toolkit, dice = make_toolkit(settings), random.Random(seed)
    acknowledged.send(version(toolkit))
    while True:
        try:
            what = dice.random()
            if what < 0.4:
                expire(toolkit)
            elif what < 0.7:
                reconnect(toolkit, user)
            toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")
        except Expired:
            reconnect(toolkit, user)
        acknowledged.send(version(toolkit))


def die_at(settings: dict[str, Any], user: str, flow: str, effect: int, after: bool, done: Any) -> None:
    """Run one flow and kill this very process at its n-th effect, before or after it happens."""
    toolkit = make_toolkit(settings)
    if flow == "refresh":
        expire(toolkit)
    counter = itertools.count()

    def deadly(function: Any) -> Any:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            mine = next(counter) == effect
            if mine and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            result = function(*args, **kwargs)
            if mine:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return wrapped

    def deadly_async(function: Any) -> Any:
        async def wrapped(*args: Any, **kwargs: Any) -> Any:
            mine = next(counter) == effect
            if mine and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            result = await function(*args, **kwargs)
            if mine:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return wrapped

    store: Any = toolkit._store
    for name in ("get", "put", "delete", "acquire", "release"):
        setattr(store, name, deadly(getattr(store, name)))
    io: Any = toolkit._blocking
    io.send = deadly_async(io.send)
    if flow == "authorize":
        reconnect(toolkit, user)
    else:
        toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")
    done.send(True)
