"""What is said in videos."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Connect
from tests.unit.world import World, answer, execute, one_by_one
from vimeo_toolkit import Forbidden, InvalidInput, NotFound, ToolResult, VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.transcript_hits import HOW
from vimeo_toolkit.catalog.transcript_reading import segments_of
from vimeo_toolkit.library.model import Segment
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.sandbox import Sandbox, Video
from vimeo_toolkit.sandbox.shapes.video import video_shape
from vimeo_toolkit.sandbox.state import Cue
from vimeo_toolkit.shape import to_json
from vimeo_toolkit.token_estimate import tokens_in
from vimeo_toolkit.wire.api_request import ApiRequest

Read = Callable[..., ToolResult]


@pytest.fixture
def read(toolkit: VimeoToolkit, connect: Connect) -> Read:
    identifier = connect()

    def called(video: Video, **more: Any) -> ToolResult:
        return toolkit.execute_tool(
            identifier=identifier,
            tool_name="vimeo_video_transcript_get",
            tool_input={"video_id": video.uri, **more},
        )

    return called


def named(vimeo: Sandbox, name: str) -> Video:
    return next(video for video in vimeo.user.videos if name in video.name)


def test_the_whole_text_of_a_short_one(read: Read, vimeo: Sandbox) -> None:
    video = vimeo.user.videos[0]
    result = read(video)
    assert result["text"] == [" ".join(cue.text for cue in video.texttracks[0].cues)]
    assert (result["available"], result["language"], result["segments"]) == (True, "en-US", 6)
    assert "next" not in result
    assert [request.path for request in vimeo.requests] == [
        f"/videos/{video.id}/texttracks",
        f"/videos/{video.id}/transcripts/{video.texttracks[0].id}",
    ]
    assert vimeo.requests[1].query["fields"] == "cue_start,cue_end,enabled,speaker,lines.text,lines.voice"
    assert result.for_model()["written_by_others"].startswith("text: ")


def test_time_stamps(read: Read, vimeo: Sandbox) -> None:
    text = read(vimeo.user.videos[0], timestamps=True)["text"][0]
    assert text.splitlines()[1] == "[0:04] On the left you choose the customer and the time span."
    late = vimeo.user.videos[0].texttracks[0]
    late.cues = [Cue(3_723_000, 3_725_000, "Late.")]
    assert read(vimeo.user.videos[0], timestamps=True)["text"] == ["[1:02:03] Late."]


def test_parts_within_a_budget_give_the_whole(read: Read, vimeo: Sandbox) -> None:
    video = named(vimeo, "Interview")
    parts: list[str] = []
    start: int | None = 0
    while start is not None:
        result = read(video, max_tokens=400, start=start)
        assert tokens_in("\n".join(result["text"])) <= 400
        shown = result.for_model()
        assert shown["text"] == result["text"]
        assert "cut" not in shown
        parts += result["text"]
        start = result.data.get("next")
    assert len(parts) > 5
    assert " ".join(parts).split() == " ".join(cue.text for cue in video.texttracks[0].cues).split()


@pytest.mark.parametrize("most", [500, 6_000])
def test_a_part_fits_what_the_operator_allows_results(
    most: int, vimeo: Sandbox, connect: Connect, connection: Any
) -> None:
    with VimeoToolkit([connection], store="sqlite:///:memory:", max_result_tokens=most) as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        result = toolkit.execute_tool(
            identifier="u",
            tool_name="vimeo_video_transcript_get",
            tool_input={"video_id": named(vimeo, "Interview").uri, "max_tokens": 20_000},
        )
        assert tokens_in(result.to_text()) <= most
        assert result.for_model()["text"] == result["text"]


def test_passages_around_words(read: Read, vimeo: Sandbox) -> None:
    video = named(vimeo, "Interview")
    cues = video.texttracks[0].cues
    place = next(place for place, cue in enumerate(cues) if "lighthouse" in cue.text)
    result = read(video, query="Lighthouse tide")
    assert result["matches"] == 1
    seconds = cues[place].start // 1000
    (hit,) = result["data"]
    text = hit["text"]
    assert {name: hit[name] for name in ("start_seconds", "end_seconds", "link")} == {
        "start_seconds": seconds,
        "end_seconds": -(-cues[place].end // 1000),
        "link": f"https://vimeo.com/{video.id}#t={seconds}s",
    }
    around = " ".join(cue.text for cue in cues[place - 2 : place + 3])
    assert text == cues[place].text or text.replace("**", "").strip("…") in around
    assert cues[place].text in text
    assert result.for_model()["written_by_others"].startswith("text: ")
    assert "notes" not in result.for_model()


def test_words_that_run_over_a_boundary_and_words_that_are_not_there(read: Read, vimeo: Sandbox) -> None:
    track = vimeo.user.videos[0].texttracks[0]
    track.cues = [
        Cue(0, 900, "We met the"),
        Cue(1000, 1900, "red queen of"),
        Cue(2000, 2900, "hearts."),
        Cue(3000, 3900, "End."),
    ]
    found = read(vimeo.user.videos[0], query="the queen")
    (hit,) = found["data"]
    assert (found["matches"], hit["start_seconds"], hit["end_seconds"]) == (1, 0, 2)
    assert hit["text"] == "**We met the red queen of** hearts. End."
    none = read(vimeo.user.videos[0], query="queens")
    assert (none["matches"], none["data"]) == (0, [])
    assert none.for_model()["notes"] == [HOW]


def test_a_hits_link_keeps_the_hash_of_an_unlisted_video_and_no_hit_costs_no_request(
    read: Read, vimeo: Sandbox
) -> None:
    video = named(vimeo, "Interview")
    video.view = "unlisted"
    hits = read(video, query="lighthouse")["data"]
    assert hits
    for hit in hits:
        page, _, moment = hit["link"].partition("#t=")
        assert (page, moment) == (video_shape(video, vimeo.user)["link"], f"{hit['start_seconds']}s")
    assert page.count("/") == 4, "the id and the hash"
    before = len(vimeo.requests)
    assert read(video, query="zeppelin")["data"] == []
    assert len(vimeo.requests) == before + 2


def test_each_part_has_its_own_hits_and_says_that_there_are_others(read: Read, vimeo: Sandbox) -> None:
    video = named(vimeo, "Interview")
    whole = read(video, query="harbour", max_tokens=20_000)
    assert len(whole["data"]) == whole["matches"] == 24
    assert not {"shown", "incomplete", "next"} & whole.data.keys()
    found: list[dict[str, Any]] = []
    start: int | None = 0
    while start is not None:
        part = read(video, query="harbour", max_tokens=300, start=start)
        assert tokens_in(part.to_text()) < 300 + 100
        assert part["shown"] == len(part["data"])
        found += part["data"]
        start = part.data.get("next")
        assert ("incomplete" in part) == (start is not None)
        assert start is None or f"{part['shown']} of {part['matches']} hits" in part["incomplete"]
    assert found == whole["data"]


def test_all_hits_of_a_long_talk_are_rows_of_a_few_words(read: Read, vimeo: Sandbox) -> None:
    shown = read(named(vimeo, "Interview"), query="the harbour").for_model()
    assert shown["matches"] == len(shown["data"]) == 24
    assert [*shown["columns"], *shown["every_row"]] == ["start_seconds", "end_seconds", "text"]
    assert shown["link_pattern"].endswith("#t={start_seconds}s")
    assert len(to_json(shown)) < 2_000


@pytest.mark.parametrize(
    ("cues", "texts"),
    [
        (["A " * 30, "The lighthouse.", "B " * 30], [f"…{'A ' * 16}**The lighthouse.** {'B ' * 15}B…"]),
        (["Before.", f"Lighthouse {'and so on ' * 10}."], [f"Lighthouse {'and so on ' * 10}."]),
        (["Lighthouse."], ["**Lighthouse.**"]),
        (["One.", "Two.", "Lighthouse.", "Lighthouse."], None),
        (["字" * 100, "Lighthouse.", "字" * 100], ["**Lighthouse.**"]),
        ([f"Lighthouse {'x' * 400}"], [f"Lighthouse {'x' * 400}"]),
    ],
)
def test_a_hit_stands_between_marks_among_the_words_around_it(
    cues: list[str], texts: list[str] | None, read: Read, vimeo: Sandbox
) -> None:
    video = vimeo.user.videos[0]
    video.texttracks[0].cues = [Cue(1000 * n, 1000 * n + 900, cue) for n, cue in enumerate(cues)]
    result = read(video, query="lighthouse")
    shown = [row["text"] for row in result["data"]]
    assert shown == (texts or ["One. Two. **Lighthouse.** Lighthouse.", "Two. Lighthouse. **Lighthouse.**"])
    table = result.for_model()
    assert [row[table["columns"].index("text")] for row in table["data"]] == shown, "no text is cut"


def test_the_language_asked_for(read: Read, vimeo: Sandbox) -> None:
    video = named(vimeo, "Interview")
    assert read(video)["language"] == "en-US"
    assert read(video, language="sv")["language"] == "sv-SE"
    assert read(video, language="SV-SE")["text"][0].startswith("Jag växte")
    missing = read(video, language="ja")
    assert missing.data == {
        "available": False,
        "message": "The video has no transcript in 'ja'; there are text tracks in en-US, sv-SE.",
    }


def test_no_transcript_is_an_answer(read: Read, vimeo: Sandbox) -> None:
    none = read(named(vimeo, "Team Standup"))
    assert none["available"] is False
    assert "no subtitles or captions" in none["message"]
    not_yet = read(named(vimeo, "Keynote"))
    assert not_yet["available"] is False
    assert "text tracks in en-US, but Vimeo has no transcript of them (yet)" in not_yet["message"]
    assert read(named(vimeo, "Keynote"), language="en")["message"] == not_yet["message"]


def test_a_track_without_transcript_is_passed_over(read: Read, vimeo: Sandbox) -> None:
    video = named(vimeo, "Interview")
    video.texttracks[0].cues = []
    assert read(video)["language"] == "sv-SE"


def test_disabled_segments_are_left_out(read: Read, vimeo: Sandbox) -> None:
    track = vimeo.user.videos[0].texttracks[0]
    track.cues = [Cue(0, 9, "Yes."), Cue(10, 19, "No.", enabled=False)]
    assert read(vimeo.user.videos[0])["text"] == ["Yes."]


def test_errors_are_those_of_the_video(read: Read, vimeo: Sandbox) -> None:
    with pytest.raises(Forbidden, match="own videos only"):
        read(next(video for video in vimeo.world.videos.values() if video.user is not vimeo.user))
    gone = vimeo.user.videos[3]
    vimeo.world.remove_video(gone)
    with pytest.raises(NotFound):
        read(gone)
    with pytest.raises(InvalidInput, match="has 6 segments"):
        read(vimeo.user.videos[0], start=6)


def test_a_paged_answer_is_read_to_its_end() -> None:
    def page(number: int, following: str | None) -> bytes:
        segment = {"cue_start": number * 1000, "enabled": True, "lines": [{"text": f"Part {number}."}]}
        return json.dumps({"data": [segment], "paging": {"next": following}}).encode()

    tracks = {
        "data": [{"uri": "/videos/1/texttracks/2", "type": "captions", "language": "en", "active": True}]
    }
    world = World(
        answer(body=json.dumps(tracks).encode()),
        answer(body=page(1, "/videos/1/transcripts/2?page=2")),
        answer(body=page(2, None)),
    )
    ctx = world.context()
    world.account(ctx)
    tool = catalog()["vimeo_video_transcript_get"]
    result = run_sync(execute(ctx, world, tool, {"video_id": "1"}))
    assert result["text"] == ["Part 1. Part 2."]
    assert "page=2" in world.sent[2].url


def track(number: int, language: str, provenance: str | None = None, **more: Any) -> dict[str, Any]:
    made = {"provenance": provenance} if provenance else {}
    return {
        "uri": f"/videos/1/texttracks/{number}",
        "type": "subtitles",
        "language": language,
        "active": True,
        **made,
        **more,
    }


BG = track(11, "bg-x-autogen", "autogen_dubbed")
ES = track(12, "es-x-autogen", "autogen_translated")
EN = track(13, "en-x-autogen", "autogen_source_audio")
DE = track(14, "de", "user_uploaded")
EN_US = track(15, "en-US", "user_uploaded", type="captions")
OFF = track(16, "en-US", "user_uploaded", active=False)
SEGMENTS = (
    b'[{"cue_start": 0, "lines": [{"text": "Hello."}]}, {"cue_start": 90000, "lines": [{"text": "Bye."}]}]'
)


def transcript(
    tracks: list[dict[str, Any]] | dict[str, Any], *answers: bytes | None, **more: Any
) -> tuple[ToolResult, World]:
    """`answers`: what comes after the tracks; None is 404."""
    listed = {"data": tracks} if isinstance(tracks, list) else tracks
    others = [answer(404, b'{"error":"x"}') if each is None else answer(body=each) for each in answers]
    world = World(answer(body=json.dumps(listed).encode()), *others)
    ctx = world.context()
    world.account(ctx)
    tool = catalog()["vimeo_video_transcript_get"]
    arguments = {"video_id": "1", **more}
    return run_sync(execute(ctx, world, tool, arguments)), world


@pytest.mark.parametrize(
    ("tracks", "language", "chosen"),
    [
        ([BG, ES, EN], None, "en-x-autogen"),
        ([BG, ES, EN], "bg", "bg-x-autogen"),
        ([BG, ES, EN], "ES", "es-x-autogen"),
        ([BG, DE, EN], None, "en-x-autogen"),
        ([BG, DE, EN, EN_US], None, "en-US"),
        ([BG, DE, EN, EN_US], "en", "en-US"),
        ([BG, DE, EN, EN_US], "en_us", "en-US"),
        ([BG, DE, EN, EN_US], "de-AT", "de"),
        ([EN, OFF], None, "en-x-autogen"),
        ([BG, DE], None, "de"),
        ([ES, BG], None, "bg-x-autogen"),
        ([track(1, "fr", type="chapters"), BG], None, "bg-x-autogen"),
        ([track(1, "en-x-autogen"), track(2, "en")], None, "en"),
    ],
)
def test_the_spoken_language_first_unless_another_is_asked_for(
    tracks: list[dict[str, Any]], language: str | None, chosen: str
) -> None:
    for order in (tracks, tracks[::-1]):
        result, world = transcript(order, SEGMENTS, language=language)
        assert result["language"] == chosen
        assert "provenance" in world.sent[0].url


@pytest.mark.parametrize(
    ("told", "chosen"),
    [
        (b'{"language":"fr-CA"}', "fr"),
        (b'{"language":null}', "en"),
        (b'{"language":"de"}', "en"),
        (None, "en"),
    ],
)
def test_tracks_that_do_not_tell_where_they_are_from(told: bytes | None, chosen: str) -> None:
    """The video's own language decides; where it is not known, captions go before subtitles."""
    tracks = [track(1, "fr"), track(2, "en", type="captions")]
    result, world = transcript(tracks, told, SEGMENTS)
    assert result["language"] == chosen
    assert "/videos/1?fields=language" in world.sent[1].url


