"""Every error that this package raises on purpose, in one tree.

    VimeoToolkitError
    ├── ConfigurationError        the operator's set-up is wrong: nothing was sent
    │   ├── MissingExtra          a package is not installed that one of the extras brings
    │   └── WrongKey              a stored row does not open with the keys given
    ├── InvalidInput              an argument is wrong: nothing was sent
    │   └── UnknownTool
    ├── NotPermitted              the operator's rules do not let the call through: nothing was sent
    │   ├── ApprovalRequired      a person has to approve it first
    │   ├── ApprovalDenied        who was asked said no
    │   ├── ReadOnly              the toolkit only reads
    │   └── WrongUser             the conversation is another user's
    ├── AccountError              the user's connection cannot be used
    │   ├── NotConnected
    │   ├── Expired
    │   ├── Revoked
    │   ├── AuthorizationFailed   a callback or a token was refused
    │   └── MissingScope
    │       └── UploadNotGranted
    ├── VimeoError                Vimeo answered, and the answer is an error
    │   ├── BadRequest
    │   ├── Forbidden
    │   ├── NotFound
    │   ├── Conflict
    │   ├── QuotaExceeded         the user's account has no room for this
    │   ├── RateLimited
    │   ├── UnexpectedResponse    an answer that the API's contract does not have
    │   └── EffectMismatch        a write was accepted, and what Vimeo shows afterwards is something else
    ├── VimeoUnavailable          no usable answer; nothing was changed, or a repeat is safe
    │   ├── OutcomeUnknown        a write was sent and its answer was lost
    │   └── UploadInterrupted     part of a file has arrived; the next attempt goes on from there
    └── StoreError                the place where accounts are kept failed
        └── StoreBusy

Each error has a `message` (what happened), a `hint` (what to do next) and a stable `code`; `str(error)` is
both sentences, written to be shown to a language model. No error carries a token, a secret, a code or a
password, and none quotes a foreign exception's text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

if TYPE_CHECKING:
    from vimeo_toolkit.calls.planned import PlannedCall

__all__ = [
    "AccountError",
    "ApprovalDenied",
    "ApprovalRequired",
    "AuthorizationFailed",
    "BadRequest",
    "ConfigurationError",
    "Conflict",
    "EffectMismatch",
    "Expired",
    "Forbidden",
    "InvalidInput",
    "MissingExtra",
    "MissingScope",
    "NotConnected",
    "NotFound",
    "NotPermitted",
    "OutcomeUnknown",
    "QuotaExceeded",
    "RateLimited",
    "ReadOnly",
    "Revoked",
    "StoreBusy",
    "StoreError",
    "UnexpectedResponse",
    "UnknownTool",
    "UploadInterrupted",
    "UploadNotGranted",
    "VimeoError",
    "VimeoToolkitError",
    "VimeoUnavailable",
    "WrongKey",
    "WrongUser",
]


MESSAGE, HINT, TEXT, LINK = 1_600, 800, 800, 4_000
"""Characters of an error's parts that a model is shown: each of its texts within the details, and each link."""
ENTRIES, LIST = 100, 2_000
"""Entries of each list in the details that a model is shown, and their characters, about."""


class VimeoToolkitError(Exception):
    """Base of all errors raised on purpose.

    Args:
        message: what happened, a full sentence.
        hint: what to do next, a full sentence; may be empty.
    """

    code: ClassVar[str] = "error"
    """A stable, machine-readable name of the class, used in `to_dict`."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{cut(self.message, MESSAGE)} {cut(self.hint, HINT)}".strip()

    def details(self) -> dict[str, Any]:
        """Return the class's own facts, JSON-ready, without `None`s."""
        return {}

    def to_dict(self) -> dict[str, Any]:
        """Return `{"error": code, "message": …, "hint": …, …details}`, JSON-ready: what an adapter gives a model.

        It is bounded, whatever the error was made of: a model pays for each of its tokens, at every turn. The
        error's own attributes are whole.
        """
        body: dict[str, Any] = {"error": self.code, "message": cut(self.message, MESSAGE)}
        if self.hint:
            body["hint"] = cut(self.hint, HINT)
        for name, value in self.details().items():
            if value is None:
                continue
            body[name] = shown = bounded(value)
            if isinstance(value, list) and len(value) > len(shown):
                body[f"{name}_left_out"] = len(value) - len(shown)
        return body

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions with keyword-only arguments do not unpickle by default (multiprocessing, task queues).
        return _rebuild, (type(self), self.__dict__.copy())


