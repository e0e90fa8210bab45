"""50 kills, cancellations and lost answers at random effects, on each store. `scripts/long` runs 500."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaign.cases import PAIRS, draw
from tests.campaign.ledger import Ledger
from tests.campaign.running import Campaign

RUNS = 50


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("store_url", "kind"), PAIRS, indirect=["store_url"])
def test_nothing_is_lost(kind: str, store_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    store = request.node.callspec.params["store_url"]
    struck = 0
    with Ledger() as ledger:
        cases = [draw(store, kind, seed) for seed in range(RUNS)]
        for result in Campaign(ledger, store_url, tmp_path).run(cases, 3, lambda: True):
            assert not result.faults, f"{result.case.again}: {result.faults}\n{result.trace}"
            struck += bool(result.struck)
    assert struck > RUNS * 0.8
