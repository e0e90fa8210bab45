"""Which calls may be made, and which need a person's consent first. No framework can go round it.

A call that needs consent is refused with an approval id. The product shows the planned call to the person and
grants exactly this call with `VimeoToolkit.approve`; the same call then goes through once. Or a `confirm` hook
answers at once. A model reaches neither: its arguments are the tool's inputs, and nothing else.

Consent is for a call and for what stood there when it was asked (`preview.py`): who agreed to delete an empty
folder has not agreed to delete a full one. When that has changed, or another Vimeo account is connected, the
consent is void and the call is asked about anew. A call that never reached Vimeo gives its consent back.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.calls.plan import PlannedCall
from vimeo_toolkit.errors import (
    ApprovalDenied,
    ApprovalRequired,
    ConfigurationError,
    InvalidInput,
    ReadOnly,
    StoreBusy,
)
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.observe.callables import is_async, name_of, settled
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores.protocol import Key

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool, ToolInput

__all__ = ["Approval", "Confirm", "Consent", "Grant", "Stands", "give_back", "grant", "request"]

Approval = Literal["destructive", "outward", "writes"]
Answer = bool | str
Confirm = Callable[[PlannedCall], Answer | Awaitable[Answer]]

APPROVAL: Final = "approval"
WAITS: Final = 3600.0
"""Seconds in which a refused call can be approved."""
LASTS: Final = 600.0
"""Seconds in which an approved call has to be made."""

MOST_TIMES: Final = 100
"""So many calls can be approved with one id."""

_NAME: Final = 22
_NONCE: Final = 10
_ATTEMPTS: Final = 20


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
                f"confirm takes a callable, and {type(confirm).__qualname__} is none.",
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
        """Whether calls of this tool need consent."""
        match self._approval:
            case "destructive":
                return tool.destructive
            case "outward":
                return tool.destructive or tool.outward
            case "writes":
                return tool.destructive or tool.outward or not tool.read_only
        return False

    def require_plain(self, tool: Tool) -> None:
        """Refuse a blocking call before an asynchronous hook would have to be asked.

        Raises:
            ConfigurationError: the hook concerns this tool and is an `async def`.
        """
        if self._confirm is not None and is_async(self._confirm) and self.concerns(tool):
            raise ConfigurationError(
                f"The confirm hook {name_of(self._confirm)} is asynchronous, and this is a blocking call.",
                hint="Use aexecute_tool, or make the hook a plain function.",
            )

    async def obtain(
        self, vault: Vault, io: IO, tool: Tool, values: ToolInput, planned: PlannedCall, stands: Stands
    ) -> Grant | None:
        """Let the call through, or not. None when the hook said yes, which may have taken long; else the grant
        that was used up, which can be given back while nothing was sent.

        Raises:
            ApprovalRequired: nobody has approved this call yet, or what it is about has changed since.
            ApprovalDenied: the hook said no.
        """
        bound = _Bound(tool, values, planned.identity, stands)
        grant, void = await _take(vault, io, bound)
        if grant is not None:
            return grant
        if self._confirm is None:
            raise ApprovalRequired(
                f"{tool.name} was not called: it needs the user's approval. Nothing was sent."
                + (
                    " It was approved before, and what it would change has changed since then."
                    if void
                    else ""
                ),
                hint="Tell the user what it would do. Do not call it again until they have approved it.",
                tool=tool.name,
                approval_id=await request(vault, io, tool, values, planned.identity, stands),
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
            f"{tool.name} was not called: it was not approved. Nothing was sent."
            + (f" The reason: {reason}" if reason else ""),
            hint="Do not call it again unless the user asks for it anew.",
            tool=tool.name,
        )


@dataclass(frozen=True, slots=True)
class Stands:
    """What consent is for beside the call itself."""

    generation: str
    """Of the account: another Vimeo account's consent is none of this one."""
    digest: str
    """Of what the call would change, and of the file it would send, as they are now."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One use of an approval, as it was taken."""

    key: Key
    row: Mapping[str, Any]


class _Bound:
    """Exactly this call: connection, user, tool, validated arguments, account, and what stands there."""

    def __init__(self, tool: Tool, values: ToolInput, identity: Identity, stands: Stands) -> None:
        secret = set(tool.secret_inputs)
        shown = [
            identity.connection_name,
            identity.identifier,
            tool.name,
            values.model_dump(mode="json", exclude=secret, exclude_none=True),
        ]
        digest = hashlib.sha256(_canonical(shown))
        self.identifier = identity.identifier
        name = base64.urlsafe_b64encode(digest.digest()[:16]).decode()[:_NAME]
        self.key = Key(APPROVAL, identity.connection_name, name)
        # A row's key is in clear: no short password may be guessed from it. What is in the row is sealed.
        digest.update(_canonical({name: getattr(values, name) for name in secret}))
        self.call = digest.hexdigest()
        digest.update(_canonical([stands.generation, stands.digest]))
        self.digest = digest.hexdigest()