def cut(text: str, most: int) -> str:
    """Return a text of at most so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def bounded(value: Any) -> Any:
    """Return the value of a detail, cut to what a model can use. A link is whole, or empty beyond all reason."""
    if isinstance(value, str):
        if value.startswith(("https://", "http://")):
            return value if len(value) <= LINK else ""
        return cut(value, TEXT)
    if isinstance(value, Mapping):
        return {cut(str(name), TEXT): bounded(item) for name, item in list(value.items())[:12]}
    if isinstance(value, list | tuple):
        shown, room = [], LIST
        for item in value[:ENTRIES]:
            shown.append(bounded(item))
            room -= len(str(shown[-1]))
            if room < 0:
                break
        return shown
    return value


def _rebuild(cls: type[VimeoToolkitError], state: dict[str, Any]) -> VimeoToolkitError:
    error = cls.__new__(cls, state["message"])
    error.args = (state["message"],)
    error.__dict__.update(state)
    return error


class ConfigurationError(VimeoToolkitError):
    """The toolkit is set up wrongly: a missing client id, an unknown store URL, a bad key."""

    code = "configuration"


class MissingExtra(ConfigurationError, ImportError):
    """A package is not installed that one of this distribution's extras brings.

    It is an `ImportError`, too, so that what tries an import notices it as it would notice any other.

    Args:
        what: what needs the package, as the beginning of a sentence.
        package: the name of the package.
        extra: the name of the extra that brings it.
    """

    code = "missing_extra"

    def __init__(self, what: str, package: str, extra: str) -> None:
        super().__init__(
            f"{what} needs the package {package}, which is not installed.",
            hint=f'Install it: pip install "vimeo-toolkit[{extra}]"',
        )
        self.name = package


class WrongKey(ConfigurationError):
    """A stored row exists but none of the given keys opens it, or the row was moved or altered."""

    code = "wrong_key"


class InvalidInput(VimeoToolkitError):
    """An argument is missing or not allowed. Nothing was sent.

    `problems` is a list of `{"field": …, "problem": …}`, one an argument.
    """

    code = "invalid_input"

    def __init__(self, message: str, *, hint: str = "", problems: Iterable[Mapping[str, str]] = ()) -> None:
        super().__init__(message, hint=hint)
        self.problems = [dict(problem) for problem in problems]

    def details(self) -> dict[str, Any]:
        return {"problems": self.problems or None}


class UnknownTool(InvalidInput):
    """No tool of this name exists; the hint names the closest ones."""

    code = "unknown_tool"


class NotPermitted(VimeoToolkitError):
    """The operator's rules do not let the call through. Nothing was sent."""

    code = "not_permitted"

    def __init__(self, message: str, *, hint: str = "", tool: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.tool = tool

    def details(self) -> dict[str, Any]:
        return {"tool": self.tool}


class ApprovalRequired(NotPermitted):
    """A person has to approve exactly this call first.

    Show them `planned.describe()`, and when they agree, call `toolkit.approve(approval_id, identifier=…)`: the
    same call then goes through, once.
    """

    code = "approval_required"

    def __init__(
        self,
        message: str,
        *,
        approval_id: str,
        planned: PlannedCall,
        hint: str = "",
        tool: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint, tool=tool)
        self.approval_id = approval_id
        self.planned = planned

    def details(self) -> dict[str, Any]:
        return {**super().details(), "approval_id": self.approval_id}


class ApprovalDenied(NotPermitted):
    """Who was asked did not approve the call."""

    code = "approval_denied"


class ReadOnly(NotPermitted):
    """The toolkit only reads, and the tool changes something."""

    code = "read_only"


class WrongUser(NotPermitted):
    """A conversation that one user began is continued for another. Nothing was sent.

    It is raised through the agent and never shown to a model: answer 403 to whoever continued it.
    """

    code = "wrong_user"

    def __init__(
        self,
        message: str = "This conversation was begun by another user. Nothing was sent.",
        *,
        hint: str = "Continue it only for the user who began it, and give each conversation an id of its own.",
        tool: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint, tool=tool)


class AccountError(VimeoToolkitError):
    """The user's Vimeo connection cannot be used as it is."""

    code = "account"

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        connection_name: str | None = None,
        identifier: str | None = None,
        authorization_link: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.connection_name = connection_name
        self.identifier = identifier
        self.authorization_link = authorization_link
        """Where the user can (re)connect: to be shown to that very user, who is logged in to your product."""
        self.partly_done = False
        """A part of the call may have been carried out before: it is not to be repeated unseen."""

    def details(self) -> dict[str, Any]:
        return {"authorization_link": self.authorization_link, "partly_done": self.partly_done or None}


class NotConnected(AccountError):
    """The user has no Vimeo account connected yet."""

    code = "not_connected"


class Expired(AccountError):
    """The user's token expired and could not be refreshed; they have to connect again."""

    code = "expired"


class Revoked(AccountError):
    """Vimeo no longer accepts the user's token; they have to connect again."""

    code = "revoked"


RefusalReason = Literal[
    "denied",  # the user said no at Vimeo
    "expired",  # the link is older than its life
    "used",  # the link is unknown: used before, or so old that it is forgotten
    "other_user",  # somebody else asked for the link
    "other_account",  # a different Vimeo account than the one connected before
    "disconnected",  # the account was disconnected after the link was made
    "malformed",  # no callback of Vimeo at all
    "refused",  # Vimeo itself did not accept the code or the token
]


class AuthorizationFailed(AccountError):
    """A callback, a code or a token was refused: denied, replayed, expired or another user's.

    `reason` tells them apart, for pages that explain it.
    """

    code = "authorization_failed"

    def __init__(
        self,
        message: str,
        *,
        reason: RefusalReason = "refused",
        hint: str = "",
        connection_name: str | None = None,
        identifier: str | None = None,
        authorization_link: str | None = None,
    ) -> None:
        super().__init__(
            message,
            hint=hint,
            connection_name=connection_name,
            identifier=identifier,
            authorization_link=authorization_link,
        )
        self.reason: RefusalReason = reason


class MissingScope(AccountError):
    """The user's token was not granted what the tool needs. Nothing was sent (unless Vimeo itself said so)."""

    code = "missing_scope"

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        needed: Iterable[str] = (),
        granted: Iterable[str] = (),
        tool: str | None = None,
        connection_name: str | None = None,
        identifier: str | None = None,
        authorization_link: str | None = None,
    ) -> None:
        super().__init__(
            message,
            hint=hint,
            connection_name=connection_name,
            identifier=identifier,
            authorization_link=authorization_link,
        )
        self.needed = sorted(needed)
        self.granted = sorted(granted)
        self.tool = tool

    @property
    def missing(self) -> list[str]:
        """The scopes that are needed and were not granted."""
        return sorted(set(self.needed) - set(self.granted)) or self.needed

    def details(self) -> dict[str, Any]:
        return {
            "missing_scopes": self.missing,
            "granted_scopes": self.granted or None,
            "tool": self.tool,
            **super().details(),
        }


