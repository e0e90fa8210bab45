"""CONTRIBUTING's recipes lead to what they promise, and each of their steps is needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.recipes import copy_of_the_project, recipes, run

RECIPES = recipes()


def carry_out(name: str, folder: Path, *, without: int | None = None) -> None:
    copy = copy_of_the_project(folder)
    for number, step in enumerate(RECIPES[name].steps):
        if number != without:
            step.apply(copy)
    for command in RECIPES[name].commands:
        ran = run([command], copy)
        assert not ran.returncode, f"{command}\n{ran.stdout[-6000:]}{ran.stderr[-2000:]}"


def test_there_is_a_recipe_for_what_is_added_often() -> None:
    assert set(RECIPES) >= {"tool", "adapter", "error", "event", "store"}
    for recipe in RECIPES.values():
        assert recipe.steps
        assert recipe.commands


@pytest.mark.slow
def test_the_short_ones_work_together(tmp_path: Path) -> None:
    """In one copy and one process; the slow run has each by itself, and all."""
    copy = copy_of_the_project(tmp_path)
    short = [RECIPES["error"], RECIPES["event"]]
    for step in (step for recipe in short for step in recipe.steps):
        step.apply(copy)
    ran = run([command for recipe in short for command in recipe.commands], copy, "--noconftest")
    assert not ran.returncode, f"{ran.stdout[-6000:]}{ran.stderr[-2000:]}"


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_works(name: str, tmp_path: Path) -> None:
    carry_out(name, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("name", "step"), [(name, step) for name in RECIPES for step in range(len(RECIPES[name].steps))]
)
def test_without_one_of_its_steps_a_recipe_fails(name: str, step: int, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        carry_out(name, tmp_path, without=step)
