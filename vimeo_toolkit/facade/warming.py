"""The public method that makes a process ready for its first call."""

from __future__ import annotations

import logging

from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.connection import DEFAULT_CONNECTION
from vimeo_toolkit.errors import StoreError
from vimeo_toolkit.facade.core import Core
from vimeo_toolkit.runtime.ports import NotSent
from vimeo_toolkit.stores.protocol import Key

__all__ = ["Warming"]

_log = logging.getLogger("vimeo_toolkit.warm_up")


class Warming(Core):
    """The asynchronous method; `_blocking.BlockingWarming` has the blocking one."""

    async def awarm_up(self, *, connection_name: str = DEFAULT_CONNECTION) -> bool:
        """Do now what the first call would have to wait for: load the tools, open the store, and connect to
        Vimeo's API. No request is sent, so no token is used and nobody's limit is touched.

        Call it where a process begins to serve, in each worker behind its fork. The asynchronous method makes the
        connections of the running event loop, the other one those of blocking calls; they are kept for two minutes.

        Returns whether everything is ready. What is away right now does not keep a server from starting: the logger
        `vimeo_toolkit.warm_up` says at WARNING what it is, and the first call tries again.

        Args:
            connection_name: the registered Vimeo app whose API is meant.

        Raises:
            ConfigurationError: there is no such connection.
        """
        address = self._context.connection(connection_name).api_url
        await self._async.call(self._load_tools)
        missing = []
        try:
            await self._async.store.aget(Key("account", connection_name, ""))
        except StoreError as error:
            missing.append(f"The store cannot be used yet: {error.message}")
        try:
            await self._async.connect(address, timeout=self._context.policy.timeout)
        except NotSent as error:
            missing.append(f"There is no connection to {address} yet: {error.reason or 'it failed'}.")
        return self._told(missing)

    def _told(self, missing: list[str]) -> bool:
        for each in missing:
            _log.warning("%s", each)
        return not missing

    def _load_tools(self) -> None:
        """Declare all tools, and build the checks of their inputs, which each would do at its first use."""
        for tool in (*catalog(library=True).values(), *self.own_tools.values()):
            tool.input_model.model_rebuild()
