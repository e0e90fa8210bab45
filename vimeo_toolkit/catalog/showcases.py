"""Showcases, which the API calls albums."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.effects import same_color
from vimeo_toolkit.catalog.ids import ShowcaseId, VideoNumber
from vimeo_toolkit.catalog.inputs import (
    NOTHING_TO_CHANGE,
    VIMEO_CHOOSES,
    Description,
    Direction,
    Name,
    NewDescription,
    Paged,
    Password,
    Query,
    VideoUris,
    check_password,
)
from vimeo_toolkit.catalog.looks import MEMBERS, SHOWCASE_NOW, VIDEO_NOW, VIDEOS_NAMED
from vimeo_toolkit.catalog.marks import Help, Shown
from vimeo_toolkit.catalog.projections import OWN_VIDEOS, SHOWCASE
from vimeo_toolkit.catalog.showcase_filling import add, replace
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import organize

__all__ = [
    "ShowcaseCreate",
    "ShowcaseDelete",
    "ShowcaseEdit",
    "ShowcaseGet",
    "ShowcaseVideoAdd",
    "ShowcaseVideoRemove",
    "ShowcaseVideosAdd",
    "ShowcaseVideosList",
    "ShowcaseVideosSet",
    "ShowcasesList",
]


ShowcasePrivacy = Annotated[
    Literal["anybody", "embed_only", "nobody", "password", "team", "unlisted"],
    Help(
        "Who may open it: anybody, nobody (not even the owner), unlisted (by its link), password, team (the "
        "owner's), embed_only (on other sites).",
        VIMEO_CHOOSES,
    ),
]
ShowcaseOrder = Annotated[
    Literal[
        "added_first",
        "added_last",
        "alphabetical",
        "arranged",
        "comments",
        "likes",
        "newest",
        "oldest",
        "plays",
    ],
    Help(
        "In which order it shows its videos: added_first (newly added ones first), added_last (newly added "
        "ones last), arranged (by hand), or by what the word says.",
        VIMEO_CHOOSES,
    ),
]
Color = Annotated[
    str,
    Field(pattern=r"^#?[0-9a-fA-F]{6}$"),
    Help("The colour of its buttons and controls, as six hexadecimal digits such as ff8800.", VIMEO_CHOOSES),
]


@organize.post(
    "/me/albums",
    name="vimeo_showcase_create",
    scopes={"create"},
    fields=SHOWCASE,
    visible_to_others=True,
    undo="vimeo_showcase_delete deletes it; its videos stay.",
    asks="Make the showcase {name}?",
)
class ShowcaseCreate(ToolInput):
    """Create (make) a new showcase (album, playlist), a collection of videos on its own page."""

    name: Name
    description: Description | None = None
    privacy: Annotated[ShowcasePrivacy | None, Shown("privacy.view")] = None
    password: Password | None = None
    sort: ShowcaseOrder | None = None
    brand_color: Annotated[Color | None, Shown("brand_color", same_color)] = None
    """Hex."""
    hide_nav: Annotated[
        bool | None, Help("Whether its page is shown without Vimeo's own navigation.", VIMEO_CHOOSES)
    ] = None
    hide_upcoming: Annotated[
        bool | None,
        Help(
            "By its name, keeps a coming live event off the page; Vimeo's documentation says the opposite.",
            VIMEO_CHOOSES,
        ),
    ] = None
    review_mode: Annotated[
        bool | None, Help("Whether its videos are opened by the links of their review pages.", VIMEO_CHOOSES)
    ] = None

    @model_validator(mode="after")
    def _password(self) -> Self:
        check_password("privacy", self.privacy, self.password, new=True)
        return self


@organize.get("/me/albums", name="vimeo_showcases_list", scopes={"private"}, fields=SHOWCASE)
class ShowcasesList(Paged):
    """List all my showcases (albums)."""

    query: Query | None = None
    sort: Annotated[
        Literal["alphabetical", "date", "duration", "videos"] | None,
        Help("What to sort by: name, date of creation, duration or number of videos.", VIMEO_CHOOSES),
    ] = None
    direction: Direction | None = None


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
    """Put (add) a video into a showcase (album)."""

    album_id: ShowcaseId
    video_id: VideoNumber


@organize.get(
    "/me/albums/{album_id}/videos", name="vimeo_showcase_videos_list", scopes={"private"}, fields=OWN_VIDEOS
)
class ShowcaseVideosList(Paged):
    """List the videos in one showcase (album)."""

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


@organize.get("/me/albums/{album_id}", name="vimeo_showcase_get", scopes={"private"}, fields=SHOWCASE)
class ShowcaseGet(ToolInput):
    """Get one showcase (album)."""

    album_id: ShowcaseId


@organize.patch(
    "/me/albums/{album_id}",
    name="vimeo_showcase_edit",
    scopes={"edit"},
    fields=SHOWCASE,
    visible_to_others=True,
    undo="vimeo_showcase_edit sets the former values again: look for them with vimeo_showcase_get before.",
    destructive=True,
    asks="Change {showcase}, which holds {members:count}?",
    looks=(SHOWCASE_NOW, MEMBERS),
)
class ShowcaseEdit(ToolInput):
    """Edit a showcase (album): rename, description, privacy, password, order, look."""

    album_id: ShowcaseId
    name: Name | None = None
    description: NewDescription | None = None
    """(empty) clears it."""
    privacy: Annotated[ShowcasePrivacy | None, Shown("privacy.view")] = None
    password: Password | None = None
    sort: ShowcaseOrder | None = None
    layout: Annotated[
        Literal["grid", "player"] | None,
        Help("Whether its page shows the videos side by side (grid) or in one player with a list (player)."),
    ] = None
    theme: Annotated[
        Literal["dark", "standard"] | None,
        Help("Whether its page is dark, or has Vimeo's standard colours."),
    ] = None
    brand_color: Annotated[Color | None, Shown("brand_color", same_color)] = None
    """Hex."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if all(getattr(self, name) is None for name in type(self).model_fields if name != "album_id"):
            raise ValueError(NOTHING_TO_CHANGE)
        check_password("privacy", self.privacy, self.password, new=False)
        return self


@organize.delete(
    "/me/albums/{album_id}",
    name="vimeo_showcase_delete",
    scopes={"delete"},
    success_message="The showcase was deleted; its videos are still in the library.",
    visible_to_others=True,
    asks="Permanently delete {showcase}?",
    looks=(SHOWCASE_NOW.but(fields=f"{SHOWCASE_NOW.fields},description,modified_time"), MEMBERS),
)
class ShowcaseDelete(ToolInput):
    """Delete a showcase (album); its videos stay."""

    album_id: ShowcaseId

    def asks(self, found: Mapping[str, Any]) -> str:
        if not found["members"]:
            return "Permanently delete {showcase}, which is empty?"
        return "Permanently delete {showcase} but keep {members} in your library?"


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
    """Remove a video from a showcase (album); the video stays."""

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
    """Fill a new showcase (album) with many videos at once, or replace all that it holds."""

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
        if not found["members"]:
            return "Fill {showcase}, which is empty, with {videos}?"
        return "Let {showcase} hold only {videos}, in place of {members}?"

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
    """Add many videos to a showcase (album), keeping those in it."""

    album_id: ShowcaseId
    videos: Annotated[VideoUris, Shown(None)]

    async def run(self, api: Api) -> Any:
        """See `showcase_filling.add`."""
        return await add(api, self.request(api.account).path, self.videos)
