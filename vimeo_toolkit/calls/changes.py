"""What a call changes from what to what, for a product's own page and for the question to a person; and by which
tool it is taken back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from vimeo_toolkit.calls.preview import Preview, at
from vimeo_toolkit.calls.showing import NAMED, TEXT, listed, quoted
from vimeo_toolkit.catalog.effects import Asked, last_part, same_end
from vimeo_toolkit.catalog.objects import ids_of_inputs
from vimeo_toolkit.catalog.wording import Wording, wording_of
from vimeo_toolkit.wire.scrub import REDACTED

if TYPE_CHECKING:
    from vimeo_toolkit.accounts.model import AccountRecord
    from vimeo_toolkit.catalog.tool import Tool, ToolInput

__all__ = ["Change", "changes_of", "said", "told", "undo_needs", "undo_of"]

Change = Mapping[str, Any]
"""`{"input": …, "label": …, "before": …, "after": …, "from": …, "to": …, "same": …}`: the input of the tool and
what people call it, the values as Vimeo has them, the same in words, and whether nothing changes. The label is ""
where the question itself says it, and "from" where nothing was there."""

NOT_BACK: Final = ("password", "unlisted")
"""Privacies that cannot be set back: the password is not shown, and an unlisted link may be another one."""

_PLACE: Final = re.compile(r"{(\w+)")
_FILE: Final = frozenset({"path", "file_link", "text"})
"""Inputs with what is sent, which `{file}` tells."""


def changes_of(tool: Tool, values: ToolInput, seen: Preview) -> tuple[Change, ...]:
    """Return what a call sets, of an edit from what to what, without what its question names; the values of secrets
    are in none of it."""
    changes = _edited(tool, values, seen) if tool.method == "PATCH" else _given(tool, values, seen)
    if "{sent}" in values.asks(seen.found):  # which says of each part that it is there
        return tuple(changes)
    return tuple(
        changes + [_hidden(tool, name) for name in sorted(tool.secret_inputs) if _is_given(values, name)]
    )


def _edited(tool: Tool, values: ToolInput, seen: Preview) -> list[Change]:
    if not tool.looks:
        return []
    thing = seen.found.get(tool.looks[0].name, {})
    return [_change(tool, each, at(thing, each.path)) for each in tool.asked(values)]


def _given(tool: Tool, values: ToolInput, seen: Preview) -> list[Change]:
    named = set(_PLACE.findall(values.asks(seen.found))) | tool.secret_inputs | set(tool.unsent)
    named |= _FILE if "file" in named else set()
    ids = ids_of_inputs(type(values))
    left = (name for name in type(values).model_fields if name not in named and _is_given(values, name))
    return [
        _change(tool, Asked(name, getattr(values, name), ""), None)
        for name in left
        if wording_of(tool.name, name) or name not in ids
    ]


def _change(tool: Tool, asked: Asked, before: Any) -> Change:
    words = wording_of(tool.name, asked.name) or Wording(asked.name.replace("_", " ").capitalize())
    setting = words.nothing is None and words.words(asked.value) is not None
    unknown = not asked.path or (before is None and setting)
    return {
        "input": asked.name,
        "label": words.label,
        "before": before,
        "after": asked.value,
        "from": "" if unknown else said(words, before),
        "to": said(words, asked.value),
        "same": not unknown and asked.same(asked.value, before),
    }


def _hidden(tool: Tool, name: str) -> Change:
    words = wording_of(tool.name, name) or Wording("Password")
    to = "a new one, which is not shown"
    shown = {"before": REDACTED, "after": "***", "from": "", "to": to, "same": False}
    return {"input": name, "label": words.label, **shown}


def _is_given(values: ToolInput, name: str) -> bool:
    return getattr(values, name) is not None


def said(words: Wording, value: Any, most: int = NAMED) -> str:
    """Return what people say for a value; a text of somebody's in quotation marks, of a list the first items."""
    if value is None or value in ("", []):
        return words.nothing or "nothing"
    if isinstance(value, list | tuple):
        return listed([said(words, each) for each in dict.fromkeys(map(_hashable, value))], most)
    return words.words(value) or quoted(value, TEXT)


def _hashable(value: Any) -> Any:
    return value if isinstance(value, str | int | float) else str(value)


def told(changes: Iterable[Change]) -> list[str]:
    """Return a sentence without its stop for each change that the question does not say."""
    return [
        f"{each['label']}: {_from(each)}{each['to']}"
        for each in changes
        if each["label"] and not each["same"]
    ]


def _from(change: Change) -> str:
    return f"from {change['from']} to " if change["from"] else ""


def undo_needs(tool: Tool, account: AccountRecord, tools: Mapping[str, Tool]) -> tuple[str, ...]:
    """Return the scopes that taking a call back needs and the user has not granted."""
    names = re.findall(r"\w+", tool.undo or "")
    needed = {scope for name in names if name in tools for scope in tools[name].scopes}
    return tuple(sorted(needed - set(account.granted_scopes)))


def undo_of(
    tool: Tool, values: ToolInput, seen: Preview | None, account: AccountRecord, tools: Mapping[str, Tool]
) -> str | None:
    """Return by which tool this call can be taken back; None where it cannot.

    Not where it replaces a secret, which Vimeo does not show, or a value that the tool cannot set, or where the
    tool that would do it needs a scope that was not granted.
    """
    if tool.undo is None:
        return None
    if undo_needs(tool, account, tools):
        return None
    if tool.method != "PATCH":
        return tool.undo
    if any(getattr(values, name) is not None for name in tool.secret_inputs):
        return None
    if seen is None or not tool.looks:
        return tool.undo
    thing = seen.found.get(tool.looks[0].name, {})
    former: dict[str, Any] = {}
    for each in tool.asked(values):
        before = at(thing, each.path)
        if each.same is same_end and isinstance(before, str):
            before = last_part(before)
        former[each.name] = "" if before is None and isinstance(each.value, str) else before
    if any(value in NOT_BACK for value in former.values() if isinstance(value, str)):
        return None
    kept = {name: getattr(values, name) for name in type(values).model_fields if name not in former}
    try:
        type(values).model_validate({**kept, **former})
    except ValidationError:
        return None
    return None if None in former.values() else tool.undo
