"""Which servers requests go to directly, and which through the operator's proxy, as httpx reads the settings."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import httpx

from vimeo_toolkit.runtime.internals import without_proxy
from vimeo_toolkit.runtime.messages import Server
from vimeo_toolkit.runtime.pool_shards import PoolShards

__all__ = ["Ways"]

Client = TypeVar("Client", httpx.Client, httpx.AsyncClient)


class Ways(Generic[Client]):
    """The ways of one event loop's or one process's requests. Safe to use from many threads.

    Args:
        shards: httpx's clients, one of which is asked about each server once.
    """

    def __init__(self, shards: PoolShards[Client]) -> None:
        self._shards: PoolShards[Client] = shards
        self._direct: dict[Any, bool] = {}

    def direct(self, server: Server) -> bool:
        """Return whether requests go to this server itself, and not to the operator's proxy."""
        found = self._direct.get(server.key)
        if found is None:
            with self._shards.client() as client:
                found = self._direct[server.key] = without_proxy(client, server.url)
        return found
