"""A store of one's own: what is missing is named when the toolkit is made, and no key is made that gets lost."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from tests.stores.helpers import key
from tests.stores.own_stores import METHODS, PROPERTIES, own_store
from vimeo_toolkit import ConfigurationError, Connection, InvalidInput, VimeoToolkit, generate_key
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.stores.cipher import Cipher
from vimeo_toolkit.stores.completeness import members_of
from vimeo_toolkit.stores.protocol import Checked, KeepsEnds, Store

KEY = generate_key()
KINDS = ("in memory", "persistent", "shared")


def _toolkit(store: Any, **options: Any) -> VimeoToolkit:
    return VimeoToolkit([Connection()], store=store, **options)


@pytest.mark.parametrize(("how", "given", "rows"), [*itertools.product(KINDS, (True, False), (True, False))])
def test_when_a_key_is_needed(how: str, given: bool, rows: bool, tmp_path: Path) -> None:
    store = own_store(how, tmp_path)
    if rows:
        assert store.put(key(), Cipher([KEY]).seal(key(), 1, b"x"), version=1, expected=0)
    if given:
        _toolkit(store, key=KEY)
    elif how == "in memory" and not rows:
        with _toolkit(store) as toolkit:
            toolkit.get_or_create_connected_account(identifier="ana")
            assert toolkit.get_connected_account(identifier="ana")
    else:
        with pytest.raises(ConfigurationError, match=r"key") as caught:
            _toolkit(store)
        assert "VIMEO_TOOLKIT_KEY" in str(caught.value)
        if how == "persistent":
            assert str(tmp_path / "rows") in str(caught.value)
    assert not list(tmp_path.glob("*.key")), "key files are the embedded store's"


@pytest.mark.parametrize("how", KINDS)
def test_a_budget_is_kept_where_the_rows_outlive_the_process(
    how: str, tmp_path: Path, vimeo: Sandbox, connection: Connection
) -> None:
    store = own_store(how, tmp_path)
    with VimeoToolkit([connection], store=store, key=KEY) as toolkit:
        token = vimeo.issue_token().access_token
        toolkit.import_token(identifier="ana", access_token=token)
        toolkit.execute_tool(identifier="ana", tool_name="vimeo_me_get")
        toolkit.execute_tool(identifier="ana", tool_name="vimeo_me_get")
        assert bool(store.scan("budget")) is (how != "in memory")


def test_two_processes_find_the_same_accounts(tmp_path: Path) -> None:
    with _toolkit(own_store("persistent", tmp_path), key=KEY) as one:
        one.get_or_create_connected_account(identifier="ana")
    with _toolkit(own_store("persistent", tmp_path), key=KEY) as other:
        assert [each.identifier for each in other.list_connected_accounts()] == ["ana"]


def test_a_second_toolkit_over_a_store_in_memory_needs_the_first_ones_key() -> None:
    store: Any = VimeoToolkit([Connection()], store="sqlite:///:memory:")._store
    with _toolkit(store) as toolkit:
        toolkit.get_or_create_connected_account(identifier="ana")
        with pytest.raises(ConfigurationError, match="no key was given"):
            _toolkit(store)


# What is missing


@pytest.mark.parametrize("member", [*METHODS, *PROPERTIES])
def test_each_missing_member_is_named(member: str, tmp_path: Path) -> None:
    with pytest.raises(
        ConfigurationError, match=rf"store Own is incomplete: {member} is missing\."
    ) as caught:
        _toolkit(own_store("in memory", tmp_path, without=member), key=KEY)
    assert "StorePromises" in caught.value.hint


async def _asynchronous(*_: Any, **__: Any) -> None: ...


def _plain(*_: Any, **__: Any) -> None: ...


def _takes_nothing() -> None: ...


async def _takes_nothing_async() -> None: ...


@pytest.mark.parametrize("member", METHODS)
def test_each_member_of_the_other_world_is_named(member: str, tmp_path: Path) -> None:
    instead = _plain if member.startswith("a") and member != "acquire" else _asynchronous
    with pytest.raises(ConfigurationError, match=rf"incomplete: {member} is (not )?an async def"):
        _toolkit(own_store("in memory", tmp_path, **{member: instead}), key=KEY)


@pytest.mark.parametrize("member", [name for name in METHODS if name not in ("close", "aclose")])
def test_each_member_that_takes_other_arguments_is_named(member: str, tmp_path: Path) -> None:
    twin = member.startswith("a") and member != "acquire"
    instead = _takes_nothing_async if twin else _takes_nothing
    with pytest.raises(ConfigurationError, match=rf"incomplete: {member} does not take \("):
        _toolkit(own_store("in memory", tmp_path, **{member: instead}), key=KEY)


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ({"path": "rows.db"}, "path is a str"),
        ({"shared": None}, "shared is a NoneType"),
        ({"get": 5}, "get is not a method"),
    ],
)
def test_values_of_another_type_are_named(declared: dict[str, Any], told: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=told):
        _toolkit(own_store("in memory", tmp_path, **declared), key=KEY)


def test_everything_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    store = own_store("in memory", tmp_path, without="aput", path="x", release=_asynchronous)
    with pytest.raises(ConfigurationError) as caught:
        _toolkit(store, key=KEY)
    assert all(
        name in caught.value.message for name in ("aput is missing", "path is a", "release is an async")
    )


@pytest.mark.parametrize("protocol", [KeepsEnds, Checked])
def test_half_of_what_a_store_need_not_have_is_named(protocol: type, tmp_path: Path) -> None:
    one, twin = members_of(protocol)
    store = own_store("in memory", tmp_path)
    setattr(store, one, _plain)
    with pytest.raises(ConfigurationError, match=f"{twin} is missing"):
        _toolkit(store, key=KEY)


def test_a_class_is_not_a_store() -> None:
    with pytest.raises(ConfigurationError, match="the class _Whole") as caught:
        _toolkit(_Whole, key=KEY)
    assert "object" in caught.value.hint


class _Whole:
    shared = False
    path = None


def test_what_a_decorator_hides_is_not_refused(tmp_path: Path) -> None:
    inner = own_store("in memory", tmp_path)

    def aget(key: Any) -> Any:
        return inner.aget(key)

    aget.__wrapped__ = inner.aget  # type: ignore[attr-defined]  # as functools.wraps does
    assert _toolkit(own_store("in memory", tmp_path, aget=aget), key=KEY)


def test_the_protocol_is_what_is_looked_for() -> None:
    assert set(members_of(Store)) == {*METHODS, *PROPERTIES}
    assert len(METHODS) == 14


# Its files


@pytest.mark.parametrize("folder", [False, True])
def test_its_files_are_never_uploaded(folder: bool, tmp_path: Path) -> None:
    place = tmp_path / "rows"
    kept = place / "data.mdb" if folder else place
    kept.parent.mkdir(exist_ok=True)
    kept.write_bytes(b"sealed")
    store = own_store("in memory", tmp_path, path=place)
    with _toolkit(store, key=KEY) as toolkit, pytest.raises(InvalidInput, match="toolkit's own files"):
        toolkit.upload_video(kept, identifier="ana", name="x")
