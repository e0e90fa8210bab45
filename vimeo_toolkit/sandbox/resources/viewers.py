"""Who may see an unlisted video. Its list: the API's document; the statuses of a video without one, too."""

from __future__ import annotations

from vimeo_toolkit.sandbox.endpoints import Answer, Call, endpoint
from vimeo_toolkit.sandbox.errors import legacy
from vimeo_toolkit.sandbox.listing import page_of
from vimeo_toolkit.sandbox.resources.access import named_user, own_video
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.state import Video

ONE = "/videos/{video_id}/privacy/users/{user_id}"
MEDIA = "application/vnd.vimeo.user+json"


def _listed(call: Call) -> Video:
    """The video, if it has a list of people.

    Raises:
        ApiError: 403, it has none.
    """
    video = own_video(call)
    if video.view != "unlisted":
        raise legacy(403, "The video doesn't have a user-defined access list.")
    return video


@endpoint("GET", "/videos/{video_id}/privacy/users")
def list_viewers(call: Call) -> Answer:
    video = own_video(call)
    if video.view != "unlisted":
        raise legacy(400, "No users can access this video.")
    return page_of(call, video.viewers, lambda user: user_shape(user, call.user), "user")


@endpoint("PUT", ONE, scope="edit")
def add_viewer(call: Call) -> Answer:
    video, user = _listed(call), named_user(call)
    if user in video.viewers:
        return Answer(204)
    video.viewers.append(user)
    return Answer(200, user_shape(user, call.user), MEDIA)


@endpoint("DELETE", ONE, scope="edit")
def remove_viewer(call: Call) -> Answer:
    video, user = _listed(call), named_user(call)
    if user not in video.viewers:
        raise legacy(404, "No such user exists.")
    video.viewers.remove(user)
    return Answer(204)
