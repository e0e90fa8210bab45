"""Who may see a video that is not public: the list of people that its owner chose (API document)."""

from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.ids import UserId, VideoNumber
from vimeo_toolkit.catalog.inputs import Paged
from vimeo_toolkit.catalog.looks import VIDEO_NOW, Look
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import admin

__all__ = ["VideoViewerAdd", "VideoViewerRemove", "VideoViewersList"]

_PERSON: Final = Look("person", "/users/{user_id}", "uri,name")
_NO_LIST: Final = {
    400: "Only an unlisted video has a list of people: vimeo_video_edit with privacy_view=unlisted makes it so.",
    403: "The video has no list of people, or it is another user's: only the owner of an unlisted video changes "
    "who is on it.",
}


@admin.get(
    "/videos/{video_id}/privacy/users",
    name="vimeo_video_viewers_list",
    fields="uri,name,link",
    error_hints=_NO_LIST,
)
class VideoViewersList(Paged):
    """List the persons with whom an unlisted video was shared."""

    video_id: VideoNumber


@admin.put(
    "/videos/{video_id}/privacy/users/{user_id}",
    name="vimeo_video_viewer_add",
    scopes={"edit"},
    success_message="That person may see the video.",
    visible_to_others=True,
    undo="vimeo_video_viewer_remove takes it back.",
    asks="Let {person} see {video}?",
    looks=(VIDEO_NOW, _PERSON),
    error_hints=_NO_LIST,
)
class VideoViewerAdd(ToolInput):
    """Let a person (a Vimeo user) see an unlisted video: share it with them."""

    video_id: VideoNumber
    user_id: UserId

    async def run(self, api: Api) -> Any:
        """Add them. Vimeo answers with the user, or with nothing where they could see it already."""
        answer = await api.send(self.request(api.account))
        if answer is None:
            api.note("That person could see the video already.")
        return answer


@admin.delete(
    "/videos/{video_id}/privacy/users/{user_id}",
    name="vimeo_video_viewer_remove",
    scopes={"edit"},
    success_message="That person may no longer see the video by name.",
    visible_to_others=True,
    undo="vimeo_video_viewer_add lets them see it again.",
    asks="Stop {person} from seeing {video}?",
    looks=(VIDEO_NOW, _PERSON),
    error_hints=_NO_LIST,
)
class VideoViewerRemove(ToolInput):
    """Stop sharing an unlisted video with one person: remove this viewer."""

    video_id: VideoNumber
    user_id: UserId
