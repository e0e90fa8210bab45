"""How many examples property tests try: few in the default run, always the same ones; many in the slow run.

`-m slow` runs the property tests again, with many examples.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

__all__ = ["choose", "examples", "is_property"]

settings.register_profile("few", deadline=None, derandomize=True, database=None, max_examples=50)
settings.register_profile("many", deadline=None, database=None, max_examples=500, print_blob=True)


def choose(config: pytest.Config) -> bool:
    """Load the profile of this run, before test modules are imported; whether it is that of the slow run."""
    many = str(config.getoption("markexpr")) == "slow"
    settings.load_profile("many" if many else "few")
    return many


def examples(few: int, many: int, skip: Sequence[HealthCheck] = ()) -> settings:
    """Return the settings of a test that tries so many examples in the default run and in the slow run."""
    count = many if settings.get_current_profile_name() == "many" else few
    return settings(max_examples=count, suppress_health_check=skip)


def is_property(item: pytest.Item) -> bool:
    """Whether hypothesis makes what this test is given, or it says of itself that it is one."""
    tested: Any = getattr(item, "obj", None)
    return getattr(tested, "is_hypothesis_test", False) or item.get_closest_marker("property") is not None
