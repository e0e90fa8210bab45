"""A raw HTTP server on loopback, in a process of its own, that tells users apart by their tokens: one whose name
has "slow" in it waits, and each has a limit of requests, as at Vimeo."""

from __future__ import annotations

import asyncio
import datetime
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from multiprocessing.connection import Connection

from benchmarks.local_process import in_process, serve_forever

__all__ = ["SLOW_SECONDS", "Limit", "refused_by", "serving"]

SLOW_SECONDS = 3.0

Limit = tuple[int, float]
"""Requests a user may make, in how many seconds."""


async def _answer(
    head: bytes, limit: Limit, windows: dict[bytes, tuple[float, int]], refused: list[int]
) -> bytes:
    """The answer to a request, after a while for a slow user."""
    if head.startswith(b"get /refused"):
        return _http(b"200 OK", b"", json.dumps(refused[0]).encode())
    token = head.partition(b"bearer ")[2].partition(b"\r\n")[0]
    if b"slow" in token:
        await asyncio.sleep(SLOW_SECONDS)
    now = time.time()
    start, used = windows.get(token, (0.0, 0))
    if now >= start + limit[1]:
        start, used = now, 0
    windows[token] = (start, used + 1)
    left = limit[0] - used - 1
    reset = datetime.datetime.fromtimestamp(start + limit[1], datetime.UTC).isoformat()
    headers = (
        f"x-ratelimit-limit: {limit[0]}\r\nx-ratelimit-remaining: {max(0, left)}\r\n"
        f"x-ratelimit-reset: {reset}\r\n"
    )
    if left < 0:
        refused[0] += 1
    status = b"200 OK" if left >= 0 else b"429 Too Many Requests"
    return _http(status, headers.encode(), b'{"uri":"/users/1","name":"Somebody"}')


def _http(status: bytes, headers: bytes, body: bytes) -> bytes:
    usual = f"content-type: application/json\r\ndate: {formatdate(usegmt=True)}\r\n".encode()
    return b"HTTP/1.1 %s\r\n%s%scontent-length: %d\r\n\r\n%s" % (status, usual, headers, len(body), body)


def _serve(told: Connection, limit: Limit) -> None:
    windows: dict[bytes, tuple[float, int]] = {}
    refused = [0]

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                writer.write(await _answer(head, limit, windows, refused))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    serve_forever(told, lambda: asyncio.start_server(one, "127.0.0.1", 0, backlog=2048))


@contextmanager
def serving(limit: Limit = (1_000_000, 3600.0)) -> Iterator[str]:
    """The server's URL."""
    with in_process(_serve, limit) as url:
        yield url


def refused_by(url: str) -> int:
    """How many requests were over a limit."""
    import httpx

    return int(httpx.get(f"{url}/refused", trust_env=False).json())
