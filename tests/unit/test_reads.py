"""Equal reads of one user that are made at the same time share a request; nothing else is shared."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties import examples
from tests.unit.stepped import USERS, Flow, Stepped
from vimeo_toolkit import Api, ApiRequest, Modifier, ToolInput, Toolset
from vimeo_toolkit.calls.engine import Engine
from vimeo_toolkit.calls.modify import Modifiers
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.calls.reads import KEPT, LASTING, TOGETHER
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.errors import NotFound
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.observe.events import Event
from vimeo_toolkit.runtime.ports import HttpRequest, HttpResponse, NotSent

ME, LIKE = "vimeo_me_get", "vimeo_video_like"
CALLS: dict[str, tuple[str, Any]] = {
    "me": (ME, None),
    "videos": ("vimeo_my_videos_list", None),
    "like": (LIKE, {"video_id": "1"}),
}
ACTIONS = st.one_of(
    st.tuples(st.just("begin"), st.sampled_from(USERS), st.sampled_from([*CALLS, "me", "me"])),
    st.tuples(st.just("step"), st.integers(0, 9), st.integers(1, 4)),
    st.tuples(st.just("cancel"), st.integers(0, 9), st.sampled_from([asyncio.CancelledError, GeneratorExit])),
    st.tuples(st.just("refuse"), st.integers(1, 2), st.none()),
    st.tuples(st.just("pass"), st.sampled_from([0.1, TOGETHER]), st.none()),
)


class _Run:
    """Calls that a test began; each is looked at when it ends."""

    def __init__(self) -> None:
        self.world = Stepped()
        self.flows: list[Flow] = []
        self._ended = dict.fromkeys(USERS, 0)
        """How many writes of each user there were when the last of those that are over was made."""
        self._open: dict[Flow, int] = {}
        """The calls that are not over, with the writes that were when they began."""

    def begin(self, user: str, call: str) -> None:
        tool, given_ = CALLS[call]
        flow = Flow(self.world, user, tool, given_)
        self.flows.append(flow)
        self._open[flow] = self._ended[user]

    def look(self) -> None:
        for flow in [each for each in self._open if each.over]:
            before = self._open.pop(flow)
            self._ended[flow.user] = max(self._ended[flow.user], flow.wrote)
            if flow.result is not None:
                data = flow.result.data
                assert data["name"] == flow.user, "an answer of another user"
                assert data["bio"] >= before, "an answer of before a write"
                data["name"] = data["bio"] = "changed by whoever got it"


@given(st.lists(ACTIONS, max_size=40))
@examples(30, 2_000)
def test_a_read_is_never_of_another_user_nor_of_before_a_write(actions: list[tuple[str, Any, Any]]) -> None:
    run = _Run()
    for name, first, second in actions:
        match name:
            case "begin":
                run.begin(first, second)
            case "refuse":
                run.world.refusals = first
            case "pass":
                run.world.time += first
            case _ if run.flows:
                flow = run.flows[first % len(run.flows)]
                if name == "cancel":
                    flow.cancel(second)
                else:
                    for _ in range(second):
                        flow.step()
        run.look()
    for flow in run.flows:
        flow.finish()
        run.look()
    assert not run.world.reads_under_way
    assert all(
        flow.result or isinstance(flow.error, NotFound | asyncio.CancelledError | GeneratorExit)
        for flow in run.flows
    )


def _together(world: Stepped, count: int, tool: str = ME, given_: Any = None) -> list[Flow]:
    """Begin equal calls, each of which waits for Vimeo or for the first."""
    flows = [Flow(world, "ana", tool, given_) for _ in range(count)]
    for flow in flows:
        flow.step()
    return flows


def test_equal_reads_under_way_are_one_request_and_every_call_has_its_own_result() -> None:
    world = Stepped()
    flows = _together(world, 4)
    results = [flow.finish() for flow in flows]
    assert len(world.sent) == 1
    assert [result and result.requests for result in results] == [1, 0, 0, 0]
    for result in results:
        assert result is not None
        assert result.data["name"] == "ana"
        assert result.rate_limit.remaining == 4900
        result.data["name"] = "changed"
    told = [(event.name, event.data.get("outcome"), event.data.get("status")) for event in world.events[-8:]]
    assert sorted(told, key=str) == [("call.finished", "ok", 200)] * 4 + [("call.started", None, None)] * 4


@pytest.mark.parametrize(
    ("user", "tool", "given_", "more"),
    [
        ("ben", ME, None, {}),
        ("ana", "vimeo_user_get", {"user_id": "9"}, {}),
        ("ana", ME, None, {"detail": "full"}),
        ("ana", ME, None, {"reuses_reads": False}),
        ("ana", "vimeo_connection_check", None, {}),
        ("ana", "vimeo_request", {"method": "GET", "path": "/me"}, {}),
    ],
)
def test_what_is_not_an_equal_plain_read_of_the_user_is_sent(
    user: str, tool: str, given_: Any, more: dict[str, Any]
) -> None:
    world = Stepped()
    [first] = _together(world, 1)
    assert Flow(world, user, tool, given_, **more).at_once() is not None
    assert len(world.sent) == 1, "and the first one is still under way"
    assert first.finish() is not None


@pytest.mark.parametrize("tool", ["vimeo_connection_check", "vimeo_video_wait_ready", "vimeo_my_videos_find"])
def test_what_has_to_know_what_is_there_now_shares_nothing(tool: str) -> None:
    world = Stepped()
    given_ = {"video_id": "1", "max_seconds": 0} if "wait" in tool else None
    flows = [Flow(world, "ana", tool, given_) for _ in range(3)]
    for flow in flows:
        flow.step()
    assert not world.reads_under_way
    for flow in flows:
        flow.finish()
    assert len(world.sent) >= 3


def test_a_read_that_begins_after_a_write_does_not_wait_for_one_of_before() -> None:
    world = Stepped()
    [first] = _together(world, 1)
    write = Flow(world, "ana", LIKE, {"video_id": "1"})
    write.step()
    [beside] = _together(world, 1)  # begun while the write was not over
    assert write.at_once() is not None
    after = Flow(world, "ana", ME).at_once()
    assert after is not None
    assert after.data["bio"] == 1
    for flow in (first, beside):
        flow.finish()
    assert [request.method for request in world.sent] == ["PUT", "GET", "GET"]


def test_another_toolkit_of_the_process_may_have_made_the_change() -> None:
    """Also one that shares no reads itself."""
    world = Stepped()
    [first] = _together(world, 1)
    other = Engine(world.context(reuse_reads=False), Quota(world.cipher, kept=False))
    Flow(world, "ana", LIKE, {"video_id": "1"}, engine=other).at_once()
    after = Flow(world, "ana", ME).at_once()
    assert after is not None
    assert after.data["bio"] == 1
    assert first.finish() is not None


acme = Toolset("acme", "What Acme's editors do.")
CHANGES: dict[str, Any] = {"asks": "Change it?", "visible_to_others": True, "undo": "It cannot be undone."}


@acme.put("/me/likes/1", name="acme_like", **CHANGES)
class LikeAndLook(ToolInput):
    """Like a film and look at oneself."""

    async def run(self, api: Api) -> Any:
        await api.send(self.request(api.account))
        return await api.read(ApiRequest("GET", "/me", fields=catalog()[ME].fields))


@acme.put("/me/likes/1", name="acme_send", **CHANGES)
class SendElsewhere(ToolInput):
    """Send bytes as an upload does, past the API."""

    async def run(self, api: Api) -> Any:
        return {"uri": "/users/1"}


def test_a_tool_reads_what_it_has_changed() -> None:
    world = Stepped(LikeAndLook)
    [first] = _together(world, 1)
    found = Flow(world, "ana", "acme_like").at_once()
    assert found is not None
    assert found.data["bio"] == 1
    assert first.finish() is not None


@pytest.mark.parametrize("tool", ["acme_like", "acme_send"])
@pytest.mark.parametrize("where", ["a hook", "a modifier"])
def test_who_is_told_of_a_change_does_not_read_what_was_before(where: str, tool: str) -> None:
    world = Stepped(LikeAndLook, SendElsewhere)
    reads: list[Flow] = []

    def read(*_: Any) -> None:
        reads.append(Flow(world, "ana", ME))
        assert reads[0].at_once() is not None

    async def told(event: Event) -> None:
        if event.name == "call.finished" and event.tool == tool:
            read()

    if where == "a hook":
        world.emit = told  # type: ignore[method-assign]
    else:
        world.engine.modifiers = Modifiers([Modifier(tools=tool, after=read)])
    [first] = _together(world, 1)
    Flow(world, "ana", tool).at_once()
    assert [read.over for read in reads] == [True]
    assert first.finish() is not None


def test_what_runs_within_a_read_does_not_wait_for_it() -> None:
    """As a hook does that is told of a repeat."""
    world = Stepped()
    send, reads = world.send, []

    async def fails_once(request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        world.send = send  # type: ignore[method-assign]
        raise NotSent

    async def told(event: Event) -> None:
        if event.name == "call.retried":
            reads.append(Flow(world, "ana", ME).at_once())

    world.send, world.emit = fails_once, told  # type: ignore[method-assign]
    assert Flow(world, "ana", ME).finish() is not None
    assert len(reads) == 1


def test_a_read_that_waits_has_time_left_to_be_sent() -> None:
    world = Stepped(timeout=1.0)
    first, second = _together(world, 2)
    world.time += 0.5
    assert second.at_once() is not None
    assert first.finish() is not None


def test_others_wait_for_a_read_for_a_short_time_only() -> None:
    world = Stepped()
    first, second = _together(world, 2)
    world.time += TOGETHER
    assert second.at_once() is not None
    assert [flow.finish() is not None for flow in _together(world, 2)] == [True, True]
    assert len(world.sent) == 2, "those that come later share one"
    assert first.finish() is not None


def test_where_a_read_fails_the_others_ask_for_themselves() -> None:
    world = Stepped()
    world.refusals = 2
    flows = _together(world, 3)
    for flow in flows:
        flow.finish()
    errors = [flow.error for flow in flows if flow.error is not None]
    assert len(world.sent) == 3
    assert len({id(error) for error in errors}) == len(errors) == 2
    assert [flow.result is not None for flow in flows] == [False, False, True]


@pytest.mark.parametrize("error", [asyncio.CancelledError, GeneratorExit, KeyboardInterrupt])
@pytest.mark.parametrize("who", [0, 1, 2])
def test_a_call_that_is_cancelled_takes_nothing_from_the_others(error: type[BaseException], who: int) -> None:
    world = Stepped()
    flows = _together(world, 4)
    flows[who].cancel(error)
    assert isinstance(flows[who].error, error)
    for flow in flows:
        for _ in range(8):
            flow.step()
    assert all(flow.over for flow in flows), "no time passed"
    assert [flow.result is None for flow in flows] == [place == who for place in range(4)]
    assert not world.reads_under_way


def test_calls_that_waited_go_on_one_after_the_other() -> None:
    """Also where one was cancelled when its turn had come."""
    world = Stepped()
    first, *others = _together(world, 4)
    first.finish()
    for flow in reversed(others):
        flow.step()
    assert [flow.over for flow in others] == [True, False, False]
    others[1].cancel(asyncio.CancelledError)
    others[2].step()
    assert others[2].over


def test_one_argument_switches_it_off() -> None:
    world = Stepped(reuse_reads=False)
    for flow in _together(world, 3):
        flow.finish()
    for _ in range(2):
        Flow(world, "ana", "vimeo_languages_list").finish()
    assert len(world.sent) == 5


GENRE = {"category": "animation"}
LIST = {
    "total": 1,
    "page": 1,
    "per_page": 25,
    "paging": {"next": None},
    "data": [{"code": "en", "name": "English"}],
}
HOUR = KEPT.seconds


def _asked(world: Stepped, tool: str, user: str = "ana", inputs: Any = None, **more: Any) -> int:
    """Call a tool, change what it gives, and return how many requests that took."""
    given_ = (GENRE if tool == "vimeo_category_get" else {}) | (inputs or {})
    result = Flow(world, user, tool, given_, **more).finish()
    assert result is not None
    assert result.data["data"], "what a former caller did to its own is not seen"
    result.data.clear()
    return result.requests


@pytest.mark.parametrize("tool", sorted(LASTING))
def test_what_only_vimeo_changes_is_asked_for_once_an_hour(tool: str) -> None:
    world = Stepped()
    world.body = LIST
    asked = [_asked(world, tool), _asked(world, tool), _asked(world, tool, "ben"), _asked(world, tool, "ben")]
    world.time += KEPT.seconds - 1
    asked += [_asked(world, tool)]
    world.time += 1
    asked += [_asked(world, tool), _asked(world, tool)]
    assert asked == [1, 0, 1, 0, 0, 1, 0]
    world.engine.forget(Identity("vimeo", "ana"))
    assert [_asked(world, tool), _asked(world, tool, "ben")] == [1, 1], "that of ben is an hour old"
    assert [_asked(world, tool, detail="full") for _ in range(2)] == [1, 1], "it has what is the user's own"


def test_what_is_asked_for_with_what_changes_is_not_kept() -> None:
    world = Stepped()
    world.body = LIST
    featured = {"sort": "last_video_featured_time", "direction": "desc"}
    asked = [_asked(world, "vimeo_categories_list", inputs=featured) for _ in range(2)]
    pages = [_asked(world, "vimeo_languages_list", inputs={"page": page}) for page in (1, 2, 1, 2)]
    assert (asked, pages) == ([1, 1], [1, 1, 0, 0])


def test_of_a_kept_answer_the_rest_can_be_asked_for_too() -> None:
    world = Stepped()
    world.body = LIST | {"data": [{"code": f"x-{number}", "name": "A language"} for number in range(100)]}
    results = [Flow(world, "ana", "vimeo_languages_list").finish() for _ in range(2)]
    assert all(result is not None and result.handle for result in results)
    assert len(world.sent) == 1


def test_a_failure_is_not_kept() -> None:
    world = Stepped()
    world.body, world.refusals = LIST, 1
    failed = Flow(world, "ana", "vimeo_languages_list")
    assert failed.finish() is None
    assert [_asked(world, "vimeo_languages_list") for _ in range(2)] == [1, 0]


def test_nothing_that_is_kept_can_be_changed_by_a_call_nor_is_anybodys() -> None:
    tools = catalog(library=True).values()
    kept = {tool.path.split("/")[1] for tool in tools if tool.name in LASTING}
    for tool in tools:
        first = tool.path.split("/")[1] if tool.path else ""
        assert tool.read_only or first not in kept, tool.name
    for name in LASTING:
        tool = catalog()[name]
        assert tool.read_only
        assert set((tool.fields or "*").split(",")) <= {
            "code",
            "link",
            "name",
            "subcategories.name",
            "subcategories.uri",
            "top_level",
            "uri",
        }
