"""The question to a person: a sentence with names in it, and what changes from what to what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from vimeo_toolkit.calls.preview import Preview, at
from vimeo_toolkit.calls.showing import NAME, NAMED, TEXT, Change, quoted, visible
from vimeo_toolkit.catalog.effects import last_part, same_end
from vimeo_toolkit.wire.redact import REDACTED

if TYPE_CHECKING:
    from vimeo_toolkit.accounts.model import AccountRecord
    from vimeo_toolkit.catalog.looks import Look
    from vimeo_toolkit.catalog.tool import Tool, ToolInput

__all__ = ["changes_of", "question_of", "undo_of"]

NOT_BACK: Final = ("password", "unlisted")
"""Privacies that cannot be set back: the password is not shown, and an unlisted link may be another one."""

_WORDS: Final = {
    "stats.plays": "play",
    "metadata.connections.comments.total": "comment",
    "metadata.connections.likes.total": "like",
    "metadata.connections.users.total": "member",
    "metadata.connections.followers.total": "follower",
}


def question_of(tool: Tool, values: ToolInput, account: AccountRecord, seen: Preview) -> str:
    """Return what the person agrees to, a sentence without its mark."""
    looks = {look.name: look for look in tool.looks}

    def part(found: re.Match[str]) -> str:
        name = found[1]
        if name == "file":
            return _file(values, seen)
        if name in seen.found:
            return _named(looks[name], seen.found[name], account)
        value = getattr(values, name, None)
        return _value(name, value) if value is not None else "?"

    return re.sub(r"{(\w+)}", part, values.asks())


def _file(values: ToolInput, seen: Preview) -> str:
    if seen.file is not None:
        name, size = seen.file
        return f"the file {quoted(name)} ({size:,} bytes)"
    link = getattr(values, "file_link", None)
    return "the text given" if link is None else f"what is then at {quoted(link, TEXT)}"


def _value(name: str, value: Any) -> str:
    if isinstance(value, list | tuple):
        some = ", ".join(quoted(each) for each in value[:NAMED])
        return some + (f" and {len(value) - NAMED} more" if len(value) > NAMED else "")
    return quoted(value, TEXT if name == "text" else NAME)


def _named(look: Look, found: Any, account: AccountRecord) -> str:
    if isinstance(found, list):
        if not found:
            return f"no {look.noun}s"
        titles = ", ".join(_title(look, each) for each in found[:NAMED])
        more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
        return f"{len(found)} {look.noun}{'s' * (len(found) > 1)} ({titles}{more})"
    whose = at(found, "user.uri")
    owner = ""
    if isinstance(whose, str) and whose != account.vimeo_uri:
        owner = f" of {quoted(at(found, 'user.name') or whose)}"
    seen_by = at(found, "privacy.view")
    facts = [f"privacy: {visible(seen_by)}"] if isinstance(seen_by, str) else []
    facts += [
        f"{value:,} {word}{'' if value == 1 else 's'}"
        for path, word in _WORDS.items()
        if isinstance(value := at(found, path), int) and not isinstance(value, bool)
    ]
    return _title(look, found) + owner + (f" ({', '.join(facts)})" if facts else "")


def _title(look: Look, thing: dict[str, Any]) -> str:
    title = at(thing, look.title)
    if isinstance(title, str) and title.strip():
        return quoted(title, NAME)
    return f"without a name, {visible(at(thing, 'uri'))}"


def changes_of(tool: Tool, values: ToolInput, seen: Preview) -> tuple[Change, ...]:
    """Return what an edit changes from what to what; a secret's values are in none of it."""
    if tool.method != "PATCH" or not tool.looks:
        return ()
    thing = seen.found.get(tool.looks[0].name, {})
    changes: list[Change] = [
        {"input": each.name, "before": at(thing, each.path), "after": each.value}
        for each in tool.asked(values)
    ]
    changes += [
        {"input": name, "before": REDACTED, "after": "***"}
        for name in sorted(tool.secret_inputs)
        if getattr(values, name) is not None
    ]
    return tuple(changes)


def undo_of(
    tool: Tool, values: ToolInput, seen: Preview | None, account: AccountRecord, tools: Mapping[str, Tool]
) -> str | None:
    """Return by which tool this call can be taken back; None where it cannot.

    Not where it replaces a secret, which Vimeo does not show, or a value that the tool cannot set, or where the
    tool that would do it needs a scope that was not granted.
    """
    if tool.undo is None:
        return None
    for name in re.findall(r"\bvimeo_\w+", tool.undo):
        if name in tools and not tools[name].scopes <= set(account.granted_scopes):
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
