"""The question to a person: a sentence or two with the names of things, and what changes from what to what.

No word of it is a schema's: what people call inputs and their values is in `catalog/wording.py`, and what is not
there is somebody's text and stands in quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.calls.changes import Change, said, told
from vimeo_toolkit.calls.preview import Preview, at
from vimeo_toolkit.calls.showing import IN_LIST, NAME, NAMED, TEXT, listed, quoted, size, visible
from vimeo_toolkit.catalog.wording import AUDIENCE, FACTS, OF_OTHERS, TRACKS, Wording, wording_of

if TYPE_CHECKING:
    from vimeo_toolkit.accounts.model import AccountRecord
    from vimeo_toolkit.catalog.looks import Look
    from vimeo_toolkit.catalog.tool import Tool, ToolInput

__all__ = ["in_full", "own_title_of", "question_of", "title_of"]

MOST: Final = 12_000
"""Characters of a text that a person is shown in full: more than any text but captions may have."""
MOST_NAMED: Final = 50
"""Items of a list that are named in full."""

_PLACE: Final = re.compile(r"{(\w+)(:count)?}")


def question_of(
    tool: Tool, values: ToolInput, account: AccountRecord, seen: Preview, changes: Sequence[Change] = ()
) -> str:
    """Return what the person agrees to, one line; `changes` are those of `changes_of`."""
    looks = {look.name: look for look in tool.looks}

    def part(place: re.Match[str]) -> str:
        name, counted = place.groups()
        if name == "file":
            return _file(values, seen)
        if name == "sent":
            return visible(getattr(values, name), MOST)
        if name not in seen.found:
            return _value(tool, name, getattr(values, name, None))
        look, found = looks[name], seen.found[name]
        if isinstance(found, list):
            return _counted(look, found) if counted else _named(look, found, values)
        return _one(look, found, account)

    asked = _PLACE.sub(part, values.asks(seen.found))
    parts = told(changes)
    if parts:
        return f"{asked} {'; '.join([parts[0], *map(_lower, parts[1:])])}."
    return f"{asked} It is so already." if any(change["same"] for change in changes) else asked


def title_of(tool: Tool, seen: Preview) -> tuple[str, str]:
    """Return what kind of thing a call changes and its title, as it is; "" where there is none."""
    look = _look_at_it(tool, seen)
    if look is None:
        return "", ""
    title = at(seen.found[look.name], look.title) if look.title else None
    return look.kind or look.name, title if isinstance(title, str) else ""


def own_title_of(tool: Tool, seen: Preview, account: AccountRecord) -> str:
    """Return the title of the thing that a call changes, where that is the user's own; "" for another's."""
    look = _look_at_it(tool, seen)
    whose = None if look is None else at(seen.found[look.name], "user.uri")
    return title_of(tool, seen)[1] if whose in (None, account.vimeo_uri) else ""


def _look_at_it(tool: Tool, seen: Preview) -> Look | None:
    """Return the look that has found the thing that a call changes."""
    return next((look for look in tool.looks if look.name in seen.found and not look.noun), None)


def in_full(tool: Tool, values: ToolInput, seen: Preview) -> tuple[str, ...]:
    """Return a line for each text and list that the question cuts, with the whole of it."""
    lines = []
    for name in type(values).model_fields:
        value = None if name in tool.secret_inputs else getattr(values, name)
        words = wording_of(tool.name, name)
        if words is None or name == "videos":
            continue
        if isinstance(value, str) and len(value) > TEXT:
            lines.append(f"{words.label} in full: {quoted(value, MOST)}")
        if isinstance(value, list | tuple) and len(value) > NAMED:
            lines.append(f"{words.label or name} in full: {said(words, value, MOST_NAMED)}")
    asked = values.asks(seen.found)
    for look in tool.looks:
        found = seen.found.get(look.name)
        if isinstance(found, list) and len(found) > NAMED and f"{{{look.name}}}" in asked:
            lines.append(f"All {_counted(look, found)}: {_titles(look, found, MOST_NAMED)}")
    return tuple(lines)


def _value(tool: Tool, name: str, value: Any) -> str:
    return said(wording_of(tool.name, name) or Wording(name), value)


def _file(values: ToolInput, seen: Preview) -> str:
    if seen.file is not None:
        name, count = seen.file
        return f"the file {quoted(name)} ({size(count)})"
    link = getattr(values, "file_link", None)
    if link is None:
        return f"the text {quoted(getattr(values, 'text', None), NAME)}"
    return f"the file at {quoted(link, TEXT)}"


def _one(look: Look, found: Mapping[str, Any], account: AccountRecord) -> str:
    """Return a thing with its title, its owner if that is somebody else, and what is known of it."""
    whose, name = at(found, "user.uri"), at(found, "user.name")
    others = isinstance(whose, str) and whose != account.vimeo_uri
    owner = f" by {quoted(name) if isinstance(name, str) else 'another user'}" if others else ""
    facts = []
    if isinstance(view := at(found, "privacy.view"), str):
        who = AUDIENCE(view)
        who = OF_OTHERS.get(who, who) if others and who else who
        facts.append(f"visible to {who}" if who else f"with the privacy {quoted(view)}")
    facts += [fact for path, words in FACTS.items() if (fact := words(at(found, path)))]
    title = at(found, look.title) if look.title else None
    facts = [fact for fact in facts if fact != title]  # captions are often named after their language
    known = f" ({', '.join(facts)})" if facts else ""
    return _titled(look, found, NAME) + owner + known


def _titled(look: Look, thing: Mapping[str, Any], most: int) -> str:
    """Return a thing's kind and title."""
    kind = look.kind or look.noun
    if look.name == "track":
        kind = TRACKS(at(thing, "type")) or kind
    title = _title(look, thing, most)
    return f"the {kind} {title}" if kind and title else title or _untitled(kind or look.name, look, thing)


def _title(look: Look, thing: Mapping[str, Any], most: int) -> str:
    title = at(thing, look.title) if look.title else None
    return quoted(title, most) if isinstance(title, str) and title.strip() else ""


def _untitled(kind: str, look: Look, thing: Mapping[str, Any]) -> str:
    """Return a thing's kind and number, by which it can be told from others."""
    number = str(at(thing, "uri") or "").rpartition("/")[2].partition(":")[0]
    number = number if number.isascii() and number.isdigit() else ""
    return f"the {kind} {number}".rstrip() + (" without a title" if look.title else "")


def _named(look: Look, found: list[Any], values: ToolInput) -> str:
    """Return how many things there are, with the titles of the first."""
    gone = len(dict.fromkeys(getattr(values, look.uris))) - len(found) if look.uris else 0
    missing = f" (and {gone:,} that you cannot see)" if gone > 0 else ""
    if len(found) == 1:
        return _titled(look, found[0], NAME) + missing
    titles = f" ({_titles(look, found, NAMED)})" if found else ""
    return _counted(look, found) + titles + missing


def _titles(look: Look, found: list[Any], most: int) -> str:
    return listed([_title(look, each, IN_LIST) or _untitled(look.noun, look, each) for each in found], most)


def _counted(look: Look, found: list[Any]) -> str:
    return f"{len(found) or 'no':{',' if found else ''}} {look.noun}{'' if len(found) == 1 else 's'}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
