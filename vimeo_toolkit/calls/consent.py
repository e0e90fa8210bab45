"""Which calls may be made, and which need a person's consent first. No framework can go round it.

A call that needs consent is refused with an approval id. The product shows the planned call to the person and
grants exactly this call with `VimeoToolkit.approve`; the same call then goes through once. Or a `confirm` hook
answers at once. A model reaches neither: its arguments are the tool's inputs, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.calls.modify import Identity
from vimeo_toolkit.calls.plan import PlannedCall
from vimeo_toolkit.errors import (
    ApprovalDenied,
    ApprovalRequired,
    ConfigurationError,
    InvalidInput,
    ReadOnly,
    StoreBusy,
)
from vimeo_toolkit.observe.callables import is_async, name_of, settled
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores.protocol import Key

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import Tool, ToolInput

__all__ = ["Approval", "Confirm", "Consent", "grant"]

Approval = Literal["destructive", "outward", "writes"]
Answer = bool | str
Confirm = Callable[[PlannedCall], Answer | Awaitable[Answer]]

APPROVAL: Final = "approval"
WAITS: Final = 3600.0
"""Seconds in which a refused call can be approved."""
LASTS: Final = 600.0
"""Seconds in which an approved call has to be made."""

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
                f"{str(approval)[:40]!r} is no rule for approvals.",
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

    async def obtain(self, vault: Vault, io: IO, tool: Tool, values: ToolInput, planned: PlannedCall) -> bool:
        """Let the call through, or not. True when somebody was asked meanwhile, which may have taken long.

        Raises:
            ApprovalRequired: nobody has approved this call yet.
            ApprovalDenied: the hook said no.
        """
        bound = _Bound(tool, values, planned.identity)
        if await _take(vault, io, bound):
            return False
        if self._confirm is None:
            approval_id = await request(vault, io, tool, values, planned.identity)
            raise ApprovalRequired(
                f"{tool.name} was not called: it needs the user's approval. Nothing was sent.",
                hint="Tell the user what it would do. Do not call it again until they have approved it.",
                tool=tool.name,
                approval_id=approval_id,
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
            return True
        # Anything but a plain yes is a no.
        reason = answer.strip()[:500] if isinstance(answer, str) else ""
        raise ApprovalDenied(
            f"{tool.name} was not called: it was not approved. Nothing was sent."
            + (f" The reason: {reason}" if reason else ""),
            hint="Do not call it again unless the user asks for it anew.",
            tool=tool.name,
        )


class _Bound:
    """Exactly this call: connection, user, tool and validated arguments."""

    def __init__(self, tool: Tool, values: ToolInput, identity: Identity) -> None:
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
        self.digest = digest.hexdigest()


async def request(vault: Vault, io: IO, tool: Tool, values: ToolInput, identity: Identity) -> str:
    """Note that this call waits for approval; the same id while it does.

    Raises:
        StoreBusy: the store cannot keep it.
    """
    bound = _Bound(tool, values, identity)
    for _ in range(_ATTEMPTS):
        found = await vault.read_json(io, bound.key, void=True)
        row, version = found or ({}, 0)
        if row.get("digest") == bound.digest and row["ends"] > io.now():
            return bound.key.name + str(row["nonce"])
        nonce = io.random_token()[-_NONCE:]
        row = {
            "nonce": nonce,
            "digest": bound.digest,
            "identifier": bound.identifier,
            "granted": False,
            "ends": io.now() + WAITS,
        }
        if await vault.put_json(io, bound.key, row, ttl=WAITS, expected=version):
            return bound.key.name + nonce
    raise _busy()


async def grant(vault: Vault, io: IO, approval_id: str, identity: Identity) -> None:
    """Let the call that waits under this id through, once. Granting twice is granting once.

    Raises:
        InvalidInput: no call of this user waits under it.
        StoreBusy: the store cannot keep it.
    """
    key = Key(APPROVAL, identity.connection_name, "")
    if isinstance(approval_id, str) and len(approval_id) == _NAME + _NONCE and approval_id.isascii():
        key = key._replace(name=approval_id[:_NAME])
    for _ in range(_ATTEMPTS):
        found = await vault.read_json(io, key, void=True) if key.name else None
        if (
            not found
            or found[0].get("nonce") != approval_id[_NAME:]
            or found[0]["identifier"] != identity.identifier
            or found[0]["ends"] <= io.now()
        ):
            raise InvalidInput(
                "No call of this user waits for approval under this id.",
                hint="It was made already, waited for more than an hour, or is another user's: "
                "let the agent try again and approve the new id.",
            )
        row, version = found
        if row["granted"]:
            return
        row = {**row, "granted": True, "ends": io.now() + LASTS}
        if await vault.put_json(io, key, row, ttl=LASTS, expected=version):
            return
    raise _busy()


async def _take(vault: Vault, io: IO, bound: _Bound) -> bool:
    """Use up an approval of this very call. Of many callers at once exactly one gets it."""
    found = await vault.read_json(io, bound.key, void=True)
    if found is None or not found[0].get("granted"):
        return False
    row, version = found
    if row["digest"] != bound.digest or row["ends"] <= io.now():
        return False
    return await vault.take(io, bound.key, version)


def _busy() -> StoreBusy:
    return StoreBusy(
        "The approval is being changed by too many callers at once.", hint="Try again in a moment."
    )


def _canonical(value: Any) -> bytes:
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), default=lambda one: Secret.of(one).reveal()
    ).encode()
