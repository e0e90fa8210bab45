"""Each extra, alone in an empty environment, runs the blocks of its guide."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.alone import USES, Use, serving, try_use
from tests.packaging.building import ROOT, Environment, build

EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    [made] = build(tmp_path_factory.mktemp("wheel"), "--wheel")
    return made


@pytest.fixture(scope="module")
def variables() -> Iterator[dict[str, str]]:
    with serving() as made:
        yield made


def test_every_extra_has_a_use_and_every_page_its_blocks() -> None:
    assert {use.extra for use in USES} == {"", *EXTRAS} - {"all"}
    for use in USES:
        assert use.blocks() or use.before or use.after or use.command


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("use", USES, ids=lambda use: f"{use.extra or 'core'}:{use.page or use.command}")
def test_the_extra_is_enough(use: Use, wheel: Path, variables: dict[str, str], tmp_path: Path) -> None:
    environment = Environment(tmp_path / "environment")
    environment.install(*use.requirements(wheel))
    try_use(use, environment, tmp_path, variables)
