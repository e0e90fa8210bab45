"""Showcases, which the API calls albums."""

from collections.abc import Mapping
from dataclasses import replace as but
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.audience import counted_in_showcase, in_showcase, view_of
from vimeo_toolkit.catalog.effects import same_color
from vimeo_toolkit.catalog.extra_reads import try_list
from vimeo_toolkit.catalog.ids import ShowcaseId
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
from vimeo_toolkit.catalog.looks import MEMBERS, SHOWCASE_NOW, VIDEOS_NAMED
from vimeo_toolkit.catalog.marks import Help, Shown
from vimeo_toolkit.catalog.projections import SHOWCASE
from vimeo_toolkit.catalog.showcase_filling import fill_new
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import organize
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = [
    "ShowcaseCreate",
    "ShowcaseDelete",
    "ShowcaseEdit",
    "ShowcaseGet",
    "ShowcasesList",
]


_WHO_OPENS: Final = (
    "anybody, nobody (not even the owner), unlisted (by its link), password, team (the owner's), embed_only (on "
    "other sites)"
)
ShowcasePrivacy = Annotated[
    Literal["anybody", "embed_only", "nobody", "password", "team", "unlisted"],
    Help(f"Who may open it: {_WHO_OPENS}.", VIMEO_CHOOSES),
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
    looks=(VIDEOS_NAMED,),
)
class ShowcaseCreate(ToolInput):
    """Create a new showcase, album or playlist, to share a collection."""

    name: Name
    videos: Annotated[
        VideoUris | None,
        Shown(None),
        Help(
            "The videos to put in, in order, each by its id, URI or link, 500 at most.",
            "It is empty when they are left out.",
        ),
    ] = None
    description: Description | None = None
    privacy: Annotated[
        ShowcasePrivacy | None,
        Shown("privacy.view"),
        Help(f"Who may open it: {_WHO_OPENS}.", "Everyone may (anybody) when it is left out."),
    ] = None
    """Public when left out."""
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

    may_need: ClassVar[frozenset[str]] = frozenset({"edit", "private"})

    def needed_scopes(self) -> frozenset[str]:
        return self.tool.scopes | (self.may_need if self.videos else set())

    def asks(self, found: Mapping[str, Any]) -> str:
        if not self.videos:
            return self.tool.asks
        # Vimeo makes it public where nothing else is said (recorded answers).
        seen = counted_in_showcase(self.privacy or "anybody", map(view_of, found["videos"]))
        return " ".join(["Make the showcase {name} with {videos}?", *seen])

    def request(self, account: AccountRecord) -> ApiRequest:
        made = super().request(account)
        return but(made, body={name: value for name, value in made.body.items() if name != "videos"})

    async def run(self, api: Api) -> Any:
        """Make it, and put the videos in, see `showcase_filling.fill_new`."""
        made = await api.send(self.request(api.account))
        if self.videos:
            return await fill_new(api, made, self.videos)
        api.note(
            "It is empty: vimeo_videos_change with add_to_showcases puts all videos in that meet conditions."
        )
        return made


@organize.get("/me/albums", name="vimeo_showcases_list", scopes={"private"}, fields=SHOWCASE)
class ShowcasesList(Paged):
    """List my showcases (albums): which ones exist, how many."""

    query: Query | None = None
    sort: Annotated[
        Literal["alphabetical", "date", "duration", "videos"] | None,
        Help("What to sort by: name, date of creation, duration or number of videos.", VIMEO_CHOOSES),
    ] = None
    direction: Direction | None = None


@organize.get("/me/albums/{album_id}", name="vimeo_showcase_get", scopes={"private"}, fields=SHOWCASE)
class ShowcaseGet(ToolInput):
    """Get the settings of one showcase (album): its privacy, layout, description."""

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
    """Change the settings of a showcase (album): rename it, the album's password, privacy or layout."""

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

    def asks(self, found: Mapping[str, Any]) -> str:
        seen = counted_in_showcase(self.privacy, map(view_of, found["members"]))
        return " ".join([self.tool.asks, *seen])

    async def run(self, api: Api) -> Any:
        """Change it. Another privacy may let other people watch what is in it, so that is looked at then."""
        request = self.request(api.account)
        answer = await api.send(request)
        if self.privacy is not None and "private" in api.account.granted_scopes:
            members = await try_list(api, f"{request.path}/videos", "uri,privacy.view")
            views = {str(each.get("uri")): view_of(each) for each in members or ()}
            if said := in_showcase(view_of(answer), views):
                api.note(said)
        return answer


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
    """Delete (remove, drop) a whole showcase or album: an old album, a collection that is no longer needed.
    Its videos stay.
    """

    album_id: ShowcaseId

    def asks(self, found: Mapping[str, Any]) -> str:
        if not found["members"]:
            return "Permanently delete {showcase}, which is empty?"
        return "Permanently delete {showcase} but keep {members} in your library?"
