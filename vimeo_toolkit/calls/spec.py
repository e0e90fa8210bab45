"""What one call is given: the tool, the user, the input and the options."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.calls.result import Detail
from vimeo_toolkit.errors import WrongUser
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.uploads.files import UploadOptions

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool

__all__ = ["CallSpec", "OneAccount"]


class OneAccount:
    """The Vimeo account that several calls are about: that of the first of them."""

    def __init__(self) -> None:
        self._whose: str | None = None

    def require(self, account: AccountRecord) -> None:
        """Make sure that it is the account of the calls before.

        Raises:
            WrongUser: another one was connected meanwhile.
        """
        whose = account.vimeo_uri or account.generation
        if self._whose is None:
            self._whose = whose
        elif self._whose != whose:
            raise WrongUser(
                "Another Vimeo account was connected meanwhile. Nothing of it was read.",
                hint="What came before is of the account of before: begin anew for the one that is connected now.",
            )


@dataclass(frozen=True, slots=True, eq=False)
class CallSpec:
    """Describe one call of one tool for one user.

    `tool_input` may hold a password. It is in no `repr`, because a traceback's locals are often logged, and a spec
    cannot be pickled.

    Args:
        identity: whose token is used.
        tool: what is called.
        tool_input: its inputs as the caller wrote them; they are validated by the call.
        detail: how much Vimeo is asked for about each thing, and how much of it is shown.
        allowed: names of the only tools that the caller may use or be told of; all by default.
        at_hand: names of the tools that an agent has been shown so far, where it is shown others once it has found
            them.
        dry_run: send nothing that changes anything; the result is what would be sent.
        files: which files the call may read, where these are others than the toolkit's.
        idempotency_key: under it a write is made once, see `calls.once`.
        handed: takes secrets that the call finds for the program that makes it, such as links to files.
        on_progress: is told how far a call is, and of how much: videos of a plan, seconds of a wait, bytes.
        one_account: which account this call and others are about, where they belong together.
        background: its requests give way to those of the user's other calls, however long that takes.
        reuses_reads: what it reads for an agent may be what an equal read of the user gives, see `calls.reads`.
    """

    identity: Identity
    tool: Tool
    tool_input: Mapping[str, Any] | None = field(default=None, repr=False)
    detail: Detail = "compact"
    allowed: Collection[str] | None = None
    at_hand: Collection[str] = ()
    dry_run: bool = False
    files: UploadOptions | None = None
    idempotency_key: str | None = None
    handed: list[Secret] | None = field(default=None, repr=False)
    on_progress: Callable[[int, int], Any] | None = field(default=None, repr=False)
    one_account: OneAccount | None = None
    background: bool = False
    reuses_reads: bool = False

    def __reduce__(self) -> NoReturn:
        raise TypeError("A CallSpec may hold a password and is not picklable.")
