"""Serve the tools to a client of the Model Context Protocol that started this process, over stdio."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Any

from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.cli.account_notice import notice_about
from vimeo_toolkit.cli.output import notice, warn
from vimeo_toolkit.cli.session import Session

__all__ = ["serve_stdio"]


def serve_stdio(session: Session, rules: dict[str, Any], identifier: str, **chosen: Any) -> None:
    """Serve one user over stdin and stdout, on which nothing else may be written, until stdin ends or Ctrl+C.

    What stands in the way of the account (there is none, it may not write) is told on stderr and to the client.

    Args:
        rules: those of the toolkit.
        chosen: the tools, as `vimeo_mcp.create_server` takes them.

    Raises:
        ConfigurationError: the settings cannot work, or the extra is not installed.
    """
    import vimeo_mcp

    from vimeo_toolkit.cli.mcp_answers import advise, links_lead_somewhere

    if not links_lead_somewhere(session):
        chosen["connect_url"] = None
    used = session.toolkit(new_store=True, **rules)
    # The SDK waits for stdin in a thread that nothing can interrupt. Between two messages there is nothing to
    # save, and what is under way apart (a token's renewal) is finished when the toolkit is closed.
    signal.signal(signal.SIGINT, lambda *_: _end(used))
    connection = chosen["connection_name"]
    about = notice_about(session, used, connection, identifier, writes=not chosen["read_only"])
    notice(session.where())
    if about:
        warn(about)
    server = vimeo_mcp.create_server(identifier, toolkit=used, **chosen)
    advise(server, session, identifier, about)
    asyncio.run(_serve(vimeo_mcp, used, server))


async def _serve(vimeo_mcp: Any, used: VimeoToolkit, server: Any) -> None:
    async with used:
        await vimeo_mcp.run_stdio(server)


def _end(used: VimeoToolkit) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    used.close()
    os._exit(130)
