"""What is wrong with an account before anything was called, and the command that solves it."""

from __future__ import annotations

from typing import Final

from vimeo_toolkit import AccountStatus, VimeoToolkit
from vimeo_toolkit.cli.failures import mended
from vimeo_toolkit.cli.session import Session
from vimeo_toolkit.errors import InvalidInput, NotConnected, VimeoToolkitError

__all__ = ["notice_about"]

_WRITING: Final = frozenset({"create", "edit", "delete", "interact", "upload"})
"""Scopes that allow changes."""


def notice_about(
    session: Session, used: VimeoToolkit, connection: str, identifier: str, *, writes: bool
) -> str:
    """Return what the user of an MCP client should know about an account; empty where all is well.

    Args:
        writes: tools that change something are served.

    Raises:
        InvalidInput, ConfigurationError: the identifier or the connection cannot be one.
    """
    try:
        account = used.get_connected_account(connection, identifier=identifier)
    except NotConnected as error:
        others = [each.identifier for each in used.list_connected_accounts(connection)]
        known = f" Connected here: {', '.join(map(repr, others[:5]))}." if others else ""
        return f"No Vimeo account is connected for {identifier!r}.{known} {mended(error, session)}"
    except InvalidInput:
        raise
    except VimeoToolkitError as error:
        return f"{error.message} {mended(error, session)}"
    connect = session.quoted("connect", identifier, "--token")
    if account.status is not AccountStatus.ACTIVE:
        return f"The Vimeo account of {identifier!r} is {account.status.value}. Connect it again: {connect}"
    if writes and not account.granted_scopes & _WRITING:
        return (
            f"The token of {identifier!r} gives no write access (it has "
            f"{' '.join(sorted(account.granted_scopes))}): tools that change something are refused. Make a token "
            f"with edit, create, upload … and connect again: {connect}. Or serve reading tools only: --read-only"
        )
    return ""
