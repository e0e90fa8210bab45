"""Which calls may be made, and which need a person's consent first. This is below all frameworks, so none can
evade it.

A call that needs consent is refused with an approval id. The product shows the planned call to the person and
approves exactly this call with `VimeoToolkit.approve`; the same call then goes through once. Or a `confirm` hook
answers at once. A model reaches neither: its arguments are the tool's inputs, and nothing else.

Consent is for a call and for what stood there when it was asked (`preview.py`): who agreed to delete an empty
folder has not agreed to delete a full one. When that has changed, or another Vimeo account is connected, the
consent is void and the call is asked about anew. A call that never reached Vimeo gives its consent back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Literal, get_args

from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.calls.approvals import Subject, UsedApproval, hold, take
from vimeo_toolkit.calls.planned import PlannedCall
from vimeo_toolkit.errors import ApprovalDenied, ApprovalRequired, ConfigurationError, ReadOnly
from vimeo_toolkit.observe.callables import require_sync, settled
from vimeo_toolkit.runtime.ports import IO

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.looks import Effect
    from vimeo_toolkit.catalog.tool import Tool

__all__ = ["Approval", "Confirm", "Consent"]

Approval = Literal["destructive", "outward", "writes"]
Answer = bool | str
Confirm = Callable[[PlannedCall], Answer | Awaitable[Answer]]


class Consent:
    """The rules of one toolkit.

    Raises:
        ConfigurationError: there is no such rule, or `confirm` cannot be called.
    """

    def __init__(
        self, approval: Approval | None = None, confirm: Confirm | None = None, *, read_only: bool = False
    ) -> None:
        if approval is not None and approval not in get_args(Approval):
            raise ConfigurationError(
                f"{str(approval)[:40]!r} is not a rule for approvals.",
                hint=f"approval is one of {', '.join(get_args(Approval))}, or None.",
            )
        if confirm is not None and not callable(confirm):
            raise ConfigurationError(
                f"confirm takes a callable, and {type(confirm).__qualname__} is not one.",
                hint="Pass a function of one argument, the planned call, that answers True or False.",
            )
        self._approval = approval or ("destructive" if confirm is not None else None)
        self._confirm = confirm
        self.read_only = read_only

    def allow(self, tool: Tool) -> None:
        """Refuse what changes something in a toolkit that only reads.

        Raises:
            ReadOnly: it does.
        """
        if self.read_only and not tool.read_only:
            raise ReadOnly(
                f"{tool.name} was not called: this toolkit only reads.",
                hint="Tell the user that changes are switched off here; do not call it again.",
                tool=tool.name,
            )

    def concerns(self, tool: Tool) -> bool:
        """Return whether calls of this tool need consent; of one that changes things by plans, whether some do."""
        return tool.always_asked or self.holds_back(tool.effect)

    def holds_back(self, effect: Effect) -> bool:
        """Return whether what does this to people needs consent."""
        match self._approval:
            case "destructive":
                return effect == "destructive"
            case "outward":
                return effect in ("destructive", "visible")
            case "writes":
                return effect != "reads"
        return False

    def require_sync(self, tool: Tool) -> None:
        """Refuse a blocking call before an asynchronous hook would have to be asked.

        Raises:
            ConfigurationError: the hook concerns this tool and is an `async def`.
        """
        if self.concerns(tool):
            require_sync(self._confirm, "The confirm hook")

    async def obtain(
        self, vault: Vault, io: IO, subject: Subject, planned: PlannedCall
    ) -> UsedApproval | None:
        """Let the call through, or raise.

        Returns None when the hook said yes, which may have taken long, else the approval that was used
        up. It can be given back while nothing was sent.

        Raises:
            ApprovalRequired: nobody has approved this call yet, or what it is about has changed since.
            ApprovalDenied: the hook said no.
        """
        name = planned.tool_name
        used, void = await take(vault, io, subject)
        if used is not None:
            return used
        if self._confirm is None:
            raise ApprovalRequired(
                f"{name} was not called: it needs the user's approval. Nothing was sent."
                + (
                    " It was approved before, and what it would change has changed since then."
                    if void
                    else ""
                ),
                hint="Tell the user what it would do. Do not call it again until they have approved it.",
                tool=name,
                approval_id=await hold(vault, io, subject, planned.describe()),
                planned=planned,
            )
        # What it raises reaches the caller as it is, as with modifiers: nothing was sent.
        answer: Any = await settled(
            self._confirm(planned),
            self._confirm,
            may_await=io.may_await,
            what="The confirm hook",
            after="Nothing was sent.",
        )
        if answer is True:
            return None
        # Anything but a plain yes is a no.
        reason = answer.strip()[:500] if isinstance(answer, str) else ""
        raise ApprovalDenied(
            f"{name} was not called: it was not approved. Nothing was sent."
            + (f" The reason: {reason}" if reason else ""),
            hint="Do not call it again unless the user asks for it anew.",
            tool=name,
        )
