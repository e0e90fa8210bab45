"""Folders, showcases and people by their names, where an input takes an id.

A person says "the folder Clients". Without this a model needs a list before each such call. A name has to be the
whole name of exactly one: nothing is guessed, and of two of the same name both are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from vimeo_toolkit.catalog.ids import named, owner_prefix, with_owner
from vimeo_toolkit.catalog.objects import kinds_of_inputs
from vimeo_toolkit.catalog.pages import read_list
from vimeo_toolkit.catalog.video_parts import folded
from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.format import one_line

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.api import Api
    from vimeo_toolkit.catalog.tool import ToolInput

__all__ = ["Named", "names_in", "scopes_of", "with_ids"]

MOST_PAGES: Final = 10
MOST_TOLD: Final = 20
"""Names, or things of the same name, that an error tells."""

InputT = TypeVar("InputT", bound="ToolInput")


@dataclass(frozen=True, slots=True)
class _Listed:
    """Where things are looked up by name."""

    path: str
    several: str
    tool: str
    scopes: frozenset[str] = frozenset()
    searched: bool = False
    """The list is of all that Vimeo has: it is asked for the name."""


_LISTS: Final[Mapping[str, _Listed]] = {
    "folder": _Listed("/me/projects", "folders", "vimeo_folders_list", frozenset({"private"})),
    "showcase": _Listed("/me/albums", "showcases", "vimeo_showcases_list", frozenset({"private"})),
    "user": _Listed("/users", "people", "vimeo_users_search", searched=True),
}


class Named(NamedTuple):
    """A thing that an input gives by its name."""

    field: str
    kind: str
    name: str


def names_in(values: ToolInput) -> list[Named]:
    """Return the things that an input gives by their names, in its order."""
    found: list[Named] = []
    for field, kind in kinds_of_inputs(type(values)).items():
        value = getattr(values, field)
        several = value if isinstance(value, list) else [value]
        found += [Named(field, kind, name) for each in several if (name := named(each)) is not None]
    return found


def scopes_of(names: Iterable[Named]) -> frozenset[str]:
    """Return the scopes that it takes to look names up."""
    return frozenset[str]().union(*(_LISTS[each.kind].scopes for each in names))


async def with_ids(api: Api, values: InputT, names: Iterable[Named]) -> InputT:
    """Return the input with ids in place of these names of its, by one list for each kind of thing.

    Raises:
        InvalidInput: a name is that of none or of several.
        VimeoToolkitError: the list could not be read; nothing was changed.
    """
    ids: dict[tuple[str, str], str] = {}
    lists: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    kinds: dict[str, str] = {}
    for each in names:
        kinds[each.field] = each.kind
        if (each.kind, each.name) in ids:
            continue
        asked = (each.kind, each.name if _LISTS[each.kind].searched else "")
        if asked not in lists:
            lists[asked] = await _listed(api, *asked)
        ids[each.kind, each.name] = _the_one(api, values, each, lists[asked])
    return values.model_copy(
        update={field: _replaced(getattr(values, field), kind, ids) for field, kind in kinds.items()}
    )


def _replaced(value: Any, kind: str, ids: Mapping[tuple[str, str], str]) -> Any:
    if isinstance(value, list):
        return [_replaced(each, kind, ids) for each in value]
    name = named(value)
    return value if name is None else ids[kind, name]


async def _listed(api: Api, kind: str, query: str) -> list[Mapping[str, Any]]:
    words = {"query": query, "per_page": "25"} if query else {"per_page": "100"}
    request = ApiRequest("GET", _LISTS[kind].path, words, fields="uri,name,link")
    read = await read_list(api, request, 1 if query else MOST_PAGES)
    return [each for each in read.items if isinstance(each, Mapping)]


def _the_one(api: Api, values: ToolInput, asked: Named, things: list[Mapping[str, Any]]) -> str:
    field, kind, name = asked
    found = [each for each in things if folded(each.get("name")) == folded(name)]
    exact = [each for each in found if each.get("name") == name]
    found, of = exact if len(exact) == 1 else found, _LISTS[kind]
    if len(found) == 1:
        if of.searched and (link := one_line(found[0].get("link"), 120)):
            api.note(f"{name!r} is {link}.")
        return _id(kind, str(found[0].get("uri")), api.account.vimeo_uri)
    place = f"{values.tool.name} was not called: {field}"
    if found:
        part = "link" if of.searched else "uri"
        which = ", ".join(one_line(each.get(part), 120) for each in found[:MOST_TOLD])
        raise InvalidInput(
            f"{place}: there are {len(found)} {of.several} named {name!r}: {which}.",
            hint=f"Ask the user which one is meant, and give its {part}.",
        )
    others = [one_line(each.get("name"), 60) for each in things]
    known = f"There are {', '.join(map(repr, others))}." if 0 < len(others) <= MOST_TOLD else ""
    raise InvalidInput(
        f"{place}: there is no {'user' if of.searched else kind} named {name!r}.",
        hint=known if known and not of.searched else f"{of.tool} finds {of.several}; give the URI.",
    )


def _id(kind: str, uri: str, own: str | None) -> str:
    if kind == "user":
        return uri.rpartition("/")[2]
    kept = with_owner(kind, uri)
    prefix, number = owner_prefix(kept, own)
    return number if prefix == "/me" else kept
