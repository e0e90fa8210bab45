"""Checks of a Redis server before it is used: its URL, whether it loses rows, and the format of its rows."""

from __future__ import annotations

import warnings
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from vimeo_toolkit.stores.key_encoding import part_to_text
from vimeo_toolkit.stores.redis_errors import newer_format

__all__ = ["FORMAT", "SETTINGS", "check_format", "parsed", "warn_of"]

FORMAT: Final = 1
"""The format of the rows under the prefix: raised when an older release cannot read a new one."""

SETTINGS: Final = ("appendonly", "maxmemory-policy")

_SCHEMES: Final = {"valkey": "redis", "valkeys": "rediss"}


def parsed(url: str) -> tuple[str, str]:
    """Return the URL as redis-py takes it, and the prefix of all names."""
    address, _, query = url.partition("?")
    options = dict(parse_qsl(query, keep_blank_values=True))
    prefix = options.pop("prefix", "vimeo-toolkit")
    options.pop("decode_responses", None)  # rows are bytes
    scheme, _, rest = address.partition("://")
    address = f"{_SCHEMES.get(scheme, scheme)}://{rest}"
    return f"{address}?{urlencode(options)}" if options else address, part_to_text(prefix)


def warn_of(settings: dict[Any, Any]) -> None:
    """Warn of a server whose settings let it lose rows."""
    found = {_text(name): _text(value) for name, value in settings.items()}
    policy = found.get("maxmemory-policy", "noeviction")
    if policy != "noeviction":
        warnings.warn(
            f"The store's Redis server has maxmemory-policy {policy}: it throws accounts away when its memory is "
            "full. Set maxmemory-policy noeviction.",
            stacklevel=6,
        )
    if found.get("appendonly", "yes") == "no":
        warnings.warn(
            "The store's Redis server has appendonly no: accounts are lost when it restarts. Set appendonly yes, "
            "and appendfsync always if not even the last second may be lost.",
            stacklevel=6,
        )


def check_format(found: Any) -> None:
    """Refuse rows that a newer release wrote.

    Raises:
        ConfigurationError: it does.
    """
    if found is not None and found != str(FORMAT).encode():
        raise newer_format(found, FORMAT)


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