class UploadNotGranted(MissingScope):
    """Upload access, which Vimeo grants an app and a user separately, is absent."""

    code = "upload_not_granted"


class VimeoError(VimeoToolkitError):
    """Vimeo answered with an error.

    `status` is the HTTP status, `error_code` Vimeo's own number where the body has one, `fields` the
    parameters that Vimeo named as invalid.
    """

    code = "vimeo_error"

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        status: int | None = None,
        error_code: int | None = None,
        fields: Iterable[str] = (),
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.error_code = error_code
        self.fields = list(fields)

    def details(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "vimeo_error_code": self.error_code,
            "invalid_fields": self.fields or None,
        }


class BadRequest(VimeoError):
    """Vimeo refused a parameter (400)."""

    code = "bad_request"


class Forbidden(VimeoError):
    """The user may not do this (403), for a reason other than a scope."""

    code = "forbidden"


class NotFound(VimeoError):
    """No such thing, or not visible to this user (404), or no such page of a list (400 with code 2286)."""

    code = "not_found"


class Conflict(VimeoError):
    """The thing's state does not allow this now (409)."""

    code = "conflict"


class QuotaExceeded(VimeoError):
    """The user's upload quota at Vimeo has no room for this, as Vimeo itself said; no file was sent."""

    code = "quota_exceeded"


class RateLimited(VimeoError):
    """The user's request budget at Vimeo is used up.

    `retry_after` is the number of seconds until it is worth trying again.
    """

    code = "rate_limited"

    def __init__(
        self,
        message: str,
        *,
        retry_after: float,
        hint: str = "",
        status: int | None = None,
        error_code: int | None = None,
    ) -> None:
        super().__init__(message, hint=hint, status=status, error_code=error_code)
        self.retry_after = retry_after

    def details(self) -> dict[str, Any]:
        return {"retry_after": round(self.retry_after, 1), **super().details()}


class UnexpectedResponse(VimeoError):
    """An answer that Vimeo's contract does not have: HTML, also with 403 or 404, which then come from something
    in between; broken JSON, a redirect, a body far too large."""

    code = "unexpected_response"


class EffectMismatch(VimeoError):
    """Vimeo accepted a write, and a look afterwards shows something else than what was asked.

    Attributes:
        asked: URIs of what should be there.
        before: URIs of what was there.
        found: URIs of what is there now.
        restored: True when what was there before is there again.
    """

    code = "effect_mismatch"

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        asked: Iterable[str] = (),
        before: Iterable[str] = (),
        found: Iterable[str] = (),
        restored: bool = False,
    ) -> None:
        super().__init__(message, hint=hint)
        self.asked = list(asked)
        self.before = list(before)
        self.found = list(found)
        self.restored = restored

    def details(self) -> dict[str, Any]:
        return {
            "asked": self.asked,
            "before": self.before,
            "found": self.found,
            "restored": self.restored,
        }


class VimeoUnavailable(VimeoToolkitError):
    """No usable answer came, or Vimeo said 5xx. The call may be repeated later."""

    code = "vimeo_unavailable"

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        status: int | None = None,
        retry_after: float | None = None,
        error_code: int | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.retry_after = retry_after
        self.error_code = error_code

    def details(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "retry_after": self.retry_after,
            "vimeo_error_code": self.error_code,
        }


class OutcomeUnknown(VimeoUnavailable):
    """A write that is not safe to repeat was sent and its answer was lost: look before trying again."""

    code = "outcome_unknown"


class UploadInterrupted(VimeoUnavailable):
    """An upload broke off. What has arrived is kept: the same call with the same file goes on from there."""

    code = "upload_interrupted"


class StoreError(VimeoToolkitError):
    """The store of accounts failed; the account itself is unchanged."""

    code = "store"


class StoreBusy(StoreError):
    """The store is locked or does not answer; trying again later is safe."""

    code = "store_busy"
