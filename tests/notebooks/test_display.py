"""What a notebook shows of accounts, results and tools: tables, and never markup of a stranger."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_vimeo import get_tools as langchain_tools
from llama_index.tools.vimeo import get_tools as llama_tools

from tests.conftest import Connect
from vimeo_toolkit import Connection, ToolResult, UnknownTool, VimeoToolkit
from vimeo_toolkit.accounts.model import Unreadable
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.display import COLUMNS, ROWS, Table, result_html, tools_table
from vimeo_toolkit.sandbox import Sandbox

OURS = {"table", "caption", "thead", "tbody", "tr", "th", "td", "p", "a", "img", "wbr"}


LOOKS = (
    "text-align:left",
    "text-align:left;white-space:nowrap",
    "text-align:right",
    "text-align:left;min-width:11em",
    "text-align:left;min-width:7em;overflow-wrap:anywhere",
)
HOSTS = {"vimeo.com", "api.vimeo.com", "player.vimeo.com", "i.vimeocdn.com"}
"""All that these tests link to."""


def host_in_browser(link: str) -> str | None:
    """Where a browser goes: it takes a backslash for a slash, and drops tabs and line ends."""
    read = urlsplit(re.sub(r"[\t\r\n]", "", link).replace("\\", "/"))
    assert read.scheme == "https"
    return read.hostname


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def seen(html: str) -> _Seen:
    html.encode()  # or it could not be sent
    parser = _Seen()
    parser.feed(html)
    for tag, attributes in parser.tags:
        assert tag in OURS
        assert set(attributes) <= {"href", "src", "alt", "width", "rel", "scope", "style"}
        assert attributes.get("style", LOOKS[0]) in LOOKS
        for name in ("href", "src"):
            if name in attributes:
                assert host_in_browser(str(attributes[name])) in HOSTS
    return parser


HOSTILE = st.sampled_from(
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "javascript:alert(1)//https://vimeo.com/",
        "https://vimeo.com.evil.example/1",
        'https://vimeo.com/1" onclick="x',
        "https://evil@vimeo.com/",
        "https://evil.example\\@vimeo.com/1",
        "https://evil.example\\@i.vimeocdn.com/p.png",
        "https://evil.example/@i.vimeocdn.com/p.png",
        "https://evil.example?.vimeo.com/",
        "https://evil.example#.vimeo.com/",
        "https://evil.example\t.vimeo.com/",
        "https://notvimeo.com/",
        "https://vimeo.com/1\n",
        "half a character: \ud83d",
        "http://vimeo.com/1",
        "https://[vimeo.com/1",
    ]
)
VALUES = st.recursive(
    st.one_of(HOSTILE, st.text(), st.integers(), st.none(), st.booleans()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text() | HOSTILE, inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text() | HOSTILE, VALUES, max_size=4), max_size=4), HOSTILE)
def test_no_markup_gets_out(items: list[dict[str, Any]], note: str) -> None:
    seen(result_html(ToolResult({"data": items}, notes=(note,))))
    seen(result_html(ToolResult({"name": note, "items": items})))
    seen(Table((note,), [(note,), (items,)], note)._repr_html_())


def test_links_of_vimeo_are_links() -> None:
    shown = seen(
        result_html(
            ToolResult(
                {"link": "https://vimeo.com/1", "base_link": "https://i.vimeocdn.com/a", "uri": "/videos/1"}
            )
        )
    )
    assert ("a", {"href": "https://vimeo.com/1", "rel": "noreferrer"}) in shown.tags
    assert ("img", {"src": "https://i.vimeocdn.com/a", "alt": "thumbnail", "width": "160"}) in shown.tags


def test_a_result_and_an_account(toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox) -> None:
    identifier = connect(scopes=["public", "private"])
    account = toolkit.get_connected_account(identifier=identifier)
    facts = seen(account._repr_html_()).text
    assert "ACTIVE" in facts
    assert vimeo.user.name in facts
    assert "edit" in facts  # was not granted
    result = toolkit.execute_tool(
        identifier=identifier, tool_name="vimeo_my_videos_list", tool_input={"per_page": 3}
    )
    shown = seen(result._repr_html_()).text
    assert all(video["name"] in shown for video in result["data"])
    assert "requests are left" in shown


ITEM = {
    "uri": "/videos/1",
    "name": "A film",
    "link": "https://vimeo.com/1",
    "created_time": "2026-11-20T12:30:59+00:00",
    "privacy": {"view": "anybody"},
    "stats": {"plays": 12},
}


def test_an_item_is_known_by_its_name() -> None:
    """The name comes first and leads to the item, the uri last; times are short, and said to be UTC."""
    html = result_html(ToolResult({"data": [ITEM, ITEM]}))
    assert re.findall(r"<th [^>]*>([^<]*)</th>", html.replace("<wbr>", "")) == [
        "name",
        "created_time (UTC)",
        "privacy.view",
        "stats.plays",
        "uri",
    ]
    shown = seen(html)
    assert [attributes["href"] for tag, attributes in shown.tags if tag == "a"] == [ITEM["link"]] * 2
    assert "2026-11-20\u00a012:30" in shown.text
    assert '<td style="text-align:right">12</td>' in html


@pytest.mark.parametrize(
    ("item", "first"),
    [
        ({"uri": "/u", "text": "said"}, "text"),
        ({"uri": "/u", "title": "a chapter"}, "title"),
        ({"uri": "/u"}, "uri"),
    ],
)
def test_what_has_no_name_begins_with_what_it_says(item: dict[str, Any], first: str) -> None:
    assert f'<th scope="col" style="text-align:left">{first}</th>' in (
        result_html(ToolResult({"data": [item]})).partition("</th>")[0] + "</th>"
    )


def test_a_link_elsewhere_is_shown_as_text() -> None:
    shown = seen(result_html(ToolResult({"data": [{"name": "A film", "link": "https://evil.example/1"}]})))
    assert "https://evil.example/1" in shown.text
    assert "a" not in {tag for tag, _ in shown.tags}


def test_a_wide_list_names_what_it_leaves_out() -> None:
    shown = seen(result_html(ToolResult({"data": [{f"field_{place}": place for place in range(14)}]})))
    assert [tag for tag, _ in shown.tags].count("th") == COLUMNS
    assert "4 more fields are in the data: field_10, field_11, field_12, field_13" in shown.text


def test_accounts_are_a_table(toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox) -> None:
    first, second = connect("ana"), connect("ben", scopes=["public", "private"])
    accounts = toolkit.list_connected_accounts()
    shown = seen(accounts._repr_html_())
    assert [tag for tag, _ in shown.tags].count("tr") == 3
    for text in ("2 accounts", first, second, vimeo.user.name, "ACTIVE", "Not granted"):
        assert text in shown.text
    accounts.unreadable = (Unreadable("vimeo", "lost<b>", "It does not open."),)
    assert "lost<b>: It does not open." in seen(accounts._repr_html_()).text


def test_long_lists_end() -> None:
    shown = seen(Table(("n",), [(number,) for number in range(ROWS + 7)])._repr_html_())
    assert "7 more are not shown." in shown.text


@pytest.mark.parametrize("make", [langchain_tools, llama_tools])
def test_tools_of_each_framework(toolkit: VimeoToolkit, make: Any) -> None:
    table = tools_table(make(identifier="u", toolkit=toolkit, toolsets="all"))
    assert [row[0] for row in table.rows] == [tool.name for tool in toolkit.tools(toolsets="all")]
    assert len(table.rows) == len(catalog())
    assert "destructive" in seen(table._repr_html_()).text
    assert "vimeo_me_get" in repr(table)


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example\\@vimeo.com/1",
        "https://evil.example\\@i.vimeocdn.com/p.png",
        "https://someone:word@vimeo.com/1",
        "https://vimeo.com.evil.example/1",
        "https://vimeo.com:8443/1",
        "https://vimeo.com/1\n",
        "javascript:alert(1)//https://vimeo.com/",
        "http://vimeo.com/1",
    ],
)
def test_what_only_looks_like_vimeo_stays_text(text: str) -> None:
    shown = seen(result_html(ToolResult({"name": text})))
    assert {tag for tag, _ in shown.tags} == {"table", "tbody", "tr", "th", "td"}
    assert text in shown.text


@pytest.mark.parametrize(
    "link",
    [
        "https://vimeo.com/1/abc?share=copy&fl=sv#t=30s",
        "https://player.vimeo.com/video/1?h=0a1b",
        "https://i.vimeocdn.com/video/1-ab_295x166?r=pad&region=us",
    ],
)
def test_usual_links_keep_their_queries(link: str) -> None:
    shown = seen(result_html(ToolResult({"link": link})))
    assert link in [attributes.get("href") or attributes.get("src") for _, attributes in shown.tags]


def test_a_toolkit_shows_no_secret() -> None:
    connection = Connection(name="<b>", client_id="an-id", client_secret="a-secret", scopes=["public"])
    with VimeoToolkit([connection], store="sqlite:///:memory:") as made:
        shown = seen(made._repr_html_())
    assert "<b>" in shown.text
    assert "SqliteStore" in shown.text
    assert "a-secret" not in shown.text
    assert "an-id" not in shown.text


def test_a_tool_of_somebody_else_is_named() -> None:
    class Other:
        name = "search_the_web"

    with pytest.raises(UnknownTool, match="search_the_web"):
        tools_table([Other()])
