"""No secret stays in an answer, by its name, its place or its shape; what people need does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vimeo_toolkit.wire import redact
from vimeo_toolkit.wire.redact import redacted
from vimeo_toolkit.wire.scrub import REDACTED, may_hold, scrubbed

MARK = "marker55d0c2"

BY_NAME = [
    "password", "stream_password", "secret", "client_secret", "token_secret", "token", "access_token",
    "accessToken",
    "refresh-token", "chat_token", "signature", "stream_key", "streamKey", "api_key", "rtmp_link", "rtmps_link",
    "rtmp_url", "srt_url", "upload_link", "upload_link_secure", "upload_url", "complete_uri", "ticket_id",
    "stream_url",
    "passcode", "streaming_key", "srt_key", "session_id", "download_link",
    "hls_link", "link_secure", "source_link", "review_link", "credentials", "cookie", "authorization", "Password",
]  # fmt: skip
BY_PLACE: list[tuple[str, Any]] = [
    ("live", {"key": MARK}),
    ("live", {"link": MARK, "chat": {"token": MARK, "room_id": 1}}),
    ("live", {"ingest": {"stream_key": MARK, "rtmp_link": MARK}}),
    ("live", {"ingest": {"key": MARK}, "destinations": [{"rtmp_settings": {"key": MARK}}]}),
    ("drm", {"key": MARK}),
    ("upload", {"approach": "post", "form": f"<form action='{MARK}'>"}),
    ("upload", {"approach": "tus", "upload_link": MARK, "complete_uri": MARK, "link": MARK}),
    ("review_page", {"active": True, "link": MARK}),
    ("files", [{"quality": "hd", "link": MARK}, {"link": MARK, "link_secure": MARK}]),
    ("download", [{"quality": "source", "link": MARK}]),
    ("play", {"hls": {"link": MARK}, "dash": {"link": MARK}, "progressive": [{"link": MARK}]}),
    ("download_links", {"vtt": MARK, "srt": MARK}),
    ("track", {"link": MARK, "link_expires_time": 1680983802, "hls_link": MARK}),
    ("file", {"link": MARK, "link_expiration_time": "2026-01-01T00:00:00+04:00"}),
]
BY_SHAPE = [
    f"https://player.vimeo.com/external/1.hd.mp4?s={MARK}&profile_id=1",
    f"https://captions.cloud.vimeo.com/1.vtt?expires=1&sig={MARK}",
    f"https://files.example.com/a.mp4?X-Amz-Signature={MARK}&X-Amz-Credential=x",
    f"https://example.com/a?x=1&amp;access_token={MARK}",
    f"https://someone:{MARK}@example.com/a",
    f"https://{MARK}@example.com/a",
    f"https://example.com/cb?code={MARK}&state=x",
    f"https://example.com/#access_token={MARK}",
    f"https://skyfire.vimeocdn.com/exp=1~acl=%2F~hmac={MARK}/video.mp4",
    f"https://files.tus.vimeo.com/files/vimeo-prod-src-tus/{MARK}",
    f"rtmps://rtmp-global.cloud.vimeo.com:443/live/{MARK}",
    f"srt://ingest.example.com:9998?streamid={MARK}",
    f"https://vimeo.com/user1/review/123/{MARK}",
    f"https://vimeo.com/reviews/{MARK}/videos/1",
    f"https://example.com/a?access%5Ftoken={MARK}",
    f"/me/videos?page=2&access_token={MARK}",
    f"//files.vimeocdn.com/a.mp4?token={MARK}",
    f"example.com/a#access_token={MARK}",
    f"access_token={MARK}",
    f'{{"stream_key": "{MARK}"}}',
    f"Authorization: Basic {MARK}",
    f"Bearer {MARK}",
    f"bearer  {MARK}",
    f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.{MARK}",
    f"BEARER {MARK}",
    f"AUTHORIZATION: Basic {MARK}",
    f"Access_Token: {MARK}",
    f"STREAMKEY={MARK}",
    f"https://someone:{MARK}@i.vimeocdn.com/a.jpg",
    f"HTTPS://example.com/a?SIG={MARK}",
    f"https://example.com/?title=a&policy={MARK}",
    f"https://i.vimeocdn.com/a?r=pad https://example.com/?key={MARK}",
    f"https://example.com/a?u=https://i.vimeocdn.com/b?auth={MARK}",
]
OPEN = [
    "https://vimeo.com/123/ab12cd34ef",
    "https://vimeo.com/showcase/123",
    "https://player.vimeo.com/video/123?h=ab12cd34ef",
    '<iframe src="https://player.vimeo.com/video/1?h=ab12cd34ef&amp;badge=0&amp;app_id=5"></iframe>',
    "https://i.vimeocdn.com/grab?s=ab12cd34ef56&w=640&h=360",
    "https://i.vimeocdn.com/video/1-ab12cd34ef-d_640x360?r=pad",
    "https://example.com/?s=boots&page=2#top",
    "Mind the token economy: https://example.com/tokens?keyword=a",
    "A bearer of good news",
]
"""What stays: people need it, and its owner shares it."""


@pytest.mark.parametrize("name", BY_NAME)
def test_by_name(name: str) -> None:
    for value in (MARK, 5, [MARK], {"a": MARK}):
        assert redacted({"data": [{"x": {name: value}}]}) == {"data": [{"x": {name: REDACTED}}]}


@pytest.mark.parametrize("name", ["token_type", "resource_key", "keyword", "stream_mode", "link"])
def test_other_names_stay(name: str) -> None:
    assert redacted({name: "text"}) == {name: "text"}
    assert redacted({"has_password": True}) == {"has_password": True}
    assert redacted({"password": True, "token": None, "secret": ""}) == {
        "password": True,
        "token": None,
        "secret": "",
    }


@pytest.mark.parametrize(("name", "part"), BY_PLACE)
def test_by_place(name: str, part: Any) -> None:
    assert MARK not in str(redacted({"data": [{name: json.loads(json.dumps(part))}]}))


@pytest.mark.parametrize("text", BY_SHAPE)
def test_by_shape(text: str) -> None:
    assert MARK not in scrubbed(text)
    assert MARK not in str(redacted({"description": f"See {text} there", "links": [text], "x": [[text]]}))


@pytest.mark.parametrize("text", OPEN)
def test_what_people_need_stays(text: str) -> None:
    for name in ("link", "player_embed_url", "html", "description", "base_link", "view_link"):
        assert redacted({"video": {name: text, "sizes": [{"link": text}]}})["video"][name] == text


def test_a_signed_link_still_tells_where_it_leads() -> None:
    assert (
        scrubbed("https://files.example.com/a.mp4?sig=abc") == f"https://files.example.com/a.mp4?{REDACTED}"
    )
    # The link to a file that Vimeo is to fetch was the user's own, and is what a person approves.
    pulled = {"upload": {"approach": "pull", "link": "https://files.example.com/a.mp4"}}
    assert redacted(json.loads(json.dumps(pulled))) == pulled


NAMES = st.sampled_from(
    ["data", "user", "live", "upload", "files", "play", "link", "x", "embed", "hls", "key", "name"]
)
PLACED = st.sampled_from(BY_PLACE).map(lambda pair: {pair[0]: json.loads(json.dumps(pair[1]))})
NAMED = st.sampled_from(BY_NAME).map(lambda name: {name: MARK})
SHAPED = st.sampled_from(BY_SHAPE).map(lambda text: f"a {text} b")
ANSWER = st.recursive(
    PLACED | NAMED | SHAPED | st.none() | st.integers() | st.text(max_size=9) | st.sampled_from(OPEN),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=15,
)


@settings(deadline=None)
@given(ANSWER)
def test_no_secret_stays_wherever_it_is(answer: Any) -> None:
    assert MARK not in str(redacted(answer))
    once = json.dumps(redacted(answer))
    assert json.dumps(redacted(json.loads(once))) == once


FRAGMENT = st.sampled_from(
    [
        *"=:?&;#/~%@.-_ \n\"'<[]a1", "\u017f", "\u212a", "\u0130", "\u00e9", "\u00a0", MARK, "://",
        "http://", "https://", "HTTPS://", "rtmp://", "player.vimeo.com", "i.vimeocdn.com",
        "b.tus.vimeo.com", "&amp;", "/review/", "/reviews/", "/1/", "exp=1", "sig=", "s=", "h=", "title=",
        "key=", "code=", "state=", "%73ig=", "policy=", "token", "access_token", "TOKEN", "secret",
        "client_secret", "password", "hmac", "jwt", "signature", "x-signature", "bearer", "Bearer ",
        "authorization", "basic ", "eyJ", "eyJabcdefgh", ".a", "stream_key", "streamingKey",
    ]
)  # fmt: skip
TEXT = st.lists(FRAGMENT, max_size=14).map("".join)


@settings(deadline=None, max_examples=200)
@given(TEXT, TEXT)
def test_what_is_changed_is_looked_at(text: str, beside: str) -> None:
    """Also among other texts, which are looked at together with it."""
    if scrubbed(text) != text:
        assert may_hold(text)
        assert may_hold(f"{beside}\n{text}\n{beside}")


@pytest.mark.parametrize("text", OPEN[:6])
def test_most_addresses_are_not_looked_at(text: str) -> None:
    assert not may_hold(text)


@settings(deadline=None)
@given(st.lists(ANSWER, min_size=2, max_size=4), st.data())
def test_an_item_is_redacted_as_it_is_alone(items: list[Any], data: st.DataObject) -> None:
    """Also one that has much in common with the item before it."""
    again = [item if data.draw(st.booleans()) else items[0] for item in items]
    page = [{"video": json.loads(json.dumps(item)), "x": {"files": MARK}} for item in again]
    assert redacted(page) == [
        redacted({"video": json.loads(json.dumps(item)), "x": {"files": MARK}}) for item in again
    ]


def test_names_of_answers_take_little_memory() -> None:
    for start in range(0, 9_000, 1_000):
        redacted({f"name_{number}": "x" for number in range(start, start + 1_000)})
    redacted({"n" * 100_000: "x"})
    known = redact._NAMES[""]
    assert len(known) <= 2_000
    assert max(map(len, known)) <= 200
