"""Folders, showcases, people and the user's own videos by their names, where an input takes an id.

A person says "the folder Clients". Without this a model needs a list before each such call. A name has to be the
whole name of exactly one: nothing is guessed, and of two of the same name both are told. A folder may be named with
the folders that it is in, `Archive/2019`. A year is a name where something is called so, and else an id.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from vimeo_toolkit.catalog.effects import last_part
from vimeo_toolkit.catalog.ids import YEAR, IdValidator, named, owner_prefix, with_owner
from vimeo_toolkit.catalog.objects import ids_of_inputs
from vimeo_toolkit.catalog.pages import Listed, read_list
from vimeo_toolkit.catalog.video_parts import at, folded
from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.format import one_line

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.api import Api
    from vimeo_toolkit.catalog.tool import ToolInput

__all__ = ["Named", "list_of", "names_in", "scopes_of", "with_ids"]

MOST_PAGES: Final = 10
"""A thousand things. Where a list goes on, nothing is taken: another one may have the same name."""
MOST_FOUND: Final = 3
"""The same of a search over all of Vimeo: it has the best first."""
MOST_SEARCHES: Final = 5
"""Names that are each searched for. More of them are looked for in one list."""
_QUOTES: Final = "\"'`“”„«»‘’"  # noqa: RUF001 - as people and models write them
MOST_TOLD: Final = 20
"""Names, or things of the same name, that an error tells."""

_ABOVE: Final = "metadata.connections.ancestor_path"
_PARENT: Final = "metadata.connections.parent_folder.uri"

InputT = TypeVar("InputT", bound="ToolInput")


@dataclass(frozen=True, slots=True)
class _Listed:
    """Where things are looked up by name."""

    path: str
    several: str
    tool: str
    scopes: frozenset[str] = frozenset()
    fields: str = "uri,name,link"
    searched: bool = False
    """It is asked for the name, because it may be long."""
    own: bool = True
    """False: the list is of all that Vimeo has."""
    called: str = ""
    """What one of them is called, where that is not its kind."""


_LISTS: Final[Mapping[str, _Listed]] = {
    "folder": _Listed(
        "/me/projects",
        "folders",
        "vimeo_folders_list",
        frozenset({"private"}),
        f"uri,name,link,{_ABOVE},{_PARENT}",
    ),
    "showcase": _Listed("/me/albums", "showcases", "vimeo_showcases_list", frozenset({"private"})),
    "user": _Listed("/users", "people", "vimeo_users_search", searched=True, own=False, called="user"),
    "video": _Listed(
        "/me/videos",
        "videos of the user's own",
        "vimeo_my_videos_find",
        frozenset({"private"}),
        "uri,name,created_time",
        searched=True,
        called="video of the user's own",
    ),
}


class Named(NamedTuple):
    """A thing that an input gives by its name."""

    field: str
    kind: str
    name: str


def names_in(values: ToolInput) -> list[Named]:
    """Return the things that an input gives by their names, in its order."""
    found: list[Named] = []
    for field, mark in ids_of_inputs(type(values)).items():
        value = getattr(values, field)
        several = value if isinstance(value, list) else [value]
        found += [Named(field, mark.kind, name) for each in several if (name := named(each)) is not None]
    return found


def scopes_of(names: Iterable[Named]) -> frozenset[str]:
    """Return the scopes that it takes to look names up."""
    return frozenset(
        scope for each in names if not YEAR.fullmatch(each.name) for scope in _LISTS[each.kind].scopes
    )


async def with_ids(api: Api, values: InputT, names: Iterable[Named]) -> InputT:
    """Return the input with ids in place of these names of its, by one list for each kind of thing, or one search
    for each name.

    Raises:
        InvalidInput: a name is that of none or of several.
        VimeoToolkitError: the list could not be read; nothing was changed.
    """
    names = list(names)
    several = Counter(kind for kind, _ in {(each.kind, each.name) for each in names})
    ids: dict[tuple[str, str], str] = {}
    lists: dict[tuple[str, str], Listed] = {}
    for each in names:
        if (each.kind, each.name) in ids:
            continue
        if YEAR.fullmatch(each.name) and not _LISTS[each.kind].scopes <= set(api.account.granted_scopes):
            ids[each.kind, each.name] = each.name
            continue
        search = _LISTS[each.kind].searched and several[each.kind] <= MOST_SEARCHES
        asked = (each.kind, each.name if search else "")
        if asked not in lists:
            lists[asked] = await list_of(api, *asked)
        ids[each.kind, each.name] = _the_one(api, values, each, lists[asked])
    marks = ids_of_inputs(type(values))
    fields = dict.fromkeys(each.field for each in names)
    return values.model_copy(
        update={field: _replaced(getattr(values, field), marks[field], ids) for field in fields}
    )


def _replaced(value: Any, mark: IdValidator, ids: Mapping[tuple[str, str], str]) -> Any:
    if isinstance(value, list):
        return [_replaced(each, mark, ids) for each in value]
    name = named(value)
    if name is None:
        return value
    found = ids[mark.kind, name]
    written = mark.written(found)
    return found if named(written) is not None else written  # a year would be taken for a name again


async def list_of(api: Api, kind: str, query: str = "") -> Listed:
    """Return the things in which one of a name is looked for, each with `uri`, `name` and `link`.

    Args:
        api: of the call.
        kind: folder, showcase, user or video.
        query: the name, of a kind that is searched for; "" for the whole list.

    Raises:
        VimeoToolkitError: not even the first page could be read.
    """
    words = {"query": query.strip(_QUOTES)} if query else {}
    request = ApiRequest("GET", _LISTS[kind].path, {**words, "per_page": "100"}, fields=_LISTS[kind].fields)
    return await read_list(api, request, MOST_PAGES if _LISTS[kind].own else MOST_FOUND)


def _the_one(api: Api, values: ToolInput, asked: Named, listed: Listed) -> str:
    field, kind, name = asked
    of, place = _LISTS[kind], f"{values.tool.name} was not called: {field}"
    things = [each for each in listed.items if isinstance(each, Mapping)]
    exactly = values.tool.destructive
    found = _called_so(name, things, exactly=exactly) or _there(name, things, exactly=exactly)
    part = "uri" if of.own else "link"
    which = ", ".join(_told(each, part) for each in found[:MOST_TOLD])
    if listed.incomplete:
        raise InvalidInput(
            f"{place}: not all {of.several} could be looked at for one named {name!r}"
            + (f", of whom there is {which}" if which else "")
            + f": {one_line(listed.incomplete, 200)}",
            hint=f"Give the {part} of the one that is meant.",
        )
    if len(found) == 1:
        if not of.own:
            api.note(f"{name!r} is {which}.")
        return _id(kind, str(found[0].get("uri")), api.account.vimeo_uri)
    if found:
        raise InvalidInput(
            f"{place}: there are {len(found)} {of.several} named {name!r}: {which}.",
            hint=f"Ask the user which one is meant, and give its {part}.",
        )
    if YEAR.fullmatch(name):
        return name
    raise InvalidInput(
        f"{place}: there is no {of.called or kind} named {name!r}.",
        hint=f"{_others(api, of, things)}{_makes(values, field)}",
    )


def _told(thing: Mapping[str, Any], part: str) -> str:
    """Return by what one of several of a name is given, and when it was made where that is known."""
    made = at(thing, "created_time")
    given = one_line(thing.get(part), 120)
    # A video's URI may end in its privacy hash, which opens it.
    return f"{given.partition(':')[0]} (of {one_line(made, 10)})" if isinstance(made, str) else given


def _makes(values: ToolInput, field: str) -> str:
    """Return by which input the tool makes what is not there."""
    other = {"move_to_folder": "new_folder", "add_to_showcases": "new_showcase"}.get(field)
    return f" {other} makes a new one." if other in type(values).model_fields else ""


def _called_so(name: str, things: list[Mapping[str, Any]], *, exactly: bool) -> list[Mapping[str, Any]]:
    """Return the things of this name: those that have it letter by letter, and else, unless it has to be `exactly`
    so, those that have it in other letters. Quotation marks around it count only where a name has them."""
    for wanted in dict.fromkeys((name, name.strip(_QUOTES).strip())):
        same = [each for each in things if _nfc(each.get("name")) == _nfc(wanted)]
        if same:
            return same
        alike = [each for each in things if wanted and folded(each.get("name")) == folded(wanted)]
        if alike and not exactly:
            return alike
    return []


def _there(path: str, things: list[Mapping[str, Any]], *, exactly: bool) -> list[Mapping[str, Any]]:
    """Return the folders of this path: those of its last name that are in folders of the names before it. In which
    direction Vimeo lists those above a folder no recording of two levels shows: the one that it is in tells."""
    *above, last = (part.strip() for part in path.split("/"))
    if not above or not all((*above, last)):
        return []
    alike = _nfc if exactly else folded
    wanted = [alike(part) for part in above]
    found = []
    for each in _called_so(last, things, exactly=exactly):
        chain = at(each, _ABOVE)
        if not isinstance(chain, list) or not chain:
            continue
        names, parent = [alike(at(one, "name") or "") for one in chain], at(each, _PARENT)
        outwards = at(chain[0], "uri") == parent and names[: len(wanted)] == wanted[::-1]
        inwards = at(chain[-1], "uri") == parent and names[-len(wanted) :] == wanted
        if outwards or inwards or (len(chain) == 1 and names == wanted):
            found.append(each)
    return found


def _nfc(text: Any) -> str:
    return unicodedata.normalize("NFC", text) if isinstance(text, str) else ""


def _others(api: Api, of: _Listed, things: list[Mapping[str, Any]]) -> str:
    """Return what to do where nothing has a name; the names that there are only to who may list them."""
    if of.tool not in api.tools:
        return "Ask the user which one is meant, and give its id, URI or link."
    names = [one_line(each.get("name"), 60) for each in things]
    if of.own and 0 < len(names) <= MOST_TOLD:
        return f"There are {', '.join(map(repr, names))}."
    return f"{of.tool} finds {of.several}; give the URI."


def _id(kind: str, uri: str, own: str | None) -> str:
    if kind in ("user", "video"):
        return last_part(uri).partition(":")[0]
    kept = with_owner(kind, uri)
    prefix, number = owner_prefix(kept, own)
    return number if prefix == "/me" else kept
