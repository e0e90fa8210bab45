"""What hangs on a video: tags, likes, pictures, text tracks."""

from __future__ import annotations

from vimeo_toolkit.sandbox.endpoints import Answer, Call, endpoint
from vimeo_toolkit.sandbox.errors import ApiError, invalid_parameter, legacy, not_found, refused
from vimeo_toolkit.sandbox.listing import Sorts, page_of, sorted_by
from vimeo_toolkit.sandbox.resources.access import own_video, visible_video
from vimeo_toolkit.sandbox.resources.bodies import boolean, text
from vimeo_toolkit.sandbox.resources.relations import PEOPLE_SORTS
from vimeo_toolkit.sandbox.resources.videolists import VIDEO_SORTS, video_list
from vimeo_toolkit.sandbox.resources.videos import listed
from vimeo_toolkit.sandbox.shapes.parts import slug
from vimeo_toolkit.sandbox.shapes.small import picture_shape, tag_shape, texttrack_shape
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.state import TextTrack, Video

TAG_MEDIA = "application/vnd.vimeo.tag+json"
PICTURE_MEDIA = "application/vnd.vimeo.picture+json"
TRACK_MEDIA = "application/vnd.vimeo.video.texttrack+json"
TRACKS = ("captions", "chapters", "descriptions", "metadata", "subtitles")
MOST_TAGS = 20
TAGGED_SORTS: Sorts = {
    "created_time": VIDEO_SORTS["date"],
    "duration": VIDEO_SORTS["duration"],
    "name": VIDEO_SORTS["alphabetical"],
}


# ---- tags ----


def _too_many() -> ApiError:
    return legacy(403, f"The total number of tags can't exceed {MOST_TAGS}.")


@endpoint("GET", "/videos/{video_id}/tags")
def list_tags(call: Call) -> Answer:
    return page_of(call, own_video(call).tags, tag_shape, "tag")


@endpoint("PUT", "/videos/{video_id}/tags", scope="edit")
def add_tags(call: Call) -> Answer:
    """Add the tags of the body, a list of `{"name": …}`, to those that the video has."""
    video = own_video(call)
    if not isinstance(call.body, list) or not call.body:
        raise refused(400, 2205, "The request body doesn't contain a JSON-encoded list of tags.")
    words = [entry.get("name") if isinstance(entry, dict) else None for entry in call.body]
    named = [word.strip() for word in words if isinstance(word, str) and slug(word)]
    if len(named) < len(words):
        raise invalid_parameter("name", "The tag is invalid.")
    have = {slug(word) for word in video.tags}
    fresh = [word for word in {slug(word): word for word in named}.values() if slug(word) not in have]
    if len(video.tags) + len(fresh) > MOST_TAGS:
        raise _too_many()
    video.tags.extend(fresh)
    video.modified = call.world.now()
    return page_of(call, video.tags, tag_shape, "tag")


@endpoint("GET", "/videos/{video_id}/tags/{word}")
def get_tag(call: Call) -> Answer:
    """Tell whether the video has the tag, by 200 or 404."""
    video, word = visible_video(call), slug(call.path["word"])
    for tag in video.tags:
        if slug(tag) == word:
            return Answer(200, tag_shape(tag), TAG_MEDIA)
    raise not_found("tag")


@endpoint("PUT", "/videos/{video_id}/tags/{word}", scope="edit")
def add_tag(call: Call) -> Answer:
    video, word = own_video(call), call.path["word"].strip()
    if not slug(word):
        raise invalid_parameter("word", "The tag is invalid.")
    if slug(word) not in map(slug, video.tags):
        if len(video.tags) >= MOST_TAGS:
            raise _too_many()
        video.tags.append(word)
        video.modified = call.world.now()
    return Answer(200, tag_shape(word), TAG_MEDIA)


@endpoint("DELETE", "/videos/{video_id}/tags/{word}", scope="edit")
def remove_tag(call: Call) -> Answer:
    video, word = own_video(call), slug(call.path["word"])
    kept = [tag for tag in video.tags if slug(tag) != word]
    if len(kept) == len(video.tags):
        raise not_found("tag")
    video.tags[:] = kept
    video.modified = call.world.now()
    return Answer(204)


@endpoint("GET", "/tags/{word}/videos")
def list_tagged_videos(call: Call) -> Answer:
    word = slug(call.path["word"])
    tagged = [
        video for video in call.world.videos.values() if listed(video) and word in map(slug, video.tags)
    ]
    if not tagged:
        raise not_found("tag")
    return video_list(call, tagged, sorts=TAGGED_SORTS, filters=())


# ---- likes ----


@endpoint("GET", "/videos/{video_id}/likes")
def list_video_likes(call: Call) -> Answer:
    people = sorted_by(call, list(reversed(visible_video(call).liked_by)), PEOPLE_SORTS)
    return page_of(call, people, lambda user: user_shape(user, call.token.user), "user")


