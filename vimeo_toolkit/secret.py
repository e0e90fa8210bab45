"""A string that does not show itself."""

from __future__ import annotations

import hmac
from typing import Any, NoReturn

__all__ = ["Secret"]


class Secret:
    """Holds a token, a client secret or a code; `reveal()` is the only way to read it.

    `repr`, `str` and `format` show `***`. It refuses to be pickled, so a secret cannot slip into a task queue
    or a cache by way of an object that holds one. Comparison takes the same time wherever two values differ.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    @classmethod
    def of(cls, value: object) -> Secret:
        """Return a secret made of a value from outside; an empty one for anything but a text."""
        return value if isinstance(value, Secret) else cls(value if isinstance(value, str) else "")

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    def __str__(self) -> str:
        return "***"

    def __format__(self, spec: str) -> str:
        return "***"

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        mine, others = (each._value.encode("utf-8", "surrogatepass") for each in (self, other))
        return hmac.compare_digest(mine, others)

    def __hash__(self) -> int:
        return hash(self._value)

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: Any) -> Secret:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "A Secret is not picklable: pass the identifier of the user and load the account on the other side."
        )
