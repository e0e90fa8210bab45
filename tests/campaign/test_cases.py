"""A seed is always the same case, and the effects that matter most come up more often."""

from __future__ import annotations

from collections import Counter

from tests.campaign.cases import FLOWS, KINDS, STORES, chosen, draw


def test_a_seed_is_a_case() -> None:
    for store in STORES:
        for kind in KINDS:
            cases = [draw(store, kind, seed) for seed in range(40)]
            assert cases == [draw(store, kind, seed) for seed in range(40)]
            assert {each.flow for each in cases} == set(FLOWS)


def test_each_effect_can_be_chosen() -> None:
    effects = ["get account", "acquire", "POST oauth/access_token", "put account"]
    found = Counter(chosen(effects, share / 100) for share in range(100))
    assert set(found) == set(range(len(effects)))
    assert found[0] < found[1] < found[2]
    assert chosen(effects, 1.0) == len(effects) - 1
