"""A small server in a process of its own, so that it takes none of what is measured here."""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

__all__ = ["in_process", "process_of", "serve_forever"]


def serve_forever(told: Connection, start: Callable[[], Awaitable[asyncio.Server]]) -> None:
    """Serve what `start` starts until the process is ended; tell its port first."""

    async def forever() -> None:
        server = await start()
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    try:
        asyncio.run(forever())
    except KeyboardInterrupt:
        sys.exit(0)


@contextmanager
def process_of(serve: Callable[..., None], *arguments: Any) -> Iterator[Connection]:
    """Run `serve(pipe, *arguments)` in another process; gives the other end of its pipe."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(there, *arguments), daemon=True)
    process.start()
    there.close()  # so that reading here ends when that process does
    try:
        yield here
    finally:
        process.kill()
        process.join()


@contextmanager
def in_process(serve: Callable[..., None], *arguments: Any) -> Iterator[str]:
    """Run a server, `serve(told, *arguments)`, in another process; gives its URL."""
    with process_of(serve, *arguments) as pipe:
        yield f"http://127.0.0.1:{pipe.recv()}"
