"""Codes and tokens of our own. Each grant, what one user allowed one client, is one row from its code to its end.

A code or a token is the name of that row and a secret, of which the row has a digest. So a look at one row tells
everything, and a change of it, by compare-and-set, is what makes a code or a refresh token work once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

from vimeo_toolkit.accounts.rows import Rows
from vimeo_toolkit.grants.sign_ins import ClientRequest, read_request
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.observe.events import Event
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores.kinds import KINDS
from vimeo_toolkit.stores.protocol import Key

__all__ = ["ACCESS_SECONDS", "CODE_SECONDS", "Grant", "Tokens", "exchanged", "find", "issue_code", "revoke"]

GRANT: Final = "oauth_grant"
LASTS: Final = KINDS[GRANT].lasts or 0.0
"""Seconds for which a client can go on without being used."""

CODE_SECONDS: Final = 60.0
ACCESS_SECONDS: Final = 3_600.0

MOST: Final = 50
"""Grants of one user. The one that was used least lately ends first."""

_MOST_SPENT: Final = 100
"""Refresh tokens that are known again, to end the grant of one that was stolen."""

Use = Literal["code", "access", "refresh"]
_PREFIXES: Final[Mapping[Use, str]] = {"code": "vtc_", "access": "vta_", "refresh": "vtr_"}
_FORM: Final = re.compile(r"(vt[car]_)([0-9a-f]{48}[A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Grant:
    """What one user allowed one client, as it was read by one of its codes or tokens."""

    key: Key
    version: int
    body: Mapping[str, Any] = field(repr=False)
    """Digests, and no secret."""
    ends: float
    """When the code or the token that it was read by ends."""

    @property
    def asked(self) -> ClientRequest:
        """What the client asked for."""
        return read_request(self.body["asked"])

    @property
    def identifier(self) -> str:
        """Whose account it is for."""
        return str(self.body["identifier"])

    @property
    def created_at(self) -> float:
        """When that account was made: another one under the same identifier is not meant."""
        return float(self.body["created_at"])


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a client gets for a code, or for its refresh token."""

    access_token: Secret
    refresh_token: Secret
    expires_in: int
    scopes: tuple[str, ...]


async def issue_code(
    rows: Rows, io: IO, identity: Identity, created_at: float, asked: ClientRequest
) -> Secret:
    """Return a code for what a client asked for and this user allowed. It works once, for a minute."""
    name = f"{identity.digest}{io.random_token()[:16]}"
    secret = io.random_token()
    body = {
        "identifier": identity.identifier,
        "created_at": created_at,
        # The state was for the answer that has the code.
        "asked": {name: value for name, value in asdict(asked).items() if name != "state"},
        "code": _digest(secret),
        "code_ends": io.now() + CODE_SECONDS,
    }
    await rows.put_json(io, Key(GRANT, identity.connection_name, name), body, ttl=CODE_SECONDS)
    await _bound(rows, io, identity)
    await io.emit(Event.about("client.allowed", identity, {"client_id": asked.client_id}))
    return Secret(f"{_PREFIXES['code']}{name}.{secret}")


async def find(rows: Rows, io: IO, connection_name: str, use: Use, given: Secret) -> Grant | None:
    """Return the grant that a code or a token belongs to; None where it does not work, or not any more.

    A code, or a refresh token, that comes a second time is in two hands: its grant ends (RFC 6749, 4.1.2; RFC 9700,
    4.14).
    """
    form = _FORM.fullmatch(given.reveal())
    if form is None or form[1] != _PREFIXES[use]:
        return None
    key, digest = Key(GRANT, connection_name, form[2]), _digest(form[3])
    found = await rows.read_json(io, key, void=True)
    if found is None or not found[0]:
        return None
    body, version = found
    if digest in body.get("spent", ()):
        await _end(rows, io, key, body, "reused")
        return None
    if use == "access":
        ends = max((each[1] for each in body.get("access", ()) if each[0] == digest), default=0.0)
    else:
        ends = body[f"{use}_ends"] if body.get(use) == digest else 0.0
    return Grant(key, version, body, ends) if ends > io.now() else None


async def exchanged(rows: Rows, io: IO, grant: Grant, use: Literal["code", "refresh"]) -> Tokens | None:
    """Use up the code or the refresh token that a grant was found by, and return new tokens.

    Access tokens from before go on until their own end, because calls are under way with them. None, and the grant
    has ended, where somebody else has used it up since.
    """
    access, refresh = io.random_token(), io.random_token()
    now = io.now()
    left = [each for each in grant.body.get("access", ()) if each[1] > now][-3:]
    rest = {name: value for name, value in grant.body.items() if name not in ("code", "code_ends")}
    body = {
        **rest,
        "access": [*left, [_digest(access), now + ACCESS_SECONDS]],
        "refresh": _digest(refresh),
        "refresh_ends": now + LASTS,
        "ends": now + LASTS,
        "spent": [*grant.body.get("spent", ()), grant.body[use]][-_MOST_SPENT:],
    }
    if not await rows.put_json(io, grant.key, body, ttl=LASTS, expected=grant.version):
        await _end(rows, io, grant.key, grant.body, "reused")
        return None
    name = grant.key.name
    return Tokens(
        Secret(f"{_PREFIXES['access']}{name}.{access}"),
        Secret(f"{_PREFIXES['refresh']}{name}.{refresh}"),
        int(ACCESS_SECONDS),
        grant.asked.scopes,
    )


async def revoke(rows: Rows, io: IO, grant: Grant) -> None:
    """End a grant, and with it all of its tokens."""
    await _end(rows, io, grant.key, grant.body, "revoked")


async def _end(rows: Rows, io: IO, key: Key, body: Mapping[str, Any], cause: str) -> None:
    await rows.drop(io, key)
    told = {"client_id": body["asked"]["client_id"], "cause": cause}
    await io.emit(Event.about("client.ended", Identity(key.connection, body["identifier"]), told))


async def _bound(rows: Rows, io: IO, identity: Identity) -> None:
    """End the user's grants that were used least lately, above `MOST`."""
    kept = await rows.named(io, GRANT, identity)
    # A version is the time of the last write.
    for key, _ in sorted(kept, key=lambda each: each[1].version)[:-MOST]:
        await rows.drop(io, key)


def _digest(secret: str) -> str:
    # 256 random bits need no slow digest, nor salt.
    return hashlib.sha256(secret.encode()).hexdigest()[:32]
