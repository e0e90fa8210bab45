"""Whose a conversation is: a thread of an agent's framework belongs to the user for whom it was begun.

The framework keeps what was said under the thread's id and goes on for whoever names that id. So the first call in
a thread notes its user, and a call for another user is refused. The row holds digests alone: neither the id of the
thread nor the user can be read from it.
"""

from __future__ import annotations

import hashlib
import json
from typing import Final

from vimeo_toolkit.accounts.rows import CAS_ATTEMPTS, Rows
from vimeo_toolkit.errors import InvalidInput, StoreBusy, WrongUser
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.stores.kinds import KINDS
from vimeo_toolkit.stores.protocol import Key

__all__ = ["claim"]

THREAD: Final = "thread"
LASTS: Final = KINDS[THREAD].lasts or 0.0
"""Seconds from a thread's last call, about, for which its user is known."""


async def claim(rows: Rows, io: IO, thread: str, identity: Identity, *, new: bool = True) -> bool:
    """Note that a thread is this user's, or find that it is; return whether it is now. It costs one read, but for
    the first time.

    Args:
        new: whether a thread that is nobody's yet is noted.

    Raises:
        InvalidInput: the id of the thread is empty or not a text.
        WrongUser: it is another user's.
        StoreError: the store cannot be read or written.
    """
    if not isinstance(thread, str) or not thread:
        raise InvalidInput("A thread's id is a text that is not empty.", hint="Pass the id as a string.")
    key = Key(THREAD, identity.connection_name, _digest(identity.connection_name, thread))
    user = _digest(identity.connection_name, thread, identity.identifier)
    for _ in range(CAS_ATTEMPTS):
        found = await rows.read_json(io, key)
        body, version = found if found is not None else ({}, 0)
        if body and body.get("user") != user:
            raise WrongUser
        # Renewed in the second half of its time alone, so that most calls write nothing.
        if body and body.get("ends", 0.0) - io.now() > LASTS / 2:
            return True
        if not body and not new:
            return False
        noted = {"user": user, "ends": io.now() + LASTS}
        if await rows.put_json(io, key, noted, ttl=LASTS, expected=version):
            return True
    raise StoreBusy("The thread is being noted by too many callers at once.", hint="Try again in a moment.")


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:48]