def test_tracks_on_later_pages_are_read() -> None:
    first = {"data": [BG], "page": 1, "paging": {"next": "/videos/1/texttracks?page=2"}}
    second = {"data": [EN], "page": 2, "paging": {"next": None}}
    result, _ = transcript(first, json.dumps(second).encode(), SEGMENTS)
    assert result["language"] == "en-x-autogen"


VTT = (
    "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nNOTE made by Vimeo\n\n1\n00:00.000 --> 00:02.000 line:0\n"
    "<v Bob>Hello, R&amp;D.</v>\n\n2\n01:30.500 --> 01:32.000\nTwo <i>lines</i>\nof <00:01:31.000>words.\n"
)


@pytest.mark.parametrize(
    "content",
    [
        VTT.encode(),
        ("\ufeff" + VTT.replace("\n", "\r\n")).encode(),
        json.dumps(VTT).encode(),
        json.dumps({"transcript": VTT, "language": "en"}).encode(),
    ],
)
def test_a_transcript_as_webvtt(content: bytes) -> None:
    result, _ = transcript([EN], content, timestamps=True)
    assert result["text"] == ["[0:00] Hello, R&D.\n[1:30] Two lines of words."]
    assert result["segments"] == 2


def test_an_empty_webvtt_is_no_transcript() -> None:
    result, _ = transcript([EN, BG], b"WEBVTT\n", b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello.\n")
    assert result["language"] == "bg-x-autogen"


@pytest.mark.parametrize(
    ("start", "text"),
    [
        (1, "Bye."),
        ("1", "Bye."),
        ("1:30", "Bye."),
        ("1:29", "Hello. Bye."),
        ("0:02:00", "Bye."),
        ("0:00", "Hello. Bye."),
    ],
)
def test_from_a_time_on(start: Any, text: str) -> None:
    result, _ = transcript([EN], SEGMENTS, start=start)
    assert result["text"] == [text]


@pytest.mark.parametrize("start", ["1:75", "x", "1m30s", -1, "", 1.5])
def test_what_is_not_a_place_in_it(start: Any) -> None:
    with pytest.raises(InvalidInput):
        transcript([EN], SEGMENTS, start=start)


def test_expiry_of_links_comes_as_a_number_or_as_text() -> None:
    """The document has text, recordings have numbers."""
    for expires in (1_800_000_000, "2027-01-15T08:00:00+00:00", None):
        listed = [{**EN, "link": "https://captions.example/1", "link_expires_time": expires}]
        assert transcript(listed, SEGMENTS)[0]["available"] is True


class Answers:
    """The part of an `Api` that reading needs, with the answers' bodies."""

    def __init__(self, *bodies: bytes) -> None:
        self.bodies = list(bodies)

    async def send(self, request: ApiRequest) -> Any:
        body = self.bodies.pop(0)
        return (request.reads and request.reads(body)) or json.loads(body)

    beside = staticmethod(one_by_one)


def segments(body: bytes) -> tuple[Segment, ...]:
    api: Any = Answers(json.dumps({"data": [EN]}).encode(), body)
    return run_sync(segments_of(api, "1")).segments


def test_segments_have_their_end_and_their_speaker() -> None:
    assert segments(VTT.encode()) == (
        Segment(0.0, 2.0, "Hello, R&D.", "Bob"),
        Segment(90.5, 92.0, "Two lines of words."),
    )
    said = [
        {"cue_start": 5000, "cue_end": 4000, "speaker": "2", "lines": [{"text": "b", "voice": "Ann"}]},
        {"cue_start": 1000, "speaker": "1", "lines": [{"text": "a", "voice": None}]},
        {"cue_start": 7000, "speaker": None, "lines": [{"text": "c", "voice": "A"}, {"text": "d"}]},
    ]
    assert segments(json.dumps(said).encode()) == (
        Segment(1.0, 5.0, "a", "1"),
        Segment(5.0, 5.0, "b", "Ann"),
        Segment(7.0, 7.0, "c d"),
    )
