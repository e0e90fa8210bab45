"""The cipher: what it seals opens in its own row alone."""

from __future__ import annotations

import copy
import os
import pickle
import traceback

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import aead
from hypothesis import given
from hypothesis import strategies as st

from tests.stores.helpers import key
from tests.stores.strategies import KEYS
from vimeo_toolkit.errors import ConfigurationError, WrongKey
from vimeo_toolkit.stores import Key
from vimeo_toolkit.stores.cipher import Cipher, generate_key, parse_key

_CIPHER = Cipher([generate_key()])


# Rows are JSON, so none is empty; what is, cryptography seals from release 46 on.
@given(KEYS, st.integers(0, 2**63 - 1), st.binary(min_size=1, max_size=2000))
def test_round_trip(row: Key, version: int, plain: bytes) -> None:
    sealed = _CIPHER.seal(row, version, plain)
    assert _CIPHER.open(row, version, sealed) == plain
    assert sealed != _CIPHER.seal(row, version, plain)
    assert len(plain) < 8 or plain not in sealed


@given(KEYS, KEYS, st.integers(0, 2**60), st.integers(0, 2**60))
def test_no_other_row_or_version_opens(one: Key, other: Key, version: int, later: int) -> None:
    sealed = _CIPHER.seal(one, version, b"token")
    if (one, version) != (other, later):
        with pytest.raises(WrongKey, match="altered"):
            _CIPHER.open(other, later, sealed)


def test_parts_do_not_run_together() -> None:
    sealed = _CIPHER.seal(Key("account", "ab", "c"), 1, b"token")
    for other in (Key("account", "a", "bc"), Key("account", "abc", ""), Key("accounta", "b", "c")):
        with pytest.raises(WrongKey):
            _CIPHER.open(other, 1, sealed)


def test_no_swap_of_100_rows_opens() -> None:
    rows = [key(f"user{number}") for number in range(100)]
    sealed = [_CIPHER.seal(row, 1, row.name.encode()) for row in rows]
    for place, row in enumerate(rows):
        for number, value in enumerate(sealed):
            if number == place:
                assert _CIPHER.open(row, 1, value) == row.name.encode()
            else:
                with pytest.raises(WrongKey):
                    _CIPHER.open(row, 1, value)


def test_no_flip_of_a_bit_opens() -> None:
    sealed = _CIPHER.seal(key(), 5, os.urandom(200))
    for bit in range(len(sealed) * 8):
        flipped = bytearray(sealed)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(WrongKey):
            _CIPHER.open(key(), 5, bytes(flipped))


def test_no_cut_opens() -> None:
    sealed = _CIPHER.seal(key(), 5, b"token")
    for length in range(len(sealed)):
        with pytest.raises(WrongKey):
            _CIPHER.open(key(), 5, sealed[:length])
    with pytest.raises(WrongKey):
        _CIPHER.open(key(), 5, sealed + b"\x00")


def test_rotation() -> None:
    first, second, third = generate_key(), generate_key(), generate_key()
    old, middle, new = Cipher([first]), Cipher([second, first]), Cipher([third, second, first])
    rows = [each.seal(key(), 1, b"token") for each in (old, middle, new)]
    assert [new.open(key(), 1, row) for row in rows] == [b"token"] * 3
    assert [Cipher.key_id_of(row) for row in rows] == [old.key_id, middle.key_id, new.key_id]
    assert [Cipher.key_id_of(row) == new.key_id for row in rows] == [False, False, True]
    with pytest.raises(WrongKey) as caught:
        old.open(key(), 1, rows[2])
    assert new.key_id in str(caught.value)
    assert old.key_id in str(caught.value)
    assert "newest first" in str(caught.value)
    assert Cipher.key_id_of(b"") == Cipher.key_id_of(b"something else, long enough for a header") == ""


def test_without_siv(monkeypatch: pytest.MonkeyPatch) -> None:
    """An OpenSSL older than 3.2: plain GCM, which a newer one opens; what SIV sealed says what it needs."""
    shared = generate_key()
    siv = Cipher([shared])

    def absent(_: bytes) -> None:
        raise UnsupportedAlgorithm("AES-GCM-SIV")

    monkeypatch.setattr(aead, "AESGCMSIV", absent)
    gcm = Cipher([shared])
    sealed = gcm.seal(key(), 1, b"token")
    assert gcm.open(key(), 1, sealed) == siv.open(key(), 1, sealed) == b"token"
    with pytest.raises(WrongKey, match="OpenSSL"):
        gcm.open(key(), 1, siv.seal(key(), 1, b"token"))


def test_keys() -> None:
    raw = os.urandom(32)
    text = generate_key()
    assert len(text) == 44
    assert parse_key(raw) == raw
    assert parse_key(text) == parse_key(text.encode()) == parse_key(f" {text}\n")
    assert generate_key() != text


@pytest.mark.parametrize(
    "bad",
    ["", "short", "x" * 44, "QUJD" * 10, "é" * 44, b"", b"\xff" * 31, b"\x01" * 33],
    ids=["empty", "short", "33 bytes", "30 bytes", "not ascii", "no bytes", "31 raw", "33 raw"],
)
def test_malformed_keys_say_how_to_make_one(bad: str | bytes) -> None:
    with pytest.raises(ConfigurationError, match="generate_key") as caught:
        Cipher([bad])
    if len(bad) > 8:
        assert str(bad) not in "".join(traceback.format_exception(caught.value))


def test_no_keys() -> None:
    with pytest.raises(ConfigurationError, match="no encryption key"):
        Cipher([])


def test_shows_and_gives_away_nothing() -> None:
    secret = generate_key()
    cipher = Cipher([secret])
    assert repr(cipher) == f"Cipher(keys=[{cipher.key_id}])"
    assert secret not in repr(vars(cipher))
    assert repr(parse_key(secret))[2:-1] not in repr(vars(cipher))
    with pytest.raises(TypeError, match="not picklable"):
        pickle.dumps(cipher)
    assert copy.deepcopy(cipher) is cipher


def test_it_shows_which_keys_it_has() -> None:
    cipher = Cipher([generate_key(), generate_key()])
    newest, older = cipher.key_ids
    assert repr(cipher) == f"Cipher(keys=[{newest}, {older}])"
    assert newest == cipher.key_id
