"""A raw HTTP server on loopback, in a process of its own, that costs as little as can be: what is measured is the
client. It answers every request with the same video, and with a budget that never ends."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import cast

from benchmarks.local_process import in_process, serve_forever

__all__ = ["PER_PAGE", "VIDEO", "answer_of", "serve_answers", "serving", "serving_pages"]

PER_PAGE = 100
"""Vimeo's most."""

VIDEO = {
    "uri": "/videos/123456789",
    "name": "Harbour at dawn",
    "description": "The first boats leave before the sun is up. " * 4,
    "link": "https://vimeo.com/123456789",
    "duration": 754,
    "created_time": "2026-11-03T06:12:44+00:00",
    "modified_time": "2026-11-09T18:02:10+00:00",
    "privacy": {"view": "anybody", "embed": "public", "download": False, "comments": "anybody"},
    "stats": {"plays": 48211},
    "tags": [{"name": name} for name in ("harbour", "dawn", "boats", "documentary")],
    "status": "available",
    "parent_folder": None,
    "metadata": {"connections": {"likes": {"total": 319}, "comments": {"total": 41}}},
}


def answer_of(body: bytes) -> bytes:
    head = (
        "HTTP/1.1 200 OK\r\n"
        "Content-Type: application/vnd.vimeo.video+json\r\n"
        f"Content-Length: {len(body)}\r\n"
        "X-RateLimit-Limit: 1000000\r\n"
        "X-RateLimit-Remaining: 999999\r\n"
        "X-RateLimit-Reset: 2099-01-01T00:00:00+00:00\r\n"
        "\r\n"
    )
    return head.encode() + body


class _Protocol(asyncio.Protocol):
    """Answers at the end of each request's head; a request with a body is not asked here."""

    def __init__(self, answer: Callable[[bytes], bytes], delay: tuple[float, float]) -> None:
        self._answer, self._delay, self._read = answer, delay, b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._read += data
        while b"\r\n\r\n" in self._read:
            head, _, self._read = self._read.partition(b"\r\n\r\n")
            answer = self._answer(head)
            if self._delay[1]:
                wait = random.uniform(*self._delay)  # noqa: S311 - how busy a server is needs no secrecy
                asyncio.get_running_loop().call_later(wait, self._write, answer)
            else:
                self._write(answer)

    def _write(self, answer: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(answer)


def _serve(told: Connection, body: bytes, delay: tuple[float, float]) -> None:
    answer = answer_of(body)
    serve_answers(told, lambda _: answer, delay)


def _serve_pages(told: Connection, items: int, delay: tuple[float, float]) -> None:
    pages = [answer_of(_page(number, items)) for number in range(1, -(-items // PER_PAGE) + 1)]
    single = answer_of(json.dumps(VIDEO).encode())

    def answer(head: bytes) -> bytes:
        line = head.partition(b"\r\n")[0]
        if b"/me/videos" not in line:
            return single
        asked = re.search(rb"[?&]page=(\d+)", line)
        return pages[int(asked[1]) - 1 if asked else 0]

    serve_answers(told, answer, delay)


def _page(number: int, items: int) -> bytes:
    first = (number - 1) * PER_PAGE
    videos = [
        {**VIDEO, "uri": f"/videos/{1000 + place}"} for place in range(first, min(items, first + PER_PAGE))
    ]
    link = f"/me/videos?page={number + 1}&per_page={PER_PAGE}" if number * PER_PAGE < items else None
    page = {"total": items, "page": number, "per_page": PER_PAGE, "paging": {"next": link}, "data": videos}
    return json.dumps(page, separators=(",", ":")).encode()


def serve_answers(told: Connection, answer: Callable[[bytes], bytes], delay: tuple[float, float]) -> None:
    async def start() -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: _Protocol(answer, delay), "127.0.0.1", 0, backlog=1024)

    serve_forever(told, start)


@contextmanager
def serving(body: object = VIDEO, *, delay: tuple[float, float] = (0.0, 0.0)) -> Iterator[str]:
    """The server's URL. `delay`: seconds that an answer takes, at least and at most."""
    encoded = body if isinstance(body, bytes) else json.dumps(body, separators=(",", ":")).encode()
    with in_process(_serve, encoded, delay) as url:
        yield url


@contextmanager
def serving_pages(items: int, *, delay: tuple[float, float] = (0.0, 0.0)) -> Iterator[str]:
    """The URL of a server with a library of so many videos, in pages of `PER_PAGE`."""
    with in_process(_serve_pages, items, delay) as url:
        yield url
