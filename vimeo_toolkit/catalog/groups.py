"""Groups: people and videos around a theme."""

from collections.abc import Mapping
from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.audience import in_group, view_of
from vimeo_toolkit.catalog.ids import GroupId, VideoNumber
from vimeo_toolkit.catalog.inputs import CollectionSort, Description, Direction, FoundSort, Name, Paged, Query
from vimeo_toolkit.catalog.looks import GROUP_NOW, VIDEO_NOW, VIDEOS_NAMED, Look
from vimeo_toolkit.catalog.projections import GROUP, OTHERS_VIDEOS, USER
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import discover, engage

__all__ = [
    "GroupCreate",
    "GroupDelete",
    "GroupGet",
    "GroupUsersList",
    "GroupVideoAdd",
    "GroupVideosList",
    "GroupsList",
]


_CONTENTS: Final = Look("contents", "/groups/{group_id}/videos", VIDEOS_NAMED.fields, noun="video")


@discover.get("/groups", name="vimeo_groups_list", fields=GROUP)
class GroupsList(Paged):
    """Find groups about something."""

    query: Query | None = None
    sort: FoundSort | None = None
    direction: Direction | None = None


@discover.get("/groups/{group_id}", name="vimeo_group_get", fields=GROUP)
class GroupGet(ToolInput):
    """Get one group."""

    group_id: GroupId


@discover.get("/groups/{group_id}/users", name="vimeo_group_users_list", fields=USER)
class GroupUsersList(Paged):
    """List who is in a group."""

    group_id: GroupId
    query: Query | None = None


@discover.get("/groups/{group_id}/videos", name="vimeo_group_videos_list", fields=OTHERS_VIDEOS)
class GroupVideosList(Paged):
    """List the videos in a group."""

    group_id: GroupId
    query: Query | None = None
    sort: CollectionSort | None = None


@engage.post(
    "/groups",
    name="vimeo_group_create",
    scopes={"create"},
    fields=f"{GROUP},privacy.view",
    visible_to_others=True,
    undo="vimeo_group_delete deletes it.",
    asks="Make the group {name}?",
)
class GroupCreate(ToolInput):
    """Create a group."""

    name: Name
    description: Description | None = None


@engage.delete(
    "/groups/{group_id}",
    name="vimeo_group_delete",
    scopes={"delete"},
    success_message="The group was deleted.",
    visible_to_others=True,
    asks="Permanently delete {group}?",
    looks=(GROUP_NOW, _CONTENTS),
)
class GroupDelete(ToolInput):
    """Delete my group."""

    group_id: GroupId

    def asks(self, found: Mapping[str, Any]) -> str:
        if not found["contents"]:
            return "Permanently delete {group}, which has no videos?"
        return "Permanently delete {group} but keep {contents} in their owners' libraries?"


@engage.put(
    "/groups/{group_id}/videos/{video_id}",
    name="vimeo_group_video_add",
    scopes={"edit"},
    fields="uri,privacy.view",
    success_message="The video is in the group.",
    visible_to_others=True,
    destructive=True,
    asks="Put {video} into {group}?",
    looks=(GROUP_NOW, VIDEO_NOW),
)
class GroupVideoAdd(ToolInput):
    """Add a video to a group."""

    group_id: GroupId
    video_id: VideoNumber

    async def run(self, api: Api) -> Any:
        """Add it. Vimeo answers with the video, or with nothing while a moderator has to accept it."""
        answer = await api.send(self.request(api.account))
        if said := in_group({f"/videos/{self.video_id}": view_of(answer)}):
            api.note(said)
        return answer
