"""The scopes of raw requests are those of the API's document."""

from __future__ import annotations

import json
import re

import pytest

from tests.contract.openapi import FACTS
from vimeo_toolkit.catalog.api_scopes import scopes_of_route

PATHS = json.loads(FACTS.read_text())["paths"]
TOO_WIDE = "/users/*/*"
"""The document has one operation there, of a role's name; as a pattern it would fit all lists of a user."""


def test_each_operation_needs_what_the_document_says() -> None:
    told = {
        (method.upper(), path): frozenset(operation.get("scopes", ()))
        for path, operations in PATHS.items()
        for method, operation in operations.items()
        if re.sub(r"{.*?}", "*", path) != TOO_WIDE
    }
    assert len(told) > 400
    ours = {(method, path): scopes_of_route(method, re.sub(r"{(\w+)}", r"9", path)) for method, path in told}
    assert ours == told


@pytest.mark.parametrize(
    ("method", "path", "scopes"),
    [
        ("PATCH", "/videos/123:abcdef0123", {"edit"}),
        ("GET", "/me/folders", {"private"}),
        ("DELETE", "/users/7/likes/9", {"interact"}),
        ("GET", "/no/such/path", set()),
        ("GET", "/users/7", set()),
    ],
)
def test_ids_and_other_names_of_the_same_path(method: str, path: str, scopes: set[str]) -> None:
    assert scopes_of_route(method, path) == scopes
