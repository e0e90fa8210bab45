"""The connected user and other users."""

from dataclasses import replace
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.catalog.effects import same_end
from vimeo_toolkit.catalog.ids import UserId, UserOrMe
from vimeo_toolkit.catalog.inputs import (
    ALL,
    NOTHING_TO_CHANGE,
    RATINGS,
    WHO_COMMENTS,
    WHO_EMBEDS,
    WHO_WATCHES,
    Direction,
    FoundSort,
    Name,
    Paged,
    Password,
    PeopleSort,
    PrivacyComments,
    PrivacyEmbed,
    PrivacyView,
    Query,
    Rating,
    VideoFilter,
    VideoSort,
)
from vimeo_toolkit.catalog.looks import Look
from vimeo_toolkit.catalog.marks import BodyPath, Help, Shown
from vimeo_toolkit.catalog.projections import OTHERS_VIDEOS, USER, USER_DETAIL
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import admin, discover, engage, library
from vimeo_toolkit.catalog.videos import check_video_sort
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = [
    "FollowingList",
    "MeGet",
    "UserFollow",
    "UserFollowersList",
    "UserGet",
    "UserUnfollow",
    "UserUpdate",
    "UserVideosList",
    "UsersSearch",
]


_USER: Final = Look(
    "user", "/users/{follow_user_id}", "uri,name", counts="metadata.connections.followers.total"
)


@library.get(
    "/me",
    name="vimeo_me_get",
    # The numbers mean bytes or videos, as their unit says.
    fields=USER_DETAIL + ",upload_quota.space.free,upload_quota.space.max,upload_quota.space.unit",
)
class MeGet(ToolInput):
    """Show my own profile and plan: how many followers I have, how full my storage is."""


@discover.get("/users/{user_id}", name="vimeo_user_get", fields=USER_DETAIL)
class UserGet(ToolInput):
    """Show another user's profile: who this person, creator or filmmaker is."""

    user_id: UserId
    """Id, name or link."""


@discover.get("/users/{user_id}/videos", name="vimeo_user_videos_list", fields=OTHERS_VIDEOS)
class UserVideosList(Paged):
    """Show what another person has published: a creator's latest videos."""

    user_id: UserId
    query: Query | None = None
    filter: VideoFilter | None = None
    sort: VideoSort | None = None
    direction: Direction | None = None

    @model_validator(mode="after")
    def _combination(self) -> Self:
        check_video_sort(self.sort, self.direction)
        return self


@engage.put(
    "/me/following/{follow_user_id}",
    name="vimeo_user_follow",
    scopes={"interact"},
    success_message="The user is followed.",
    visible_to_others=True,
    undo="vimeo_user_unfollow takes it back.",
    asks="Follow {user}?",
    looks=(_USER,),
)
class UserFollow(ToolInput):
    """Start following somebody: subscribe to a person or creator."""

    follow_user_id: UserId
    """Or the name."""


@engage.get("/me/following", name="vimeo_following_list", scopes={"private"}, fields=USER, untrusted=True)
class FollowingList(Paged):
    """List whom I follow."""

    query: Query | None = None
    filter: Annotated[Literal["online"] | None, Help("Only people who are on Vimeo now (online).", ALL)] = (
        None
    )
    sort: PeopleSort | None = None
    direction: Direction | None = None


@engage.delete(
    "/me/following/{follow_user_id}",
    name="vimeo_user_unfollow",
    scopes={"interact"},
    success_message="The user is no longer followed.",
    undo="vimeo_user_follow follows them again.",
    visible_to_others=True,
    asks="Stop following {user}?",
    looks=(_USER,),
)
class UserUnfollow(ToolInput):
    """Stop following a person: unfollow, unsubscribe."""

    follow_user_id: UserId
    """Or the name."""


@engage.get("/users/{user_id}/followers", name="vimeo_user_followers_list", fields=USER)
class UserFollowersList(Paged):
    """List who follows a user: followers, fans, subscribers."""

    user_id: UserId
    query: Query | None = None
    sort: PeopleSort | None = None
    direction: Direction | None = None


@discover.get("/users", name="vimeo_users_search", fields=USER)
class UsersSearch(Paged):
    """Find people: search for users, creators or filmmakers by name."""

    query: Query | None = None
    sort: FoundSort | None = None
    direction: Direction | None = None


_DEFAULT: Final = {
    name: Shown(f"preferences.videos.privacy.{name}")
    for name in ("view", "embed", "comments", "download", "add")
}


@admin.patch(
    "/users/{user_id}",
    name="vimeo_user_update",
    scopes={"edit"},
    fields=USER_DETAIL,
    visible_to_others=True,
    undo='vimeo_user_update sets the former values again: look for them with vimeo_me_get, detail="full", before.',
    destructive=True,
    asks="Change the profile of {user}?",
    looks=(Look("user", "/users/{user_id}", "uri,name"),),
)
class UserUpdate(ToolInput):
    """Edit my own profile page: my bio, name, location."""

    user_id: UserOrMe
    """me."""
    name: Name | None = None
    bio: Annotated[
        str | None,
        Field(max_length=5000),
        Help("What the profile says about the user, 5,000 characters at most; (empty) clears it."),
    ] = None
    """(empty) clears it."""
    location: Annotated[
        str | None, Field(max_length=255), Help("Where the user is, such as Lisbon; (empty) clears it.")
    ] = None
    """(empty) clears it."""
    custom_url: Annotated[
        str | None,
        Field(max_length=255),
        BodyPath("link"),
        Shown("link", same_end),
        Help("The end of the profile's address, as harbour in https://vimeo.com/harbour; (empty) clears it."),
    ] = None
    """(empty) clears it."""
    content_filter: Annotated[
        list[Rating] | None,
        Field(min_length=1, max_length=7),
        Help(f"What viewers are to expect of the user's videos: {RATINGS}."),
    ] = None
    default_privacy_view: Annotated[
        PrivacyView | None,
        BodyPath("videos.privacy.view"),
        _DEFAULT["view"],
        Help(f"Who may watch new uploads: {WHO_WATCHES}."),
    ] = None
    default_privacy_embed: Annotated[
        PrivacyEmbed | None,
        BodyPath("videos.privacy.embed"),
        _DEFAULT["embed"],
        Help(f"Which sites may embed new uploads: {WHO_EMBEDS}."),
    ] = None
    default_privacy_comments: Annotated[
        PrivacyComments | None,
        BodyPath("videos.privacy.comments"),
        _DEFAULT["comments"],
        Help(f"Who may comment on new uploads: {WHO_COMMENTS}."),
    ] = None
    default_privacy_download: Annotated[
        bool | None,
        BodyPath("videos.privacy.download"),
        _DEFAULT["download"],
        Help("Whether viewers may download the files of new uploads."),
    ] = None
    default_privacy_add: Annotated[
        bool | None,
        BodyPath("videos.privacy.add"),
        _DEFAULT["add"],
        Help("Whether other people may put new uploads into their showcases, channels and groups."),
    ] = None
    password: Annotated[
        Password | None,
        Help(
            "What people have to enter for new uploads where default_privacy_view is password, 1 to 32 "
            "characters."
        ),
    ] = None
    """Default for new videos."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if all(getattr(self, name) is None for name in type(self).model_fields if name != "user_id"):
            raise ValueError(NOTHING_TO_CHANGE)
        if self.password is not None and self.default_privacy_view not in (None, "password"):
            raise ValueError('nobody is asked for a password without default_privacy_view="password"')
        return self

    def request(self, account: AccountRecord) -> ApiRequest:
        made = super().request(account)
        return replace(made, path="/me") if self.user_id == "me" else made
