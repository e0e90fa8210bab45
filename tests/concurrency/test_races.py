"""Races between threads: nothing comes back, nothing crosses, nothing is done twice."""

from __future__ import annotations

import asyncio
import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.concurrency.conftest import SHARED
from tests.concurrency.stress import expire
from tests.concurrency.test_single_flight import connect
from tests.concurrency.workers import make_toolkit
from vimeo_toolkit import AuthorizationFailed, Connection, VimeoToolkit, VimeoToolkitError
from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import HttpRequest, HttpResponse
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.secret import Secret


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("store_url", SHARED, indirect=True)
def test_a_disconnected_account_stays_away(vimeo: Sandbox, settings: dict[str, Any]) -> None:
    """500 races of a refresh against a disconnection."""
    vimeo.user.plan = "enterprise"

    def call(toolkit: VimeoToolkit, wait: float) -> None:
        time.sleep(wait)
        try:
            toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")
        except VimeoToolkitError:
            return

    def disconnect(toolkit: VimeoToolkit, wait: float) -> None:
        time.sleep(wait)
        assert toolkit.delete_connected_account(identifier="u")

    dice = random.Random(11)
    with make_toolkit(settings) as toolkit, ThreadPoolExecutor(2) as pool:
        for _ in range(500):
            vimeo.user.window.used = 0
            connect(vimeo, toolkit)
            expire(toolkit)
            racing = [
                pool.submit(call, toolkit, dice.random() * 0.004),
                pool.submit(disconnect, toolkit, dice.random() * 0.008),
            ]
            for each in racing:
                each.result(30)
            assert toolkit.list_connected_accounts() == []
            live = [token for token in vimeo.world.tokens.values() if not token.revoked]
            assert live == []
            vimeo.world.tokens.clear()


@pytest.mark.parametrize("store_url", SHARED, indirect=True)
def test_fifty_callbacks_at_once_are_one(vimeo: Sandbox, settings: dict[str, Any]) -> None:
    with make_toolkit(settings) as toolkit, ThreadPoolExecutor(50) as pool:
        callback = vimeo.authorize(toolkit.get_authorization_link(identifier="u").link)
        vimeo.token_calls = 0

        def complete(_: int) -> bool:
            try:
                toolkit.complete_authorization(callback, identifier="u")
            except AuthorizationFailed:
                return False
            return True

        assert sum(pool.map(complete, range(50))) == 1
        assert vimeo.token_calls == 1


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_50000_calls_of_1000_tenants_never_meet() -> None:
    """Sync from threads and async at once; every request has its own tenant's token, every result its own."""
    tenants = 1000
    with VimeoToolkit([Connection()], store="sqlite:///:memory:") as toolkit:
        vault, io = toolkit._context.vault, toolkit._blocking
        for number in range(tenants):
            record = AccountRecord(
                connection_name="vimeo",
                identifier=f"tenant-{number}",
                status=AccountStatus.ACTIVE,
                access_token=Secret(f"token-{number}"),
                granted_scopes=("private", "public"),
            )
            assert run_sync(vault.save(io, record)) is not None

        def echo(request: HttpRequest) -> HttpResponse:
            bearer = dict(request.headers)["Authorization"]
            return HttpResponse(200, {}, json.dumps({"uri": bearer.removeprefix("Bearer token-")}).encode())

        async def send(request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
            return echo(request)

        async def send_later(request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
            await asyncio.sleep(0)
            return echo(request)

        toolkit._blocking.send = send  # type: ignore[method-assign]
        toolkit._async.send = send_later  # type: ignore[method-assign]

        def calls(seed: int) -> int:
            dice, wrong = random.Random(seed), 0
            for _ in range(3125):
                number = dice.randrange(tenants)
                result = toolkit.execute_tool(identifier=f"tenant-{number}", tool_name="vimeo_me_get")
                wrong += result["uri"] != str(number)
            return wrong

        async def acalls(seed: int) -> int:
            dice, wrong = random.Random(seed), 0
            for _ in range(250):
                number = dice.randrange(tenants)
                result = await toolkit.aexecute_tool(identifier=f"tenant-{number}", tool_name="vimeo_me_get")
                wrong += result["uri"] != str(number)
            return wrong

        with ThreadPoolExecutor(8) as pool:
            loop = asyncio.get_running_loop()
            threads = [loop.run_in_executor(pool, calls, seed) for seed in range(8)]
            tasks = [acalls(100 + seed) for seed in range(100)]
            assert sum(await asyncio.gather(*threads, *tasks)) == 0
