"""Folders, which the API calls projects."""

from __future__ import annotations

from typing import Annotated, Literal

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.catalog.common import FOLDER, OWN_VIDEOS, Direction, Name, Paged, Query
from vimeo_toolkit.catalog.ids import FolderId, FolderUri, VideoNumber
from vimeo_toolkit.catalog.tool import ApiRequest, ToolInput, Unsent
from vimeo_toolkit.catalog.toolsets import organize
from vimeo_toolkit.errors import InvalidInput

__all__ = ["FolderCreate", "FolderVideoAdd", "FolderVideosList", "FoldersList"]


@organize.post("/me/projects", name="vimeo_folder_create", scopes={"create"}, fields=FOLDER)
class FolderCreate(ToolInput):
    """Create a folder (project), or a subfolder."""

    name: Name
    parent_folder_uri: FolderUri | None = None

    def request(self, account: AccountRecord) -> ApiRequest:
        made = super().request(account)
        parent = self.parent_folder_uri
        if parent is None or parent.startswith("/"):
            return made
        # The body wants a whole URI, and a folder's URI begins with its owner's.
        if account.vimeo_uri is None:
            raise InvalidInput(
                "parent_folder_uri: a bare id does not suffice here.",
                hint="Pass the folder's whole URI, such as /users/9/projects/123.",
            )
        body = {**made.body, "parent_folder_uri": f"{account.vimeo_uri}/projects/{parent}"}
        return ApiRequest(made.method, made.path, made.query, body, made.fields)


@organize.get("/me/projects", name="vimeo_folders_list", scopes={"private"}, fields=FOLDER)
class FoldersList(Paged):
    """List my folders (projects)."""

    query: Query | None = None
    sort: Literal["date", "default", "modified_time", "name", "pinned_on"] | None = None
    direction: Direction | None = None


# `interact`, not `edit`: so says the API's document, and so do real refusals of this very request.
@organize.put(
    "/me/projects/{folder_id}/videos/{video_id}",
    name="vimeo_folder_video_add",
    scopes={"interact"},
    done="The video is in the folder, and no longer in the one it was in before.",
)
class FolderVideoAdd(ToolInput):
    """Move a video into a folder (project)."""

    folder_id: FolderId
    video_id: VideoNumber


@organize.get(
    "/me/projects/{folder_id}/videos",
    name="vimeo_folder_videos_list",
    scopes={"private"},
    fields=OWN_VIDEOS,
)
class FolderVideosList(Paged):
    """List the videos in a folder (project)."""

    folder_id: FolderId
    query: Query | None = None
    sort: Literal["alphabetical", "date", "default", "duration", "last_user_action_event_date"] | None = None
    direction: Direction | None = None
    filter: Annotated[
        str | None, Unsent("Vimeo has no filter for the videos in a folder: this list is unfiltered.")
    ] = None
    """Ignored."""
