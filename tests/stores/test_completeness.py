"""Each member of a store that is missing or is something else is named; and keys in the desktop's keyring."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import pytest

from vimeo_toolkit import ConfigurationError
from vimeo_toolkit.stores import desktop_keyring
from vimeo_toolkit.stores.completeness import members_of, require_complete
from vimeo_toolkit.stores.protocol import KeepsEnds, Store
from vimeo_toolkit.stores.sqlite import SqliteStore


def like_ours(**changes: Any) -> Any:
    """An object with all of our store's members, some of them changed or (None) taken away."""
    real = SqliteStore(":memory:")
    names = [*members_of(Store), *members_of(KeepsEnds)]
    members = {name: getattr(real, name) for name in names}
    members |= changes
    return types.SimpleNamespace(**{name: each for name, each in members.items() if each is not ...})


async def later(*args: Any, **named: Any) -> None:
    """Do nothing."""


def plain(*args: Any, **named: Any) -> None:
    """Do nothing."""


def promised(*args: Any, **named: Any) -> Any:
    return later()


promised.__annotations__["return"] = "Awaitable[None]"


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"aget": promised},
        {"get": plain, "aput": later},
        {"path": Path("x")},
        {"shared": True},
        {"get": min},
    ],
)
def test_a_whole_store_passes(changes: Any) -> None:
    require_complete(like_ours(**changes))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"get": ...}, "get is missing"),
        ({"get": 7}, "get is not a method"),
        ({"aget": plain}, "aget is not an async def"),
        ({"get": later}, "get is an async def, and has to be a plain one"),
        ({"get": lambda: None}, "get does not take (key"),
        ({"put": lambda key, value, version, ttl=None: True}, "put does not take (key"),
        ({"shared": 1}, "shared is a int and not True or False"),
        ({"path": "x"}, "path is a str and not a pathlib.Path or None"),
        ({"replace": ...}, "replace is missing"),
        ({"get": ..., "put": ...}, "get is missing; put is missing"),
    ],
)
def test_what_is_wrong_is_named(changes: Any, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        require_complete(like_ours(**changes))
    assert f"The store SimpleNamespace is incomplete: {said}" in caught.value.message


def test_what_is_no_store_at_all() -> None:
    with pytest.raises(ConfigurationError, match="neither a URL nor a Store"):
        require_complete(7)
    with pytest.raises(ConfigurationError, match="the class SqliteStore"):
        require_complete(SqliteStore)
    require_complete(like_ours(replace=..., areplace=...))


# ---- the keyring ----


class KeyringError(Exception):
    """As in the package."""


class Keyring(types.ModuleType):
    """The package, with passwords in memory."""

    def __init__(self) -> None:
        super().__init__("keyring")
        self.errors = types.ModuleType("keyring.errors")
        self.errors.KeyringError = KeyringError  # type: ignore[attr-defined]
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, name: str) -> str | None:
        if self.locked:
            raise KeyringError("p4ssMARK")
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, key: str) -> None:
        if self.locked:
            raise KeyringError("p4ssMARK")
        self.kept[service, name] = key


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    made = Keyring()
    monkeypatch.setitem(sys.modules, "keyring", made)
    monkeypatch.setitem(sys.modules, "keyring.errors", made.errors)
    return made


def test_a_key_is_kept_in_the_keyring(keyring: Keyring) -> None:
    desktop_keyring.write_key("name", "key")
    assert keyring.kept == {("vimeo-toolkit", "name"): "key"}
    assert desktop_keyring.read_key("name") == "key"
    with pytest.raises(ConfigurationError, match="has no encryption key 'other'"):
        desktop_keyring.read_key("other")
    with pytest.raises(ConfigurationError, match=f"key '{'n' * 80}',"):
        desktop_keyring.read_key("n" * 81)


def test_a_locked_keyring_says_so_and_quotes_nothing(keyring: Keyring) -> None:
    keyring.locked = True
    for use in (lambda: desktop_keyring.read_key("n"), lambda: desktop_keyring.write_key("n", "k")):
        with pytest.raises(ConfigurationError, match=r"cannot be used \(KeyringError\)") as caught:
            use()
        assert "p4ssMARK" not in str(caught.value)
        assert caught.value.__context__ is None


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(ConfigurationError) as caught:
        desktop_keyring.read_key("n")
    assert "vimeo-toolkit[keyring]" in caught.value.hint
