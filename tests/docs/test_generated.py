"""What the README says of the code is made of the code: the table of tools, how many there are, the events."""

from __future__ import annotations

import os
import re

from tests.contract.openapi import tools_59
from tests.docs.blocks import ROOT
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.observe import EVENTS

README = ROOT / "README.md"
GENERATED = re.compile(r"<!-- (\w+):begin -->(.*?)<!-- \1:end -->", re.DOTALL)
"""What is made of the code; with VIMEO_TOOLKIT_WRITE_README=1 its test renews it."""


def tools_table() -> str:
    rows = ["", "| Tool | What it does | Scope | |", "|---|---|---|---|"]
    for tool in catalog().values():
        scopes = ", ".join(f"`{scope}`" for scope in sorted(tool.scopes)) or "any token"
        rows.append(f"| `{tool.name}` | {tool.description} | {scopes} | {tool.effect} |")
    return "\n".join(rows) + "\n"


def counts() -> str:
    hosted = len({each["tool"] for each in tools_59()} & catalog().keys())
    return (
        f"**{len(catalog())} tools**: all {hosted} of the hosted connector that you may know, under its names and "
        f"inputs, and {len(catalog()) - hosted} that it lacks"
    )


def events() -> str:
    return ", ".join(f"`{name}`" for name in EVENTS)


MADE = {"tools": tools_table, "counts": counts, "events": events}


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
