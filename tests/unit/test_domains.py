"""Domains that people write for Vimeo's list, and the filter that wants a second parameter."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile.world import call
from tests.unit.inputs import minimal
from vimeo_toolkit import InvalidInput
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.domains import domain_of


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("example.com", "example.com"),
        ("https://domain.com/", "domain.com"),
        ("http://www.Example.com", "www.example.com"),
        ("//example.com", "example.com"),
        ("`example.com`", "example.com"),
        ("example.com.", "example.com"),
        ("example.com/", "example.com"),
        (" example.com\n", "example.com"),
        ("a-b.c.example.co.uk", "a-b.c.example.co.uk"),
        ("localhost", "localhost"),
        ("http://localhost:3000/", "localhost:3000"),
        ("localhost:3000", "localhost:3000"),
        ("https://example.com:8443", "example.com:8443"),
        ("https://example.com:443/", "example.com"),
        ("http://example.com:80", "example.com"),
        ("127.0.0.1:8000", "127.0.0.1:8000"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("https://BÜCHER.example/", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("例え.jp", "xn--r8jz45g.jp"),
        ("straße.de", "xn--strae-oqa.de"),
    ],
)
def test_domains(written: str, meant: str) -> None:
    assert domain_of(written) == meant
    assert domain_of(meant) == meant


@pytest.mark.parametrize(
    "written",
    [
        *("", " ", "example", "intranet", "*.example.com", "https://", "ftp://example.com", "a@example.com"),
        *("example..com", "-a.com", "a-.com", ".com", "a_b.com", "1.2", "999.1.1.1", "[::1]", "::1"),
        *("example.com:0", "example.com:99999", "example.com:x", "example.com/page", "https://example.com/?a"),
        *("https://example.com/#a", "https://user:secret@example.com/", "a b.com", "example.com, example.org"),
        *("javascript:alert(1)", "a" * 64 + ".com", "a." * 130 + "com", "x" * 1000, "\U0001f4a9.la"),
        *("http://[::1]:80/", "example.com\\@evil.com", "\u202eexample.com"),
    ],
)  # fmt: skip
def test_what_is_not_a_domain_is_refused(written: str) -> None:
    for tool in ("vimeo_embed_domain_add", "vimeo_embed_domain_remove"):
        result, sent = call(tool, {"video_id": "1", "domain": written})
        assert isinstance(result, InvalidInput)
        assert "example.com" in result.message
        assert "secret" not in result.message
        assert not sent


@given(written=st.text(max_size=40) | st.from_regex(r"\A(https?://)?[\w.-]{1,20}(:[0-9]{1,6})?/?\Z"))
def test_a_domain_or_a_clear_error(written: str) -> None:
    try:
        found = domain_of(written)
    except ValueError as error:
        assert "example.com" in str(error)  # noqa: PT017
        return
    assert domain_of(found) == found
    assert found.isascii()
    assert not set(found) & set("/?#@\\ %")


FILTERED = [
    name for name, tool in catalog().items() if "embeddable" in str(tool.input_schema["properties"].get("filter"))
]  # fmt: skip


@pytest.mark.parametrize("tool", FILTERED)
def test_embeddable_is_said_twice(tool: str) -> None:
    """Vimeo requires the second parameter beside this filter; the other filters stand alone."""
    given: dict[str, Any] = minimal(tool)
    _, sent = call(tool, given | {"filter": "embeddable"})
    query = parse_qs(urlsplit(sent[0].url).query)
    assert (query["filter"], query["filter_embeddable"]) == (["embeddable"], ["true"])
    if "playable" in str(catalog()[tool].input_schema["properties"]["filter"]):
        _, sent = call(tool, given | {"filter": "playable"})
        assert "filter_embeddable" not in sent[0].url


def test_there_are_lists_with_this_filter() -> None:
    assert len(FILTERED) >= 4
