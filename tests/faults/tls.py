"""A certificate of this machine's own address, and real servers that speak HTTP/2."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypercorn.asyncio import serve
from hypercorn.config import Config

from vimeo_toolkit.runtime import driver_parts

__all__ = ["hypercorn", "make_certificate", "trust"]


def make_certificate(path: Path) -> Path:
    """Write a key and a certificate of 127.0.0.1's into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def trust(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the drivers trust the certificate."""
    plain = ssl.create_default_context(cafile=str(certificate))
    both = ssl.create_default_context(cafile=str(certificate))
    both.set_alpn_protocols(["h2", "http/1.1"])
    monkeypatch.setattr(driver_parts, "_tls", lambda: plain)
    monkeypatch.setattr(driver_parts, "_tls_for_both", lambda: both)


@contextmanager
def hypercorn(app: Any, certificate: Path, **settings: Any) -> Iterator[str]:
    """Serve an application by TLS, in a thread of its own, and give its URL.

    Args:
        settings: of hypercorn's `Config`.
    """
    config = Config.from_mapping(
        bind=["127.0.0.1:0"],
        certfile=str(certificate),
        keyfile=str(certificate),
        accesslog=None,
        errorlog=None,
        loglevel="CRITICAL",
        graceful_timeout=0,
        **settings,
    )
    sockets = config.create_sockets()
    sockets.secure_sockets[0].listen()
    port = sockets.secure_sockets[0].getsockname()[1]
    config.create_sockets = lambda: sockets  # type: ignore[method-assign]
    begun: Future[Callable[[], object]] = Future()

    async def run() -> None:
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        loop.set_exception_handler(lambda *_: None)  # it logs connections that end with it
        begun.set_result(lambda: loop.call_soon_threadsafe(over.set))
        await serve(app, config, shutdown_trigger=over.wait)

    # `asyncio.run` ends what hypercorn leaves behind
    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    end = begun.result(30)
    try:
        yield f"https://127.0.0.1:{port}"
    finally:
        end()
        thread.join(30)
