"""The guide's block of each framework runs as it stands, with a scripted model that deletes a video."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from tests.examples import example_input, writes
from tests.frameworks.driving import adapter, driver
from tests.frameworks.messages_server import messages_server
from tests.frameworks.test_parity import ASKS, DELETE, each_framework
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "docs" / "guides" / "frameworks.md"


def blocks() -> dict[str, str]:
    """The module that a block imports → the block; the first block, which imports none, is under ""."""
    found = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    names = [re.search(r"from vimeo_agents\.(\w+) import", each) for each in found]
    return {name[1] if name else "": block for name, block in zip(names, found, strict=True)}


@each_framework
def test_the_block_of_a_framework(name: str, connection: Connection, vimeo: Sandbox) -> None:
    calls = [(DELETE, example_input(DELETE, vimeo))]
    apart = name == "anthropic"
    with (
        VimeoToolkit([connection], store="sqlite:///:memory:", approval="destructive") as careful,
        messages_server(calls) if apart else nullcontext() as server,
    ):
        careful.import_token(identifier="user_1", access_token=vimeo.issue_token().access_token)
        names: dict[str, Any] = {"careful": careful}
        names |= {"client": driver(name).client(server)} if apart else {"model": driver(name).scripted(calls)}
        for part in ("", name):
            code = compile(blocks()[part], str(PAGE), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            made = eval(code, names)  # noqa: S307 - our own documentation
            if asyncio.iscoroutine(made):
                asyncio.run(made)
    assert len(writes(vimeo)) == (name in ASKS)


def test_there_is_one_for_every_adapter() -> None:
    folder = Path(inspect.getfile(adapter("binding"))).parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__", "binding"}
    assert blocks().keys() - {""} == modules
