"""A Redis URL, and what a server's settings and format are held against; the clients of one process."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.stores.clients import Clients
from vimeo_toolkit.stores.redis_server import SETTINGS, check_format, parsed, warn_of


@pytest.mark.parametrize(
    ("url", "address", "prefix"),
    [
        ("redis://h:1/2", "redis://h:1/2", "vimeo-toolkit"),
        ("valkey://h", "redis://h", "vimeo-toolkit"),
        ("valkeys://h", "rediss://h", "vimeo-toolkit"),
        ("rediss://h?prefix=p", "rediss://h", "p"),
        ("unix:///s?prefix=a%2Fb&db=3", "unix:///s?db=3", None),
        ("redis://h?decode_responses=true&a=&prefix=", "redis://h?a=", ""),
    ],
)
def test_a_url_and_its_prefix(url: str, address: str, prefix: str | None) -> None:
    found, text = parsed(url)
    assert found == address
    assert prefix is None or text == prefix


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, []),
        ({b"maxmemory-policy": b"noeviction", b"appendonly": b"yes"}, []),
        ({"maxmemory-policy": "allkeys-lru", "appendonly": "yes"}, ["allkeys-lru"]),
        ({b"maxmemory-policy": b"noeviction", b"appendonly": b"no"}, ["appendonly no"]),
        ({"maxmemory-policy": "volatile-ttl", "appendonly": "no"}, ["volatile-ttl", "appendonly no"]),
    ],
)
def test_a_server_that_forgets_is_warned_of(settings: dict[Any, Any], said: list[str]) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        warn_of(settings)
    messages = [str(each.message) for each in caught if issubclass(each.category, UserWarning)]
    assert len(messages) == len(said)
    assert all(words in message for words, message in zip(said, messages, strict=True))
    assert SETTINGS == ("appendonly", "maxmemory-policy")


def test_what_a_newer_release_keeps_is_refused() -> None:
    check_format(None)
    check_format(b"1")
    with pytest.raises(ConfigurationError, match="format 2, made"):
        check_format(b"2")


class Made:
    """A client."""


def test_a_process_makes_one_client_and_a_fork_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    looped: Any = None  # no event loop runs
    both: Clients[Made, Made] = Clients(Made, looped)
    first = both.blocking()
    assert both.blocking() is first
    monkeypatch.setattr("vimeo_toolkit.stores.clients.os.getpid", lambda: -1)
    second = both.blocking()
    assert second is not first
    assert both.blocking() is second
    assert both._inherited == [first]
    assert both.forget_blocking() is second
    assert both.forget_blocking() is None
    assert both.blocking() is not second
    monkeypatch.undo()
    assert both.forget_blocking() is None, "it is the other process's"
