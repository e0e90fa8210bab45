"""How videos are changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vimeo_toolkit.evaluation.scripted.script import Solution, Steps, call
from vimeo_toolkit.evaluation.scripted.solutions.common import changed, found, inside

__all__ = ["CHANGING"]


def family_private(request: str) -> Steps:
    count = yield from changed(folder_id="Family", privacy="anybody", set_privacy="nobody")
    return f"{count} video is private again."


def typo(request: str) -> Steps:
    (talk,) = yield from found(name_contains="Chemestry")
    yield call("video_edit", video_id=talk["uri"], name="Studio Talk: Glaze Chemistry")
    return "The title is now Studio Talk: Glaze Chemistry."


def descriptions(request: str) -> Steps:
    videos = yield from found(name_contains="trailer")
    chosen = [each for each in videos if each["name"] in ("Wheel Throwing Trailer", "Bookbinding Trailer")]
    count = yield from changed(chosen, set_description="Enrol at tidewater.example/courses")
    return f"{count} trailers have the new description."


def describe_one(request: str) -> Steps:
    (video,) = yield from found(name_contains="Celadon Test Tiles")
    text = "Test tiles of a celadon glaze, fired to cone 10 in reduction."
    yield call("video_edit", video_id=video["uri"], description=text)
    return f"The description is now: {text}"


def license_of_lessons(request: str) -> Steps:
    count = yield from changed(folder_id="Bookbinding", set_license="by-nc-sa")
    return f"{count} lessons are under BY-NC-SA."


def add_tag(request: str) -> Steps:
    count = yield from changed(folder_id="Bookbinding", add_tags=["paper"])
    return f"{count} lessons have the tag paper."


def remove_tag(request: str) -> Steps:
    count = yield from changed(tag="wip", remove_tags=["wip"])
    return f"The tag wip is gone from {count} videos."


def embed_domain(request: str) -> Steps:
    domains = ["shop.tidewater.example"]
    yield from changed(name_contains="Wheel Throwing Trailer", add_embed_domains=domains)
    return "shop.tidewater.example may show the trailer."


def move_this_month(request: str) -> Steps:
    count = yield from changed(period="this_month", move_to_folder="Inbox")
    return f"{count} videos are in Inbox."


def new_folder(request: str) -> Steps:
    made = yield call("folder_create", name="Raku 2026", parent_folder_uri="Courses")
    count = yield from changed(tag="raku", move_to_folder=made["uri"])
    return f"The folder Raku 2026 has {count} videos."


def out_of_folder(request: str) -> Steps:
    yield from changed(name_contains="Repair Cafe", move_to_folder="none")
    return "Repair Cafe is in no folder now."


def delete_drafts(request: str) -> Steps:
    videos = yield from inside("Halden Bakery")
    drafts = [video for video in videos if video["name"].endswith(("draft v1", "draft v2"))]
    count = yield from changed(drafts, delete=True)
    return f"{count} drafts are deleted."


def password(request: str) -> Steps:
    (talk,) = yield from found(name_contains="Pricing Your Work")
    secret = request.partition("password ")[2].partition(".")[0]
    yield call("video_edit", video_id=talk["uri"], privacy_view="password", password=secret)
    return "The talk needs the password now."


def comments_off(request: str) -> Steps:
    videos = yield from inside("Okafor and Sons")
    film = next(video for video in videos if video["name"] == "Okafor Brand Film")
    yield call("video_edit", video_id=film["uri"], privacy_comments="nobody")
    return "Nobody can comment on the Okafor Brand Film."


def prefix(request: str) -> Steps:
    count = yield from changed(folder_id="Archive", set_name="Archive: {name}")
    return f"{count} titles begin with 'Archive: ' now."


def publish_talks(request: str) -> Steps:
    count = yield from changed(
        folder_id="Studio Talks", from_date="2026", until_date="2026", set_privacy="anybody"
    )
    return f"{count} talks are public."


def two_things(request: str) -> Steps:
    count = yield from changed(name_contains="Summer School", set_privacy="unlisted", add_tags=["summer"])
    return f"{count} videos are unlisted and have the tag summer."


def rename_folder(request: str) -> Steps:
    yield call("folder_rename", folder_id="Inbox", name="To Sort")
    return "The folder is called To Sort now."


CHANGING: Final[Mapping[str, Solution]] = {
    "change-family-private": family_private,
    "change-typo": typo,
    "change-descriptions": descriptions,
    "change-describe-one": describe_one,
    "change-license": license_of_lessons,
    "change-add-tag": add_tag,
    "change-remove-tag": remove_tag,
    "change-embed-domain": embed_domain,
    "change-move-this-month": move_this_month,
    "change-new-folder": new_folder,
    "change-out-of-folder": out_of_folder,
    "change-delete-drafts": delete_drafts,
    "change-password": password,
    "change-comments-off": comments_off,
    "change-prefix": prefix,
    "change-publish-talks": publish_talks,
    "change-two-things": two_things,
    "change-rename-folder": rename_folder,
}
