"""A plan says of each video what would change, what stays, what cannot be done and why; and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conftest import Connect
from tests.examples import writes
from vimeo_toolkit import InvalidInput, MissingScope, NotFound, ToolResult, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox, User
from vimeo_toolkit.sandbox.state import Folder, Showcase

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
Plan = Callable[..., ToolResult]


@pytest.fixture
def owner(vimeo: Sandbox) -> User:
    views = ("anybody", "nobody", "unlisted", "password")
    videos = [
        {"name": f"Film {place}", "created": NOW, "view": views[place % 4], "tags": ["rust", "Two Words"]}
        for place in range(8)
    ]
    return vimeo.add_user("Busy", plan="standard", videos=videos)


@pytest.fixture
def plan(owner: User, toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox) -> Plan:
    identifier = connect("busy", user=owner)

    def called(**given: Any) -> ToolResult:
        vimeo.requests.clear()
        return toolkit.execute_tool(identifier=identifier, tool_name="vimeo_videos_change", tool_input=given)

    return called


def uris(owner: User) -> list[str]:
    return [video.uri for video in owner.videos]


def lines(result: ToolResult, part: str = "changes") -> dict[str, int]:
    word = "change" if part == "changes" else "what"
    return {each[word]: each["videos"] for each in result.data.get(part, [])}


def test_a_plan_says_what_changes_from_what_to_what_and_changes_nothing(
    plan: Plan, owner: User, vimeo: Sandbox
) -> None:
    told = plan(videos=uris(owner), set_privacy="nobody", add_tags=["Rust", "new"], remove_tags=["twowords"])
    assert writes(vimeo) == []
    assert [request.method for request in vimeo.requests] == ["GET"]
    assert lines(told) == {
        "add tag new": 8,
        "remove tag Two Words": 8,
        "privacy: anybody → nobody": 2,
        "privacy: unlisted → nobody": 2,
        "privacy: password → nobody": 2,
    }
    assert lines(told, "already_so") == {"tag Rust": 8, "privacy nobody": 2}
    assert (told["chosen"], told["would_change"]) == (8, 8)
    (password,) = [each for each in told["changes"] if "password" in each["change"]]
    assert password["undoable"] is False
    assert "password is not known" in password["why_not"]
    assert told["data"][0] == {
        "uri": owner.videos[0].uri,
        "name": "Film 0",
        "change": "privacy: anybody → nobody; remove tag Two Words; add tag new",
        "what": "privacy was anybody; remove tag Two Words; add tag new",
        "same": "tag Rust",
    }
    assert told["plan_id"].startswith("p")
    assert told["next"].startswith("Nothing is changed yet")


def test_names_and_descriptions_are_patterns(plan: Plan, owner: User) -> None:
    owner.videos[0].description = "About it."
    owner.videos[1].name = "x" * 128
    told = plan(
        videos=uris(owner)[:3],
        set_name="{n} {date} {name}",
        set_description="{description} {name} {other}",
    )
    assert [row.get("change") for row in told["data"]] == [
        "title: Film 0 → 1 2026-11-23 Film 0; description: About it. → About it. Film 0 {other}",
        f"description: none → {'x' * 59}…",
        "title: Film 2 → 3 2026-11-23 Film 2; description: none → Film 2 {other}",
    ]
    assert lines(told, "not_possible") == {"Its title would have more than 128 characters.": 1}


@pytest.mark.parametrize(
    ("pattern", "title"),
    [
        ("{name:Part One->Part 1}", "Sea: Part 1"),
        ("{name:Part One -> Part 1}", "Sea: Part 1"),
        ("{name:: Part One->}", "Sea"),
        ("{name:e->3} {n}", "S3a: Part On3 1"),
        ("{name} ({year}, {month})", "Sea: Part One (2026, 11)"),
        ("{name} {date:2026-->}", "Sea: Part One 11-23"),
        ("{name:part one->Part 1}", None),
        ("{name:Part Two->Part 2}", None),
    ],
)
def test_a_part_of_a_title_gives_way_to_another(
    plan: Plan, owner: User, pattern: str, title: str | None
) -> None:
    owner.videos[0].name = "Sea: Part One"
    told = plan(videos=uris(owner)[:1], set_name=pattern)
    if title is None:
        assert lines(told, "already_so") == {"title": 1}
    else:
        assert told["data"][0]["change"] == f"title: Sea: Part One → {title}"


def test_what_cannot_be_done_is_said_with_its_reason(plan: Plan, owner: User, vimeo: Sandbox) -> None:
    other = next(video for video in vimeo.world.videos.values() if video.user is not owner)
    owner.videos[0].tags[:] = [f"tag{place}" for place in range(20)]
    told = plan(
        videos=[*uris(owner)[:2], other.uri, "/videos/9999999"],
        add_tags=["new"],
        like=True,
        remove_embed_domains=["example.org"],  # it may be embedded everywhere, so it is not so already
    )
    assert lines(told, "not_possible") == {
        "Nobody can like their own video.": 2,
        "It has no list of sites that may embed it, from which one could be taken.": 2,
        "With these tags it would have more than 20, the most that Vimeo allows.": 1,
        "It is another user's video: only like and watch_later can be set.": 1,
        "It is not there, or this user cannot see it.": 1,
    }
    assert lines(told) == {"add tag new": 1, "like on": 1}
    assert "data.name" in told.untrusted_fields
    assert plan(videos=[owner.videos[1].uri], delete=True).untrusted_fields == ()


def test_places_are_named_and_what_others_see_is_said(plan: Plan, owner: User, vimeo: Sandbox) -> None:
    now = vimeo.world.now()
    folder = Folder(vimeo.world.next_id(), owner, "Old", now, now)
    showcase = Showcase(vimeo.world.next_id(), owner, "Best", now, now)
    owner.folders.append(folder)
    owner.showcases.append(showcase)
    showcase.videos.append(owner.videos[0])
    for video in owner.videos[:3]:
        video.folder = folder
    told = plan(
        videos=uris(owner)[:4], move_to_folder="none", add_to_showcases=[showcase.uri], set_privacy="anybody"
    )
    assert [request.path for request in vimeo.requests] == [
        f"/me/albums/{showcase.id}",
        "/videos",
        f"/me/albums/{showcase.id}/videos",
    ]
    assert lines(told)["folder: Old → none"] == 3
    assert lines(told)["into showcase Best"] == 3
    assert lines(told, "already_so") == {"folder": 1, "showcase Best": 1, "privacy anybody": 1}
    assert told["notes"][0] == "3 videos will be public: everyone can see them then."
    private = plan(videos=uris(owner)[1:4], set_privacy="nobody", add_to_showcases=[showcase.uri])
    assert any("Only you see such videos in this public showcase" in note for note in private["notes"])
    (same,) = plan(videos=uris(owner)[:4], set_name="One title")["notes"]
    assert same == "4 videos will have the same title."
    with pytest.raises(NotFound) as missing:
        plan(videos=uris(owner), add_to_showcases=["777"])
    assert "vimeo_showcases_list" in missing.value.hint


def test_what_the_account_cannot_choose_is_not_planned(
    plan: Plan, owner: User, vimeo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vimeo_toolkit.sandbox.shapes.videolinks.PRIVACIES", ["anybody", "nobody"])
    told = plan(videos=uris(owner)[:1], set_privacy="unlisted")
    assert lines(told, "not_possible") == {
        "This account cannot choose the privacy unlisted; it can: anybody, nobody.": 1
    }
    assert told["would_change"] == 0
    assert told["message"].startswith("Nothing would change")
    assert "next" not in told.data


def test_missing_scopes_are_said_in_a_plan_and_refused_before_it_is_applied(
    owner: User, toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox
) -> None:
    identifier = connect("reader", user=owner, scopes=("public", "private", "edit"))

    def call(**given: Any) -> ToolResult:
        return toolkit.execute_tool(identifier=identifier, tool_name="vimeo_videos_change", tool_input=given)

    told = call(videos=uris(owner), delete=True)
    assert lines(told, "not_possible") == {
        "Changing the video needs the scope delete, which the user has not granted.": 8
    }
    with pytest.raises(MissingScope) as missing:
        call(videos=uris(owner), delete=True, apply=True)
    assert list(missing.value.missing) == ["delete"]
    assert writes(vimeo) == []


def test_videos_are_chosen_by_conditions_with_no_second_look(plan: Plan, owner: User, vimeo: Sandbox) -> None:
    for place, video in enumerate(owner.videos):
        video.created = NOW.replace(hour=23 - place)
    told = plan(privacy="nobody", set_name="{n}: {name}", add_tags=["x"])
    assert [request.path for request in vimeo.requests] == ["/me/videos"]
    assert [row["change"] for row in told["data"]] == [
        "title: Film 5 → 1: Film 5; add tag x",
        "title: Film 1 → 2: Film 1; add tag x",
    ]
    done = plan(plan_id=told["plan_id"], apply=True)
    assert done["done"] == 2
    assert owner.videos[5].name == "1: Film 5"
    assert plan(from_date="2000", set_privacy="anybody")["chosen"] == 8


def test_a_query_that_matches_elsewhere_is_said(plan: Plan, owner: User) -> None:
    owner.videos[3].description = "As in Film 5."
    told = plan(query="Film 5", delete=True)
    assert told["chosen"] == 2
    assert told["notes"][0].startswith("1 of 2 do not have the words of the search in the title")


def test_one_thing_that_is_named_twice_is_planned_once(plan: Plan, owner: User, vimeo: Sandbox) -> None:
    now = vimeo.world.now()
    owner.showcases.append(Showcase(vimeo.world.next_id(), owner, "Best", now, now))
    uri = owner.showcases[0].uri
    number = uri.rpartition("/")[2]
    told = plan(videos=[owner.videos[0].uri] * 2, add_tags=["New", "new"], add_to_showcases=[uri, number])
    assert lines(told) == {"add tag New": 1, "into showcase Best": 1}
    with pytest.raises(InvalidInput, match="at once"):
        plan(videos=[owner.videos[0].uri], add_to_showcases=[uri], remove_from_showcases=[number])


def test_signs_that_hide_are_not_shown(plan: Plan, owner: User) -> None:
    owner.videos[0].name = "A\x1b[31m\u202eB\nC"
    told = plan(videos=[owner.videos[0].uri], set_name="D")
    assert told["data"][0]["change"] == "title: A [31m B C → D"


def test_an_empty_choice_says_what_was_looked_for(plan: Plan, owner: User, vimeo: Sandbox) -> None:
    told = plan(name_contains="Nothing of this", delete=True, apply=True)
    assert told["message"].startswith("No video was found")
    everywhere = (
        f"in the whole library: {len(owner.videos)} videos, none of which meets the other conditions."
    )
    assert told["notes"] == [f"Looked for name_contains=Nothing of this {everywhere}"]
    now = vimeo.clock.now()
    folder = Folder(vimeo.world.next_id(), owner, "Empty", now, now)
    owner.folders.append(folder)
    (note,) = plan(folder_id=folder.name, min_plays=5, delete=True)["notes"]
    assert note.startswith(f"Looked for min_plays=5 in the folder {folder.uri}, not the folders below it")
    assert writes(vimeo) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"set_name": "A"}, "which videos.*from_date=2000 is the whole library"),
        ({"set_name": "A", "timezone": "UTC"}, "which videos"),
        ({"set_name": "A", "videos": ["1"], "privacy": "nobody"}, "leave out the condition privacy"),
        ({"videos": ["1"]}, "at least one change"),
        ({"privacy": "nobody"}, "at least one change.*privacy chooses videos, set_privacy changes them"),
        ({"videos": ["1"], "privacy": "nobody", "like": True}, "set_privacy changes them"),
        ({"videos": ["1"], "delete": False}, "at least one change"),
        ({"videos": ["1"], "delete": True, "like": True}, "delete goes with no other change"),
        (
            {"videos": ["1"], "set_name": "{Name}"},
            r"{name} \(the title of now\), {date} \(.*{year} .*{month} .*{n} ",
        ),
        (
            {"videos": ["1"], "add_tags": ["a"], "remove_tags": ["a"]},
            "tag a is asked to be put in and taken out",
        ),
        ({"videos": ["1"], "add_tags": ["Two Words"], "remove_tags": ["two-words"]}, "at once"),
        ({"plan_id": "p00000000", "like": True}, "give it alone"),
        ({"plan_id": "p00000000"}, "no plan of this id"),
        ({"videos": ["1"], "set_privacy": "password"}, "set_privacy"),
        ({"videos": ["1"], "add_tags": list("abcdefghijklmnopqrstu")}, "there are 21, and 20 at most"),
        ({"videos": ["1"], "add_to_showcases": list("12345678901")}, "there are 11, and 10 at most"),
    ],
)
def test_what_contradicts_itself_is_refused(
    given: dict[str, Any], said: str, plan: Plan, vimeo: Sandbox
) -> None:
    with pytest.raises(InvalidInput, match=said.replace("{", r"\{")):
        plan(**given)
    assert vimeo.requests == []


def test_a_plan_of_a_thousand_videos_is_short_and_says_how_many(
    toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox
) -> None:
    many = vimeo.add_user("Many", plan="free", videos=[{"name": f"Clip {n}"} for n in range(1000)])
    identifier = connect("many", user=many)
    told = toolkit.execute_tool(
        identifier=identifier,
        tool_name="vimeo_videos_change",
        tool_input={"videos": uris(many), "set_privacy": "nobody"},
    )
    assert len(vimeo.requests) == 10
    shown = told.to_text()
    assert len(shown) <= 5_000
    assert '"message":"1,000 of 1,000 videos would change."' in shown
    assert "of these 1000 are shown" in shown
    assert len(told["data"]) == 1000
    assert told["requests_at_most"] == 1010
    # Fifty requests a minute, of which ten are used.
    assert told["seconds_about"] == 20 * 60


@pytest.mark.parametrize("count", [*(pytest.param(n, marks=pytest.mark.slow) for n in (1, 3)), 24])
@pytest.mark.parametrize(
    "changes",
    [
        {"set_name": "{n}", "set_privacy": "nobody", "add_tags": ["a", "b"], "remove_tags": ["c", "d"]},
        {"move_to_folder": "FOLDER", "add_to_showcases": ["SHOWCASE"], "watch_later": True},
        {"move_to_folder": "none", "remove_from_showcases": ["SHOWCASE"]},
        {"add_embed_domains": ["a.com"], "remove_embed_domains": ["b.com"]},
        {"add_embed_domains": ["a.com"]},
        {"delete": True},
    ],
)
def test_applying_takes_no_more_requests_than_the_plan_says(
    changes: dict[str, Any], count: int, toolkit: VimeoToolkit, connect: Connect, vimeo: Sandbox
) -> None:
    user = vimeo.add_user("Counted", plan="enterprise", videos=[{"name": f"Clip {n}"} for n in range(count)])
    now = vimeo.world.now()
    folder = Folder(vimeo.world.next_id(), user, "F", now, now)
    showcase = Showcase(vimeo.world.next_id(), user, "S", now, now)
    user.folders.append(folder)
    user.showcases.append(showcase)
    for video in user.videos:
        video.tags, video.embed, video.embed_domains = ["c", "d"], "whitelist", ["b.com"]
        if "remove_from_showcases" in changes:
            video.folder = folder
            showcase.videos.append(video)
    places = {"FOLDER": folder.uri, "SHOWCASE": showcase.uri}
    given = {
        name: [places.get(each, each) for each in value]
        if isinstance(value, list)
        else places.get(value, value)
        for name, value in changes.items()
    }
    identifier = connect("counted", user=user)
    ask: dict[str, Any] = {"identifier": identifier, "tool_name": "vimeo_videos_change"}
    told = toolkit.execute_tool(**ask, tool_input={"from_date": "2000", **given})
    assert told["would_change"] == count
    vimeo.requests.clear()
    done = toolkit.execute_tool(**ask, tool_input={"plan_id": told["plan_id"], "apply": True})
    assert done["done"] == count
    assert len(vimeo.requests) <= told["requests_at_most"] <= 3 * len(vimeo.requests) + 10
    if changes.get("delete"):
        return
    vimeo.requests.clear()
    back = toolkit.execute_tool(
        identifier="counted", tool_name="vimeo_changes_undo", tool_input={"plan_id": told["plan_id"]}
    )
    assert back["done"] == count
    most = toolkit.get_plan(back["plan_id"], identifier="counted").requests
    assert len(vimeo.requests) <= most <= 3 * len(vimeo.requests) + 10
