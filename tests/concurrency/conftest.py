from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest

from vimeo_toolkit import generate_key
from vimeo_toolkit.sandbox import Sandbox

SHARED = ("sqlite", "postgres", "redis")
"""Stores that several processes can use."""


@pytest.fixture
def settings(vimeo: Sandbox, store_url: str) -> dict[str, Any]:
    """What a worker needs to make its own toolkit over the same store, with an app whose tokens expire."""
    app = vimeo.add_app("Expiring", token_lifetime=3600.0, refresh_tokens=True)
    return {
        "connection": {
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "redirect_uri": app.redirect_uri,
            "scopes": ["private", "interact"],
            "api_url": vimeo.url,
        },
        "store": store_url,
        "key": generate_key(),
        "identifier": "u",
    }


class Start(Protocol):
    def __call__(self, target: Callable[..., None], arguments: list[tuple[Any, ...]]) -> list[Any]: ...


@pytest.fixture
def start() -> Iterator[Start]:
    """Run a worker in processes of its own, all let go at once; gives back what each put."""
    context = multiprocessing.get_context("spawn")
    running: list[Any] = []

    def started(target: Callable[..., None], arguments: list[tuple[Any, ...]]) -> list[Any]:
        barrier, results = context.Barrier(len(arguments)), context.Queue()
        processes = [context.Process(target=target, args=(*each, barrier, results)) for each in arguments]
        running.extend(processes)
        for process in processes:
            process.start()
        put = [results.get(timeout=100) for _ in processes]
        for process in processes:
            process.join(20)
        return put

    yield started
    for process in running:
        if process.is_alive():
            process.kill()
