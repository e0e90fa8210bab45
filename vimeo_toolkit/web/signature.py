"""Check whether a delivery was signed with one of the secrets."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.secret import Secret

__all__ = ["SignatureFormat", "is_signed", "secrets_of"]


@dataclass(frozen=True, slots=True)
class SignatureFormat:
    """How a delivery carries its signature, which is always HMAC-SHA256 of the raw body.

    Not verified against live deliveries: Vimeo's guide is behind a login, and the header's name and the digest
    are known from one second-hand source; the encoding and the prefix are known from none, so all that are usual
    are accepted. Once you have seen a delivery of yours, narrow it.

    Args:
        header: the header with the signature.
        prefixes: what may stand before it.
        encodings: how the 32 bytes may be written.
    """

    header: str = "X-Webhook-Signature"
    prefixes: tuple[str, ...] = ("", "sha256=", "v1=")
    encodings: tuple[Literal["hex", "base64"], ...] = ("hex", "base64")


def secrets_of(secret: str | Secret | Iterable[str | Secret]) -> tuple[Secret, ...]:
    """Return one secret or several, as a tuple.

    Raises:
        ConfigurationError: there is none, or one is empty: anybody could sign with it.
    """
    given = (secret,) if isinstance(secret, (str, Secret)) else tuple(secret)
    secrets = tuple(Secret.of(each) for each in given)
    if not secrets or not all(secrets):
        raise ConfigurationError(
            "A webhook secret is missing or empty.",
            hint="Give the secret that the webhook was made with, or several while you change it.",
        )
    return secrets


def is_signed(body: bytes, signature: str, secrets: Iterable[Secret], form: SignatureFormat) -> bool:
    """Return whether `signature` is that of `body`. Takes the same time wherever two signatures differ."""
    digests = [hmac.digest(secret.reveal().encode(), body, hashlib.sha256) for secret in secrets]
    good = False
    for prefix in form.prefixes:
        if not signature.startswith(prefix):
            continue
        bare = signature.removeprefix(prefix).strip().encode()
        for digest in digests:
            if "hex" in form.encodings:
                good |= hmac.compare_digest(bare.lower(), digest.hex().encode())
            if "base64" in form.encodings:
                good |= hmac.compare_digest(bare, base64.b64encode(digest))
    return good
