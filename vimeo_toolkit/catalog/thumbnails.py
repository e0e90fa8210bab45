"""Thumbnails of videos, which the API calls pictures."""

from typing import Any, Final

from vimeo_toolkit.catalog.common import Paged
from vimeo_toolkit.catalog.ids import PictureId, VideoNumber
from vimeo_toolkit.catalog.timecodes import Timecode
from vimeo_toolkit.catalog.tool import Api, ApiRequest, ToolInput
from vimeo_toolkit.catalog.toolsets import upload
from vimeo_toolkit.catalog.uploads import Path, made_part
from vimeo_toolkit.errors import InvalidInput

__all__ = ["PictureCreate", "PictureDelete", "PictureEdit", "PicturesList", "ThumbnailUpload"]

PICTURE: Final = "uri,active,type,base_link"
_UNDO: Final = "vimeo_video_picture_delete deletes it; vimeo_video_picture_edit makes another one active."

LARGEST: Final = 20_000_000
IMAGES: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"GIF8": "image/gif"}


@upload.get("/videos/{video_id}/pictures", name="vimeo_video_pictures_list", fields=PICTURE)
class PicturesList(Paged):
    """List a video's thumbnails (pictures)."""

    video_id: VideoNumber


@upload.post(
    "/videos/{video_id}/pictures",
    name="vimeo_video_picture_create",
    scopes={"upload"},
    fields=PICTURE,
    outward=True,
    undo=_UNDO,
)
class PictureCreate(ToolInput):
    """Make a thumbnail from a moment (time) of the video."""

    video_id: VideoNumber
    time: Timecode | None = None
    """Second."""
    active: bool | None = None
    """Use it."""


@upload.post(
    "/videos/{video_id}/pictures",
    name="vimeo_video_thumbnail_upload",
    scopes={"upload", "edit"},
    fields=PICTURE,
    outward=True,
    undo=_UNDO,
)
class ThumbnailUpload(ToolInput):
    """Use a local image file as a video's thumbnail."""

    video_id: VideoNumber
    path: Path

    async def run(self, api: Api) -> Any:
        """Create the picture, send the image to its link, and make it active when it is there."""
        source = api.uploader.files.open(self.path)
        content = await api.uploader.read(source, LARGEST)
        media = next((media for begin, media in IMAGES.items() if content.startswith(begin)), None)
        if media is None or len(content) > LARGEST:
            raise InvalidInput(
                "path: this is no JPEG, PNG or GIF image of less than 20 MB.", hint="Give an image file."
            )
        path = f"/videos/{self.video_id}/pictures"
        picture = await api.send(ApiRequest("POST", path, fields=f"{PICTURE},link"))
        number, link = made_part(picture)
        await api.uploader.put(link, content, media)
        return await api.send(ApiRequest("PATCH", f"{path}/{number}", body={"active": True}, fields=PICTURE))


@upload.patch(
    "/videos/{video_id}/pictures/{picture_id}",
    name="vimeo_video_picture_edit",
    scopes={"edit"},
    fields=PICTURE,
    outward=True,
    undo="Make the former one active again.",
)
class PictureEdit(ToolInput):
    """Choose which of a video's thumbnails it shows."""

    video_id: VideoNumber
    picture_id: PictureId
    active: bool


@upload.delete(
    "/videos/{video_id}/pictures/{picture_id}",
    name="vimeo_video_picture_delete",
    scopes={"edit"},
    done="The thumbnail was deleted.",
)
class PictureDelete(ToolInput):
    """Delete a thumbnail of a video."""

    video_id: VideoNumber
    picture_id: PictureId
