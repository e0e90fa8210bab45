"""What a client asked for, from its request until its user is back from Vimeo. Each step uses the one before up."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from vimeo_toolkit.accounts.rows import Rows
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.stores.kinds import KINDS
from vimeo_toolkit.stores.protocol import Key

__all__ = ["ClientRequest", "begin", "end", "find", "go_to_vimeo", "read_request"]

REQUEST: Final = "oauth_request"
WAITS: Final = KINDS[REQUEST].lasts or 0.0
"""Seconds that a person may take."""


@dataclass(frozen=True, slots=True)
class ClientRequest:
    """What a client asked for, checked: the redirect URI is one of its own."""

    client_id: str
    client_name: str
    redirect_uri: str
    code_challenge: str
    resource: str
    scopes: tuple[str, ...] = ()
    state: str | None = field(default=None, repr=False)
    redirect_uri_given: bool = True
    """The client named it in its request, so it has to name it for its tokens, too (RFC 6749, 4.1.3)."""


async def begin(rows: Rows, io: IO, asked: ClientRequest) -> str:
    """Keep what a client asks for, and return a name for it that cannot be guessed."""
    name = io.random_token()
    await _put(rows, io, name, asked)
    return name


async def find(rows: Rows, io: IO, name: str) -> ClientRequest | None:
    """Return what was asked for under a name; None where it is too old, or was used up."""
    found = await rows.read_json(io, _key(name), void=True)
    return read_request(found[0]) if found is not None and found[0] else None


async def end(rows: Rows, io: IO, name: str) -> ClientRequest | None:
    """Use a name up, and return what was asked for. Of many callers at once exactly one gets it."""
    body = await rows.take_json(io, _key(name))
    return read_request(body) if body else None


async def go_to_vimeo(rows: Rows, io: IO, name: str, state: str) -> ClientRequest | None:
    """Use a name up; from now on what was asked for has the name of the link under which its user goes to Vimeo."""
    asked = await end(rows, io, name)
    if asked is not None:
        await _put(rows, io, state, asked)
    return asked


async def _put(rows: Rows, io: IO, name: str, asked: ClientRequest) -> None:
    await rows.put_json(io, _key(name), {**asdict(asked), "ends": io.now() + WAITS}, ttl=WAITS)


def read_request(body: Mapping[str, Any]) -> ClientRequest:
    """Return what was asked for, of a row that may have other things beside it."""
    fields = ClientRequest.__dataclass_fields__
    known = {name: value for name, value in body.items() if name in fields}
    return ClientRequest(**{**known, "scopes": tuple(body["scopes"])})


def _key(name: str) -> Key:
    # The store has only a digest, so that its readers cannot go on with a sign-in.
    return Key(REQUEST, "", hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest())
