"""The facts of the API's document are up to date, and hold none of its sentences."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

from tests.contract.openapi import FACTS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT.parent / "shared" / "vimeo-api" / "openapi-3.4.json"
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "api_facts.py"))


def test_they_are_what_the_script_makes_where_the_document_is_at_hand() -> None:
    assert not DOCUMENT.exists() or FACTS.read_text() == SCRIPT["text"](
        DOCUMENT, DOCUMENT.with_name("tools-59.json")
    )


def test_they_hold_no_sentence() -> None:
    found = json.loads(FACTS.read_text())
    texts: list[str] = []

    def collect(node: object) -> None:
        if isinstance(node, dict):
            for name, each in node.items():
                texts.append(name)
                collect(each)
        elif isinstance(node, list):
            for each in node:
                collect(each)
        elif isinstance(node, str):
            texts.append(node)

    collect(found)
    assert [text for text in texts if text.count(" ") > 3] == []


def test_the_script_keeps_what_constrains_a_value_and_nothing_else() -> None:
    made = SCRIPT["schema_facts"](
        {
            "type": "object",
            "title": "A title",
            "description": "A sentence.",
            "required": ["description"],
            "properties": {"description": {"type": "string", "nullable": True, "example": "x"}},
        }
    )
    assert made == {
        "type": "object",
        "required": ["description"],
        "properties": {"description": {"type": "string", "nullable": True}},
    }
