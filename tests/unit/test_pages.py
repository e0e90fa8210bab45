"""Where a list ends, how its next page is reached, and that a later page's error loses nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile.values import JSON
from tests.unit.world import Outcome, World, answer, execute, one_by_one
from vimeo_toolkit import (
    BadRequest,
    Connection,
    Forbidden,
    NotFound,
    Revoked,
    ToolResult,
    UnexpectedResponse,
    VimeoToolkit,
    VimeoToolkitError,
    VimeoUnavailable,
)
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.catalog.pages import Listed, next_page, read_list
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import HttpRequest, HttpResponse
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.paging import next_query

PAST_400 = answer(
    400, b'{"error":"Something strange occurred.","developer_message":"Not so many.","error_code":2286}'
)
PAST_404 = answer(404, b'{"error":"The requested page couldn\'t be found."}')
ENDS = pytest.mark.parametrize("end", [PAST_400, PAST_404], ids=["400-2286", "404"])
FIND = "vimeo_my_videos_find"


def page(number: int, items: list[Any], following: str | None = "", **more: Any) -> HttpResponse:
    link = f"/me/videos?page={number + 1}" if following == "" else following
    body = {"total": 900, "page": number, "per_page": 2, "paging": {"next": link}, "data": items, **more}
    return answer(body=json.dumps(body).encode())


def videos(*numbers: int) -> list[dict[str, Any]]:
    return [
        {"uri": f"/videos/{n}", "created_time": f"2026-11-{n:02}T12:00:00+00:00", "duration": n}
        for n in numbers
    ]


class Scripted(VimeoToolkit):
    """A toolkit whose requests get the answers that a test lists."""

    def __init__(self, *outcomes: Outcome) -> None:
        super().__init__([Connection()], store="sqlite:///:memory:")
        self.world = World(*outcomes)
        self.ctx = self.world.context()
        self.world.account(self.ctx)

    @property
    def _emitting(self) -> Any:
        return self.world

    def execute_tool(self, **call: Any) -> ToolResult:
        return super().execute_tool(identifier="u", **call)

    async def _run(self, io: Any, spec: CallSpec) -> ToolResult:
        return await execute(self.ctx, io, spec.tool, spec.tool_input)


def iterated(
    *outcomes: Outcome, tool: str = "vimeo_my_videos_list", **given: Any
) -> tuple[list[Any], Scripted]:
    toolkit = Scripted(*outcomes)
    return list(toolkit.iterate(tool, given or None, identifier="u")), toolkit


def asked(world: World, name: str) -> list[str | None]:
    from urllib.parse import parse_qs, urlsplit

    return [parse_qs(urlsplit(sent.url).query).get(name, [None])[0] for sent in world.sent]


# ---- iterate ----


@ENDS
def test_a_page_past_the_end_ends_an_iteration(end: HttpResponse) -> None:
    items, toolkit = iterated(page(1, videos(5, 4)), page(2, videos(3, 2)), end)
    assert [item["duration"] for item in items] == [5, 4, 3, 2]
    assert asked(toolkit.world, "page") == ["1", "2", "3"]


def test_a_first_page_past_the_end_is_an_empty_list_and_a_wrong_id_is_not() -> None:
    assert iterated(PAST_400, page=9)[0] == []
    with pytest.raises(NotFound):
        iterated(PAST_404)


@pytest.mark.parametrize(
    ("trouble", "cls"),
    [
        ([answer(403, b'{"error":"No."}')], Forbidden),
        ([answer(400, b'{"error":"No."}')], BadRequest),
        ([answer(404, b"<html>")], UnexpectedResponse),
        ([answer(200, b"<html>")], UnexpectedResponse),
        ([answer(503)] * 4, VimeoUnavailable),
        ([answer(401), answer(401)], Revoked),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_later_page_that_fails(trouble: list[Outcome], cls: type[VimeoToolkitError]) -> None:
    """Iterating gives what came and tells how to go on; finding gives it with the reason."""
    iteration = Scripted(page(1, videos(5, 4)), *trouble).iterate("vimeo_my_videos_list", identifier="u")
    assert [next(iteration)["duration"], next(iteration)["duration"]] == [5, 4]
    with pytest.raises(cls, match=r"2 items came before; go on with page=2") as caught:
        next(iteration)
    found = Scripted(page(1, videos(5, 4)), *trouble).execute_tool(
        tool_name=FIND, tool_input={"min_duration": 1}
    )
    assert [video["duration"] for video in found["data"]] == [5, 4]
    assert found["complete"] is False
    assert caught.value.message.rstrip(".")[:60] in found["incomplete"]
    assert found["next_page"] == 2


def test_the_first_pages_error_is_an_error() -> None:
    for call in ({"tool_name": FIND}, {"tool_name": "vimeo_my_videos_list"}):
        with pytest.raises(Forbidden):
            Scripted(answer(403, b'{"error":"No."}')).execute_tool(**call)


@ENDS
def test_a_page_past_the_end_ends_finding(end: HttpResponse) -> None:
    found = Scripted(page(1, videos(5, 4)), end).execute_tool(tool_name=FIND, tool_input={"min_duration": 1})
    assert [video["duration"] for video in found["data"]] == [5, 4]
    assert found["complete"] is True


@ENDS
def test_a_leap_past_the_end_goes_back(end: HttpResponse) -> None:
    """`total` can be too high: what was leapt to is not there, and the pages between are read."""
    first, second = page(1, videos(29, 28)), page(2, videos(27, 26))
    outcomes = [first, second, end, page(3, videos(3, 2), None)]
    given = {"until_date": "2026-11-10", "from_date": "2026-11-01"}
    found = Scripted(*outcomes).execute_tool(tool_name=FIND, tool_input=given)
    assert [video["duration"] for video in found["data"]] == [3, 2]


def test_nulls_in_a_list() -> None:
    items, _ = iterated(page(1, [None, *videos(5)]), page(2, [None, None]), page(3, videos(4), None))
    assert [item["duration"] for item in items] == [5, 4]
    found = Scripted(page(1, [None, None]), page(2, [None, *videos(4)], None)).execute_tool(tool_name=FIND)
    assert [video["duration"] for video in found["data"]] == [4]


# ---- the feed ----


def test_the_feed_is_followed_by_its_offset() -> None:
    one = page(1, [{"type": "upload"}], "/me/feed?page=2&offset=267897916", total=None)
    two = page(2, [{"type": "like"}], "/me/feed?page=3&offset=267890000", total=None)
    items, toolkit = iterated(one, two, PAST_400, tool="vimeo_feed_list")
    assert [item["type"] for item in items] == ["upload", "like"]
    assert asked(toolkit.world, "offset") == [None, "267897916", "267890000"]
    assert asked(toolkit.world, "page") == ["1", "2", "3"]


def test_a_model_can_follow_the_feed() -> None:
    response = page(1, [{"type": "upload"}], "/me/feed?page=2&offset=267897916")
    shown = Scripted(response).execute_tool(tool_name="vimeo_feed_list").for_model()
    assert (shown["next_page"], shown["next_offset"]) == (2, "267897916")


# ---- the link to the next page ----


@pytest.mark.parametrize(
    ("link", "query"),
    [
        ("/me/videos?page=2&per_page=25", {"page": "2", "per_page": "25"}),
        ("/users/7/videos?page=2&fields=uri%2Cname", {"page": "2"}),
        ("https://api.vimeo.com/me/videos?offset=5", {"page": "2", "offset": "5"}),
        ("https://evil.example/me/videos?page=7", {"page": "2"}),
        ("/me/likes?page=7", {"page": "2"}),
        ("//evil.example/videos?page=7", {"page": "2"}),
        ("https://[::1", {"page": "2"}),
        ("/me/videos?page=2&access_token=x", {"page": "2"}),
        ("", {"page": "2"}),
        (None, None),
        (7, None),
    ],
)
def test_what_is_believed_of_a_link(link: Any, query: dict[str, str] | None) -> None:
    assert next_query({"page": 1, "data": [], "paging": {"next": link}}, "/me/videos") == query


@given(JSON, JSON)
def test_any_envelope(paging: Any, whole: Any) -> None:
    request = ApiRequest("GET", "/me/videos", {"sort": "date"}, fields="uri")
    for answer_ in (
        whole,
        {"paging": paging, "data": [1], "page": 1},
        {"paging": {"next": paging}, "data": [1]},
    ):
        following = next_page(request, answer_)
        assert following is None or (following.path, following.fields) == ("/me/videos", "uri")


# ---- reading a whole list for a tool ----


class _Api:
    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[ApiRequest] = []

    beside = staticmethod(one_by_one)

    async def send(self, request: ApiRequest) -> Any:
        self.asked.append(request)
        found = self.answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


def read(*answers: Any, most: int = 100) -> tuple[Listed, list[ApiRequest]]:
    api: Any = _Api(*answers)
    return run_sync(read_list(api, ApiRequest("GET", "/x/1/items", {"sort": "date"}), most)), api.asked


def listing(*items: Any, following: str | None = None) -> dict[str, Any]:
    return {"data": list(items), "page": 1, "paging": {"next": following}}


def test_a_whole_list() -> None:
    end = NotFound("x", error_code=2286)
    listed, requests = read(
        listing(1, None, 2, following="/x/1/items?page=2&sort=alphabetical"),
        listing(3, following="/x/1/items?page=3&offset=7"),
        end,
    )
    assert listed == Listed([1, 2, 3])
    assert [request.query for request in requests] == [
        {"sort": "date"},
        {"sort": "date", "page": "2"},
        {"sort": "date", "page": "3", "offset": "7"},
    ]
    assert read([1, 2])[0] == Listed([1, 2])


@pytest.mark.parametrize("error", [VimeoUnavailable("Out."), Forbidden("Out."), UnexpectedResponse("Out.")])
def test_a_part_says_that_it_is_one(error: VimeoToolkitError) -> None:
    assert read(listing(1, following="/x/1/items?page=2"), error)[0] == Listed([1], "Out.")
    with pytest.raises(type(error)):
        read(error)


def test_lists_that_do_not_end_or_are_none() -> None:
    same = listing(1, following="/x/1/items?page=2")
    assert len(read(same, same, same)[0].items) == 2  # the second page leads to itself
    more: Callable[[int], Any] = lambda n: listing(n, following=f"/x/1/items?page={n + 1}")  # noqa: E731
    assert read(*map(more, range(1, 9)), most=5)[0] == Listed(
        [1, 2, 3, 4, 5], "The list goes on after 5 pages."
    )
    assert read(listing(following="/x/1/items?page=2"))[0] == Listed([])
    with pytest.raises(UnexpectedResponse):
        read({"name": "not a list"})


# ---- transcripts ----

TRACK = {"uri": "/videos/1/texttracks/5", "type": "captions", "language": "en", "active": True}


def cues(*texts: str, following: str | None = None) -> HttpResponse:
    data = [{"cue_start": n * 1000, "lines": [{"text": text}]} for n, text in enumerate(texts)]
    return answer(
        body=json.dumps({"data": data, "page": 1, "per_page": 2, "paging": {"next": following}}).encode()
    )


def transcript(*outcomes: Outcome) -> ToolResult:
    toolkit = Scripted(page(1, [TRACK], None), *outcomes)
    return toolkit.execute_tool(tool_name="vimeo_video_transcript_get", tool_input={"video_id": "1"})


@ENDS
def test_a_transcript_that_ends(end: HttpResponse) -> None:
    result = transcript(cues("One.", "Two.", following="/videos/1/transcripts/5?page=2"), end)
    assert result["text"] == ["One. Two."]
    assert result.notes == ()


def test_a_transcript_that_breaks_off_says_so() -> None:
    result = transcript(
        cues("One.", "Two.", following="/videos/1/transcripts/5?page=2"), answer(403, b'{"error":"Closed."}')
    )
    assert result["text"] == ["One. Two."]
    assert "not read to its end" in result.notes[0]
    assert "Closed" in result.notes[0]


def test_a_404_without_a_code_is_no_transcript() -> None:
    assert (
        transcript(answer(404, b'{"error":"The requested transcript couldn\'t be found."}'))["available"]
        is False
    )
    with pytest.raises(UnexpectedResponse):
        transcript(answer(404, b"<html>"))


@settings(deadline=None, max_examples=100)
@given(st.lists(JSON, max_size=3), st.sampled_from(["vimeo_my_videos_list", FIND, "vimeo_feed_list"]))
def test_lists_of_anything(answers: list[Any], tool: str) -> None:
    """Whatever the pages hold: an end or a typed error, and never for ever."""
    toolkit = Scripted(*[answer(body=json.dumps(each).encode()) for each in answers], *[PAST_400] * 3)

    def answered(request: HttpRequest) -> HttpResponse:
        return PAST_400

    toolkit.world.outcomes += [answered] * 5
    try:
        if tool == FIND:
            toolkit.execute_tool(tool_name=tool)
        else:
            list(toolkit.iterate(tool, identifier="u"))
    except VimeoToolkitError as error:
        assert str(error).isprintable()  # noqa: PT017 - it need not be one


# ---- envelopes that are not as they should be ----

UNSAID: dict[str, dict[str, Any]] = {
    "numbers as text": {"page": "{page}", "per_page": "100", "total": "230"},
    "no page": {"page": None},
    "no per_page": {"per_page": None},
    "no paging": {"paging": None},
    "a list for paging": {"paging": []},
    "next is a number": {"paging": {"next": 2}},
    "next is an object": {"paging": {"next": {"uri": "/me/videos?page=2"}}},
    "next is missing": {"paging": {"first": "/me/videos"}},
    "nothing but data": {"page": None, "per_page": None, "paging": None, "total": None},
    "page is 0": {"page": 0},
    "next is the first page": {"paging": {"next": "/me/videos?page=1"}},
}


def _full(number: int, odd: dict[str, Any]) -> HttpResponse:
    """One of three pages of 230 videos; the last says that it is."""
    items = [{"uri": f"/videos/{number}{item:02}"} for item in range(100 if number < 3 else 30)]
    more = {name: value for name, value in odd.items() if number < 3 or name != "paging"}
    more = {name: str(number) if value == "{page}" else value for name, value in more.items()}
    return page(number, items, "" if number < 3 else None, **{"per_page": 100, "total": 230, **more})


@pytest.mark.parametrize("odd", UNSAID)
def test_a_full_page_that_does_not_say_what_follows_is_not_the_last(odd: str) -> None:
    pages = [_full(number, UNSAID[odd]) for number in (1, 2, 3)]
    items, toolkit = iterated(*pages)
    assert len({item["uri"] for item in items}) == 230
    assert asked(toolkit.world, "page") == ["1", "2", "3"]
    found = Scripted(*pages).execute_tool(tool_name=FIND)
    assert (found["total"], found["complete"]) == (230, True)


def test_an_empty_page_in_the_midst_of_a_list() -> None:
    first, last = _full(1, {}), _full(3, {})
    assert len(iterated(first, page(2, [], per_page=100), last)[0]) == 130
    found = Scripted(first, page(2, [], per_page=100), last).execute_tool(tool_name=FIND)
    assert found["total"] == 130
    assert len(iterated(first, *(page(n, [], per_page=100) for n in range(2, 6)))[0]) == 100


@pytest.mark.parametrize("data", [None, {"0": {}}, "x"])
def test_what_is_not_a_list_is_not_an_empty_one(data: Any) -> None:
    odd = page(1, [], data=data)
    for name in (FIND, "vimeo_my_videos_list"):
        with pytest.raises(UnexpectedResponse):
            Scripted(odd).execute_tool(tool_name=name)
    with pytest.raises(UnexpectedResponse, match="100 items came before; go on with page=2"):
        iterated(_full(1, {}), odd)
    found = Scripted(_full(1, {}), odd).execute_tool(tool_name=FIND)
    assert (found["shown"], found["complete"], found["next_page"]) == (100, False, 2)


def test_videos_without_an_address_are_all_found() -> None:
    nameless = [{"name": "a"}, {"uri": 7, "name": "b"}, {"uri": None}]
    assert Scripted(page(1, nameless, None)).execute_tool(tool_name=FIND)["total"] == 3


def test_the_same_page_again_is_an_end() -> None:
    same = _full(1, {"page": None, "paging": None})
    assert len(iterated(same, same)[0]) == 100
