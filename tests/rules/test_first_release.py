"""Public names of 0.1.0 and their attributes still work, if need be as former ones."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

NAMES = Path(__file__).with_name("first_release.txt").read_text().splitlines()
"""`package.Name: its attributes`, as 0.1.0 had them. A name goes from here in the release that drops it."""


@pytest.mark.parametrize("package", sorted({line.partition(":")[0].rpartition(".")[0] for line in NAMES}))
def test_the_public_names_still_work(package: str) -> None:
    module, missing = importlib.import_module(package), []
    for line in NAMES:
        place, _, attributes = line.partition(":")
        if place.rpartition(".")[0] != package:
            continue
        thing = getattr(module, place.rpartition(".")[2])
        there = set(dir(thing))
        for base in getattr(thing, "__mro__", ()):
            there.update(vars(base).get("__annotations__", ()))
        missing += [f"{place}.{name}" for name in attributes.split() if name not in there]
    assert not missing, f"Give these a former name (vimeo_toolkit/renamed.py): {', '.join(missing)}"
