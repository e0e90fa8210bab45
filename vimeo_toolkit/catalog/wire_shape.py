"""The shape of a tool on the wire: which input goes where in the request, and where the answer shows it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, get_args

from pydantic import BaseModel

from vimeo_toolkit.catalog.effects import Asked
from vimeo_toolkit.catalog.ids import owner_prefix
from vimeo_toolkit.catalog.list_columns import fields_shown
from vimeo_toolkit.catalog.marks import BodyPath, IgnoredParam, Shown
from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.wire.api_request import ApiRequest

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from vimeo_toolkit.accounts.model import AccountRecord

__all__ = ["FROM_ACCOUNT", "WireShape"]

FROM_ACCOUNT: Final = frozenset({"app_id"})
"""Placeholders that no input fills: they come from the account, never from a model."""

_PLACEHOLDER: Final = re.compile(r"{(\w+)}")


@lru_cache(maxsize=512)
def _placeholders(path: str) -> tuple[str, ...]:
    return tuple(_PLACEHOLDER.findall(path))


@dataclass(frozen=True, eq=False)
class WireShape:
    """A route and its inputs. An input whose name stands in the path goes there; the others go to the query of a
    GET or DELETE and to the JSON body of the rest, unless a mark says otherwise."""

    method: str
    path: str
    fields: str | None
    inputs: Mapping[str, FieldInfo]

    @cached_property
    def placeholders(self) -> frozenset[str]:
        """Names in the path."""
        return frozenset(_placeholders(self.path))

    @cached_property
    def unsent(self) -> dict[str, str]:
        """Input name → note, for inputs that the endpoint does not have."""
        return {
            name: mark.note
            for name, info in self.inputs.items()
            for mark in info.metadata
            if isinstance(mark, IgnoredParam)
        }

    @cached_property
    def secret_inputs(self) -> frozenset[str]:
        """Names of the inputs that hold a secret, such as a password."""
        return frozenset(name for name, info in self.inputs.items() if _holds_secret(info.annotation))

    @cached_property
    def _places(self) -> list[tuple[str, str]]:
        """Input name and its place in query or body, for those that are neither in the path nor unsent."""
        return [
            (name, next((mark.path for mark in info.metadata if isinstance(mark, BodyPath)), name))
            for name, info in self.inputs.items()
            if name not in self.placeholders and name not in self.unsent
        ]

    @cached_property
    def _shown(self) -> list[tuple[str, Shown]]:
        """Input name and where the answer shows its effect, for a tool that sets what it is given."""
        if self.method not in ("PATCH", "POST", "PUT"):
            return []
        shown: list[tuple[str, Shown]] = []
        for name, at in self._places:
            if name not in self.secret_inputs:  # Vimeo shows no password
                marks = self.inputs[name].metadata
                shown.append((name, next((mark for mark in marks if isinstance(mark, Shown)), Shown(at))))
        return shown

    def asked(self, values: BaseModel) -> list[Asked]:
        """Return what these inputs ask for, as far as an answer can show that it came true."""
        return [
            Asked(name, getattr(values, name), shown.path, shown.same)
            for name, shown in self._shown
            if shown.path is not None and getattr(values, name) is not None
        ]

    def filled(self, path: str, values: BaseModel, account: AccountRecord) -> str:
        """Return a path with its placeholders filled; an input that was not given is left empty.

        Raises:
            ConfigurationError: the account does not say what a placeholder needs of it.
        """
        owner = "/me"
        parts: dict[str, str] = {}
        for name in _placeholders(path):
            value = getattr(values, name, None)
            if value is None:
                value = _from_account(name, account) if name in FROM_ACCOUNT else ""
            prefix, parts[name] = owner_prefix(value, account.vimeo_uri)
            owner = owner if prefix == "/me" else prefix
        # A folder or showcase whose owner was named is asked for under its owner.
        if owner != "/me" and path.startswith("/me/"):
            path = f"{owner}{path.removeprefix('/me')}"
        return path.format_map(parts)

    def request(self, values: BaseModel, account: AccountRecord) -> ApiRequest:
        """Return the one request that these inputs make.

        Raises:
            ConfigurationError: as `filled`.
        """
        path = self.filled(self.path, values, account)
        sent = {
            at: _plain(getattr(values, name))
            for name, at in self._places
            if getattr(values, name) is not None
        }
        if self.method in ("GET", "DELETE"):
            query = {at: _query(value) for at, value in sent.items()}
            if query.get("filter") == "embeddable":
                query["filter_embeddable"] = "true"  # required beside it (API document, 2024)
            return ApiRequest(self.method, path, query, fields=fields_shown(path, self.fields, query))
        # What was asked for is among what is asked back, so that the answer can be compared.
        shown = (asked.path for asked in self.asked(values) if asked.path != "data")  # a list's envelope
        fields = dict.fromkeys([*(self.fields or "").split(","), *shown])
        return ApiRequest(
            self.method, path, body=_nested(sent) or None, fields=",".join(filter(None, fields)) or None
        )


def _nested(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return values at dotted places as a JSON body."""
    body: dict[str, Any] = {}
    for at, value in sent.items():
        *parents, leaf = at.split(".")
        target = body
        for parent in parents:
            target = target.setdefault(parent, {})
        target[leaf] = value
    return body


def _from_account(name: str, account: AccountRecord) -> str:
    if name == "app_id" and account.app_uri:
        number = account.app_uri.rpartition("/")[2]
        if number.isascii() and number.isdigit():
            return number
    raise ConfigurationError(
        "Vimeo did not say which app this user's token belongs to.", hint="Connect the user again."
    )


def _holds_secret(annotation: Any) -> bool:
    return annotation is Secret or any(map(_holds_secret, get_args(annotation)))


def _plain(value: Any) -> Any:
    return value.reveal() if isinstance(value, Secret) else value


def _query(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ",".join(str(item) for item in value)
    return str(value)
