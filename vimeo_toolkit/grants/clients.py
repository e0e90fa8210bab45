"""The clients that registered themselves (RFC 7591). One that nobody ever allowed anything is forgotten soon."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from vimeo_toolkit.accounts.rows import Rows
from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.grants.redirects import problem_of
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.stores.kinds import KINDS
from vimeo_toolkit.stores.protocol import Key

__all__ = ["find_client", "keep_client", "register_client"]

CLIENT: Final = "oauth_client"
LASTS: Final = KINDS[CLIENT].lasts or 0.0
"""Seconds for which a client is known since it last got a token, about."""

UNUSED: Final = 86_400.0
"""Seconds for which a client is known that has not got a token yet."""

_LARGEST: Final = 4_096
_MOST_REDIRECTS: Final = 20
_LONGEST_ID: Final = 100


async def register_client(
    rows: Rows, io: IO, client_id: str, metadata: Mapping[str, Any], redirect_uris: Sequence[str]
) -> None:
    """Keep a client that registers itself.

    Args:
        metadata: what it says of itself, JSON-ready, and its secret. It is given back as it is.

    Raises:
        InvalidInput: codes cannot be sent to one of its redirect URIs, or it says too much.
    """
    if not redirect_uris or len(redirect_uris) > _MOST_REDIRECTS:
        raise InvalidInput(f"A client has 1 to {_MOST_REDIRECTS} redirect URIs.")
    for uri in redirect_uris:
        if problem := problem_of(uri):
            raise InvalidInput(f"A redirect URI cannot be used: {problem}.")
    if len(json.dumps(metadata)) > _LARGEST:
        raise InvalidInput(f"What a client says of itself is larger than {_LARGEST} bytes.")
    body = {"metadata": metadata, "ends": io.now() + UNUSED}
    await rows.put_json(io, _key(client_id), body, ttl=UNUSED)


async def find_client(rows: Rows, io: IO, client_id: str) -> Mapping[str, Any] | None:
    """Return what a client said of itself; None where it is not known, or not any more."""
    if not 0 < len(client_id) <= _LONGEST_ID or not (client_id.isascii() and client_id.isprintable()):
        return None
    found = await rows.read_json(io, _key(client_id), void=True)
    return None if found is None else found[0].get("metadata")


async def keep_client(rows: Rows, io: IO, client_id: str) -> None:
    """Note that a client got a token. It is written in the second half of its time alone."""
    found = await rows.read_json(io, _key(client_id), void=True)
    if found is None or not found[0] or found[0].get("ends", 0.0) - io.now() > LASTS / 2:
        return
    body = {**found[0], "ends": io.now() + LASTS}
    # Another machine that does the same is as good.
    await rows.put_json(io, _key(client_id), body, ttl=LASTS, expected=found[1])


def _key(client_id: str) -> Key:
    return Key(CLIENT, "", client_id)
