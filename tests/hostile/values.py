"""What an attacker, or a confused model, writes where an id or a text belongs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

__all__ = ["ANYTHING", "HEADERS", "JSON", "TEXTS", "UNICODE", "many"]

_PIECES = (
    "..", ".", "/", "//", "\\", "%2e", "%2E%2e", "%2F", "%2f", "%252e%252e", "%252F", "%5c", "%00", "%0d%0a",
    "?", "#", ";", "&", "=", "@", ":", "*", "'", '"', "<", ">", "{", "}", "[", "]", "|", "^", "~", "$", "+",
    "\r\n", "\n", "\r", "\t", " ", "\x00", "\x0b", "\x1b[31m", "\x7f", "\x85", "\u2028", "\u2029", "\ufeff",
    "\r\nX-Injected: 1", "\r\nHost: evil.test", "\r\n\r\nGET /evil HTTP/1.1",
    "\u202e", "\u200b", "\u200d", "\u0301", "\u2024\u2024", "\uff0e\uff0e", "\uff0f", "\u2215", "\u2044", "\u29f8",
    "\u0661\u0662\u0663", "\uff11\uff12", "\u00b2", "\u0430", "\u0131", "\ud800", "\udfff", "\U0001f3ac",
    "http://", "https://", "HTTPS://", "ftp://", "file:///", "javascript:", "gopher://", "//evil.test/",
    "evil.test", "@evil.test", "vimeo.com", "www.vimeo.com", "player.vimeo.com", "api.vimeo.com",
    "vimeo.com.evil.test", "user:pass@", "vimeo.com@evil.test", "127.0.0.1", "[::1]", "[::ffff:7f00:1]",
    "[fe80::1%25a]",
    "0x7f.1", "2130706433", "localhost", ":443", ":80", ":99999", ":-1", "169.254.169.254", "vimeo\u3002com",
    "me", "users", "videos", "channels", "albums", "projects", "apps", "tokens", "oauth", "123", "0", "-1", "1e3",
    "a", "Z", "_", "-", "abcdef0123", "123:abcdef0123", "/videos/123", "/users/9/projects/5", "?h=abcdef01",
    "?fields=x", "&password=x", "?access_token=x", "#x", "$where", "${7*7}", "{{7*7}}", "%s%n", "' OR 1=1--",
)  # fmt: skip

# Ways in which real bypasses were written, whole: the generator above need not find them first.
_KNOWN = (
    "../me", "..%2fme", "%2e%2e/me",
    "%252e%252e%252fme", "123/../../me", "123/..", "123/.", "123/", "/123", "123?x=1",
    "123#x", "123;x", "123%3f", "123%23", "123\n", "123\r\nX-A: b", "123\x00", " 123", "123 ", "\u0661\u0662\u0663",
    "//evil.test/123", "https://evil.test/123", "https://vimeo.com@evil.test/123", "https://vimeo.com.evil.test/123",
    "https://vimeo.com:80@evil.test/123", "https://evil.test\\@vimeo.com/123", "https://vimeo.com\\.evil.test/123",
    "https://[::1]/123", "https://[vimeo.com]/123", "https://vimeo.com:99999/123", "https://vimeo.com:8080/123",
    "https://vimeo.com/123/../../me", "https://vimeo.com//123", "https://vimeo.com/%31", "vimeo.com/123?h=../../..",
    "vimeo.com/123?h=abcdef01&h=x", "https://vimeo.com/123?h=abc%2f..%2fme", "https://vimeo.com/123;a", "me", "ME",
    "/users/me/projects/5", "/users/../projects/5", "/users/9/projects/5/../../../me", "/me/projects/5",
    "123:abcdef0123/../x", "123:", ":abcdef0123", "123:abcdef0123:x", "1" * 21, "1" * 5000, "a" * 65, ".", "..", "",
    "https://vimeo.com/\u202e123", "https://vimeo\u3002com/123", "https://\uff56imeo.com/123", "-", "--", "_" * 64,
)  # fmt: skip

_HOSTS = ("vimeo.com", "api.vimeo.com", "player.vimeo.com", "evil.test")

UNICODE = st.text(max_size=40)
_SURROGATES = st.text(
    alphabet=st.characters(categories=["Cs", "Cc", "Cf", "Mn", "Zs", "Zl", "Nd"]), max_size=12
)

TEXTS = st.one_of(
    st.sampled_from(_KNOWN),
    st.lists(st.sampled_from(_PIECES), min_size=1, max_size=6).map("".join),
    st.lists(st.sampled_from(_PIECES), min_size=1, max_size=3).map(lambda parts: "123" + "".join(parts)),
    st.lists(st.sampled_from(_PIECES), max_size=4).map(lambda parts: "https://vimeo.com/" + "".join(parts)),
    UNICODE,
    _SURROGATES,
    st.from_regex(r"\A[0-9]{1,20}(:[0-9a-f]{6,40})?\Z"),
    st.sampled_from(["x" * 1_000_000, "../" * 300_000, "\u0301" * 500_000]),
)
"""Any text, hostile ones first, with real ids among them so that requests are made, too."""

_NAMES = [
    "access_token", "refresh_token", "expires_in", "expires_on", "scope", "user", "app", "uri", "name", "error",
    "error_code", "invalid_parameters", "field", "data", "paging", "next", "total", "page", "per_page", "password",
    "token_type", "developer_message", "metadata", "privacy",
]  # fmt: skip

JSON: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**40), 10**40),
        st.floats(),
        st.text(max_size=20),
        st.sampled_from(["2026-01-01T00:00:00Z", "/videos/1", "public private", "bearer", "\x1b[31m", "é"]),
        st.sampled_from([10**400, -(10**400), 1e308, float("inf"), float("nan"), 2**63, -1, 0]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text(max_size=12) | st.sampled_from(_NAMES), inner, max_size=5),
    ),
    max_leaves=12,
)
ANYTHING: st.SearchStrategy[Any] = st.one_of(
    TEXTS, TEXTS, TEXTS, JSON, st.binary(max_size=20), st.builds(object), st.sets(st.integers(), max_size=2)
)
"""What a caller in Python can pass, which is more than JSON has."""

HEADERS = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="0123456789-:TZ+. ", max_size=40),
    st.integers(-(10**30), 10**30).map(str),
    st.floats().map(str),
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.datetimes().map(lambda moment: moment.strftime("%a, %d %b %Y %H:%M:%S GMT")),
    st.sampled_from(
        [
            "",
            " ",
            "60",
            "0",
            "-0",
            "1e9",
            "0x10",
            "inf",
            "NaN",
            "\u0663",
            "1_000",
            "9" * 5000,
            "2026-02-30T00:00:00Z",
            "9999-12-31T23:59:59-23:59",
            "0001-01-01T00:00:00+23:59",
            "Thu, 01 Jan 1970 00:00:00 -9999",
            "null",
            "\x00",
            "Mon, 99 Foo 99999999 99:99:99 GMT",
            "2026-01-01T00:00:00+99:99",
            "20260101T000000Z",
            "2026-W01-1",
        ]
    ),
)


def many(count: int, seed: int) -> Iterator[Any]:
    """`count` hostile values from the same pieces, the same ones for a seed: hypothesis would take ten times as
    long for as many, and finds its own in the shorter runs."""
    yield from _KNOWN
    yield from (
        "x" * 1_000_000,
        "../" * 300_000,
        None,
        True,
        1.5,
        10**60,
        -1,
        [],
        {},
        ["123"],
        {"a": "123"},
        b"1",
    )
    source = random.Random(seed)
    for _ in range(count - len(_KNOWN) - 12):
        text = "".join(source.choices(_PIECES, k=source.randint(1, 5)))
        start = source.random()
        if start < 0.3:
            text = f"{source.randint(0, 10**9)}{text}"
        elif start < 0.5:
            text = f"https://{source.choice(_HOSTS)}/{text}"
        elif start < 0.6:
            text = "".join(chr(source.randint(0, 0x10FFFF)) for _ in range(source.randint(1, 8)))
        elif start < 0.65:
            text = str(source.randint(0, 10**12))
        yield text
