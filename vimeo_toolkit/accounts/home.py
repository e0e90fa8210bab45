"""One store has one set of keys: no account is added to a store whose other accounts none of our keys opens."""

from __future__ import annotations

from typing import Final

from vimeo_toolkit.accounts.rows import Seal
from vimeo_toolkit.errors import WrongKey
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.stores.protocol import Key

__all__ = ["Home"]

_ACCOUNT: Final = "account"
_PAGE: Final = 500


class Home:
    """Checks once in a process whether a store's accounts were sealed with our keys."""

    def __init__(self, cipher: Seal) -> None:
        self._cipher = cipher
        self._ours = False

    def give_up_others(self) -> None:
        """Allow accounts beside rows that do not open: the user deleted one of those, so its key is lost."""
        self._ours = True

    async def require(self, io: IO) -> None:
        """Refuse a store whose accounts were all sealed with other keys than ours.

        One of the keys is a mistake then, and half of the accounts would be lost to whoever has one of them.

        Raises:
            WrongKey: it is so.
        """
        after: Key | None = None
        foreign = ""
        while not self._ours:
            rows = await io.store.ascan(_ACCOUNT, after=after, limit=_PAGE)
            others = [
                self._cipher.key_id_of(row.value) for _, row in rows if self._cipher.is_foreign(row.value)
            ]
            foreign = others[-1] if others else foreign
            if len(others) < len(rows) or not foreign:
                self._ours = True
            elif len(rows) < _PAGE:
                raise WrongKey(
                    f"All accounts of the store were sealed with another key ({foreign}) than the one that is set "
                    f"({self._cipher.key_id}): no account was added under a second key.",
                    hint="Pass all keys that are in use, newest first (VIMEO_TOOLKIT_KEY takes several, separated "
                    "by spaces), or use another store. If the other key is lost, delete each account first.",
                )
            else:
                after = rows[-1][0]
