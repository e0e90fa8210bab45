"""Approvals as rows of the store: calls that wait for a person's consent, and consents that wait for their call.

A row is for one `Subject`: exactly one call, and what stood there when it was asked about. It is sealed, is used
up by the call that takes it, and is given back by a call that never reached Vimeo.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.errors import InvalidInput, StoreBusy
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores.protocol import Key

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.tool import ToolInput
    from vimeo_toolkit.changes.model import Plan

__all__ = ["Subject", "UsedApproval", "approve", "asked_about", "give_back", "granted", "hold", "take"]

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


class Subject:
    """Name what consent is for: exactly this call, the connected account, and what stands there.

    Args:
        owner: for whom, and the account as it is connected now: another Vimeo account's consent is not this one's.
        values: the validated input, which names its tool.
        digest: of what the call would change, and of the file it would send, as they are now.
    """

    def __init__(self, owner: Owner, values: ToolInput, digest: str) -> None:
        tool = values.tool
        secret = set(tool.secret_inputs)
        shown = values.model_dump(mode="json", exclude=secret, exclude_none=True)
        # Keys of rows are in clear, so a short password must not be guessable from one. The row's content is
        # sealed.
        hidden = {name: getattr(values, name) for name in secret}
        self._set(owner, [tool.name, shown], hidden, digest)

    @classmethod
    def of_plan(cls, owner: Owner, plan: Plan) -> Self:
        """Return the subject that a whole plan is, by whichever call it is applied."""
        subject = cls.__new__(cls)
        videos = [[video.uri, [edit.to_dict() for edit in video.edits]] for video in plan.videos]
        subject._set(owner, ["plan", plan.id], {}, hashlib.sha256(_canonical(videos)).hexdigest())
        return subject

    def _set(self, owner: Owner, call: list[Any], hidden: dict[str, Any], digest: str) -> None:
        identity = owner.identity
        hashed = hashlib.sha256(_canonical([identity.connection_name, identity.identifier, *call]))
        self.identifier = identity.identifier
        name = base64.urlsafe_b64encode(hashed.digest()[:16]).decode()[:_NAME]
        self.key = Key(APPROVAL, identity.connection_name, name)
        hashed.update(_canonical(hidden))
        self.call = hashed.hexdigest()
        hashed.update(_canonical([owner.generation, digest]))
        self.digest = hashed.hexdigest()


@dataclass(frozen=True, slots=True)
class UsedApproval:
    """One use of an approval, as it was taken."""

    key: Key
    row: Mapping[str, Any]


async def hold(vault: Vault, io: IO, subject: Subject, asked: str = "") -> str:
    """Note that this call waits for approval; return the approval id.

    It is the same one while the call waits and nothing that it is about changes.

    Args:
        asked: what a person is asked about it.

    Raises:
        StoreBusy: the store cannot keep it.
    """
    for _ in range(_ATTEMPTS):
        row, version = await _read(vault, io, subject.key)
        if row is not None and row["digest"] == subject.digest and row["ends"] > io.now():
            return subject.key.name + str(row["nonce"])
        nonce = io.random_token()[-_NONCE:]
        row = {
            "nonce": nonce,
            "call": subject.call,
            "digest": subject.digest,
            "identifier": subject.identifier,
            "asked": asked,
            "granted": 0,
            "ends": io.now() + WAITS,
        }
        if await vault.rows.put_json(io, subject.key, row, ttl=WAITS, expected=version):
            return subject.key.name + nonce
    raise _busy()


async def approve(vault: Vault, io: IO, approval_id: str, identity: Identity, times: int = 1) -> None:
    """Let the call that waits under this id through, `times` times. Approving twice is approving once.

    Raises:
        InvalidInput: no call of this user waits under it.
        StoreBusy: the store cannot keep it.
    """
    if isinstance(times, bool) or not isinstance(times, int) or not 1 <= times <= MOST_TIMES:
        raise InvalidInput(
            f"times is not a number from 1 to {MOST_TIMES}.", hint="Leave it out for one call."
        )
    for _ in range(_ATTEMPTS):
        key, row, version = await _waiting(vault, io, approval_id, identity)
        # A person's answer that is delivered twice does not renew what was used up.
        before = max(row["granted"], given) if isinstance(given := row.get("given"), int) else row["granted"]
        if before >= times:
            return
        more = row["granted"] + times - before
        row = {**row, "granted": more, "given": times, "ends": io.now() + LASTS}
        if await vault.rows.put_json(io, key, row, ttl=LASTS, expected=version):
            return
    raise _busy()


async def asked_about(vault: Vault, io: IO, approval_id: str, identity: Identity) -> str:
    """Return what a person is asked about the call that waits under this id.

    Raises:
        InvalidInput: no call of this user waits under it.
    """
    _, row, _ = await _waiting(vault, io, approval_id, identity)
    asked = row.get("asked")  # an earlier release kept none
    return asked if isinstance(asked, str) else ""


async def _waiting(
    vault: Vault, io: IO, approval_id: str, identity: Identity
) -> tuple[Key, dict[str, Any], int]:
    """Return the row of the call that waits under this id, with its version.

    Raises:
        InvalidInput: no call of this user waits under it.
    """
    key = Key(APPROVAL, identity.connection_name, "")
    if isinstance(approval_id, str) and len(approval_id) == _NAME + _NONCE and approval_id.isascii():
        key = key._replace(name=approval_id[:_NAME])
    row, version = await _read(vault, io, key) if key.name else (None, 0)
    if (
        row is None
        or row["nonce"] != approval_id[_NAME:]
        or row["identifier"] != identity.identifier
        or row["ends"] <= io.now()
    ):
        raise InvalidInput(
            "No call of this user waits for approval under this id.",
            hint="It was made already, waited for more than an hour, what it would change has changed, or it is "
            "another user's: let the agent try again and approve the new id.",
        )
    return key, row, version


async def granted(vault: Vault, io: IO, subject: Subject) -> bool:
    """Return whether a person has agreed to this very call, and it was not made yet."""
    row, _ = await _read(vault, io, subject.key)
    return (
        row is not None
        and bool(row["granted"])
        and row["digest"] == subject.digest
        and row["ends"] > io.now()
    )


async def give_back(vault: Vault, io: IO, used: UsedApproval) -> None:
    """Undo the use of an approval by a call that never reached Vimeo. Not where another question about the same
    call was asked since.

    Raises:
        StoreError: the store cannot keep it; the approval is used up.
    """
    left = float(used.row["ends"]) - io.now()
    for _ in range(_ATTEMPTS):
        row, version = await _read(vault, io, used.key)
        if left <= 0 or (row is not None and row["digest"] != used.row["digest"]):
            return
        granted = 1 if row is None else row["granted"] + 1
        back = {**used.row, **({} if row is None else {"nonce": row["nonce"]}), "granted": granted}
        if await vault.rows.put_json(io, used.key, back, ttl=left, expected=version):
            return


async def take(vault: Vault, io: IO, subject: Subject) -> tuple[UsedApproval | None, bool]:
    """Use up an approval of this very call. Of many callers at once exactly one gets each.

    The second value says that one was given for something that has changed since.
    """
    for _ in range(_ATTEMPTS):
        row, version = await _read(vault, io, subject.key)
        if row is None or not row["granted"] or row["ends"] <= io.now():
            return None, False
        if row["digest"] != subject.digest:
            return None, row["call"] == subject.call
        if row["granted"] > 1:
            less = {**row, "granted": row["granted"] - 1}
            taken = await vault.rows.put_json(
                io, subject.key, less, ttl=row["ends"] - io.now(), expected=version
            )
        else:
            taken = await vault.rows.take(io, subject.key, version)
        if taken:
            return UsedApproval(subject.key, row), False
    return None, False


async def _read(vault: Vault, io: IO, key: Key) -> tuple[dict[str, Any] | None, int]:
    """The row and its version; of a row in another release's form the version alone."""
    found = await vault.rows.read_json(io, key, void=True)
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
