"""Folders, showcases and people by their names, where an input takes an id.

A person says "the folder Clients". Without this a model needs a list before each such call. A name has to be the
whole name of exactly one: nothing is guessed, and of two of the same name both are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

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

__all__ = ["scopes_of_names", "with_ids"]

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


def _names(values: ToolInput) -> Iterator[tuple[str, str, str]]:
    """Yield input, kind and name of each thing that is given by its name."""
    for field, kind in kinds_of_inputs(type(values)).items():
        value = getattr(values, field)
        for each in value if isinstance(value, list) else [value]:
            if (name := named(each)) is not None:
                yield field, kind, name


def scopes_of_names(values: ToolInput) -> frozenset[str]:
    """Return the scopes that it takes to look up the names in an input; none where there are no names."""
    return frozenset[str]().union(*(_LISTS[kind].scopes for _, kind, _ in _names(values)))


async def with_ids(api: Api, values: InputT) -> InputT:
    """Return the input with ids in place of names, by one list for each kind of thing; the input itself where
    nothing is named.

    Raises:
        InvalidInput: a name is that of none or of several.
        VimeoToolkitError: the list could not be read; nothing was changed.
    """
    ids: dict[tuple[str, str], str] = {}
    lists: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    fields: dict[str, None] = {}
    for field, kind, name in _names(values):
        fields[field] = None
        if (kind, name) in ids:
            continue
        asked = (kind, name if _LISTS[kind].searched else "")
        if asked not in lists:
            lists[asked] = await _listed(api, *asked)
        ids[kind, name] = _the_one(api, values, field, kind, name, lists[asked])
    if not fields:
        return values
    kinds = kinds_of_inputs(type(values))
    return values.model_copy(
        update={field: _replaced(getattr(values, field), kinds[field], ids) for field in fields}
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


def _the_one(
    api: Api, values: ToolInput, field: str, kind: str, name: str, things: list[Mapping[str, Any]]
) -> str:
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
