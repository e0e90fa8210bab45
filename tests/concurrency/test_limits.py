"""Many processes on one user's limit."""

from __future__ import annotations

from typing import Any

import pytest

from tests.concurrency.conftest import SHARED, Start
from tests.concurrency.workers import call_many, make_toolkit, spend
from vimeo_toolkit.sandbox import Sandbox

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("store_url", SHARED, indirect=True)]


def test_no_more_than_the_limit_reaches_the_server(
    vimeo: Sandbox, settings: dict[str, Any], start: Start
) -> None:
    """512 callers without patience against a limit of 50 in a window that does not end meanwhile."""
    user = vimeo.add_user("Limited", plan="free")
    vimeo.world.window_seconds = 600.0
    with make_toolkit(settings) as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token(user).access_token)
        toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")
    user.window.used, user.window.ends = 0, 0.0
    vimeo.requests.clear()
    outcomes = start(call_many, [({**settings, "max_wait": 1.0}, False) for _ in range(8)])
    flat = [outcome.partition(":")[0] for each in outcomes for outcome in each]
    assert set(flat) <= {"ok", "RateLimited"}
    statuses = [request.status for request in vimeo.requests]
    assert len(statuses) <= 50
    assert statuses == [200] * len(statuses)
    assert flat.count("ok") == len(statuses) >= 25


def test_five_windows_under_contention(vimeo: Sandbox, settings: dict[str, Any], start: Start) -> None:
    """Patient callers see no 429 and are not starved; the user beside them is not touched."""
    crowd, quiet = vimeo.add_user("Crowd", plan="free"), vimeo.add_user("Quiet", plan="free")
    vimeo.world.window_seconds = 4.0
    with make_toolkit(settings) as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token(crowd).access_token)
        toolkit.import_token(identifier="quiet", access_token=vimeo.issue_token(quiet).access_token)
    vimeo.requests.clear()
    patient = {**settings, "max_wait": 60.0}
    alone = {**patient, "identifier": "quiet", "max_wait": 0.0}
    results = start(spend, [(patient, 20.0, 4)] * 8 + [(alone, 5.0, 1)])
    crowd_requests = [request for request in vimeo.requests if request.user == crowd.uri]
    refused = [request for request in crowd_requests if request.status == 429]
    assert len(crowd_requests) >= 3 * 50
    assert len(refused) < 0.01 * len(crowd_requests) + 1
    for threads in results:
        for _done, impatient, failures in threads:
            assert failures == []
            assert impatient == 0 or len(threads) == 1
    served = [done for threads in results if len(threads) > 1 for done, _, _ in threads]
    assert min(served) >= 1
    assert all(request.status == 200 for request in vimeo.requests if request.user == quiet.uri)
