"""Which addresses belong to this machine. Everything that asks this uses this module.

A token may travel without TLS there, a link may be opened, and a server needs no further check of who calls.
"""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

__all__ = ["is_confidential", "is_loopback_host", "split_url"]


def is_loopback_host(host: str | None) -> bool:
    """Tell whether a host is `localhost` or a loopback address (RFC 6761, RFC 1122, RFC 4291).

    Names below `localhost` are not: not every resolver keeps them on the machine.
    """
    name = (host or "").lower().removesuffix(".").removeprefix("[").removesuffix("]")
    if name == "localhost":
        return True
    # Imported here: most programs never need it.
    from ipaddress import ip_address

    try:
        address = ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def split_url(url: str) -> SplitResult | None:
    """Return the parts of a URL that every reader reads alike; None for any other text.

    Signs that parsers disagree about, and a user name before the host, are how a check is evaded.
    """
    if not url.isascii() or not url.isprintable() or set(url) & {" ", "\\"}:
        return None
    try:
        parts = urlsplit(url)
        return parts if parts.hostname and "@" not in parts.netloc and parts.port != 0 else None
    except ValueError:
        return None


def is_confidential(url: str) -> bool:
    """Tell whether nobody between can read what is sent to a URL: https, or plain http to this machine."""
    parts = split_url(url)
    if parts is None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback_host(parts.hostname))
