"""One refresh, one verification, whoever else wants it at the same moment."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.concurrency.conftest import SHARED, Start
from tests.concurrency.workers import call_many, make_toolkit
from vimeo_toolkit import AccountStatus, VimeoToolkit
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.sandbox import Sandbox

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("store_url", SHARED, indirect=True)]

PROCESSES = 8


def connect(vimeo: Sandbox, toolkit: VimeoToolkit, identifier: str = "u") -> None:
    link = toolkit.get_authorization_link(identifier=identifier).link
    toolkit.complete_authorization(vimeo.authorize(link), identifier=identifier)
    vimeo.requests.clear()
    vimeo.token_calls = 0


def expire(vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    """The token's life ends, in the store and at the server."""
    io, vault = toolkit._blocking, toolkit._context.vault
    run_sync(
        vault.update(io, Identity("vimeo", "u"), lambda record: record.replace(expires_at=time.time() - 1))
    )
    for token in vimeo.world.tokens.values():
        token.expires = vimeo.clock.seconds() - 1


@pytest.mark.parametrize("server_seconds", [0.0, 4.0], ids=["quick", "slower than a lease"])
def test_eight_processes_refresh_once(
    server_seconds: float, vimeo: Sandbox, settings: dict[str, Any], start: Start
) -> None:
    with make_toolkit(settings) as toolkit:
        connect(vimeo, toolkit)
        expire(vimeo, toolkit)
        vimeo.token_latency = server_seconds
        outcomes = start(call_many, [(settings, bool(place % 2)) for place in range(PROCESSES)])
        flat = [outcome for each in outcomes for outcome in each]
        assert flat == ["ok"] * PROCESSES * 64
        assert vimeo.token_calls == 1
        assert toolkit.get_connected_account(identifier="u").status is AccountStatus.ACTIVE


def test_256_refusals_are_looked_into_once(vimeo: Sandbox, settings: dict[str, Any], start: Start) -> None:
    """A personal token (nothing to refresh) is revoked: one verification, and every caller hears it."""
    with make_toolkit(settings) as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        vimeo.revoke_all(vimeo.user)
        vimeo.requests.clear()
        outcomes = start(call_many, [(settings, bool(place % 2)) for place in range(4)])
        flat = [outcome.partition(":")[0] for each in outcomes for outcome in each]
        assert flat == ["Revoked"] * 256
        assert [request.path for request in vimeo.requests].count("/oauth/verify") == 1
        assert toolkit.get_connected_account(identifier="u").status is AccountStatus.REVOKED
