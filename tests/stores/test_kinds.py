"""One table has every kind of row that the code keeps."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import vimeo_toolkit
from vimeo_toolkit.accounts import belongings
from vimeo_toolkit.accounts.authorize import STATE_SECONDS
from vimeo_toolkit.calls.approvals import WAITS
from vimeo_toolkit.calls.once import LASTS
from vimeo_toolkit.stores.kinds import KINDS, Kind
from vimeo_toolkit.stores.protocol import EPHEMERAL_KINDS

PACKAGE = Path(vimeo_toolkit.__file__).parent
DERIVED = {
    ("accounts/belongings.py", "kind"),
    ("accounts/rows.py", "kind"),
    ("stores/key_encoding.py", "*parts"),
}
"""Where the kind comes from the table itself or from a row that is there."""
MAKES = {"Key", "own_key"}


def _made() -> Iterator[tuple[str, str, str | None]]:
    """Every key that the code makes: where, what is written as its kind, and the text that this is."""
    for path in sorted(PACKAGE.rglob("*.py")):
        source = path.read_text()
        if not any(f"{name}(" in source for name in MAKES) or path.is_relative_to(PACKAGE / "testing"):
            continue
        name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for node in ast.walk(ast.parse(source)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKES):
                continue
            kind = node.args[0] if node.args else node.keywords[0].value
            value = kind.value if isinstance(kind, ast.Constant) else None
            if isinstance(kind, ast.Name):
                value = getattr(importlib.import_module(name), kind.id, None)
            yield str(path.relative_to(PACKAGE)), ast.unparse(kind), value if isinstance(value, str) else None


def test_every_kind_of_row_is_in_the_table() -> None:
    made = list(_made())
    unknown = [each for each in made if each[2] not in KINDS and each[:2] not in DERIVED]
    assert not unknown, "add the kind to vimeo_toolkit.stores.kinds.KINDS: rotation and deletion go by it"
    assert {kind for _, _, kind in made if kind} == set(KINDS), "and no kind that nobody writes"


def test_what_is_derived_from_the_table() -> None:
    assert {"budget", "oauth_count", "write"} == EPHEMERAL_KINDS
    assert set(belongings.BY_USER) == {"upload", "budget", "links", "plans"}
    assert set(belongings.PREFIXED) == {"oauth_grant", "plan", "write"}
    assert set(belongings.NAMED) == {"approval", "call"}
    for name, kind in KINDS.items():
        assert (kind.lasts is None) == (name == "account"), "only accounts stay until they are deleted"


def test_what_is_so_of_each_kind() -> None:
    """Deletion, rotation, copying and durability go by this: a changed entry is a changed promise."""
    day = 86_400.0
    assert dict(KINDS) == {
        "account": Kind("address", lasts=None, ephemeral=False, moves=True),
        "state": Kind("inside", lasts=STATE_SECONDS, ephemeral=False, moves=False),
        "links": Kind("address", lasts=STATE_SECONDS, ephemeral=False, moves=False),
        "approval": Kind("inside", lasts=WAITS, ephemeral=False, moves=True),
        "call": Kind("inside", lasts=LASTS, ephemeral=False, moves=True),
        "upload": Kind("address", lasts=7 * day, ephemeral=False, moves=True),
        "plans": Kind("address", lasts=365 * day, ephemeral=False, moves=True),
        "plan": Kind("prefix", lasts=365 * day, ephemeral=False, moves=True),
        "write": Kind("prefix", lasts=365 * day, ephemeral=True, moves=True),
        "budget": Kind("address", lasts=day, ephemeral=True, moves=False),
        "thread": Kind("nobody", lasts=90 * day, ephemeral=False, moves=True),
        "oauth_client": Kind("nobody", lasts=180 * day, ephemeral=False, moves=True),
        "oauth_request": Kind("nobody", lasts=900.0, ephemeral=False, moves=False),
        "oauth_grant": Kind("prefix", lasts=30 * day, ephemeral=False, moves=False),
        "oauth_count": Kind("nobody", lasts=3_600.0, ephemeral=True, moves=False),
        "delivery": Kind("nobody", lasts=7 * day, ephemeral=False, moves=True),
    }
