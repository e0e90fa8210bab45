"""What writes change, and what lists show after them."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import Api
from vimeo_toolkit.sandbox import Sandbox


def test_filters_by_tag(api: Api, vimeo: Sandbox) -> None:
    client, (first, second, *_) = api(), vimeo.user.videos
    first.tags, second.tags = ["Slow Waltz", "viola"], ["slow waltz"]
    for query, expected in (
        ("filter_tag=slowwaltz", {first.id, second.id}),
        ("filter_tag_all_of=slowwaltz,viola", {first.id}),
        ("filter_tag=slow waltz&filter_tag_exclude=viola", {second.id}),
    ):
        shown = client.get(f"/me/videos?fields=uri&per_page=100&{query}").json()["data"]
        assert {int(video["uri"].split("/")[2].split(":")[0]) for video in shown} == expected, query


def test_words_in_named_fields_only(api: Api, vimeo: Sandbox) -> None:
    vimeo.user.videos[0].name, vimeo.user.videos[1].description = "Quokka", "About a quokka"
    client = api()
    for fields, total in (("", 2), ("&query_fields=title", 1), ("&query_fields=description,tags", 1)):
        assert client.get(f"/me/videos?query=quokka{fields}").json()["total"] == total


def test_the_page_with_a_video_on_it(api: Api, vimeo: Sandbox) -> None:
    oldest = min(vimeo.user.videos, key=lambda video: video.created)
    page = api().get(f"/me/videos?sort=date&per_page=7&containing_uri=/videos/{oldest.id}").json()
    assert page["page"] == -(-len(vimeo.user.videos) // 7)
    assert f"/videos/{oldest.id}" in [video["uri"].split(":")[0] for video in page["data"]]


def test_links_keep_the_whole_query(api: Api, vimeo: Sandbox) -> None:
    folder = vimeo.user.folders[0]
    link = (
        api()
        .get(f"/me/projects/{folder.id}/videos?per_page=2&sort=date&filter=x&fields=uri")
        .json()["paging"]["next"]
    )
    for part in ("per_page=2", "sort=date", "filter=x", "fields=uri", "page=2"):
        assert part in link


def test_an_old_video_kept_for_later_is_news(api: Api, vimeo: Sandbox) -> None:
    client = api()
    vimeo.clock.advance(5)
    old = next(
        video
        for video in vimeo.users[1].videos
        if video.view == "anybody" and video not in vimeo.user.watchlater
    )
    first = client.get("/me/watchlater?fields=uri")
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get("/me/watchlater?fields=uri", headers=since).status_code == 304
    client.put(f"/me/watchlater/{old.id}")
    changed = client.get("/me/watchlater?fields=uri", headers=since)
    assert (changed.status_code, changed.json()["data"][0]["uri"]) == (200, f"/videos/{old.id}")


def test_following_counts_on_both_sides(api: Api, vimeo: Sandbox) -> None:
    client, other = api(), vimeo.add_user("Other")
    for method, total in (("PUT", 1), ("PUT", 1), ("DELETE", 0), ("DELETE", 0)):
        assert client.request(method, f"/me/following/{other.id}").status_code == 204
        assert client.get(other.uri).json()["metadata"]["connections"]["followers"]["total"] == total
        assert client.get(f"/me/following/{other.id}").status_code == (204 if total else 404)
        assert client.get(f"{other.uri}/followers").json()["total"] == total


def test_a_folder_deleted_with_and_without_its_videos(api: Api, vimeo: Sandbox) -> None:
    client = api()
    for flag in ("false", "true"):
        top = client.post("/me/projects", json={"name": "top"}).json()["uri"]
        below = client.post("/me/projects", json={"name": "below", "parent_folder_uri": top}).json()["uri"]
        video = vimeo.add_video(vimeo.user, "Filed")
        assert client.put(f"{below}/videos/{video.id}").status_code == 204
        assert client.get(f"{top}/videos").json()["total"] == 0
        assert client.get(f"{top}/videos?include_subfolders=true").json()["total"] == 1
        items = client.get(f"{top}/items").json()["data"]
        assert [item["folder"]["name"] for item in items] == ["below"]
        assert client.delete(f"{top}?should_delete_clips={flag}").status_code == 204
        assert client.get(below).status_code == 404
        assert client.get(f"/videos/{video.id}").status_code == (404 if flag == "true" else 200)


def test_settings_of_the_player(api: Api, vimeo: Sandbox) -> None:
    client, video = api(), vimeo.user.videos[0]
    body = {"embed": {"buttons": {"like": False}, "color": "ff0000", "nonsense": 1}}
    embed = client.patch(f"/videos/{video.id}", json=body).json()["embed"]
    assert (embed["buttons"]["like"], embed["buttons"]["share"], embed["color"]) == (False, True, "ff0000")
    assert "nonsense" not in embed


def test_domains_need_a_whitelist(api: Api, vimeo: Sandbox) -> None:
    client, video = api(), vimeo.user.videos[0]
    path, body = f"/videos/{video.id}", {"embed_domains": ["a.example", "b.example"]}
    assert client.patch(path, json=body).json()["error_code"] == 2204
    assert client.patch(path, json={**body, "privacy": {"embed": "whitelist"}}).status_code == 200
    client.patch(path, json={"embed_domains_add": ["c.example"], "embed_domains_delete": ["a.example"]})
    assert video.embed_domains == ["b.example", "c.example"]


def test_a_refused_edit_changes_nothing(api: Api, vimeo: Sandbox) -> None:
    video = vimeo.user.videos[0]
    before = (video.name, video.modified)
    body = {"name": "Changed", "privacy": {"view": "friends"}}
    answer = api().patch(f"/videos/{video.id}", json=body)
    assert answer.json()["invalid_parameters"][0]["field"] == "privacy.view"
    assert (video.name, video.modified) == before


def test_downloads_are_not_for_free_plans(api: Api, vimeo: Sandbox) -> None:
    free = vimeo.add_user("Free", plan="free", videos=1)
    answer = api(free).patch(f"/videos/{free.videos[0].id}", json={"privacy": {"download": False}})
    assert (answer.status_code, answer.json()["error_code"]) == (400, 2204)
    assert answer.json()["invalid_parameters"][0]["field"] == "privacy.download"


@pytest.mark.parametrize(
    ("link", "found"), [("/{id}:{hash}", 1), ("https://vimeo.com/{id}/{hash}", 1), ("/{id}", 0)]
)
def test_unlisted_videos_are_found_by_their_hash(link: str, found: int, api: Api, vimeo: Sandbox) -> None:
    other = vimeo.add_user("Other", videos=[{"view": "unlisted"}])
    video = other.videos[0]
    filled = link.format(id=video.id, hash=video.secret_hash)
    name = "links" if filled.startswith("https") else "uris"
    reference = filled if name == "links" else f"/videos{filled}"
    assert api().get("/videos", params={name: reference}).json()["total"] == found


def test_defaults_of_a_user_apply_to_new_videos(api: Api, vimeo: Sandbox) -> None:
    client = api()
    body = {"password": "sesame-1", "videos": {"privacy": {"view": "password", "comments": "nobody"}}}
    assert client.patch("/me", json=body).status_code == 200
    client.post("/me/videos", json={"upload": {"approach": "tus", "size": 5}})
    made = vimeo.user.videos[-1]
    assert (made.view, made.password, made.comments_by) == ("password", "sesame-1", "nobody")
    assert client.patch("/me", json={"link": vimeo.users[1].username}).status_code == 400


def test_more_than_twenty_tags_are_refused_whole(api: Api, vimeo: Sandbox) -> None:
    client, video = api(), vimeo.user.videos[0]
    video.tags = ["one"]
    many = [{"name": f"tag {number}"} for number in range(20)]
    assert client.put(f"/videos/{video.id}/tags", json=many).status_code == 403
    assert video.tags == ["one"]
    assert client.put(f"/videos/{video.id}/tags", json=[*many[:19], {"name": "ONE"}]).json()["total"] == 20
    assert client.delete(f"/videos/{video.id}/tags/tag 3").status_code == 204
    assert len(video.tags) == 19


def test_sixty_videos_whatever_the_day() -> None:
    with Sandbox() as vimeo:
        owner = vimeo.user
        assert len(owner.videos) >= 60
        assert {"anybody", "nobody", "unlisted", "password"} <= {video.view for video in owner.videos}
        assert len(owner.showcases) >= 3
        assert any(folder.parent for folder in owner.folders)
        assert owner.likes
        assert owner.watchlater
        assert owner.following
        top = [category for category in vimeo.world.categories if category.parent is None]
        assert len(top) >= 10
        assert any(category.subcategories for category in top)


def test_a_video_enters_and_leaves_a_channel(api: Api, vimeo: Sandbox) -> None:
    client, video = api(), vimeo.user.videos[0]
    channel = client.post("/channels", json={"name": "Mine"}).json()["uri"]
    path = f"{channel}/videos/{video.id}"
    assert [
        client.request(method, path).status_code for method in ("GET", "PUT", "GET", "DELETE", "GET")
    ] == [
        404,
        204,
        200,
        204,
        404,
    ]
    assert api(vimeo.users[2]).put(path).status_code == 403
    assert client.patch(channel, json={"name": "Ours"}).json()["name"] == "Ours"
    assert client.delete(channel).status_code == 204