async def request(
    vault: Vault, io: IO, tool: Tool, values: ToolInput, identity: Identity, stands: Stands
) -> str:
    """Note that this call waits for approval; the same id while it does, and nothing that it is about changes.

    Raises:
        StoreBusy: the store cannot keep it.
    """
    bound = _Bound(tool, values, identity, stands)
    for _ in range(_ATTEMPTS):
        row, version = await _read(vault, io, bound.key)
        if row is not None and row["digest"] == bound.digest and row["ends"] > io.now():
            return bound.key.name + str(row["nonce"])
        nonce = io.random_token()[-_NONCE:]
        row = {
            "nonce": nonce,
            "call": bound.call,
            "digest": bound.digest,
            "identifier": bound.identifier,
            "granted": 0,
            "ends": io.now() + WAITS,
        }
        if await vault.put_json(io, bound.key, row, ttl=WAITS, expected=version):
            return bound.key.name + nonce
    raise _busy()


async def grant(vault: Vault, io: IO, approval_id: str, identity: Identity, times: int = 1) -> None:
    """Let the call that waits under this id through, `times` times. Granting twice is granting once.

    Raises:
        InvalidInput: no call of this user waits under it.
        StoreBusy: the store cannot keep it.
    """
    if isinstance(times, bool) or not isinstance(times, int) or not 1 <= times <= MOST_TIMES:
        raise InvalidInput(
            f"times is not a number from 1 to {MOST_TIMES}.", hint="Leave it out for one call."
        )
    key = Key(APPROVAL, identity.connection_name, "")
    if isinstance(approval_id, str) and len(approval_id) == _NAME + _NONCE and approval_id.isascii():
        key = key._replace(name=approval_id[:_NAME])
    for _ in range(_ATTEMPTS):
        row, version = await _read(vault, io, key) if key.name else (None, 0)
        if (
            row is None
            or row["nonce"] != approval_id[_NAME:]
            or row["identifier"] != identity.identifier
            or row["ends"] <= io.now()
        ):
            raise InvalidInput(
                "No call of this user waits for approval under this id.",
                hint="It was made already, waited for more than an hour, what it would change has changed, or it "
                "is another user's: let the agent try again and approve the new id.",
            )
        # What was used up is not granted again by an answer that is delivered twice.
        before = max(row["granted"], given) if isinstance(given := row.get("given"), int) else row["granted"]
        if before >= times:
            return
        more = row["granted"] + times - before
        row = {**row, "granted": more, "given": times, "ends": io.now() + LASTS}
        if await vault.put_json(io, key, row, ttl=LASTS, expected=version):
            return
    raise _busy()


async def give_back(vault: Vault, io: IO, grant: Grant) -> None:
    """Undo the use of an approval by a call that never reached Vimeo. Not where another question about the same
    call was asked since.

    Raises:
        StoreError: the store cannot keep it; the approval is used up.
    """
    left = float(grant.row["ends"]) - io.now()
    for _ in range(_ATTEMPTS):
        row, version = await _read(vault, io, grant.key)
        if left <= 0 or (row is not None and row["digest"] != grant.row["digest"]):
            return
        granted = 1 if row is None else row["granted"] + 1
        back = {**grant.row, **({} if row is None else {"nonce": row["nonce"]}), "granted": granted}
        if await vault.put_json(io, grant.key, back, ttl=left, expected=version):
            return


async def _take(vault: Vault, io: IO, bound: _Bound) -> tuple[Grant | None, bool]:
    """Use up an approval of this very call. Of many callers at once exactly one gets each.

    The second value says that one was given for something that has changed since.
    """
    for _ in range(_ATTEMPTS):
        row, version = await _read(vault, io, bound.key)
        if row is None or not row["granted"] or row["ends"] <= io.now():
            return None, False
        if row["digest"] != bound.digest:
            return None, row["call"] == bound.call
        if row["granted"] > 1:
            less = {**row, "granted": row["granted"] - 1}
            taken = await vault.put_json(io, bound.key, less, ttl=row["ends"] - io.now(), expected=version)
        else:
            taken = await vault.take(io, bound.key, version)
        if taken:
            return Grant(bound.key, row), False
    return None, False


async def _read(vault: Vault, io: IO, key: Key) -> tuple[dict[str, Any] | None, int]:
    """The row and its version; of a row in another release's form the version alone."""
    found = await vault.read_json(io, key, void=True)
    if found is None:
        return None, 0
    body, version = found
    granted, ends = body.get("granted"), body.get("ends")
    texts = all(isinstance(body.get(name), str) for name in ("nonce", "call", "digest", "identifier"))
    numbers = isinstance(granted, int) and not isinstance(granted, bool) and isinstance(ends, int | float)
    return (body if texts and numbers else None), version


def _busy() -> StoreBusy:
    return StoreBusy(
        "The approval is being changed by too many callers at once.", hint="Try again in a moment."
    )


def _canonical(value: Any) -> bytes:
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), default=lambda one: Secret.of(one).reveal()
    ).encode()
