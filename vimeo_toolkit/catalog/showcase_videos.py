"""The videos of a showcase: list, add, remove, set."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.audience import counted_in_showcase, view_of
from vimeo_toolkit.catalog.extra_reads import try_get
from vimeo_toolkit.catalog.ids import ShowcaseId, VideoNumber
from vimeo_toolkit.catalog.inputs import (
    VIMEO_CHOOSES,
    Direction,
    Paged,
    VideoUris,
)
from vimeo_toolkit.catalog.looks import MEMBERS, SHOWCASE_NOW, VIDEO_NOW, VIDEOS_NAMED
from vimeo_toolkit.catalog.marks import Help, Shown
from vimeo_toolkit.catalog.projections import OWN_VIDEOS
from vimeo_toolkit.catalog.showcase_filling import add, note_audience, replace
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import organize

__all__ = [
    "ShowcaseVideoAdd",
    "ShowcaseVideoRemove",
    "ShowcaseVideosAdd",
    "ShowcaseVideosList",
    "ShowcaseVideosSet",
]


def _seen(found: Mapping[str, Any]) -> list[str]:
    """Return who will see those videos in a showcase that are not public."""
    return counted_in_showcase(view_of(found["showcase"]), map(view_of, found["videos"]))


@organize.put(
    "/me/albums/{album_id}/videos/{video_id}",
    name="vimeo_showcase_video_add",
    scopes={"edit"},
    success_message="The video is in the showcase.",
    visible_to_others=True,
    undo="vimeo_showcase_video_remove takes it out again.",
    asks="Put {video} into {showcase}?",
    looks=(SHOWCASE_NOW, VIDEO_NOW),
)
class ShowcaseVideoAdd(ToolInput):
    """Add a video to a showcase (album): include it, put it in an album or portfolio."""

    album_id: ShowcaseId
    video_id: VideoNumber

    async def run(self, api: Api) -> Any:
        """Put it in, and look whether others see it there."""
        request = self.request(api.account)
        answer = await api.send(request)
        if "private" in api.account.granted_scopes:
            video = await try_get(api, f"/videos/{self.video_id}", "uri,privacy.view")
            views = {f"/videos/{self.video_id}": view_of(video)}
            await note_audience(api, request.path.removesuffix(f"/{self.video_id}"), views)
        return answer


@organize.get(
    "/me/albums/{album_id}/videos", name="vimeo_showcase_videos_list", scopes={"private"}, fields=OWN_VIDEOS
)
class ShowcaseVideosList(Paged):
    """List which videos are inside a showcase (album)."""

    album_id: ShowcaseId
    sort: Annotated[
        Literal[
            "alphabetical",
            "comments",
            "date",
            "default",
            "duration",
            "likes",
            "manual",
            "modified_time",
            "plays",
        ]
        | None,
        Help(
            "What to sort by: manual is as it was arranged by hand, default Vimeo's own order, modified_time "
            "when it was changed.",
            VIMEO_CHOOSES,
        ),
    ] = None
    direction: Direction | None = None


@organize.delete(
    "/me/albums/{album_id}/videos/{video_id}",
    name="vimeo_showcase_video_remove",
    scopes={"edit"},
    success_message="The video is no longer in the showcase.",
    undo="vimeo_showcase_video_add adds it again, as the last one.",
    visible_to_others=True,
    asks="Take {video} out of {showcase} and keep it in your library?",
    looks=(
        SHOWCASE_NOW,
        VIDEO_NOW.but(path="/me/albums/{album_id}/videos/{video_id}", scopes=SHOWCASE_NOW.scopes),
    ),
)
class ShowcaseVideoRemove(ToolInput):
    """Remove a video from a showcase: take it out of the album, drop it from the playlist; the video stays."""

    album_id: ShowcaseId
    video_id: VideoNumber


@organize.put(
    "/me/albums/{album_id}/videos",
    name="vimeo_showcase_videos_set",
    scopes={"edit"},
    destructive=True,
    visible_to_others=True,
    undo="vimeo_showcase_videos_set puts the former videos back: look for them with "
    "vimeo_showcase_videos_list before.",
    asks="Fill {showcase} with {videos}?",
    looks=(SHOWCASE_NOW, MEMBERS, VIDEOS_NAMED),
)
class ShowcaseVideosSet(ToolInput):
    """Replace the whole contents of a showcase (album): set exactly which videos are in it, in which order."""

    album_id: ShowcaseId
    videos: Annotated[
        VideoUris,
        Shown(None),
        Help(
            "All videos that the showcase is to hold, in order, each by its id, URI or link, 500 at most; "
            "any other video in it is taken out."
        ),
    ]
    """All of them, in order."""

    def asks(self, found: Mapping[str, Any]) -> str:
        asked = (
            "Let {showcase} hold only {videos}, in place of {members}?"
            if found["members"]
            else "Fill {showcase}, which is empty, with {videos}?"
        )
        return " ".join([asked, *_seen(found)])

    async def run(self, api: Api) -> Any:
        """See `showcase_filling.replace`."""
        may_read = "private" in api.account.granted_scopes
        return await replace(api, self.request(api.account).path, self.videos, may_read=may_read)


@organize.put(
    "/me/albums/{album_id}/videos",
    name="vimeo_showcase_videos_add",
    scopes={"edit", "private"},
    visible_to_others=True,
    undo="vimeo_showcase_video_remove takes each out again.",
    asks="Put {videos} into {showcase}?",
    looks=(SHOWCASE_NOW, VIDEOS_NAMED),
)
class ShowcaseVideosAdd(ToolInput):
    """Put several videos into a showcase: include them in a collection."""

    album_id: ShowcaseId
    videos: Annotated[VideoUris, Shown(None)]

    def asks(self, found: Mapping[str, Any]) -> str:
        return " ".join([self.tool.asks, *_seen(found)])

    async def run(self, api: Api) -> Any:
        """See `showcase_filling.add`."""
        return await add(api, self.request(api.account).path, self.videos)
