"""Thumbnails of videos, which the API calls pictures."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.ids import PictureId, VideoNumber
from vimeo_toolkit.catalog.inputs import Paged
from vimeo_toolkit.catalog.looks import PICTURE_NOW, VIDEO_NOW
from vimeo_toolkit.catalog.marks import Help, Shown
from vimeo_toolkit.catalog.parts import PartKind, send_part
from vimeo_toolkit.catalog.timecodes import Timecode
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import upload
from vimeo_toolkit.catalog.uploads import Path
from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.uploads.content import image_type
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["PictureCreate", "PictureDelete", "PictureEdit", "PicturesList", "ThumbnailUpload"]

PICTURE: Final = "uri,active,type,base_link"
_UNDO: Final = "vimeo_video_picture_delete deletes it; vimeo_video_picture_edit makes another one active."

_VIDEO: Final = VIDEO_NOW.but(fields=f"{VIDEO_NOW.fields},pictures.uri")
"""`pictures` is the thumbnail that everybody sees."""

LARGEST: Final = 20_000_000

_THUMBNAIL: Final = PartKind(
    word="thumbnail",
    fields=PICTURE,
    deleting_scope="edit",
    delete_tool="vimeo_video_picture_delete",
    edit_tool="vimeo_video_picture_edit",
)


@upload.get("/videos/{video_id}/pictures", name="vimeo_video_pictures_list", fields=PICTURE)
class PicturesList(Paged):
    """List a video's thumbnails: cover images."""

    video_id: VideoNumber


@upload.post(
    "/videos/{video_id}/pictures",
    name="vimeo_video_picture_create",
    scopes={"upload"},
    fields=PICTURE,
    visible_to_others=True,
    undo=_UNDO,
    destructive=True,
    asks="Make a thumbnail of {video}?",
    looks=(_VIDEO,),
)
class PictureCreate(ToolInput):
    """Use a moment of the video as the thumbnail (cover): a still frame."""

    video_id: VideoNumber
    time: Annotated[
        Timecode | None,
        Shown(None),
        Help(
            "The moment whose picture is taken, in seconds from the start, such as 90, or as a time, such as "
            "1:30.",
            "The thumbnail has no image yet when it is left out.",
        ),
    ] = None
    """Second."""
    active: Annotated[
        bool | None,
        Help(
            "Whether everybody sees it in place of the present thumbnail.",
            "The present one stays when it is left out.",
        ),
    ] = None
    """Use it."""

    def asks(self, found: Mapping[str, Any]) -> str:
        moment = "" if self.time is None else " from {time}"
        shown = " and show it to viewers in place of the present one" if self.active else ""
        return f"Make a thumbnail of {{video}}{moment}{shown}?"


@upload.post(
    "/videos/{video_id}/pictures",
    name="vimeo_video_thumbnail_upload",
    scopes={"upload", "edit"},
    fields=PICTURE,
    visible_to_others=True,
    undo=_UNDO,
    destructive=True,
    asks="Show viewers {file} as the thumbnail of {video}, in place of the present one?",
    looks=(_VIDEO,),
    file="image",
)
class ThumbnailUpload(ToolInput):
    """Use my own picture as the thumbnail of a video: a JPG or PNG as its cover (poster)."""

    video_id: VideoNumber
    path: Annotated[
        Path,
        Shown(None),
        Help(
            "A JPEG, PNG or GIF image of less than 20 MB, by its path on the machine that the toolkit runs "
            "on, in a folder that the operator allows."
        ),
    ]

    async def run(self, api: Api) -> Any:
        """Create the picture, send the image to its link, and make it active when it is there."""
        source = await api.uploader.open(self.path, "image")
        content = await api.uploader.read(source, LARGEST)
        media = image_type(content)
        if media is None or len(content) > LARGEST:
            raise InvalidInput(
                "path: this is not a JPEG, PNG or GIF image of less than 20 MB.", hint="Give an image file."
            )
        create = ApiRequest("POST", f"/videos/{self.video_id}/pictures", fields=f"{PICTURE},link")
        return await send_part(api, _THUMBNAIL, create, content, media)


@upload.patch(
    "/videos/{video_id}/pictures/{picture_id}",
    name="vimeo_video_picture_edit",
    scopes={"edit"},
    fields=PICTURE,
    visible_to_others=True,
    undo="vimeo_video_picture_edit makes the former one active again.",
    destructive=True,
    asks="Show viewers {picture} of {video}, in place of the present one?",
    looks=(PICTURE_NOW, _VIDEO),
)
class PictureEdit(ToolInput):
    """Switch back to an earlier thumbnail (cover) of the video, or to another one."""

    video_id: VideoNumber
    picture_id: PictureId
    active: Annotated[
        bool, Help("Whether everybody sees this thumbnail, in place of the one that is shown now.")
    ]

    def asks(self, found: Mapping[str, Any]) -> str:
        if not self.active:
            return "No longer show viewers {picture} of {video}?"
        if found["picture"].get("active") is True:
            return "Show viewers {picture} of {video}?"
        return self.tool.asks


@upload.delete(
    "/videos/{video_id}/pictures/{picture_id}",
    name="vimeo_video_picture_delete",
    scopes={"edit"},
    success_message="The thumbnail was deleted.",
    visible_to_others=True,
    asks="Permanently delete {picture} of {video}?",
    looks=(PICTURE_NOW, _VIDEO),
)
class PictureDelete(ToolInput):
    """Delete a video's thumbnail."""

    video_id: VideoNumber
    picture_id: PictureId
