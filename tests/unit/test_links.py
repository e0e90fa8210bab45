"""Links and ids as people copy them: the right id, or a refusal that says what the link is.

The forms are those of recorded answers of the API, of Vimeo's share and embed dialogs, and those that other
readers of Vimeo's links know (yt-dlp's patterns and tests among them).
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vimeo_toolkit.catalog.id_kinds import RESERVED
from vimeo_toolkit.catalog.ids import KINDS, normalized, with_owner

H = "a3e90a211f"
UUID = "87cab3ae-cbf3-4d58-a16d-29b54b710d03"
EMBED = (
    '<div style="padding:56.25% 0 0 0;position:relative;"><iframe src="https://player.vimeo.com/video/1?h={h}'
    '&amp;badge=0&amp;autopause=0&amp;player_id=0&amp;app_id=58479" frameborder="0" allow="autoplay; fullscreen"'
    ' title="A film"></iframe></div><script src="https://player.vimeo.com/api/player.js"></script>'
)
OLD_EMBED = (
    '<iframe src="https://player.vimeo.com/video/1" width="640" height="360"></iframe><p><a href="https://vimeo.com/1">'
    'A film</a> from <a href="https://vimeo.com/someone">Someone</a> on <a href="https://vimeo.com">Vimeo</a>.</p>'
)

RIGHT: list[tuple[str, Any, str]] = [
    # Ids and URIs of videos
    ("video", "1", "1"),
    ("video", 1, "1"),
    ("video", 123456.0, "123456"),
    ("video", "123456.0", "123456"),
    ("video", " \t1\n", "1"),
    ("video", f"1:{H}", f"1:{H}"),
    ("video", f"1/{H}", f"1:{H}"),
    ("video", f"1:{H.upper()}", f"1:{H}"),
    ("video", "1:9603038895", "1:9603038895"),
    ("video", "/videos/1", "1"),
    ("video", "/videos/1/", "1"),
    ("video", "videos/1", "1"),
    ("video", f"videos/1:{H}", f"1:{H}"),
    ("video", "/me/videos/1", "1"),
    ("video", "users/9/videos/1", "1"),
    ("video", "/users/9/projects/5/videos/1", "1"),
    ("video", "/me/albums/5/videos/1", "1"),
    ("video", "/channels/staffpicks/videos/1", "1"),
    ("video", "/groups/5/videos/1", "1"),
    ("video", "/me/likes/1", "1"),
    ("video", "/users/9/watchlater/1", "1"),
    ("video", "/manage/videos/1", "1"),
    ("video", "https://api.vimeo.com/videos/1", "1"),
    ("video", f"https://api.vimeo.com/videos/1:{H}?fields=uri", f"1:{H}"),
    ("video", "/videos/1?fields=uri", "1"),
    ("video", f"/videos/1:{H}/comments", f"1:{H}"),
    ("video", "/users/9/videos/1/texttracks", "1"),
    ("video", f"1?h={H}&badge=0", f"1:{H}"),
    ("video", "https://m.vimeo.com/1", "1"),
    ("video", "https://vimeo.com//1", "1"),
    ("video", "https://player.vimeo.com/video/1/config", "1"),
    *(("video", f"https://vimeo.com/1{end}", "1") for end in (")", ":", "'", '"', "\u2026", ").")),
    ("video", f"**https://vimeo.com/1/{H}**", f"1:{H}"),
    ("video", f"<iframe src=https://player.vimeo.com/video/1?h={H} width=640></iframe>", f"1:{H}"),
    ("showcase", "https://vimeo.com/showcases/5", "5"),
    # Pages of videos
    ("video", "https://vimeo.com/1", "1"),
    ("video", "HTTPS://VIMEO.COM/1", "1"),
    ("video", "Vimeo.com/1", "1"),
    ("video", "http://www.vimeo.com/1/", "1"),
    ("video", "//vimeo.com/1", "1"),
    ("video", "https://vimeo.com:443/1", "1"),
    ("video", f"https://vimeo.com/1/{H}", f"1:{H}"),
    ("video", f"https://vimeo.com/1/{H}/", f"1:{H}"),
    ("video", f"https://vimeo.com/1/{H}?share=copy&fl=sv&fe=ci", f"1:{H}"),
    ("video", f"https://vimeo.com/1?h={H}", f"1:{H}"),
    ("video", f"https://vimeo.com/1?share=copy&amp;h={H}", f"1:{H}"),
    ("video", f"https://vimeo.com/1/{H}?h={H}", f"1:{H}"),
    ("video", "https://vimeo.com/581039021/9603038895", "581039021:9603038895"),
    ("video", "https://vimeo.com/1?h=", "1"),
    ("video", "https://vimeo.com/1#t=1m30s", "1"),
    ("video", "http://vimeo.com/56015672#at=0", "56015672"),
    ("video", "https://vimeo.com/1#comment_2", "1"),
    ("video", "https://vimeo.com/video/1", "1"),
    ("video", "https://vimeo.com/videos/1", "1"),
    ("video", "https://vimeo.com/m/1", "1"),
    ("video", "https://vimeo.com/1/settings", "1"),
    ("video", "https://vimeo.com/1/settings/privacy", "1"),
    ("video", "https://vimeo.com/1/comments", "1"),
    ("video", "https://vimeo.com/1/likes", "1"),
    ("video", f"https://vimeo.com/1/{H}/settings", f"1:{H}"),
    ("video", "https://vimeo.com/manage/videos/1", "1"),
    ("video", "https://vimeo.com/manage/videos/1/privacy", "1"),
    ("video", "https://vimeo.com/manage/videos/1/settings", "1"),
    ("video", "https://vimeo.com/manage/videos/1/advanced", "1"),
    ("video", "https://vimeo.com/manage/videos/1/interaction-tools", "1"),
    ("video", f"https://vimeo.com/manage/videos/1/{H}", f"1:{H}"),
    ("video", f"https://vimeo.com/manage/videos/1/{H}/privacy", f"1:{H}"),
    ("video", "https://vimeo.com/manage/1/general", "1"),
    # A video in something
    ("video", "https://vimeo.com/channels/staffpicks/143603739", "143603739"),
    ("video", f"https://vimeo.com/channels/staffpicks/1/{H}", f"1:{H}"),
    ("video", "https://vimeo.com/channels/927/1", "1"),
    ("video", "https://vimeo.com/groups/travelhd/videos/22439234", "22439234"),
    ("video", "https://vimeo.com/album/2632481/video/79010983", "79010983"),
    ("video", "https://vimeo.com/showcase/3253534/video/119195465", "119195465"),
    ("video", "https://vimeo.com/showcase/osfc-2020/video/1", "1"),
    ("video", "https://vimeo.com/showcase/11919627?video=1203789041", "1203789041"),
    ("video", f"https://vimeo.com/showcase/5?video=1&h={H}", f"1:{H}"),
    ("video", "https://vimeo.com/manage/showcases/11919627/playback?video=1163223133", "1163223133"),
    ("video", "https://vimeo.com/user/9/folder/5/video/1", "1"),
    ("video", "https://vimeo.com/manage/folders/5/videos/1", "1"),
    ("video", "https://vimeo.com/ondemand/36938/126682985", "126682985"),
    ("video", "https://vimeo.com/ondemand/thelastcolony/150274832", "150274832"),
    ("video", "https://vimeo.com/event/4753126/videos/1046153257", "1046153257"),
    ("video", "https://vimeo.com/event/595460/videos/498149131/", "498149131"),
    # Reviews: the page's own hash is not the video's
    ("video", "https://vimeo.com/user170863801/review/996447483/a316d6ed8d", "996447483"),
    ("video", "https://vimeo.com/someone/review/1", "1"),
    ("video", f"https://vimeo.com/reviews/{UUID}/videos/1233770197", "1233770197"),
    # Players, their snippets, files
    ("video", "https://player.vimeo.com/video/1", "1"),
    ("video", f"https://player.vimeo.com/video/1?h={H}&title=0", f"1:{H}"),
    ("video", f"//player.vimeo.com/video/1?badge=0&amp;h={H}", f"1:{H}"),
    ("video", f"https://player.vimeo.com/video/1?badge=0&amp;amp;h={H}", f"1:{H}"),
    ("video", "http://vimeo.com/moogaloop.swf?clip_id=2539741&server=vimeo.com", "2539741"),
    ("video", EMBED.format(h=H), f"1:{H}"),
    ("video", OLD_EMBED, "1"),
    ("video", "<iframe src='//player.vimeo.com/video/1' allowfullscreen></iframe>", "1"),
    ("video", '<a href="https://vimeo.com/1">A film</a>', "1"),
    ("video", "https://player.vimeo.com/external/1.sd.mp4?s=0&profile_id=164", "1"),
    ("video", "https://player.vimeo.com/progressive_redirect/playback/1/rendition/540p/file.mp4?loc=external", "1"),
    ("video", "http://vimeopro.com/openstreetmapus/state-of-the-map-us-2013/video/68093876", "68093876"),
    # What stands around
    ("video", '"1"', "1"),
    ("video", "'/videos/1'", "1"),
    ("video", "`https://vimeo.com/1`", "1"),
    ("video", "```1```", "1"),
    ("video", "<https://vimeo.com/1>", "1"),
    ("video", "(https://vimeo.com/1)", "1"),
    ("video", "\u201chttps://vimeo.com/1\u201d", "1"),
    ("video", "\u00ab1\u00bb", "1"),
    ("video", "[A film](https://vimeo.com/1)", "1"),
    ("video", '[A film](<https://vimeo.com/1> "It")', "1"),
    ("video", "https://vimeo.com/1.", "1"),
    ("video", "\u200bhttps://vimeo.com/1\u200b", "1"),
    ("video", "\ufeff1", "1"),
    ("video", "12\u200d3", "123"),
    ("video", "\u200e1\u200e", "1"),
    # Comments, chapters, text tracks, pictures, presets, webhooks
    ("comment", "/videos/9/comments/1", "1"),
    ("comment", f"/videos/9:{H}/comments/1", "1"),
    ("comment", "videos/9/comments/1/replies", "1"),
    ("comment", "https://vimeo.com/76979871#comment_10159831", "10159831"),
    ("comment", f"https://vimeo.com/9/{H}#comment_1", "1"),
    ("chapter", "/videos/9/chapters/1", "1"),
    ("texttrack", "/videos/9/texttracks/1", "1"),
    ("picture", "/videos/9/pictures/1", "1"),
    ("preset", "/users/9/presets/1", "1"),
    ("preset", "https://api.vimeo.com/me/presets/1", "1"),
    ("webhook", "/apps/9/webhooks/1", "1"),
    ("webhook", "https://api.vimeo.com/apps/9/webhooks/ab-1", "ab-1"),
    # Users
    ("user", "dashron", "dashron"),
    ("user", "user170863801", "user170863801"),
    ("user", 152184, "152184"),
    ("user", "/users/152184", "152184"),
    ("user", "https://api.vimeo.com/users/152184", "152184"),
    ("user", "https://vimeo.com/nkistudio/", "nkistudio"),
    ("user", "https://vimeo.com/nkistudio/videos", "nkistudio"),
    ("user", "https://vimeo.com/stormlapse/likes", "stormlapse"),
    ("user", "vimeo.com/user755559/likes/", "user755559"),
    ("user", "https://vimeo.com/user1050", "user1050"),
    ("user", "https://vimeo.com/someone/videos/page:2/sort:date", "someone"),
    ("channel", "https://vimeo.com/channels/staffpicks/page:2", "staffpicks"),
    ("user", "[Someone](https://vimeo.com/someone)", "someone"),
    # Channels, groups, categories
    ("channel", "staffpicks", "staffpicks"),
    ("channel", "https://vimeo.com/channels/tributes", "tributes"),
    ("channel", "https://vimeo.com/channels/tributes/6213729", "tributes"),
    ("channel", "https://vimeo.com/channels/1smdqioosekp4p95k36daq/", "1smdqioosekp4p95k36daq"),
    ("channel", "https://vimeo.com/channels/staffpicks/videos", "staffpicks"),
    ("channel", "/channels/927/videos", "927"),
    ("group", "https://vimeo.com/groups/meetup", "meetup"),
    ("group", "https://vimeo.com/groups/travelhd/videos/22439234", "travelhd"),
    ("group", "groups/195", "195"),
    ("category", "animation", "animation"),
    ("category", "https://vimeo.com/categories/animation", "animation"),
    ("category", "https://vimeo.com/categories/animation/videos", "animation"),
    ("category", "https://vimeo.com/categories/animation/vfx", "vfx"),
    ("category", "/categories/sports/subcategories/snow", "snow"),
    # Showcases and folders
    ("showcase", "https://vimeo.com/showcase/1/", "1"),
    ("showcase", "https://vimeo.com/album/1/embed", "1"),
    ("showcase", "https://vimeo.com/showcase/11803104/embed2", "11803104"),
    ("showcase", "https://vimeo.com/showcase/9/video/1", "9"),
    ("showcase", "https://vimeo.com/manage/showcases/8478566/info", "8478566"),
    ("showcase", "manage/showcases/1/info", "1"),
    ("showcase", '<iframe src="https://vimeo.com/showcase/1/embed2" allowfullscreen></iframe>', "1"),
    ("folder", "https://vimeo.com/manage/folders/4206879", "4206879"),
    ("folder", "https://vimeo.com/user/22350198/folder/2970924?isPrivate=false", "2970924"),
    ("folder", "/me/folders/1", "1"),
    ("folder", "projects/1", "1"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "written", "meant"), RIGHT)
def test_the_right_id(kind: str, written: Any, meant: str) -> None:
    assert normalized(kind, written) == meant


REFUSED: list[tuple[str, Any, str]] = [
    ("video", "https://vimeo.com/event/4753126", "a live event"),
    ("video", f"https://vimeo.com/event/4259978/{H}", "a live event"),
    ("video", "https://vimeo.com/event/1/9603038895", "a live event"),
    ("video", "https://vimeo.com/event/5034253/embed", "a live event"),
    ("video", "https://player.vimeo.com/event/1234567", "a live event"),
    ("video", "https://vimeo.com/ondemand/nazmaalik", "an On Demand page"),
    ("video", "https://vimeo.com/ondemand/20704", "an On Demand page"),
    ("video", "https://vimeo.com/showcase/7060635", "a showcase"),
    ("video", "https://vimeo.com/channels/927", "a channel"),
    ("video", "https://vimeo.com/groups/195", "a group"),
    ("video", "https://vimeo.com/manage/folders/12345", "a folder"),
    ("video", "https://vimeo.com/users/152184", "a user"),
    ("video", "https://vimeo.com/categories/12345", "a category"),
    ("video", "https://vimeo.com/search/76979871", "a page of Vimeo"),
    ("video", "https://vimeo.com/watch/76979871", "a page of Vimeo"),
    ("video", "https://vimeo.com/user26785108/newspiritualguide", "a page of Vimeo"),
    ("video", "https://vimeo.com/stock/clip-1234567-example", "a page of Vimeo"),
    ("video", "https://player.vimeo.com/video/1?h=xyzxyzxyzx", "not a privacy hash"),
    ("video", f"https://vimeo.com/1/{H}?h=0000000000", "more than one"),
    ("video", f"https://vimeo.com/1?h={H}&h=0000000000", "more than one"),
    ("video", "<iframe src='//vimeo.com/1'></iframe><iframe src='//vimeo.com/2'></iframe>", "not a Vimeo video id"),
    ("video", "1:privacy", "not a Vimeo video id"),
    ("video", "1/settings", "not"),
    ("video", "1/2", "not"),
    ("video", "https://vimeo.com/1/2", "not"),
    ("video", "/videos/1/comments/2", "a comment"),
    ("video", "https://i.vimeocdn.com/video/97276391", "not a Vimeo video id"),
    ("video", "https://youtu.be/1", "not a Vimeo video id"),
    ("video", "https://example.com/?u=vimeo.com/123", "not a Vimeo video id"),
    ("video", "https://vimeo.com/\u202e123", "not a Vimeo video id"),
    ("video", "\uff11\uff12\uff13", "not a Vimeo video id"),
    ("video", "watch https://vimeo.com/1 now", "not a Vimeo video id"),
    ("video", "1, 2", "not a Vimeo video id"),
    ("video", "https://vimeo.com/1 https://vimeo.com/2", "not a Vimeo video id"),
    ("video", "https://m.vimeo.com.example.com/1", "not a Vimeo video id"),
    ("video", "/videos/1/texttracks/2", "a text track"),
    ("video", 1e300, "not a Vimeo video id"),
    ("video", float("nan"), "not a Vimeo video id"),
    ("video", float("inf"), "not a Vimeo video id"),
    ("video", 10**30, "not a Vimeo video id"),
    ("user", "https://vimeo.com/1050", "a video"),
    ("user", "vimeo.com/1050", "a video"),
    ("user", "https://vimeo.com/channels/staffpicks", "a channel"),
    ("user", "https://vimeo.com/ondemand/nazmaalik", "an On Demand page"),
    ("user", "https://vimeo.com/manage/videos/1/privacy", "a video"),
    ("user", "https://vimeo.com/upload", "a page of Vimeo"),
    ("user", "https://vimeo.com/user", "a page of Vimeo"),
    ("user", "https://vimeo.com/BLOG", "a page of Vimeo"),
    ("user", "ME", "not a Vimeo user id"),
    ("user", "/users/me", "not the URI of a user"),
    ("user", "https://vimeo.com/user/22350198/folder/2970924", "not of a user"),
    ("channel", "https://vimeo.com/staffpicks", "a user"),
    ("channel", "https://vimeo.com/1", "a video"),
    ("showcase", "https://vimeo.com/showcase/osfc-2020", "a showcase by its name"),
    ("showcase", "https://vimeo.com/1", "a video"),
    ("folder", "/users/9/albums/5", "a showcase"),
    ("folder", "https://vimeo.com/manage/folders", "not"),
    ("group", "/channels/5", "a channel"),
    ("comment", "https://vimeo.com/1", "a video"),
]  # fmt: skip


PATHS = [
    each for each in RIGHT if str(each[1]).startswith("/") and not str(each[1]).startswith(("//", "/manage/"))
]
"""Paths of the API; `/manage/` is one of a page."""


@pytest.mark.parametrize(("kind", "path", "meant"), PATHS)
def test_a_path_of_the_api_and_its_link_are_the_same(kind: str, path: str, meant: str) -> None:
    link = f"api.vimeo.com{path}"
    for written in (link, f"//{link}", f"https://{link}", f"http://{link}/", f"HTTPS://API.VIMEO.COM{path}"):
        assert normalized(kind, written) == meant


@pytest.mark.parametrize("host", ["vimeo.com", "www.vimeo.com", "player.vimeo.com", "vimeopro.com"])
def test_a_path_of_the_api_leads_nowhere_on_another_host(host: str) -> None:
    for kind, path in (("comment", "/videos/9/comments/1"), ("preset", "/users/9/presets/1")):
        with pytest.raises(ValueError, match="write it as"):
            normalized(kind, f"https://{host}{path}")
    with pytest.raises(ValueError, match="write it as"):
        normalized("video", "https://api.vimeo.com/manage/videos/1")


@pytest.mark.parametrize(("kind", "written", "why"), REFUSED)
def test_a_clear_refusal(kind: str, written: Any, why: str) -> None:
    with pytest.raises(ValueError, match=rf"{why}.*write it as"):
        normalized(kind, written)


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_pages_of_vimeo_are_not_users(word: str) -> None:
    for written in (word, word.upper(), f"/users/{word}", f"https://vimeo.com/{word}", f"vimeo.com/{word}/"):
        with pytest.raises(ValueError, match="write it as"):
            normalized("user", written)


@given(
    page=st.from_regex(r"[a-z]{3,12}([_-][a-z]{2,8})?", fullmatch=True),
    start=st.sampled_from(["https://vimeo.com/1", "https://vimeo.com/manage/videos/1", "vimeo.com/manage/1"]),
)
def test_a_pages_name_is_never_a_hash(page: str, start: str) -> None:
    """Unless every sign of it is a hex digit, which is how a hash looks."""
    if len(page) >= 6 and set(page) <= set("abcdef"):
        return
    assert normalized("video", f"{start}/{page}") == "1"


@given(number=st.integers(1, 10**12), secret=st.none() | st.from_regex(r"[0-9a-f]{10}", fullmatch=True))
def test_every_way_to_name_a_video_names_the_same(number: int, secret: str | None) -> None:
    meant = f"{number}:{secret}" if secret else str(number)
    tail, query = (f"/{secret}", f"?h={secret}") if secret else ("", "")
    for written in (
        meant,
        f"{number}{tail}",
        f"/videos/{meant}",
        f"https://vimeo.com/{number}{tail}",
        f"https://vimeo.com/{number}{query}",
        f"https://player.vimeo.com/video/{number}{query}",
        f"https://vimeo.com/manage/videos/{number}{tail}",
        f"https://vimeo.com/channels/staffpicks/{number}{tail}",
        f'<iframe src="https://player.vimeo.com/video/{number}{query}"></iframe>',
    ):
        assert normalized("video", written) == meant


@pytest.mark.parametrize(
    ("kind", "written", "meant"),
    [
        ("folder", "5", "5"),
        ("folder", "/me/projects/5", "5"),
        ("folder", "/users/me/projects/5", "5"),
        ("folder", "/users/9/projects/5", "/users/9/projects/5"),
        ("folder", "users/9/folders/5/items", "/users/9/projects/5"),
        ("folder", "https://api.vimeo.com/users/9/projects/5/videos", "/users/9/projects/5"),
        ("folder", "https://vimeo.com/user/9/folder/5", "/users/9/projects/5"),
        ("folder", f"https://vimeo.com/reviews/{UUID}/users/9/folders/5", "/users/9/projects/5"),
        ("folder", "https://vimeo.com/manage/folders/5", "5"),
        ("showcase", "5", "5"),
        ("showcase", "/users/9/albums/5", "/users/9/albums/5"),
        ("showcase", "/users/9/showcases/5/videos/1", "/users/9/albums/5"),
        ("showcase", "https://vimeo.com/showcase/5", "5"),
    ],
)
def test_the_owner_is_kept(kind: str, written: str, meant: str) -> None:
    assert with_owner(kind, written) == meant
    assert with_owner(kind, meant) == meant
    assert normalized(kind, written) == "5"


def test_a_number_that_python_does_not_write_out() -> None:
    with pytest.raises(ValueError, match="not a Vimeo video id"):
        normalized("video", 10**5000)


@pytest.mark.parametrize("kind", KINDS)
def test_examples_in_errors_are_right(kind: str) -> None:
    for written in KINDS[kind].example.split("(")[0].split('"')[1::2]:
        normalized(kind, written.replace("hash", H))
