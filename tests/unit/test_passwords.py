"""A privacy of password and the password itself go together, in every tool that sets both."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.inputs import minimal
from vimeo_toolkit import InvalidInput
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.tool import Tool

PRIVACIES = ("privacy", "privacy_view", "default_privacy_view")

CHANGING = [
    (tool, name)
    for tool in catalog().values()
    for name in PRIVACIES
    # Of a plan it is a condition, by which videos are chosen.
    if not tool.read_only and not tool.input_model.plans and name in tool.input_schema["properties"]
]
SETS_BOTH = [(tool, name) for tool, name in CHANGING if name != "default_privacy_view"]
NEW = [(tool, name) for tool, name in SETS_BOTH if tool.method == "POST"]


def refused(tool: Tool, **values: Any) -> str:
    with pytest.raises(InvalidInput) as caught:
        tool.validate({**minimal(tool.name), **values})
    assert "hunter-9" not in str(caught.value)
    return caught.value.message


def test_whoever_can_ask_for_a_password_can_give_one() -> None:
    assert len(CHANGING) == 8
    assert all("password" in tool.secret_inputs for tool, _ in CHANGING)


@pytest.mark.parametrize(("tool", "name"), SETS_BOTH, ids=lambda value: getattr(value, "name", None))
def test_a_privacy_of_password_needs_one(tool: Tool, name: str) -> None:
    assert f'{name}="password" needs a password: add password' in refused(tool, **{name: "password"})
    assert tool.validate({**minimal(tool.name), name: "password", "password": "hunter-9"})


@pytest.mark.parametrize(("tool", "name"), NEW, ids=lambda value: getattr(value, "name", None))
def test_a_password_alone_protects_nothing_new(tool: Tool, name: str) -> None:
    assert f'{name}="password"' in refused(tool, password="hunter-9")


@pytest.mark.parametrize(("tool", "name"), CHANGING, ids=lambda value: getattr(value, "name", None))
def test_a_password_beside_another_privacy_is_refused(tool: Tool, name: str) -> None:
    assert f'{name}="password"' in refused(tool, password="hunter-9", **{name: "nobody"})
    if tool.method == "PATCH":  # in place of the one that it has
        assert tool.validate({**minimal(tool.name), "password": "hunter-9"})
