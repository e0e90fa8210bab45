"""A connected account: what its owner sees, and what is stored."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from vimeo_toolkit.identity import Identity
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores.protocol import Key

__all__ = [
    "AccountRecord",
    "AccountStatus",
    "AuthorizationLink",
    "ConnectedAccount",
    "ConnectedAccounts",
    "FormerToken",
    "Unreadable",
]

UNFINISHED = "Disconnecting was begun and could not be finished: disconnect again."


@dataclass(frozen=True, slots=True)
class AuthorizationLink:
    """Where a user connects their Vimeo account. Show it to that user only."""

    link: str
    expires_at: datetime


class AccountStatus(StrEnum):
    """Where an account is in its life.

    PENDING: known, but the user has not (re)connected yet. ACTIVE: calls work. EXPIRED: the token's life
    ended and it could not be refreshed. REVOKED: Vimeo refuses the token. From the last two, connecting again
    leads back to ACTIVE.
    """

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectedAccount:
    """One user's connection to Vimeo. Holds no token, so it may be logged, printed and pickled."""

    connection_name: str
    identifier: str
    status: AccountStatus
    reason: str | None
    """Why the status is not ACTIVE, or which part of a disconnection is unfinished; a sentence."""
    vimeo_uri: str | None
    """The Vimeo user, such as `/users/123`."""
    vimeo_name: str | None
    granted_scopes: frozenset[str]
    """What the user granted, as Vimeo said it."""
    requested_scopes: frozenset[str]
    expires_at: datetime | None
    """When the token expires; None when it does not expire, which is Vimeo's rule today."""
    created_at: datetime
    updated_at: datetime

    @property
    def missing_scopes(self) -> frozenset[str]:
        """Scopes that were asked for and not granted; empty for an account without a token."""
        if self.status is AccountStatus.PENDING:
            return frozenset()
        return self.requested_scopes - self.granted_scopes

    def _repr_html_(self) -> str:
        from vimeo_toolkit.display import account_html

        return account_html(self)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {
            "connection_name": self.connection_name,
            "identifier": self.identifier,
            "status": self.status.value,
            "reason": self.reason,
            "vimeo_uri": self.vimeo_uri,
            "vimeo_name": self.vimeo_name,
            "granted_scopes": sorted(self.granted_scopes),
            "missing_scopes": sorted(self.missing_scopes),
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
            "created_at": self.created_at.isoformat(),
            "updated_at": self.updated_at.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A stored row that does not open: it was sealed with a key that is not among those given, or is damaged.

    An account of that kind can be deleted (its token cannot be revoked without being read) and connected again.
    """

    connection_name: str
    identifier: str
    """The user's identifier; empty where the row's key does not contain it, as with approvals."""
    reason: str
    """A sentence."""
    kind: str = "account"
    """What the row is, one of `stores.kinds.KINDS`."""
    foreign: bool = False
    """It was sealed with a key that is not among those given, and may be whole."""
    damaged: bool = False
    """No key opens it: it was altered, cut or copied from another row."""
    name: str = ""
    """The row's name in the store, where that is not an identifier."""

    def to_dict(self) -> dict[str, Any]:
        """Return it JSON-ready."""
        return {
            "kind": self.kind,
            "connection_name": self.connection_name,
            "identifier": self.identifier,
            **({"name": self.name} if self.name else {}),
            "reason": self.reason,
        }


class ConnectedAccounts(list[ConnectedAccount]):
    """A list of accounts; `unreadable` has those that are stored and do not open."""

    unreadable: tuple[Unreadable, ...] = ()

    def _repr_html_(self) -> str:
        from vimeo_toolkit.display import accounts_html

        return accounts_html(self)


@dataclass(frozen=True, slots=True)
class FormerToken:
    """A token that was replaced or never used, which may still work at Vimeo, and the API that issued it."""

    token: Secret
    api_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRecord:
    """What is kept of an account, sealed. `version` is the store's; 0 before the first save."""

    connection_name: str
    identifier: str
    status: AccountStatus = AccountStatus.PENDING
    reason: str | None = None
    access_token: Secret | None = None
    refresh_token: Secret | None = None
    api_url: str | None = None
    """The API that issued the token; None in rows of an older release, which did not note it."""
    expires_at: float | None = None
    """Vimeo's time."""
    refreshing_since: float | None = None
    """Set before a refresh is sent and cleared with its result, so that an interrupted refresh can be
    recognised."""
    spent: str | None = None
    """A digest of the refresh token that Vimeo refused, which another process may have used meanwhile."""
    ended_at: float | None = None
    """When it became EXPIRED or REVOKED; None in rows of an older release, which did not note it."""
    former_tokens: tuple[FormerToken, ...] = ()
    """To be revoked."""
    revoke_at: float | None = None
    """When revoking them is tried again."""
    deleting_since: float | None = None
    """Set before the account's tokens are revoked for its deletion, so that a failed deletion can be
    recognised."""
    granted_scopes: tuple[str, ...] = ()
    requested_scopes: tuple[str, ...] = ()
    vimeo_uri: str | None = None
    vimeo_name: str | None = None
    app_uri: str | None = None
    verified_at: float = 0.0
    """When Vimeo last said that the token is good."""
    created_at: float = 0.0
    updated_at: float = 0.0
    version: int = 0
    unknown: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """Fields that a newer release has added: they are kept and written back."""

    @property
    def identity(self) -> Identity:
        """Whose account it is."""
        return Identity(self.connection_name, self.identifier)

    @property
    def generation(self) -> str:
        """Names the connection of this very Vimeo user under this identifier.

        Another one after the account was deleted and made again, or after a different Vimeo user connected; the
        same after the same user connected again. What is kept for later (an unfinished upload, an approval, a
        result) is bound to it, and is void for any other.
        """
        return f"{self.created_at!r} {self.vimeo_uri or ''}"

    def activated(self, **token: Any) -> AccountRecord:
        """Return the account with a token that works now; notes about its end or a refresh are cleared."""
        return self.replace(
            status=AccountStatus.ACTIVE,
            reason=None,
            refreshing_since=None,
            spent=None,
            ended_at=None,
            **token,
        )

    def replace(self, **changes: Any) -> AccountRecord:
        return dataclasses.replace(self, **changes)

    def to_json(self) -> dict[str, Any]:
        """Return everything but the address (bound by the seal) and the version (kept by the store); tokens in
        clear."""
        body: dict[str, Any] = dict(self.unknown)
        for each in dataclasses.fields(self):
            value = getattr(self, each.name)
            if each.name in _NOT_SEALED or value is None:
                continue
            body[each.name] = value.reveal() if isinstance(value, Secret) else value
        body["former_tokens"] = [[each.token.reveal(), each.api_url] for each in self.former_tokens]
        if not self.former_tokens:
            del body["former_tokens"]
        return body

    @classmethod
    def from_json(cls, key: Key, version: int, body: Mapping[str, Any]) -> AccountRecord:
        """Return the account that was sealed under this address, at this version."""
        known = {each.name for each in dataclasses.fields(cls)} - _NOT_SEALED
        values = {name: value for name, value in body.items() if name in known}
        for name in ("access_token", "refresh_token"):
            if name in values:
                values[name] = Secret(values[name])
        for name in ("granted_scopes", "requested_scopes"):
            values[name] = tuple(values.get(name, ()))
        values["former_tokens"] = tuple(
            FormerToken(Secret(token), api_url) for token, api_url in values.get("former_tokens", ())
        )
        values["status"] = AccountStatus(values["status"])
        return cls(
            connection_name=key.connection,
            identifier=key.name,
            version=version,
            unknown={name: value for name, value in body.items() if name not in known},
            **values,
        )

    def public(self) -> ConnectedAccount:
        return ConnectedAccount(
            connection_name=self.connection_name,
            identifier=self.identifier,
            status=self.status,
            reason=self.reason or (None if self.deleting_since is None else UNFINISHED),
            vimeo_uri=self.vimeo_uri,
            vimeo_name=self.vimeo_name,
            granted_scopes=frozenset(self.granted_scopes),
            requested_scopes=frozenset(self.requested_scopes),
            expires_at=None if self.expires_at is None else datetime.fromtimestamp(self.expires_at, UTC),
            created_at=datetime.fromtimestamp(self.created_at, UTC),
            updated_at=datetime.fromtimestamp(self.updated_at, UTC),
        )


_NOT_SEALED = frozenset({"connection_name", "identifier", "version", "unknown"})
