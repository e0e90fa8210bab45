"""What came of a call, in a form that every framework can pass on, and what a person is asked before one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self

from vimeo_toolkit.errors import (
    AccountError,
    ApprovalDenied,
    ApprovalRequired,
    AuthorizationFailed,
    MissingScope,
    VimeoToolkitError,
)

if TYPE_CHECKING:
    from vimeo_toolkit.calls.result import ToolResult

__all__ = ["ApprovalRequest", "ConnectRequest", "Reply", "denied"]


WITHOUT_LINK: Final = (
    "The user has to connect Vimeo, or allow more, in the product itself, which shows them how. Tell them so, "
    "and call again when they say that it is done."
)


@dataclass(frozen=True, slots=True)
class ApprovalRequest:
    """What a person is asked before a call is made. Nothing in it is a secret."""

    approval_id: str
    """For `VimeoToolkit.approve`."""
    tool_name: str
    question: str
    """What the call does, a sentence with the names of things as they stand now."""
    description: str
    """The question, what changes, the arguments and what is sent, a few lines for the person who decides."""
    changes: tuple[Mapping[str, Any], ...]
    """`{"input": …, "before": …, "after": …}` for each thing that an edit sets."""

    @classmethod
    def of(cls, error: ApprovalRequired) -> Self:
        """Return what is asked about a call that was refused for want of approval."""
        planned = error.planned
        return cls(
            error.approval_id, planned.tool_name, planned.question, planned.describe(), planned.changes
        )


@dataclass(frozen=True, slots=True)
class ConnectRequest:
    """What a user is asked before a call can be made: to connect their Vimeo account, or to allow more."""

    reason: str
    """The error's code, such as "not_connected" or "missing_scope"."""
    link: str
    """Where they do it. Only for that very user, who is signed in to your product; a model needs no link."""
    missing_scopes: tuple[str, ...] = ()
    """What they have not allowed yet, where they are connected."""

    @property
    def want(self) -> tuple[str, tuple[str, ...]]:
        """What is wanting, whichever call meets it."""
        return self.reason, self.missing_scopes

    @property
    def text(self) -> str:
        """The request as a sentence for the user."""
        if self.missing_scopes:
            names = ", ".join(self.missing_scopes)
            return f"Allow this product more at Vimeo, to go on: {names}."
        again = "" if self.reason == "not_connected" else " again"
        return f"Connect your Vimeo account{again}, to go on."


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
            return cls(_text_of(told), told | _for_the_product(outcome), outcome.with_traceback(None))
        return cls(outcome.to_text(), outcome.data)

    @property
    def is_error(self) -> bool:
        """Whether the call failed or was not made."""
        return self.error is not None

    @property
    def needs_approval(self) -> ApprovalRequest | None:
        """What a person has to approve before the call is made; None where nothing waits for them."""
        return ApprovalRequest.of(self.error) if isinstance(self.error, ApprovalRequired) else None

    @property
    def needs_connection(self) -> ConnectRequest | None:
        """What the user has to do at Vimeo before the same call can be made; None where nothing waits for them, or
        they can do nothing, or part of the call may have been carried out."""
        error = self.error
        if not isinstance(error, AccountError) or isinstance(error, AuthorizationFailed):
            return None
        if not error.authorization_link or not error.repeatable:
            return None
        missing = tuple(error.missing) if isinstance(error, MissingScope) else ()
        return ConnectRequest(error.code, error.authorization_link, missing)

    def without_link(self) -> Self:
        """Return the same for a model where the product shows the link to the user by itself. The artifact, which
        is the product's, keeps it."""
        if not isinstance(self.error, AccountError) or "authorization_link" not in self.artifact:
            return self
        told = self.error.to_dict()
        del told["authorization_link"]
        told["hint"] = WITHOUT_LINK
        return replace(self, text=_text_of(told))


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


def _text_of(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False)


def _for_the_product(error: VimeoToolkitError) -> dict[str, Any]:
    """Return what a page needs beside what a model is told."""
    if isinstance(error, ApprovalRequired):
        asked = ApprovalRequest.of(error)
        return {
            "question": asked.question,
            "description": asked.description,
            "changes": [dict(change) for change in asked.changes],
        }
    return {"needed_scopes": error.needed} if isinstance(error, MissingScope) else {}
