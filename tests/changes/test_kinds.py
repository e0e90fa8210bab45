"""Each kind's requests are ones that the API's document has, and its values are read as they were written."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from tests.contract.openapi import problems_of_request
from tests.unit.world import one_by_one
from vimeo_toolkit.catalog.effects import last_part
from vimeo_toolkit.catalog.video_parts import same_tag
from vimeo_toolkit.changes.current import Current, current
from vimeo_toolkit.changes.kinds import (
    KINDS,
    UNKNOWN,
    many_at_once,
    patch_of,
    scopes_of,
    single,
    tags_added,
    value_in,
)
from vimeo_toolkit.changes.model import Edit, EditKind
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.wire.api_request import ApiRequest

OWN = "/users/9"
VIDEO = "/videos/123:abcdef0123"
FOLDER, SHOWCASE = "/users/9/projects/5", "/users/9/albums/7"
EDITS = [
    Edit("name", "A", "B"),
    Edit("description", None, "B"),
    Edit("privacy", "anybody", "nobody"),
    Edit("license", None, "by"),
    Edit("tag", False, True, "two words"),
    Edit("tag", True, False, "two words"),
    Edit("folder", None, FOLDER),
    Edit("folder", FOLDER, None),
    Edit("showcase", False, True, SHOWCASE),
    Edit("showcase", True, False, SHOWCASE),
    Edit("embed_privacy", "public", "whitelist"),
    Edit("embed_privacy", "whitelist", "public"),
    Edit("embed_domain", False, True, "example.com"),
    Edit("embed_domain", True, False, "example.com"),
    Edit("like", False, True),
    Edit("like", True, False),
    Edit("watch_later", False, True),
    Edit("watch_later", True, False),
    Edit("video", True, False),
]


def test_every_kind_is_in_the_table_and_in_these_tests() -> None:
    assert set(KINDS) == set(get_args(EditKind)) == {edit.kind for edit in EDITS}


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: f"{edit.kind}-{edit.after}")
def test_every_request_is_one_that_the_document_has(edit: Edit) -> None:
    sent = [patch_of(VIDEO, [edit]), single(VIDEO, edit, OWN), many_at_once([VIDEO, "/videos/4"], edit, OWN)]
    requests = [request for request in sent if request is not None]
    assert requests, "it can be written somehow"
    for request in requests:
        assert "123:" not in request.path, "paths take the number alone"
        query = dict(request.query) | ({"fields": request.fields} if request.fields else {})
        assert problems_of_request(request.method, request.path, query, request.body) == []
    assert scopes_of(edit) <= {"edit", "interact", "delete"}
    assert scopes_of(edit)


def test_all_settings_of_a_video_are_one_request() -> None:
    edits = [
        *EDITS[:4],
        Edit("embed_domain", False, True, "a.com"),
        Edit("embed_domain", False, True, "b.com"),
    ]
    request = patch_of(VIDEO, [*edits, Edit("embed_domain", True, False, "c.com"), Edit("like", False, True)])
    assert request == ApiRequest(
        "PATCH",
        "/videos/123",
        body={
            "name": "B",
            "description": "B",
            "privacy": {"view": "nobody"},
            "license": "by",
            "embed_domains_add": ["a.com", "b.com"],
            "embed_domains_delete": ["c.com"],
        },
        fields="uri",
    )
    cleared = patch_of(VIDEO, [Edit("description", "A", None)])
    assert cleared is not None
    assert cleared.body == {"description": ""}
    assert tags_added(VIDEO, ["a", "b"]).body == [{"name": "a"}, {"name": "b"}]


def test_many_videos_are_one_request_where_vimeo_has_one() -> None:
    uris = ["/videos/1", "/videos/2"]
    moved = many_at_once(uris, Edit("folder", None, FOLDER), OWN)
    assert moved is not None
    assert (moved.path, moved.query) == ("/me/projects/5/videos", {"uris": "/videos/1,/videos/2"})
    another = many_at_once(uris, Edit("folder", None, "/users/8/projects/5"), OWN)
    assert another is not None
    assert another.path == "/users/8/projects/5/videos"
    deleted = many_at_once(uris, Edit("video", True, False), OWN)
    assert deleted is not None
    assert (deleted.method, deleted.path) == ("DELETE", "/me/videos")
    assert many_at_once(uris, Edit("folder", FOLDER, None), OWN) is None


WHOLE: dict[str, Any] = {
    "uri": VIDEO,
    "name": "A",
    "description": None,
    "privacy": {"view": "nobody", "embed": "whitelist"},
    "license": None,
    "tags": [{"name": "Two Words", "canonical": "twowords"}],
    "parent_folder": {"uri": FOLDER},
    "metadata": {"interactions": {"watchlater": {"added": True}}},
}


def test_what_a_video_shows_is_told_from_what_it_does_not() -> None:
    assert value_in(WHOLE, "name") == "A"
    assert value_in(WHOLE, "description") is None
    assert value_in(WHOLE, "privacy") == "nobody"
    assert value_in(WHOLE, "folder") == FOLDER
    assert value_in({**WHOLE, "parent_folder": None}, "folder") is None
    assert value_in({"uri": VIDEO}, "folder") is UNKNOWN
    assert value_in(WHOLE, "watch_later") is True
    assert value_in(WHOLE, "like") is UNKNOWN  # nobody can like their own video, so it shows none
    assert value_in(WHOLE, "tag", "two-words") is True
    assert value_in(WHOLE, "tag", "two") is False
    assert same_tag("Fräse!", "fräse")
    assert not same_tag("!", "?")


class Vimeo:
    """Answers as listed, by path; notes what was asked."""

    allow_private_urls = False

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.sent: list[ApiRequest] = []
        self.account = type("Account", (), {"vimeo_uri": OWN})

    beside = staticmethod(one_by_one)

    async def send(self, request: ApiRequest) -> Any:
        self.sent.append(request)
        if request.path == "/videos":
            uris = request.query["uris"].split(",")
            assert len(uris) <= 100
            return {"data": [{**WHOLE, "uri": uri} for uri in uris if uri != "/videos/404"]}
        return {"data": self.answers[request.path], "paging": {"next": None}}


def looked(api: Any, uris: list[str], *wanted: tuple[EditKind, str]) -> Current:
    return run_sync(current(api, uris, wanted))


def test_a_hundred_videos_are_one_look_and_a_showcase_is_read_once() -> None:
    api = Vimeo({"/me/albums/7/videos": [{"uri": "/videos/3"}]})
    uris = [f"/videos/{number}" for number in range(1, 251)]
    seen = looked(api, uris, ("privacy", ""), ("showcase", SHOWCASE), ("tag", "x"), ("privacy", ""))
    assert [request.path for request in api.sent] == ["/videos"] * 3 + ["/me/albums/7/videos"]
    assert api.sent[0].fields == "uri,name,privacy.view,tags.name,tags.canonical"
    assert seen.value("/videos/3", "showcase", SHOWCASE) is True
    assert seen.value("/videos/4", "showcase", SHOWCASE) is False
    assert seen.value("/videos/4", "privacy") == "nobody"
    assert seen.value("/videos/4", "showcase", "/users/9/albums/8") is UNKNOWN


def test_what_is_not_there_is_unknown_and_its_uri_may_be_written_in_two_ways() -> None:
    seen = looked(Vimeo({}), ["/videos/404", VIDEO], ("name", ""), ("video", ""))
    assert seen.video("/videos/404") is None
    assert seen.value("/videos/404", "video") is False
    assert seen.value("/videos/404", "name") is UNKNOWN
    assert seen.value("/videos/123", "name") == "A"
    assert last_part(VIDEO) in seen.videos


def test_sites_are_compared_as_domains() -> None:
    api = Vimeo({"/videos/123/privacy/domains": [{"domain": "Example.com"}]})
    seen = looked(api, [VIDEO], ("embed_domain", "example.com"), ("embed_domain", "other.com"))
    assert seen.value(VIDEO, "embed_domain", "https://example.com/") is True
    assert seen.value(VIDEO, "embed_domain", "other.com") is False
    assert [request.path for request in api.sent] == ["/videos", "/videos/123/privacy/domains"]
