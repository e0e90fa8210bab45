"""URLs that somebody else will fetch or call on a model's word: where a webhook goes, what an upload pulls.

A model writes such a URL, perhaps because a text that it read told it to, and Vimeo's servers or this product's
own follow it. So an address within a network is refused, unless the operator allows it.

Names are NOT resolved. What a name points to can change between a check and its use (DNS rebinding), it can
differ between here and where the fetch happens, and a lookup would tell the name's owner that it was asked for.
Whoever fetches such a URL themselves has to check the address that they connect to, with `is_private`.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from vimeo_toolkit.errors import InvalidInput

__all__ = ["MAX_URL", "checked_url", "is_private"]

MAX_URL: Final = 2048

_PRINTABLE: Final = re.compile(r"[!-~]+", re.ASCII)
_NAME: Final = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
)
_LOOSE_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_QUAD: Final = re.compile(r"(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})")

_INNER_NAMES: Final = frozenset(
    {
        "corp",
        "home",
        "home.arpa",
        "internal",
        "intranet",
        "lan",
        "local",
        "localdomain",
        "localhost",
        "private",
    }
)
"""Suffixes that no public DNS has (RFC 6761, 6762, 8375 and ICANN's reservations)."""

# Listed in addition to `is_global`, whose answer for some of these differs between releases of Python.
_PRIVATE_V4: Final = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_PRIVATE_V6: Final = tuple(
    IPv6Network(text)
    for text in (
        "::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2002::/16",  # 6to4, out of use (RFC 7526): some releases of Python call it private, others do not
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
_NAT64: Final = IPv6Network("64:ff9b::/96")


def checked_url(field: str, url: str, *, allow_private: bool = False) -> str:
    """Return the URL, if it is one of http or https that may be given to a fetcher.

    Args:
        field: the input's name, for the error. The URL itself is not quoted: it may hold a secret.
        allow_private: accept addresses and names within a network, too. Form is checked all the same.

    Raises:
        InvalidInput: it is not.
    """
    problem = _problem(url, allow_private)
    if problem is None:
        return url
    raise InvalidInput(
        f"{field} was refused: {problem}.",
        hint="Give a whole https URL of a public host.",
        problems=[{"field": field, "problem": problem}],
    )


def is_private(address: IPv4Address | IPv6Address) -> bool:
    """Return True for every address that is not a public host's, in whatever form IPv6 wraps it."""
    if isinstance(address, IPv4Address):
        return not address.is_global or any(address in network for network in _PRIVATE_V4)
    if address.scope_id is not None:
        return True
    # Unwrap only addresses that a translator would turn back into IPv4, in every form.
    wrapped = address.ipv4_mapped
    if address in _NAT64:
        wrapped = IPv4Address(int(address) & 0xFFFFFFFF)
    if wrapped is not None:
        return is_private(wrapped)
    return not address.is_global or any(address in network for network in _PRIVATE_V6)


def _problem(url: str, allow_private: bool) -> str | None:
    if not isinstance(url, str) or len(url) > MAX_URL or not _PRINTABLE.fullmatch(url) or "\\" in url:
        # Parsers disagree about backslashes, blanks and control characters, which attackers use to evade checks.
        return f"it is not a URL of at most {MAX_URL} printable ASCII characters"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "it is not a well-formed URL"
    if parts.scheme not in ("http", "https"):
        return "it begins with neither https:// nor http://"
    if "@" in parts.netloc:
        return "it has a user name or a password before the host"
    if not host or port == 0:
        return "it has no host, or an impossible port"
    if "[" in parts.netloc:
        return _problem_of_v6(host, allow_private)
    return _problem_of_name(host.removesuffix("."), allow_private)


def _problem_of_v6(host: str, allow_private: bool) -> str | None:
    if "%" in host:
        return "its host is an address with a zone"
    try:
        address = ip_address(host)
    except ValueError:
        return "its host is not a well-formed address"
    return "its host is an address within a network" if is_private(address) and not allow_private else None


def _problem_of_name(host: str, allow_private: bool) -> str | None:
    if len(host) > 253 or not _NAME.fullmatch(host):
        return "its host is not a well-formed name"
    if _LOOSE_NUMBER.fullmatch(host.rpartition(".")[2]):
        # A host whose last part is a number is an IPv4 address to browsers and to inet_aton, in decimal,
        # octal or hexadecimal and with fewer than four parts, too. One spelling is enough.
        if not _QUAD.fullmatch(host):
            return "its host is an address in an unusual spelling"
        try:
            address = IPv4Address(host)
        except ValueError:
            return "its host is not a well-formed address"
        return (
            "its host is an address within a network" if is_private(address) and not allow_private else None
        )
    if allow_private:
        return None
    labels = host.split(".")
    if len(labels) == 1 or labels[-1] in _INNER_NAMES or ".".join(labels[-2:]) in _INNER_NAMES:
        return "its host is a name within a network"
    return None
