"""Read request bodies of strangers within limits of time and memory."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Final, Literal

from starlette.requests import ClientDisconnect, Request

__all__ = ["Intake"]

FREE: Final = 16_384
"""Bytes that every request may use; Vimeo's deliveries are smaller. Larger bodies share `Intake.most_held`."""


@dataclass(slots=True)
class Intake:
    """Reads bodies whose signature is not checked yet.

    Args:
        limit: the largest body, in bytes.
        seconds: how long a body may take to arrive.
        most_held: bytes beyond the first 16 KiB of each that all bodies together may hold at once.
    """

    limit: int
    seconds: float = 10.0
    most_held: int = 8_000_000
    _held: int = field(default=0, init=False)

    async def read(self, request: Request) -> bytes | Literal["too_large", "too_slow", "too_many", "gone"]:
        """Return the raw body, or why there is none."""
        announced = request.headers.get("content-length", "")
        if announced.isdecimal() and int(announced[:20]) > self.limit:
            return "too_large"
        body = bytearray()
        shared = 0
        try:
            async with asyncio.timeout(self.seconds):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > self.limit:
                        return "too_large"
                    more = max(0, len(body) - FREE) - shared
                    if self._held + more > self.most_held:
                        return "too_many"
                    shared += more
                    self._held += more
        except TimeoutError:
            return "too_slow"
        except ClientDisconnect:
            return "gone"
        finally:
            self._held -= shared
        return bytes(body)
