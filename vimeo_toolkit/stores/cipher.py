"""Encryption at rest: every row is sealed with a key that the store does not have.

AES-256-GCM-SIV (RFC 8452), which forgives a repeated nonce, or AES-256-GCM where OpenSSL has no SIV. The
associated data binds a sealed value to its row's address, version, key and algorithm: a row that is copied to
another tenant, or rolled back under a new version number, does not open.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
import struct
from collections.abc import Sequence
from typing import Any, Final, NoReturn, Protocol

from vimeo_toolkit.errors import ConfigurationError, WrongKey
from vimeo_toolkit.stores.protocol import Key

__all__ = ["Cipher", "generate_key", "parse_key"]

_FORMAT: Final = 1
_SIV: Final = 1
_GCM: Final = 2
_ID_BYTES: Final = 4
_NONCE_BYTES: Final = 12
_HEADER: Final = struct.Struct(f">BB{_ID_BYTES}s{_NONCE_BYTES}s")


class _Aead(Protocol):
    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...
    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...


def generate_key() -> str:
    """Return a new key: 32 random bytes as url-safe base64, 44 characters."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def parse_key(key: str | bytes) -> bytes:
    """Return the 32 bytes of a key.

    Raises:
        ConfigurationError: the text is not a key.
    """
    raw, text = b"", ""
    if isinstance(key, bytes) and len(key) == 32:
        raw = key
    elif isinstance(key, str | bytes):
        try:
            text = key.strip() if isinstance(key, str) else key.decode("ascii").strip()
            raw = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
        except (binascii.Error, ValueError):
            raw = b""
    text = ""
    del key
    if len(raw) != 32:
        del raw
        raise ConfigurationError(
            "An encryption key is not 32 bytes in url-safe base64.",
            hint="Pass one whole, as generate_key() made it. A new one does not open what it sealed.",
        ) from None
    return raw


class Cipher:
    """Seals with the newest key and opens with any of the keys.

    Args:
        keys: newest first, each 32 bytes, raw or as `generate_key` gives them.

    Raises:
        ConfigurationError: there is no key, or one is malformed.
    """

    def __init__(self, keys: Sequence[str | bytes]) -> None:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.ciphers import aead

        try:
            raws = list(map(parse_key, keys))
        finally:
            del keys  # a traceback's locals are often logged
        if not raws:
            raise ConfigurationError(
                "There is no encryption key.", hint="Pass key=generate_key(), kept safe."
            )
        self._aeads: dict[tuple[bytes, int], _Aead] = {}
        self._ids = [hashlib.sha256(b"vimeo-toolkit key id" + raw).digest()[:_ID_BYTES] for raw in raws]
        self._algorithm = _SIV
        for key_id, raw in zip(self._ids, raws, strict=True):
            self._aeads[key_id, _GCM] = aead.AESGCM(raw)
            try:
                self._aeads[key_id, _SIV] = aead.AESGCMSIV(raw)
            except (UnsupportedAlgorithm, AttributeError):
                self._algorithm = _GCM

    @property
    def key_id(self) -> str:
        """The newest key's public name, 8 hex digits."""
        return self._ids[0].hex()

    @property
    def key_ids(self) -> list[str]:
        """The public names of all keys, newest first."""
        return [each.hex() for each in self._ids]

    @staticmethod
    def key_id_of(sealed: bytes) -> str:
        """Return the id of the key that sealed a value; empty where the value was not sealed by us."""
        if len(sealed) < _HEADER.size or sealed[0] != _FORMAT:
            return ""
        return str(_HEADER.unpack_from(sealed)[2].hex())

    def is_foreign(self, sealed: bytes) -> bool:
        """Return whether a value looks sealed with a key that is not among those given."""
        name = self.key_id_of(sealed)
        return bool(name) and name not in self.key_ids

    def is_damaged(self, sealed: bytes) -> bool:
        """Return whether a value that `open` refused cannot be opened by any key on any machine."""
        if len(sealed) < _HEADER.size:
            return True
        made, algorithm, key_id, _ = _HEADER.unpack_from(sealed)
        return made == _FORMAT and (key_id, algorithm) in self._aeads

    def seal(self, key: Key, version: int, plaintext: bytes) -> bytes:
        """Encrypt a value for this row at this version."""
        header = _HEADER.pack(_FORMAT, self._algorithm, self._ids[0], os.urandom(_NONCE_BYTES))
        bound = _bound(key, version, header)
        aead = self._aeads[self._ids[0], self._algorithm]
        return header + aead.encrypt(header[-_NONCE_BYTES:], plaintext, bound)

    def open(self, key: Key, version: int, sealed: bytes) -> bytes:
        """Decrypt a value that was sealed for this row at this version.

        Raises:
            WrongKey: no key given opens it, or it was moved, rolled back or altered.
        """
        from cryptography.exceptions import InvalidTag

        if len(sealed) < _HEADER.size or sealed[0] != _FORMAT:
            raise _altered()
        _, algorithm, key_id, nonce = _HEADER.unpack_from(sealed)
        aead = self._aeads.get((key_id, algorithm))
        if aead is None:
            if algorithm not in (_SIV, _GCM):
                raise _altered()
            if key_id in self._ids:
                raise WrongKey(
                    "A stored row was sealed with AES-GCM-SIV, which this machine's OpenSSL does not have.",
                    hint="Use a cryptography package with OpenSSL 3.2 or newer.",
                )
            known = ", ".join(each.hex() for each in self._ids)
            raise WrongKey(
                f"A stored row was sealed with key {key_id.hex()}, and the keys given are {known}.",
                hint="Pass all keys that are in use, newest first (VIMEO_TOOLKIT_KEY takes several, separated "
                "by spaces). If that key is lost, delete the account and connect the user again.",
            )
        try:
            return aead.decrypt(nonce, sealed[_HEADER.size :], _bound(key, version, sealed[: _HEADER.size]))
        except InvalidTag:
            raise _altered() from None

    def __repr__(self) -> str:
        return f"Cipher(keys=[{', '.join(key_id.hex() for key_id in self._ids)}])"

    def __deepcopy__(self, memo: Any) -> Cipher:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("A Cipher holds keys and is not picklable: make one where it is needed.")


def _bound(key: Key, version: int, header: bytes) -> bytes:
    """Associated data: every part with its length before it, so that no two addresses look the same."""
    parts = [part.encode("utf-8", "surrogatepass") for part in key]
    parts += [str(version).encode(), header[: 2 + _ID_BYTES]]
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


def _altered() -> WrongKey:
    return WrongKey(
        "A stored row does not open: it was altered, cut, rolled back or copied from another row.",
        hint="Restore it from a backup, or delete the account and connect the user again.",
    )
