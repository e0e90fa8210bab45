"""What the README says of the code is made of the code: how many tools there are, the figures, the pictures."""

from __future__ import annotations

import os
import re

from scripts.docs.figures import differences
from scripts.docs.pictures import BADGES, DEMO, badges, draw_demo, steps_of
from tests.contract.openapi import tools_59
from tests.docs.blocks import ROOT
from vimeo_toolkit.catalog import catalog

README = ROOT / "README.md"
GENERATED = re.compile(r"<!-- (\w+):begin -->(.*?)<!-- \1:end -->", re.DOTALL)
"""What is made of the code; with VIMEO_TOOLKIT_WRITE_README=1 its test renews it."""


def counts() -> str:
    hosted = len({each["tool"] for each in tools_59()} & catalog().keys())
    return (
        f"**{len(catalog())} tools**: all {hosted} of the hosted connector that you may know, under its names and "
        f"inputs, and {len(catalog()) - hosted} that it lacks"
    )


MADE = {"counts": counts, "figures": differences}


def test_what_is_generated_is_up_to_date() -> None:
    text = README.read_text()
    assert {name for name, _ in GENERATED.findall(text)} == set(MADE)
    renewed = GENERATED.sub(
        lambda found: f"<!-- {found[1]}:begin -->{MADE[found[1]]()}<!-- {found[1]}:end -->", text
    )
    if os.environ.get("VIMEO_TOOLKIT_WRITE_README"):
        README.write_text(renewed)
        return
    assert text == renewed, "VIMEO_TOOLKIT_WRITE_README=1 uv run pytest tests/docs"


def test_the_readme_is_short() -> None:
    assert len(README.read_text().splitlines()) <= 170


def test_the_picture_shows_what_the_demo_does() -> None:
    """Run `python -m scripts.docs.pictures` where it does something else by now."""
    drawn = DEMO.read_text(encoding="utf-8")
    steps = steps_of(drawn)
    assert "vimeo_showcase_create" in steps
    assert steps == steps_of(draw_demo())
    assert "exactly" in drawn
    assert "url(http" not in drawn


def test_the_badges_say_what_the_project_declares() -> None:
    for name, svg in badges().items():
        assert (BADGES / name).read_text(encoding="utf-8") == svg
        assert f"docs/images/{name}" in README.read_text()
