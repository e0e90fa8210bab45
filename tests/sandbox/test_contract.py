"""The sandbox against the API's own document, by plain HTTP: without the catalogue, which may be wrong."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from tests.contract.openapi import document, problems_of_answer, problems_of_request, tools_59
from tests.sandbox.conftest import Api
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.sandbox.endpoints import ENDPOINTS

Body = dict[str, Any] | list[Any] | None

# Of each of the 59 tools one request: method, path, body. The names in braces are filled in by `_names`.
REQUESTS: dict[str, tuple[str, str, Body]] = {
    "vimeo_categories_list": ("GET", "/categories?sort=name&direction=asc", None),
    "vimeo_category_get": ("GET", "/categories/documentary", None),
    "vimeo_category_videos_list": ("GET", "/categories/documentary/videos?sort=plays", None),
    "vimeo_channel_get": ("GET", "/channels/staffpicks", None),
    "vimeo_channel_videos_list": ("GET", "/channels/staffpicks/videos?sort=added", None),
    "vimeo_channels_list": ("GET", "/channels?filter=featured", None),
    "vimeo_comment_delete": ("DELETE", "/videos/{commented}/comments/{comment}", None),
    "vimeo_comment_replies_list": ("GET", "/videos/{commented}/comments/{answered}/replies", None),
    "vimeo_folder_create": ("POST", "/me/projects", {"name": "a", "parent_folder_uri": "{folder_uri}"}),
    "vimeo_folder_delete": ("DELETE", "/me/projects/{folder}?should_delete_clips=false", None),
    "vimeo_folder_video_add": ("PUT", "/me/projects/{folder}/videos/{mine}", None),
    "vimeo_folder_videos_list": ("GET", "/me/projects/{folder}/videos?sort=date", None),
    "vimeo_folders_list": ("GET", "/me/projects", None),
    "vimeo_following_list": ("GET", "/me/following", None),
    "vimeo_group_create": ("POST", "/groups", {"name": "a", "description": "b"}),
    "vimeo_group_delete": ("DELETE", "/groups/{own_group}", None),
    "vimeo_group_get": ("GET", "/groups/{group}", None),
    "vimeo_group_users_list": ("GET", "/groups/{group}/users", None),
    "vimeo_group_video_add": ("PUT", "/groups/{group}/videos/{mine}", None),
    "vimeo_group_videos_list": ("GET", "/groups/{group}/videos", None),
    "vimeo_groups_list": ("GET", "/groups", None),
    "vimeo_liked_videos_list": ("GET", "/me/likes", None),
    "vimeo_me_get": ("GET", "/me", None),
    "vimeo_my_videos_list": ("GET", "/me/videos?per_page=100", None),
    "vimeo_showcase_create": ("POST", "/me/albums", {"name": "a", "privacy": "password", "password": "b"}),
    "vimeo_showcase_video_add": ("PUT", "/me/albums/{showcase}/videos/{mine}", None),
    "vimeo_showcase_videos_list": ("GET", "/me/albums/{showcase}/videos", None),
    "vimeo_showcases_list": ("GET", "/me/albums", None),
    "vimeo_user_follow": ("PUT", "/me/following/{stranger}", None),
    "vimeo_user_followers_list": ("GET", "/users/{user}/followers", None),
    "vimeo_user_get": ("GET", "/users/{stranger}", None),
    "vimeo_user_unfollow": ("DELETE", "/me/following/{friend}", None),
    "vimeo_user_update": (
        "PATCH",
        "/me",
        {"bio": "a", "gender": "n", "videos": {"privacy": {"view": "nobody"}}},
    ),
    "vimeo_user_videos_list": ("GET", "/users/{stranger}/videos?per_page=100", None),
    "vimeo_users_search": ("GET", "/users?query=a", None),
    "vimeo_video_comment_add": ("POST", "/videos/{other}/comments", {"text": "a"}),
    "vimeo_video_comment_update": ("PATCH", "/videos/{commented}/comments/{comment}", {"text": "a"}),
    "vimeo_video_comments_list": ("GET", "/videos/{commented}/comments", None),
    "vimeo_video_create": ("POST", "/me/videos", {"upload": {"approach": "tus", "size": "9"}, "name": "a"}),
    "vimeo_video_delete": ("DELETE", "/videos/{mine}", None),
    "vimeo_video_edit": (
        "PATCH",
        "/videos/{mine}",
        {
            "name": "a",
            "content_rating": ["violence", "language"],
            "privacy": {"embed": "whitelist", "view": "unlisted"},
            "embed_domains_add": ["example.com"],
            "embed": {"buttons": {"like": False}, "color": "ff0000", "title": {"name": "hide"}},
            "locale": "sv-SE",
            "review_page": {"active": False},
        },
    ),
    "vimeo_video_get": ("GET", "/videos/{mine}", None),
    "vimeo_video_like": ("PUT", "/me/likes/{other}", None),
    "vimeo_video_likes_list": ("GET", "/videos/{mine}/likes", None),
    "vimeo_video_picture_create": ("POST", "/videos/{mine}/pictures", {"time": 2.5, "active": True}),
    "vimeo_video_pictures_list": ("GET", "/videos/{mine}/pictures", None),
    "vimeo_video_tag_remove": ("DELETE", "/videos/{mine}/tags/kept", None),
    "vimeo_video_tags_add": ("PUT", "/videos/{mine}/tags", [{"name": "one"}, {"name": "two"}]),
    "vimeo_video_tags_list": ("GET", "/videos/{mine}/tags", None),
    "vimeo_video_texttrack_create": (
        "POST",
        "/videos/{mine}/texttracks",
        {"type": "captions", "language": "sv-SE", "name": "a", "active": True},
    ),
    "vimeo_video_texttrack_delete": ("DELETE", "/videos/{captioned}/texttracks/{track}", None),
    "vimeo_video_texttracks_list": ("GET", "/videos/{captioned}/texttracks", None),
    "vimeo_video_unlike": ("DELETE", "/me/likes/{liked}", None),
    "vimeo_videos_search": ("GET", "/videos?query=a&sort=relevant", None),
    "vimeo_watchlater_add": ("PUT", "/me/watchlater/{other}", None),
    "vimeo_watchlater_list": ("GET", "/me/watchlater", None),
    "vimeo_webhook_create": (
        "POST",
        "{app}/webhooks",
        {"webhook_url": "https://a.example", "webhook_type": "video-created", "is_enabled": True},
    ),
    "vimeo_webhook_delete": ("DELETE", "{app}/webhooks/{webhook}", None),
    "vimeo_webhooks_list": ("GET", "{app}/webhooks", None),
}

# What else the sandbox answers, beside the tools' requests.
MORE: list[tuple[str, str, Body]] = [
    ("GET", "/oauth/verify", None),
    ("DELETE", "/tokens", None),
    ("GET", "/videos?uris=/videos/{mine},/videos/{other}", None),
    ("GET", "/me/videos/{mine}", None),
    ("DELETE", "/me/videos?uris=/videos/{mine}", None),
    ("POST", "/me/videos", {"upload": {"approach": "pull", "link": "https://a.example/b.mp4"}}),
    ("POST", "/me/videos", {"upload": {"approach": "post", "redirect_url": "https://a.example"}}),
    ("GET", "/me/albums/{showcase}", None),
    ("PATCH", "/me/albums/{showcase}", {"name": "b", "theme": "dark"}),
    ("DELETE", "/me/albums/{showcase}", None),
    ("PUT", "/me/albums/{showcase}/videos", {"videos": "/videos/{mine}"}),
    ("GET", "/me/albums/{showcase}/videos/{shown}", None),
    ("DELETE", "/me/albums/{showcase}/videos/{shown}", None),
    ("GET", "/me/projects/{folder}", None),
    ("PATCH", "/me/projects/{folder}", {"name": "b"}),
    ("GET", "/me/projects/{folder}/items", None),
    ("DELETE", "/me/projects/{folder}/items?uris=/videos/{filed}&should_delete_items=false", None),
    ("PUT", "/me/projects/{folder}/videos?uris=/videos/{mine}", None),
    ("DELETE", "/me/projects/{folder}/videos?uris=/videos/{filed}", None),
    ("DELETE", "/me/projects/{folder}/videos/{filed}", None),
    ("GET", "/me/channels", None),
    ("GET", "/me/channels/staffpicks", None),
    ("PUT", "/me/channels/timelapseworld", None),
    ("DELETE", "/me/channels/staffpicks", None),
    ("GET", "/channels/staffpicks/users?filter=moderators", None),
    ("GET", "/me/groups", None),
    ("GET", "/me/groups/{group}", None),
    ("PUT", "/me/groups/{group}", None),
    ("DELETE", "/me/groups/{group}", None),
    ("DELETE", "/groups/{own_group}/videos/{mine}", None),
    ("GET", "/me/likes/{liked}", None),
    ("GET", "/me/watchlater/{kept}", None),
    ("DELETE", "/me/watchlater/{kept}", None),
    ("GET", "/me/followers", None),
    ("GET", "/me/following/{friend}", None),
    ("GET", "/videos/{commented}/comments/{comment}", None),
    ("POST", "/videos/{commented}/comments/{comment}/replies", {"text": "a"}),
    ("PUT", "/videos/{mine}/tags/three", None),
    ("GET", "/tags/kept/videos", None),
    ("GET", "/videos/{mine}/pictures/{picture}", None),
    ("PATCH", "/videos/{mine}/pictures/{picture}", {"active": True}),
    ("DELETE", "/videos/{mine}/pictures/{picture}", None),
    ("GET", "/videos/{captioned}/texttracks/{track}", None),
    ("PATCH", "/videos/{captioned}/texttracks/{track}", {"name": "b", "active": False}),
    ("GET", "/videos/{captioned}/transcripts/{track}", None),
    ("GET", "{app}/webhooks/{webhook}", None),
    ("PATCH", "{app}/webhooks/{webhook}", {"is_enabled": False}),
    ("GET", "/contentratings", None),
    ("GET", "/creativecommons", None),
    ("GET", "/languages?filter=texttracks", None),
]

# Where the document is silent about what its own prose, or the wire, has.
QUIRKS = {
    "PUT /videos/100001/tags takes no body",  # its prose: a JSON array of objects with a name
    "GET /me/projects/100065/items 200 has no body",  # it has a page of items; no schema is given
}


@pytest.fixture
def names(vimeo: Sandbox, api: Api) -> dict[str, str]:
    """Ids from the sandbox's library for the names in braces."""
    owner, client = vimeo.user, api()
    showcase, folder = owner.showcases[0], owner.folders[0]
    mine = next(each for each in owner.videos if each.view == "anybody" and each not in showcase.videos)
    mine.tags.append("kept")
    strangers = [user for user in vimeo.users if user is not owner and user not in owner.following]
    commented = owner.videos[-7]
    own_group = client.post("/groups", json={"name": "Mine"}).json()["uri"]
    assert client.put(f"{own_group}/videos/{mine.id}").status_code == 200
    comment = client.post(f"/videos/{commented.id}/comments", json={"text": "Mine"}).json()["uri"]
    hook = {"webhook_url": "https://a.example", "webhook_type": "video-deleted"}
    webhook = client.post(f"{vimeo.app.uri}/webhooks", json=hook).json()["uri"]
    ids: dict[str, Any] = {
        "answered": next(each for each in commented.comments if each.replies).id,
        "app": vimeo.app.uri,
        "captioned": next(video for video in owner.videos if video.texttracks).id,
        "comment": comment.rpartition("/")[2],
        "commented": commented.id,
        "filed": folder.videos[0].id,
        "folder": folder.id,
        "folder_uri": folder.uri,
        "friend": owner.following[0].id,
        "group": vimeo.world.groups[0].id,
        "kept": owner.watchlater[0].id,
        "liked": owner.likes[0].id,
        "mine": mine.id,
        "other": next(
            video.id for video in strangers[0].videos if video.view == "anybody" and video not in owner.likes
        ),
        "own_group": own_group.rpartition("/")[2],
        "picture": mine.pictures[0],
        "showcase": showcase.id,
        "shown": next(video.id for video in showcase.videos if video.view == "anybody"),
        "stranger": strangers[0].id,
        "track": next(video for video in owner.videos if video.texttracks).texttracks[0].id,
        "user": owner.id,
        "webhook": webhook.rpartition("/")[2],
    }
    return {name: str(value) for name, value in ids.items()}


