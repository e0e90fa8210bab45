"""Copying accounts to another store, and sealing them under a new key; both can be interrupted."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from vimeo_toolkit import Connection, StoreError, VimeoToolkit, WrongKey, generate_key
from vimeo_toolkit.sandbox import Sandbox

OLD, NEW = generate_key(), generate_key()


def _with_accounts(vimeo: Sandbox, url: str, key: Any, count: int) -> VimeoToolkit:
    toolkit = VimeoToolkit([Connection(api_url=vimeo.url)], store=url, key=key)
    token = vimeo.issue_token().access_token
    for number in range(count):
        toolkit.import_token(identifier=f"user {number}/é", access_token=token)
    return toolkit


@pytest.mark.parametrize("store_url", ["sqlite", "postgres", "redis"], indirect=True)
def test_rotating(store_url: str, vimeo: Sandbox) -> None:
    _with_accounts(vimeo, store_url, OLD, 5).close()
    with VimeoToolkit([Connection(api_url=vimeo.url)], store=store_url, key=[NEW, OLD]) as toolkit:
        before = toolkit.list_connected_accounts()
        assert toolkit.rotate_key().changed == 5
        assert toolkit.rotate_key().changed == 0
    with VimeoToolkit([Connection(api_url=vimeo.url)], store=store_url, key=NEW) as toolkit:
        after = toolkit.list_connected_accounts()
        assert [account.identifier for account in after] == [account.identifier for account in before]
        assert toolkit.execute_tool(identifier="user 0/é", tool_name="vimeo_me_get")["uri"] == vimeo.user.uri
    with (
        VimeoToolkit([Connection(api_url=vimeo.url)], store=store_url, key=OLD) as toolkit,
        pytest.raises(WrongKey),
    ):
        toolkit.list_connected_accounts()


def test_an_interrupted_rotation_is_finished_by_the_next(
    sqlite_url: str, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    _with_accounts(vimeo, sqlite_url, OLD, 6).close()
    with VimeoToolkit([Connection(api_url=vimeo.url)], store=sqlite_url, key=[NEW, OLD]) as toolkit:
        put, calls = toolkit._store.put, itertools.count()

        def failing(*args: Any, **kwargs: Any) -> bool:
            if next(calls) == 3:
                raise StoreError("The power went.")
            return put(*args, **kwargs)

        with monkeypatch.context() as broken:
            broken.setattr(toolkit._store, "put", failing)
            with pytest.raises(StoreError, match="power"):
                toolkit.rotate_key()
        assert toolkit.rotate_key() == type(toolkit.rotate_key())(total=6, changed=3)


@pytest.mark.parametrize("store_url", ["sqlite", "postgres", "redis"], indirect=True)
async def test_copying(store_url: str, vimeo: Sandbox, tmp_path: Any) -> None:
    with (
        _with_accounts(vimeo, f"sqlite:///{tmp_path / 'old.db'}", OLD, 5) as source,
        VimeoToolkit([Connection(api_url=vimeo.url)], store=store_url, key=NEW) as target,
    ):
        source.get_or_create_connected_account(identifier="pending")
        assert (source.copy_accounts_to(target).copied, target.list_connected_accounts()) == (
            6,
            source.list_connected_accounts(),
        )
        again = await source.acopy_accounts_to(target)
        assert (again.total, again.copied, again.present) == (6, 0, 6)
        me = target.execute_tool(identifier="user 0/é", tool_name="vimeo_me_get")
        assert me["uri"] == vimeo.user.uri
        await target.aclose()
        await source.aclose()


def test_a_newer_account_in_the_target_is_kept(vimeo: Sandbox, tmp_path: Any) -> None:
    other = vimeo.add_user("Newer")
    with (
        _with_accounts(vimeo, f"sqlite:///{tmp_path / 'old.db'}", OLD, 1) as source,
        VimeoToolkit([Connection(api_url=vimeo.url)], store="sqlite:///:memory:") as target,
    ):
        token = vimeo.issue_token(other).access_token
        target.import_token(identifier="user 0/é", access_token=token)
        assert source.copy_accounts_to(target).present == 1
        assert target.get_connected_account(identifier="user 0/é").vimeo_uri == other.uri


def test_a_copy_that_is_not_the_same_is_said(
    vimeo: Sandbox, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        _with_accounts(vimeo, f"sqlite:///{tmp_path / 'old.db'}", OLD, 1) as source,
        VimeoToolkit([Connection(api_url=vimeo.url)], store="sqlite:///:memory:") as target,
    ):
        monkeypatch.setattr(target._store, "put", lambda *_, **__: True)
        with pytest.raises(StoreError, match="not the same"):
            source.copy_accounts_to(target)
