"""The public method that sends any request to Vimeo's API: for what no tool does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vimeo_toolkit.calls.result import ToolResult
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.catalog.selection import RAW_REQUEST, called
from vimeo_toolkit.connection import DEFAULT_CONNECTION
from vimeo_toolkit.facade.core import Core

__all__ = ["Requests"]


class Requests(Core):
    """The asynchronous method for requests of any kind; `_blocking.BlockingRequests` has the blocking one."""

    async def arequest(
        self,
        method: str,
        path: str,
        *,
        identifier: str,
        connection_name: str = DEFAULT_CONNECTION,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        dry_run: bool = False,
        idempotency_key: str | None = None,
    ) -> ToolResult:
        """Send a request to any path of Vimeo's API with this user's token, and return its answer: what a tool's
        call has, it has, too (scopes as far as they are known, the user's limit, repeats where they are safe, your
        rules about approvals, hooks, the audit log, no secrets in the answer).

        Everything but a GET counts as a write. `approval="writes"` asks about each; "outward" asks about each, too,
        because nobody knows what it does to people, and "destructive" about all but a POST that replaces nothing.

        Args:
            method: GET, POST, PUT, PATCH or DELETE.
            path: such as `/me/videos`, with its query or without, as a list's `paging.next` has it. A whole
                address, a part such as `..` and the paths that make tokens are refused.
            params: the query. Give `fields`, such as `"uri,name"`: it makes the answer small, and doubles the limit
                of the user's plan.
            json: the body: a dict or a list.
            dry_run: send nothing that changes anything, and give back what would be sent, see `aexecute_tool`.
            idempotency_key: under it a write is made once, see `aexecute_tool`.

        Raises:
            InvalidInput: method, path, params or json (which the error calls body) are wrong; nothing was sent.
            VimeoToolkitError: as from `aexecute_tool`.
        """
        given = {"method": method, "path": path, "params": params, "body": json}
        try:
            from vimeo_toolkit.catalog.raw_request import by_code  # pydantic's models load slowly

            tool, _ = called(RAW_REQUEST, given)
            spec = CallSpec(
                self._context.identity(connection_name, identifier),
                by_code(tool),
                given,
                dry_run=dry_run,
                idempotency_key=idempotency_key,
            )
        finally:
            del given, params, json  # they may hold a password, and a traceback's locals are often logged
        return await self._run(self._aemitting, spec)
