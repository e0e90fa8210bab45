"""What came of a call, in a form that every framework can pass on, and what a person is asked before one."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from vimeo_toolkit.errors import (
    LINK,
    MESSAGE,
    AccountError,
    ApprovalDenied,
    ApprovalRequired,
    MissingScope,
    VimeoToolkitError,
    bounded,
    cut,
)
from vimeo_toolkit.shape import to_json

if TYPE_CHECKING:
    from vimeo_toolkit.calls.result import ToolResult

__all__ = ["ApprovalRequest", "Reply", "denied"]


@dataclass(frozen=True, slots=True)
class ApprovalRequest:
    """What a person is asked before a call is made. Nothing in it is a secret."""

    approval_id: str
    """For `VimeoToolkit.approve`."""
    tool_name: str
    question: str
    """What the call does, a sentence or two with the names of things as they stand now and what changes."""
    description: str
    """The question, long texts in full, and whether others see it and it can be undone: a few lines for the person
    who decides."""
    changes: tuple[Mapping[str, Any], ...]
    """What is set, for a table of your own, see `PlannedCall.changes`."""
    kind: str = ""
    """What is changed, such as `video`."""
    title: str = ""
    """Its title as it stands now: somebody's text."""

    @classmethod
    def of(cls, error: ApprovalRequired) -> Self:
        """Return what is asked about a call that was refused for want of approval."""
        planned = error.planned
        return cls(
            approval_id=error.approval_id,
            tool_name=planned.tool_name,
            question=planned.question,
            description=planned.describe(),
            changes=planned.changes,
            kind=planned.kind,
            title=planned.title,
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a call, in a form that every framework can pass on."""

    text: str
    """What the model reads: compact JSON, of a result or of an error."""
    artifact: dict[str, Any]
    """The whole answer as JSON, for the product's own code; of an error its code, message, hint and details: what a
    page needs for a button, such as `authorization_link`, `needed_scopes` and `missing_scopes`, or `approval_id`,
    `question`, `description` and `changes`."""
    error: VimeoToolkitError | None = None
    """The typed error, without its frames, which hold the arguments as the model wrote them."""

    @classmethod
    def of(cls, outcome: ToolResult | VimeoToolkitError) -> Self:
        """Return the reply that a result or an error makes."""
        if isinstance(outcome, VimeoToolkitError):
            told = outcome.to_dict()
            artifact = told | _for_the_product(outcome)
            return cls(to_json(_said_once(told)), artifact, outcome.with_traceback(None))
        return cls(outcome.to_text(), outcome.data)

    def without_link(self) -> Self:
        """Return the reply without the link under which a user connects, for a product that shows it itself: then
        it need not pass through the model. The artifact's `can_connect` tells that there was one."""
        if not isinstance(self.error, AccountError) or self.error.authorization_link is None:
            return self
        error = copy(self.error)
        error.authorization_link = None
        error.hint = (
            "The user has to connect Vimeo or grant more; the product that they use asks them for it."
        )
        plain = type(self).of(error)
        return replace(plain, artifact={**plain.artifact, "can_connect": True})

    @property
    def is_error(self) -> bool:
        """Whether the call failed or was not made."""
        return self.error is not None

    @property
    def needs_approval(self) -> ApprovalRequest | None:
        """What a person has to approve before the call is made; None where nothing waits for them."""
        return ApprovalRequest.of(self.error) if isinstance(self.error, ApprovalRequired) else None


def denied(tool: str, answer: bool | str) -> Reply:
    """Return what a model is told where a person said no. `answer`: their reason, or False."""
    reason = answer.strip()[:500] if isinstance(answer, str) else ""
    error = ApprovalDenied(
        f"{tool} was not called: the user did not approve it. Nothing was sent."
        + (f" The reason: {reason}" if reason else ""),
        hint="Do not call it again unless the user asks for it anew.",
        tool=tool,
    )
    return Reply.of(error)


def _said_once(told: dict[str, Any]) -> dict[str, Any]:
    """Return an error without the problems of single inputs that stand in its message, too."""
    message, problems = told["message"], told.get("problems")
    if not problems:
        return told
    others = [each for each in problems if not (each["field"] in message and each["problem"] in message)]
    rest = {name: value for name, value in told.items() if name != "problems"}
    return rest | {"problems": others} if others else rest


def _for_the_product(error: VimeoToolkitError) -> dict[str, Any]:
    """Return what a page needs beside what a model is told."""
    if isinstance(error, ApprovalRequired):
        asked = ApprovalRequest.of(error)
        return {
            "question": cut(asked.question, MESSAGE),
            "description": cut(asked.description, LINK),
            "changes": bounded([dict(change) for change in asked.changes]),
        }
    return {"needed_scopes": bounded(error.needed)} if isinstance(error, MissingScope) else {}
