"""What the methods about libraries and transcripts open: the library of the account that is connected, if it can be
used, and the tools that only the toolkit calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.left_libraries import forget_if_over
from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus
from vimeo_toolkit.calls.refusals import what_is_wrong
from vimeo_toolkit.catalog.ids import normalized
from vimeo_toolkit.errors import ConfigurationError, InvalidInput
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.runtime.ports import IO

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool
    from vimeo_toolkit.library.index import Libraries
    from vimeo_toolkit.library.of_user import UserLibrary

__all__ = ["own_call", "require_libraries", "usable_account", "user_library", "video_number"]


def require_libraries(ctx: Context) -> Libraries:
    """Return the indexes.

    Raises:
        ConfigurationError: the operator has none made.
    """
    if ctx.libraries is None:
        raise ConfigurationError(
            "This toolkit keeps no index of libraries.",
            hint='Make it with library="sqlite:///vimeo_library" (VIMEO_TOOLKIT_LIBRARY), a folder for readable '
            "copies of users' transcripts.",
        )
    return ctx.libraries


async def usable_account(ctx: Context, io: IO, identity: Identity) -> AccountRecord:
    """Return the account whose library is asked.

    Raises:
        ConfigurationError: the operator has no indexes made.
        NotConnected, Expired, Revoked: there is no account that can be used.
    """
    require_libraries(ctx)
    account = await ctx.vault.load(io, identity)
    if account is None or account.status is not AccountStatus.ACTIVE:
        if account is not None:
            await forget_if_over(ctx, io, account)
        cls, message = what_is_wrong(account)
        raise cls(
            message,
            hint="Connect the user: get_authorization_link makes a link, import_token takes an access token.",
            connection_name=identity.connection_name,
            identifier=identity.identifier,
        )
    return account


def user_library(ctx: Context, io: IO, account: AccountRecord) -> UserLibrary:
    """Return the library of the Vimeo account that is connected now."""
    from vimeo_toolkit.library.of_user import UserLibrary  # its stemmers are for those who have a library

    owner = Owner(account.identity, account.generation)
    return UserLibrary(require_libraries(ctx), io, owner, ctx.vault, ctx.embedding)


def video_number(video: str | int) -> str:
    """Return the number of the video that is named by its number, URI or link.

    Raises:
        InvalidInput: it names none.
    """
    try:
        return normalized("video", video).partition(":")[0]
    except ValueError as error:
        raise InvalidInput(f"video: {error}", hint="Pass the video's number, its URI or its link.") from None


def own_call(name: str) -> Tool:
    """Return the tool of this name that no agent is offered."""
    from vimeo_toolkit.catalog.own_calls import OWN  # pydantic's models load slowly, so at the first use

    return next(tool for tool in OWN.tools if tool.name == name)
