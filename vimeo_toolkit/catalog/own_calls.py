"""Calls that the toolkit's methods make and no agent is offered: they run as calls of tools do, within the user's
request budget, and hooks and modifiers see them."""

from __future__ import annotations

from dataclasses import astuple
from typing import Annotated, Any, Final

from pydantic import Field

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.declaring import Toolset
from vimeo_toolkit.catalog.ids import VideoNumber, VideoUri
from vimeo_toolkit.catalog.inputs import Paged
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.transcript_reading import TRACKS, segments_of
from vimeo_toolkit.library.listing import FIELDS
from vimeo_toolkit.library.sync_report import RECHECK, SyncOptions
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["LibrarySync", "LibraryVideos", "VideoSegments", "VideosShown"]

OWN: Final = Toolset("own", "Calls of the toolkit's own methods.")


@OWN.get(
    "/videos/{video_id}/texttracks",
    name="vimeo_video_segments",
    scopes={"private"},
    fields=TRACKS,
    error_hints={403: "Transcripts can be read of the user's own videos only."},
)
class VideoSegments(ToolInput):
    """Read what is said in a video, as segments with start and end."""

    video_id: VideoNumber
    language: Annotated[str | None, Field(min_length=2, max_length=40)] = None

    async def run(self, api: Api) -> Any:
        """Return the segments of the best text track, see `segments_of`."""
        read = await segments_of(api, self.video_id, self.language)
        return {
            "language": read.language,
            "incomplete": read.incomplete,
            "segments": [astuple(segment) for segment in read.segments],
        }


@OWN.get("/me/videos", name="vimeo_library_videos", scopes={"private"}, fields=FIELDS)
class LibraryVideos(Paged):
    """List the user's videos as their library's index knows them."""


@OWN.get("/videos", name="vimeo_videos_shown", fields=FIELDS)
class VideosShown(ToolInput):
    """Get several videos as a library's index knows them; Vimeo leaves out what is not there."""

    videos: Annotated[list[VideoUri], Field(min_length=1, max_length=100)]

    def request(self, account: AccountRecord) -> ApiRequest:
        """Return the one request."""
        query = {"uris": ",".join(self.videos), "per_page": "100"}
        return ApiRequest("GET", "/videos", query, fields=self.tool.fields)


@OWN.get("/me/videos", name="vimeo_library_sync", scopes={"private"})
class LibrarySync(ToolInput):
    """Bring the index of the user's library up to date."""

    full: bool = False
    recheck: Annotated[float, Field(ge=0, le=1)] = RECHECK
    videos: tuple[VideoNumber, ...] | None = None

    async def run(self, api: Api) -> Any:
        """Return what was done, see `UserLibrary.sync`."""
        assert api.library is not None  # noqa: S101 - `toolkit.library` looks first
        report = await api.library.sync(api, SyncOptions(self.full, self.recheck, self.videos))
        return report.to_dict()
