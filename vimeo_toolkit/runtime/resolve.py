"""Look up host names in threads of our own, so that a resolver that hangs delays nobody beyond a deadline.

`getaddrinfo` has no timeout: with a name server that is away it takes as long as the system's settings say,
often 10 to 30 seconds. Callers who want the same name at the same time share one lookup, so that no more
threads can hang than there are names.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
import threading
from concurrent.futures import Future
from itertools import chain, zip_longest

__all__ = ["aaddresses", "addresses"]

_Lookup = Future[list[str]]

_guard = threading.RLock()
_under_way: dict[tuple[str, int], _Lookup] = {}


def _after_fork_in_child() -> None:
    global _guard
    _guard = threading.RLock()
    _under_way.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)


def addresses(host: str, port: int, timeout: float | None) -> list[str]:
    """Return the addresses of a host, IPv6 and IPv4 alternating.

    Raises:
        TimeoutError: the lookup took longer.
        OSError: it failed.
    """
    return [host] if _is_address(host) else _lookup(host, port).result(timeout)


async def aaddresses(host: str, port: int, timeout: float | None) -> list[str]:  # noqa: ASYNC109
    """Do the same without blocking the event loop."""
    if _is_address(host):
        return [host]
    # Shielded: others wait for the same lookup.
    return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(_lookup(host, port))), timeout)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _lookup(host: str, port: int) -> _Lookup:
    with _guard:
        found = _under_way.get((host, port))
        if found is not None:
            return found
        lookup = _under_way[host, port] = Future()
        lookup.set_running_or_notify_cancel()  # cancelling one caller must not cancel the others
    threading.Thread(target=_look, args=(lookup, host, port), name="vimeo-toolkit-dns", daemon=True).start()
    return lookup


def _look(lookup: _Lookup, host: str, port: int) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        answer = _in_turn([str(entry[4][0]) for entry in found])
    except Exception as error:
        _forget(lookup, host, port)
        lookup.set_exception(error if isinstance(error, OSError) else OSError(type(error).__name__))
    else:
        _forget(lookup, host, port)
        lookup.set_result(answer)


def _forget(lookup: _Lookup, host: str, port: int) -> None:
    with _guard:
        if _under_way.get((host, port)) is lookup:
            del _under_way[host, port]


def _in_turn(found: list[str]) -> list[str]:
    """Return IPv6 and IPv4 addresses alternately, each in the order given: where one family does not work, the
    other is tried next."""
    six = [address for address in dict.fromkeys(found) if ":" in address]
    four = [address for address in dict.fromkeys(found) if ":" not in address]
    first, second = (six, four) if ":" in found[0] else (four, six)
    return [address for address in chain.from_iterable(zip_longest(first, second)) if address]
