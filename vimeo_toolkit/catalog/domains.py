"""Domains as people write them: `example.com`, a site's address, names in any script."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, WithJsonSchema

from vimeo_toolkit.catalog.links import unwrapped
from vimeo_toolkit.catalog.marks import Help

__all__ = ["Domain", "domain_of"]

_NAME: Final = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII
)
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def domain_of(text: str) -> str:
    """Return the domain, in small ASCII letters, with its port if it has one.

    Vimeo wants it without scheme: with one it answers 404 (vimeo.php issue 213).

    Raises:
        ValueError: it is not a domain.
    """
    written = unwrapped(text) if len(text) <= 2048 else "*"
    if "*" in written:
        raise ValueError(
            "write one domain such as example.com: Vimeo has no wildcards, each subdomain is added alone"
        )
    try:
        parts = urlsplit(written if "://" in written else f"//{written.removeprefix('//')}")
        host, port = (parts.hostname or "").removesuffix("."), parts.port
    except ValueError:
        host, port = "", None
        parts = urlsplit("")
    if parts.scheme not in ("", "http", "https") or "@" in parts.netloc or "[" in parts.netloc or port == 0:
        host = ""
    if host and (parts.path.strip("/") or parts.query or parts.fragment):
        raise ValueError("a whole domain is allowed, not one page of it: write it as example.com")
    name = _ascii(host)
    if name is None:
        raise ValueError("not a domain: write it as example.com, or localhost")
    return name if port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f"{name}:{port}"


def _ascii(host: str) -> str | None:
    """The name as DNS has it; None for what cannot be one."""
    if not host.isascii():
        # Imported here, because its tables load slowly. httpx needs this library, too.
        import idna

        try:
            host = idna.encode(host, uts46=True).decode()
        except (idna.IDNAError, UnicodeError):
            return None
    if host == "localhost" or (len(host) <= 253 and _NAME.fullmatch(host)):
        return host
    try:
        return str(IPv4Address(host))
    except AddressValueError:
        return None


Domain = Annotated[
    str,
    AfterValidator(domain_of),
    WithJsonSchema({"type": "string"}),
    Help(
        "The site, by its domain, such as example.com or localhost:3000. Each subdomain counts as another "
        "site."
    ),
]
