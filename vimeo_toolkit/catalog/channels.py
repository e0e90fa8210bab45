"""Channels: public collections that users curate and follow."""

from dataclasses import replace
from typing import Annotated, Literal, Self

from pydantic import model_validator

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.catalog.ids import ChannelId
from vimeo_toolkit.catalog.inputs import ALL, VIMEO_CHOOSES, Direction, EmbeddableFilter, Paged, Query
from vimeo_toolkit.catalog.marks import Help
from vimeo_toolkit.catalog.projections import CHANNEL, OTHERS_VIDEOS
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import discover, library
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["ChannelGet", "ChannelVideosList", "ChannelsList", "MyChannelsList"]


@discover.get("/channels", name="vimeo_channels_list", fields=CHANNEL)
class ChannelsList(Paged):
    """Find channels about a topic."""

    query: Query | None = None
    filter: Annotated[
        Literal["featured", "moderated", "subscribed"] | None,
        Help(
            "Only some channels: featured (by Vimeo), moderated (by the user) or subscribed (the user "
            "follows them).",
            ALL,
        ),
    ] = None
    sort: Annotated[
        Literal["alphabetical", "date", "default", "followers", "relevant", "videos"] | None,
        Help(
            "What to sort by: name, date of creation (as default), number of followers or of videos, or "
            "relevant, which is how well it fits the query and needs one.",
            VIMEO_CHOOSES,
        ),
    ] = None
    direction: Direction | None = None

    @property
    def _own(self) -> bool:
        return self.filter in ("moderated", "subscribed")

    @model_validator(mode="after")
    def _combination(self) -> Self:
        if self.sort == "relevant" and (self.query is None or self._own):
            raise ValueError('sort="relevant" needs a query, and no filter by the user\'s own channels')
        if self._own and self.sort == "default":
            raise ValueError('sort="default" does not work with the user\'s own channels')
        return self

    def needed_scopes(self) -> frozenset[str]:
        return frozenset({"private"}) if self._own else super().needed_scopes()

    def request(self, account: AccountRecord) -> ApiRequest:
        made = super().request(account)
        if not self._own:
            return made
        # `/channels` only knows the filter "featured". The user's own channels have another address, where an
        # unfiltered list gives those that the user follows.
        query = {name: value for name, value in made.query.items() if name != "filter"}
        if self.filter == "moderated":
            query["filter"] = "moderated"
        return replace(made, path="/me/channels", query=query)


@discover.get("/channels/{channel_id}/videos", name="vimeo_channel_videos_list", fields=OTHERS_VIDEOS)
class ChannelVideosList(Paged):
    """List the videos in a channel, such as Staff Picks."""

    channel_id: ChannelId
    query: Query | None = None
    filter: EmbeddableFilter | None = None
    sort: Annotated[
        Literal[
            "added",
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
            "What to sort by: added is when it came into the channel, date when it was made, manual as it "
            "was arranged by hand, default Vimeo's order, without direction.",
            VIMEO_CHOOSES,
        ),
    ] = None
    direction: Direction | None = None

    @model_validator(mode="after")
    def _combination(self) -> Self:
        if self.sort == "default" and self.direction is not None:
            raise ValueError('sort="default" takes no direction')
        return self


@discover.get("/channels/{channel_id}", name="vimeo_channel_get", fields=CHANNEL)
class ChannelGet(ToolInput):
    """Get one channel."""

    channel_id: ChannelId


@library.get(
    "/me/channels", name="vimeo_my_channels_list", scopes={"private"}, fields=CHANNEL, untrusted=True
)
class MyChannelsList(Paged):
    """List my channels: those that I follow, run or moderate."""

    query: Query | None = None
    filter: Annotated[
        Literal["moderated"] | None, Help("Only channels that the user moderates (moderated).", ALL)
    ] = None
    sort: Annotated[
        Literal["alphabetical", "date", "followers", "videos"] | None,
        Help("What to sort by: name, date of creation, number of followers or of videos.", VIMEO_CHOOSES),
    ] = None
    direction: Direction | None = None