# ---- pictures ----


def _picture(call: Call, video: Video) -> int:
    for number in video.pictures:
        if str(number) == call.path["picture_id"]:
            return number
    raise not_found("picture")


@endpoint("GET", "/videos/{video_id}/pictures")
def list_pictures(call: Call) -> Answer:
    video = own_video(call)
    return page_of(call, video.pictures, lambda number: picture_shape(video, number), "picture")


@endpoint("POST", "/videos/{video_id}/pictures", scope="upload")
def create_picture(call: Call) -> Answer:
    video = own_video(call)
    moment = call.object().get("time")
    if moment is not None and (
        isinstance(moment, bool) or not isinstance(moment, int | float) or not 0 <= moment <= video.duration
    ):
        raise invalid_parameter("time", "The time must lie within the video.")
    active = boolean(call.object(), "active")
    number = call.world.next_id()
    video.pictures.append(number)
    if active:
        video.active_picture = number
    shape = {**picture_shape(video, number), "link": f"{call.base}/files/pictures/{number}"}
    return Answer(201, shape, PICTURE_MEDIA)


@endpoint("GET", "/videos/{video_id}/pictures/{picture_id}")
def get_picture(call: Call) -> Answer:
    video = own_video(call)
    return Answer(200, picture_shape(video, _picture(call, video)), PICTURE_MEDIA)


@endpoint("PATCH", "/videos/{video_id}/pictures/{picture_id}", scope="edit")
def edit_picture(call: Call) -> Answer:
    video = own_video(call)
    number, active = _picture(call, video), boolean(call.object(), "active")
    if active:
        video.active_picture = number
    elif active is False and video.active_picture == number:
        video.active_picture = None
    return Answer(200, picture_shape(video, number), PICTURE_MEDIA)


@endpoint("DELETE", "/videos/{video_id}/pictures/{picture_id}", scope="edit")
def delete_picture(call: Call) -> Answer:
    video = own_video(call)
    number = _picture(call, video)
    video.pictures.remove(number)
    if video.active_picture == number:
        video.active_picture = video.pictures[0] if video.pictures else None
    return Answer(204)


# ---- text tracks ----


def _track(call: Call, video: Video) -> TextTrack:
    for other in (video, *call.world.videos.values()):
        for track in other.texttracks:
            if str(track.id) == call.path["texttrack_id"]:
                if other is not video:
                    raise refused(404, 5015, "The specified text track belongs to a different video.")
                return track
    raise refused(404, 5014, "The specified text track doesn't exist.")


def _activate(video: Video, track: TextTrack) -> None:
    """One track of a language and type is active."""
    for other in video.texttracks:
        if (other.language, other.type) == (track.language, track.type):
            other.active = other is track


@endpoint("GET", "/videos/{video_id}/texttracks")
def list_texttracks(call: Call) -> Answer:
    video = own_video(call)
    return page_of(call, video.texttracks, lambda track: texttrack_shape(video, track), "video.texttrack")


@endpoint("POST", "/videos/{video_id}/texttracks", scope="upload")
def create_texttrack(call: Call) -> Answer:
    video, body = own_video(call), call.object()
    active = boolean(body, "active")
    track = TextTrack(
        id=call.world.next_id(),
        type=str(text(body, "type", 20, required=True, allowed=TRACKS)),
        language=str(text(body, "language", 20, required=True)),
        name=text(body, "name", 128, required=True),
        active=False,
    )
    video.texttracks.append(track)
    if active:
        _activate(video, track)
    # Where the file goes; later answers have the link where it can be read.
    shape = {**texttrack_shape(video, track), "link": f"{call.base}/files/texttracks/{track.id}"}
    return Answer(201, shape, TRACK_MEDIA)


@endpoint("GET", "/videos/{video_id}/texttracks/{texttrack_id}")
def get_texttrack(call: Call) -> Answer:
    video = own_video(call)
    return Answer(200, texttrack_shape(video, _track(call, video)), TRACK_MEDIA)


@endpoint("PATCH", "/videos/{video_id}/texttracks/{texttrack_id}", scope="edit")
def edit_texttrack(call: Call) -> Answer:
    video, body = own_video(call), call.object()
    track = _track(call, video)
    kind = text(body, "type", 20, allowed=TRACKS) or track.type
    language, name = text(body, "language", 20) or track.language, text(body, "name", 128) or track.name
    active = boolean(body, "active")
    track.type, track.language, track.name = kind, language, name
    if active:
        _activate(video, track)
    elif active is False:
        track.active = False
    return Answer(200, texttrack_shape(video, track), TRACK_MEDIA)


@endpoint("DELETE", "/videos/{video_id}/texttracks/{texttrack_id}", scope="delete")
def delete_texttrack(call: Call) -> Answer:
    video = own_video(call)
    video.texttracks.remove(_track(call, video))
    return Answer(204)
