"""The files of a video that can be downloaded. Whoever has a link to one can, so no result has a link: the program
that calls gets them as secrets (`VimeoToolkit.download_links`)."""

from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.ids import VideoNumber
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import admin
from vimeo_toolkit.secret import Secret

__all__ = ["VideoDownloadsList"]

_PARTS: Final = ("quality", "rendition", "type", "width", "height", "size", "expires")
_NONE: Final = (
    "Vimeo shows no files of this video: it is another user's, is not converted yet, or the user's plan at Vimeo "
    "does not give files to apps."
)
_LINKS: Final = (
    "The links themselves are not shown, because whoever has one can download the file. Point the user to the "
    "video's page at Vimeo, or to the product, if it offers downloads."
)


@admin.get(
    "/videos/{video_id}",
    name="vimeo_video_downloads_list",
    scopes={"private", "video_files"},
    fields=",".join(["uri", "name", "manage_link", *(f"download.{part}" for part in (*_PARTS, "link"))]),
)
class VideoDownloadsList(ToolInput):
    """List how a video can be downloaded: to download it in one quality or another."""

    video_id: VideoNumber

    async def run(self, api: Api) -> Any:
        """Return the files without their links, which the caller's program is handed."""
        video = await api.send_raw(self.request(api.account))
        listed = video.get("download")
        files = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
        api.hand_over([Secret(str(each.get("link") or "")) for each in files])
        api.note(_LINKS if files else _NONE)
        shown = {name: video[name] for name in ("uri", "name") if name in video}
        data = [{name: each[name] for name in _PARTS if name in each} for each in files]
        return {**shown, "total": len(data), "data": data}
