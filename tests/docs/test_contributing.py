"""The table in CONTRIBUTING.md that says which tests to run is whole and true."""

from __future__ import annotations

import pytest

from tests.relevant import ROOT, relevant_tests, rows

MODULES = [
    str(path.relative_to(ROOT))
    for folder in ("vimeo_toolkit", "adapters")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if path.name not in ("__init__.py", "_version.py")
]


def test_every_path_of_the_table_exists() -> None:
    named = [path for changed, tests in rows() for path in (*changed, *tests)]
    assert len(named) > 30
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_module_has_tests() -> None:
    assert [module for module in MODULES if not relevant_tests(module)] == []


@pytest.mark.parametrize(
    ("module", "tests"),
    [
        ("vimeo_toolkit/accounts/vault.py", ["tests/accounts", "tests/unit/test_loopback.py"]),
        ("vimeo_toolkit/calls/plan.py", ["tests/consent"]),
        ("tests/unit/test_ids.py", ["tests/unit/test_ids.py"]),
        ("elsewhere.py", []),
    ],
)
def test_the_closest_row_counts(module: str, tests: list[str]) -> None:
    assert relevant_tests(module) == tests


def test_every_row_that_fits_can_be_asked_for() -> None:
    assert relevant_tests("vimeo_toolkit/calls/plan.py", every_row=True) == [
        "tests/unit",
        "tests/finding",
        "tests/consent",
    ]
