"""The sandbox against recordings of the live API: all that differs stands in a table, with its reason."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.sandbox.recorded.differences import differences
from tests.sandbox.recorded.replaying import RECORDINGS


@pytest.mark.skipif(not RECORDINGS.exists(), reason="needs the recordings, which lie beside the checkout")
def test_what_differs_from_the_recordings_is_known() -> None:
    table = tomllib.loads(Path(__file__).with_name("differences.toml").read_text())
    known = [line for each in table["differences"] for line in each["lines"]]
    assert len(known) == len(set(known))
    assert all(each["reason"] for each in table["differences"])
    found = set(differences())
    assert sorted(found - set(known)) == [], "not in the table"
    assert sorted(set(known) - found) == [], "no longer there: take it out of the table"