def _filled(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        return re.sub(r"\{(\w+)\}", lambda match: names[match[1]], value)
    if isinstance(value, dict):
        return {key: _filled(item, names) for key, item in value.items()}
    return [_filled(item, names) for item in value] if isinstance(value, list) else value


def _check(client: httpx.Client, method: str, path: str, body: Body) -> None:
    url = httpx.URL(path)
    asked = problems_of_request(method, url.path, dict(url.params), _with_default(url.path, method, body))
    assert set(asked) <= QUIRKS
    answer = client.request(method, path, json=body)
    assert answer.status_code < 300, answer.text
    value = answer.json() if answer.content else None
    assert set(problems_of_answer(method, url.path, answer.status_code, value)) <= QUIRKS


def _with_default(path: str, method: str, body: Body) -> Body:
    """`is_enabled` of a new webhook may be left out; the checker wants the default spelt out."""
    if method == "POST" and path.endswith("/webhooks") and isinstance(body, dict):
        return {"is_enabled": False, **body}
    return None if method == "PATCH" and "/webhooks/" in path else body


def test_all_59_tools_have_a_request_here() -> None:
    assert {tool["tool"] for tool in tools_59()} == set(REQUESTS)
    for tool in tools_59():
        method, path, _ = REQUESTS[tool["tool"]]
        pattern = re.sub(r"\{\w+\}", "[^/]+", tool["path"])
        path = path.partition("?")[0].replace("{app}", "/apps/1")
        assert (method, bool(re.fullmatch(pattern, path))) == (tool["method"], True), tool["tool"]


@pytest.mark.parametrize("tool", sorted(REQUESTS))
def test_answers_to_the_tools_requests_are_in_the_document(
    tool: str, api: Api, names: dict[str, str]
) -> None:
    method, path, body = _filled(list(REQUESTS[tool]), names)
    _check(api(), method, path, body)


@pytest.mark.parametrize(("method", "path", "body"), MORE, ids=[f"{each[0]} {each[1]}" for each in MORE])
def test_other_answers_are_in_the_document(
    method: str, path: str, body: Body, api: Api, names: dict[str, str]
) -> None:
    method, path, body = _filled([method, path, body], names)
    _check(api(), method, path, body)


def _parameters(path: str) -> dict[str, list[str]]:
    """Of a GET that the document describes: query parameters and their values, where those are enumerated."""
    shape = re.sub(r"\{\w+\}", "{}", path)
    for template, operations in document()["paths"].items():
        if re.sub(r"\{\w+\}", "{}", template) == shape and "get" in operations:
            found = {}
            for parameter in operations["get"].get("parameters", []):
                values = parameter.get("schema", {})
                values = values.get("enum") or values.get("items", {}).get("enum")
                if parameter.get("in") == "query" and values:
                    found[parameter["name"]] = [str(value) for value in values]
            return found
    return {}


GETS = sorted({each.path for each in ENDPOINTS if each.method == "GET"})


@pytest.mark.slow
@pytest.mark.parametrize("path", GETS)
def test_every_value_of_every_enumeration_is_taken_and_no_other(
    path: str, api: Api, names: dict[str, str], vimeo: Sandbox
) -> None:
    own = {
        "album_id": names["showcase"],
        "category": "documentary",
        "channel_id": "staffpicks",
        "comment_id": names["comment"],
        "group_id": names["group"],
        "project_id": names["folder"],
        "user_id": names["user"],
        "video_id": names["commented"] if "comments" in path else names["mine"],
        "word": "kept",
    }
    client = api()
    vimeo.user.plan = "enterprise"  # analytics
    for name, values in _parameters(path).items():
        filled = re.sub(r"\{(\w+)\}", lambda match: own[match[1]], path)
        for value in values:
            more = "&query=a" if value == "relevant" else ""
            if path.endswith("/analytics"):
                more += "&from=2026-10-01&to=2026-10-02" + ("&dimension=total" if name != "dimension" else "")
            answer = client.get(f"{filled}?fields=uri&{name}={value}{more}")
            assert answer.status_code == 200, (filled, name, value, answer.text)
        refused = client.get(f"{filled}?{name}=nonsense{more.partition('&query')[0]}")
        assert (refused.status_code, refused.json().get("error_code")) == (400, 2204), (filled, name)
        assert refused.json()["invalid_parameters"][0]["field"] == name
