"""Every message of the troubleshooting page is one that the code has, and those asked for most come as it says."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, blocks_of, check_commands
from vimeo_toolkit import (
    Connection,
    MissingScope,
    NotConnected,
    VimeoToolkit,
    WrongKey,
    generate_key,
)
from vimeo_toolkit.sandbox import Sandbox

PAGE = ROOT / "docs" / "guides" / "troubleshooting.md"
MESSAGES = [block.code.strip() for block in blocks_of(PAGE) if block.language == "text"]


@cache
def texts() -> list[str]:
    """All texts of the code, with … in the place of what is filled in."""
    found = []
    for path in (ROOT / "vimeo_toolkit").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [each.value if isinstance(each, ast.Constant) else "…" for each in node.values]
                found.append("".join(map(str, parts)))
    return found


def pattern_of(message: str) -> re.Pattern[str]:
    """Whatever stands between the parts, words that the code puts together from several texts included."""
    return re.compile(".*".join(re.escape(part) for part in message.rstrip(".").split("…")), re.DOTALL)


@pytest.mark.parametrize("message", MESSAGES)
def test_the_code_has_the_message(message: str) -> None:
    """Each of its sentences as it stands, but for a first word that the code may choose."""
    parts = [part.strip() for part in re.split(r"…|(?<=\.) ", message) if len(part.strip()) > 8]
    assert parts
    joined = "\n".join(texts())
    missing = [part for part in parts if part not in joined and part.partition(" ")[2] not in joined]
    assert not missing, f"no text of the code has {missing}"


def test_every_entry_has_a_message_and_a_command() -> None:
    text = PAGE.read_text()
    entries = re.split(r"^### ", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(MESSAGES) > 20
    without = [
        entry.split("\n")[0]
        for entry in entries
        if "```text\n" not in entry or ("```sh\n" not in entry and "No event loop" not in entry)
    ]
    assert not without
    for block in blocks_of(PAGE):
        if block.language == "sh":
            assert check_commands(block.code) > 0


def said(name: str) -> re.Pattern[str]:
    """What the page has under this heading."""
    entry = PAGE.read_text().split(f"### {name}\n")[1]
    return pattern_of(entry.split("```text\n")[1].split("\n```")[0])


def test_what_is_asked_for_most_comes_with_these_words(vimeo: Sandbox) -> None:
    connection = Connection(api_url=vimeo.url)
    with VimeoToolkit([connection], store="sqlite:///:memory:") as toolkit:
        with pytest.raises(NotConnected) as absent:
            toolkit.execute_tool(identifier="nobody", tool_name="vimeo_me_get")
        assert said("NotConnected").search(str(absent.value))
        token = vimeo.issue_token(vimeo.user, scopes=["public"]).access_token
        toolkit.import_token(identifier="me", access_token=token)
        with pytest.raises(MissingScope) as lacking:
            toolkit.execute_tool(identifier="me", tool_name="vimeo_my_videos_list")
        assert said("MissingScope").search(str(lacking.value))


def test_a_wrong_key_comes_with_these_words(vimeo: Sandbox, tmp_path: Path) -> None:
    store, first, second = f"sqlite:///{tmp_path}/accounts.db", generate_key(), generate_key()
    connection = Connection(api_url=vimeo.url)
    with VimeoToolkit([connection], store=store, key=first) as toolkit:
        toolkit.import_token(identifier="me", access_token=vimeo.issue_token().access_token)
    with VimeoToolkit([connection], store=store, key=second) as toolkit, pytest.raises(WrongKey) as wrong:
        toolkit.execute_tool(identifier="me", tool_name="vimeo_me_get")
    assert said("WrongKey: sealed with another key").search(str(wrong.value))
