"""Read what a call would change, before a person is asked about it. The tool's declaration says what to read.

Nothing here changes anything. A read that fails ends the call: what cannot be looked at is not asked about.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.calls.transport import Transport
from vimeo_toolkit.catalog.ids import NO_FOLDER
from vimeo_toolkit.errors import NotFound, UnexpectedResponse, VimeoToolkitError
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.uploads.files import Source
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.paging import is_end, items_in, next_query

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.looks import Look
    from vimeo_toolkit.catalog.tool import Tool, ToolInput

__all__ = ["Preview", "at", "looks_of", "preview"]

AT_ONCE: Final = 100
MOST_PAGES: Final = 50
"""Pages of a list that are read; of a longer list only its length is known beyond them."""

_URI: Final = re.compile(r"(/\w+)+")

HASHED: Final = 4 * 1024 * 1024
"""Bytes of a file that are hashed at a time."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What was found, by the names of the looks: objects, and lists of objects."""

    found: dict[str, Any] = field(default_factory=dict, repr=False)
    digest: str = ""
    """A hash of the things and the file: it differs when they have changed."""
    requests: int = 0
    file: tuple[str, int] | None = None
    """Name and bytes of the file that the call would send."""


def looks_of(tool: Tool, values: ToolInput) -> Iterator[Look]:
    """Yield the looks that this input calls for; what an edit sets is among the fields of the first."""
    asked = [each.path for each in tool.asked(values)] if tool.method == "PATCH" else []
    for place, look in enumerate(tool.looks):
        if any(getattr(values, name, "") in (None, NO_FOLDER) for name in look.inputs):
            continue
        fields = [*look.fields.split(","), *(() if place else asked)]
        yield look.but(fields=",".join(dict.fromkeys(fields)))


async def preview(transport: Transport, values: ToolInput, file: Source | None) -> Preview:
    """Look at what a call would change.

    Args:
        transport: by which the call sends.
        values: its input.
        file: what it would send.

    Raises:
        NotFound: it is not there.
        InvalidInput: the file may not be sent.
        VimeoToolkitError: it could not be looked at; nothing was changed.
    """
    found: dict[str, Any] = {}
    bound: list[Any] = []
    requests = 0
    if file is not None:
        bound.append(await _digest_of(transport.call.io, file))
    for look in looks_of(transport.call.tool, values):
        try:
            seen, sent, length = await _seen(transport, values, look)
        except NotFound:
            raise
        except VimeoToolkitError as error:
            error.hint = (
                f"{error.hint} It could not be looked at what the call would change: nothing was sent."
            )
            raise
        requests += sent
        found[look.name] = seen
        facts: Any = _facts(look, seen) if isinstance(seen, dict) else [_facts(look, each) for each in seen]
        if isinstance(facts, list) and not look.ordered:
            facts.sort(key=lambda each: json.dumps(each, sort_keys=True))
        bound.append([look.name, length, facts])
    text = json.dumps(bound, sort_keys=True, separators=(",", ":"))
    return Preview(
        found,
        hashlib.sha256(text.encode()).hexdigest(),
        requests,
        None if file is None else (file.name, file.size),
    )


async def _seen(transport: Transport, values: ToolInput, look: Look) -> tuple[Any, int, int]:
    """Return the thing or the list, how many requests it took, and how long the list says that it is."""
    call = transport.call
    path = call.tool.filled(look.path, values, call.account)
    path = "/me" if path == "/users/me" else path
    if not look.noun:
        fields = ",".join(filter(None, (look.fields, look.counts)))
        thing = await transport.send(ApiRequest("GET", path, fields=fields))
        if not isinstance(thing, dict):
            raise _odd()
        return thing, 1, 0
    wanted = list(dict.fromkeys(getattr(values, look.uris))) if look.uris else []
    if look.singly:
        return await _singly(transport, look, wanted)
    if look.below:
        return await _tree(transport, look, path)
    return await _listed(transport, look, path, wanted, MOST_PAGES)


async def _singly(
    transport: Transport, look: Look, wanted: list[str]
) -> tuple[list[dict[str, Any]], int, int]:
    """Return those of the things that are there."""
    found: list[dict[str, Any]] = []
    for uri in wanted:
        try:
            thing = await transport.send(ApiRequest("GET", uri, fields=look.fields))
        except NotFound:
            continue
        if not isinstance(thing, dict):
            raise _odd()
        found.append(thing)
    return found, len(wanted), len(found)


async def _tree(transport: Transport, look: Look, path: str) -> tuple[list[dict[str, Any]], int, int]:
    """Return a list, the lists of its items, theirs and so on; of a part that is not reached, that there is
    one."""
    items, sent, length = await _listed(transport, look, path, [], MOST_PAGES)
    seen = {at(each, look.below) for each in items}
    for each in items:  # the list grows while it is walked
        uri = at(each, look.below)
        if uri is None or at(each, look.leaf) is False:
            continue
        if not isinstance(uri, str) or not _URI.fullmatch(uri):
            raise _odd()
        if sent >= MOST_PAGES:
            length += 1
            continue
        inner, more, inside = await _listed(transport, look, uri + look.suffix, [], MOST_PAGES - sent)
        sent, length = sent + more, length + inside
        for one in inner:
            if at(one, look.below) not in seen:
                seen.add(at(one, look.below))
                items.append(one)
    return items, sent, length


async def _listed(
    transport: Transport, look: Look, path: str, wanted: list[str], most: int
) -> tuple[list[dict[str, Any]], int, int]:
    """Return a list to its end, or its first pages."""
    items: list[dict[str, Any]] = []
    length = page = 0
    fields = ",".join(filter(None, (look.fields, look.counts)))
    while True:
        query = {**dict(look.query), "per_page": str(AT_ONCE)}
        if look.uris:
            query["uris"] = ",".join(wanted[page * AT_ONCE : (page + 1) * AT_ONCE])
        else:
            query["page"] = str(page + 1)
        try:
            answer = await transport.send(ApiRequest("GET", path, query, fields=fields))
        except VimeoToolkitError as error:
            if not is_end(error, begun=look.none_is_404):
                raise
            return items, page + 1, length
        data = items_in(answer) if isinstance(answer, dict) else None
        if data is None or not all(isinstance(each, dict) for each in data):
            raise _odd()
        page += 1
        items += data
        total = answer.get("total")
        length = max(length, len(items), total if isinstance(total, int) else 0)
        # Both can be wrong: a total that is too low must not hide what the call would change.
        on = bool(data) and (len(items) < length or next_query(answer, path) is not None)
        more = page * AT_ONCE < len(wanted) if look.uris else on
        if not more or page >= most:
            return items, page, length


def _odd() -> UnexpectedResponse:
    return UnexpectedResponse("What Vimeo sent about it cannot be read.", hint="Try again later.")


def _facts(look: Look, thing: dict[str, Any]) -> dict[str, Any]:
    return {path: at(thing, path) for path in look.fields.split(",")}


def at(thing: Any, path: str) -> Any:
    """Return what is at a dotted path, of each item where a list is on the way; None for what is absent."""
    name, _, rest = path.partition(".")
    if isinstance(thing, list):
        return [at(each, path) for each in thing]
    value = thing.get(name) if isinstance(thing, dict) else None
    return at(value, rest) if rest and value is not None else value


async def _digest_of(io: IO, source: Source) -> str:
    digest, offset = hashlib.sha256(), 0
    while offset < source.size:
        part = await io.read(source, offset, HASHED)
        if not part:
            break
        digest.update(part)
        offset += len(part)
    return f"{source.size} {digest.hexdigest()}"
