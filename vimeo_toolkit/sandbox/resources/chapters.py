"""Chapters of a video."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.endpoints import Answer, Call, endpoint
from vimeo_toolkit.sandbox.errors import invalid_parameter, not_found, refused
from vimeo_toolkit.sandbox.listing import page_of
from vimeo_toolkit.sandbox.resources.access import own_video, visible_video
from vimeo_toolkit.sandbox.resources.bodies import text
from vimeo_toolkit.sandbox.state import Chapter, Video

MEDIA = "application/vnd.vimeo.video.chapter+json"
CHAPTERS = "/videos/{video_id}/chapters"
CHAPTER = "/videos/{video_id}/chapters/{chapter_id}"


def _shape(video: Video, chapter: Chapter) -> dict[str, Any]:
    return {
        "uri": f"/videos/{video.id}/chapters/{chapter.id}",
        "title": chapter.title,
        "timecode": chapter.timecode,
        "thumbnails": [],
    }


def _chapter(call: Call, video: Video) -> Chapter:
    for chapter in video.chapters:
        if str(chapter.id) == call.path["chapter_id"]:
            return chapter
    raise not_found("chapter")


def _timecode(call: Call, video: Video) -> float:
    value = call.object()["timecode"]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= video.duration:
        raise invalid_parameter("timecode", "A second within the video is required.")
    return value


def _free(video: Video, timecode: float, chapter: Chapter | None = None) -> None:
    """Two chapters can't begin on the same second (as another client observed).

    Raises:
        ApiError: 400/2204.
    """
    if any(int(each.timecode) == int(timecode) for each in video.chapters if each is not chapter):
        raise invalid_parameter("timecode", "Another chapter begins on this second.")


def _changeable(call: Call) -> Video:
    if not call.object():
        raise refused(400, 2205, "The input is empty.")
    return own_video(call)


@endpoint("GET", CHAPTERS)
def list_chapters(call: Call) -> Answer:
    video = visible_video(call)
    chapters = sorted(video.chapters, key=lambda chapter: chapter.timecode)
    return page_of(call, chapters, lambda chapter: _shape(video, chapter), "video.chapter")


@endpoint("POST", CHAPTERS, scope="upload")
def create_chapter(call: Call) -> Answer:
    video, body = _changeable(call), call.object()
    title = str(text(body, "title", 255, required=True))
    timecode = _timecode(call, video) if "timecode" in body else 0
    _free(video, timecode)
    chapter = Chapter(call.world.next_id(), title, timecode)
    video.chapters.append(chapter)
    return Answer(201, _shape(video, chapter), MEDIA)


@endpoint("GET", CHAPTER)
def get_chapter(call: Call) -> Answer:
    video = visible_video(call)
    return Answer(200, _shape(video, _chapter(call, video)), MEDIA)


@endpoint("PATCH", CHAPTER, scope="edit")
def edit_chapter(call: Call) -> Answer:
    video = _changeable(call)
    chapter, body = _chapter(call, video), call.object()
    title = text(body, "title", 255)
    timecode = _timecode(call, video) if "timecode" in body else chapter.timecode
    _free(video, timecode, chapter)
    chapter.title, chapter.timecode = title or chapter.title, timecode
    return Answer(200, _shape(video, chapter), MEDIA)


@endpoint("DELETE", CHAPTER, scope="delete")
def delete_chapter(call: Call) -> Answer:
    video = own_video(call)
    video.chapters.remove(_chapter(call, video))
    return Answer(204)
