"""How often strangers may ask: counted in the store, so that the limit is one for all machines."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Final, Literal

from vimeo_toolkit.accounts.rows import Rows
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.stores.protocol import Key

__all__ = ["LIMITS", "Limited", "seconds_to_wait"]

COUNT: Final = "oauth_count"
_ATTEMPTS: Final = 20


Limited = Literal["registrations", "sign-ins"]


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be asked for within some seconds."""

    of_an_address: int
    of_all: int
    seconds: float


LIMITS: Final[Mapping[Limited, Limit]] = {
    # Each writes a row. Clients that are hosted register for all of their users from a few addresses.
    "registrations": Limit(of_an_address=60, of_all=1_000, seconds=3_600.0),
    # Each keeps a row for some minutes.
    "sign-ins": Limit(of_an_address=120, of_all=6_000, seconds=600.0),
}


async def seconds_to_wait(rows: Rows, io: IO, what: Limited, address: str) -> int:
    """Count one more, and return 0; or return after how many seconds it may be asked again.

    Args:
        address: of the network, from which the asking comes; empty where that is not known.
    """
    limit = LIMITS[what]
    # The address first: who is refused by its limit takes nothing of what there is for all.
    for most, who in ((limit.of_an_address, _network(address)), (limit.of_all, "")):
        name = hashlib.sha256(f"{what} {who}".encode()).hexdigest()
        waits = await _counted(rows, io, Key(COUNT, "", name), most, limit.seconds)
        if waits:
            return waits
    return 0


async def _counted(rows: Rows, io: IO, key: Key, most: int, seconds: float) -> int:
    for _ in range(_ATTEMPTS):
        found = await rows.read_json(io, key, void=True)
        body, version = found if found is not None else ({}, 0)
        now = io.now()
        ends = float(body.get("ends", 0.0))
        if not now < ends <= now + seconds:  # the first of a new window, whatever a clock did meanwhile
            body, ends = {}, now + seconds
        count = int(body.get("count", 0))
        if count >= most:
            return max(1, math.ceil(ends - now))
        counted = {"count": count + 1, "ends": ends}
        if await rows.put_json(io, key, counted, ttl=seconds, expected=version):
            return 0
        await io.sleep(0.01 * io.jitter())
    return 1


def _network(address: str) -> str:
    """Return the part of an address that one sender has: of IPv6 a network of 64 bits."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    # A server that listens on both writes IPv4 as IPv6, all of it within one network.
    known = getattr(known, "ipv4_mapped", None) or known
    return str(known) if known.version == 4 else str(ip_network(f"{known}/64", strict=False))
