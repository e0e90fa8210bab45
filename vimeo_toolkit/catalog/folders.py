"""Folders, which the API calls projects."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Final, Literal

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.effects import same_end
from vimeo_toolkit.catalog.folder_moves import move_many, move_one
from vimeo_toolkit.catalog.ids import NO_FOLDER, FolderId, FolderOrNone, NewPlace, VideoNumber, owner_prefix
from vimeo_toolkit.catalog.inputs import (
    ALL,
    VIMEO_CHOOSES,
    Direction,
    ItemSort,
    Name,
    Paged,
    Query,
    VideoUris,
)
from vimeo_toolkit.catalog.looks import FOLDER_NOW, VIDEO_NOW, VIDEOS_NAMED, Look
from vimeo_toolkit.catalog.marks import Help, IgnoredParam, Shown
from vimeo_toolkit.catalog.projections import FOLDER, FOLDER_ITEM, OWN_VIDEOS
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import organize
from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = [
    "FolderCreate",
    "FolderDelete",
    "FolderGet",
    "FolderItemsList",
    "FolderRename",
    "FolderVideoAdd",
    "FolderVideoRemove",
    "FolderVideosAdd",
    "FolderVideosList",
    "FoldersList",
]

_PLACE: Final = "parent_folder.uri,parent_folder.name"
_VIDEO: Final = VIDEO_NOW.but(fields=f"{VIDEO_NOW.fields},{_PLACE}")
_PARENT: Final = FOLDER_NOW.but(path="/me/projects/{parent_folder_uri}")
_SUBFOLDERS: Final = Look(
    "subfolders",
    "/me/projects/{folder_id}/items",
    "folder.uri,folder.name,folder.privacy.view,folder.has_subfolder",
    title="folder.name",
    noun="subfolder",
    scopes=FOLDER_NOW.scopes,
    query=(("filter", "folder"),),
    below="folder.uri",
    leaf="folder.has_subfolder",
)
_CONTENTS: Final = Look(
    "contents",
    "/me/projects/{folder_id}/videos",
    f"{VIDEOS_NAMED.fields},modified_time",
    noun="video",
    scopes=FOLDER_NOW.scopes,
    query=(("include_subfolders", "true"),),
)

_TAKES_OUT: Final = "Take {} out of {}, to be in no folder of your library?"


@organize.post(
    "/me/projects",
    name="vimeo_folder_create",
    scopes={"create"},
    fields=FOLDER,
    undo="vimeo_folder_delete deletes it.",
    visible_to_others=True,
    asks="Make the folder {name}?",
    looks=(_PARENT,),
)
class FolderCreate(ToolInput):
    """Start a new folder, a project or a subfolder."""

    name: Name
    parent_folder_uri: Annotated[
        NewPlace,
        Shown("metadata.connections.parent_folder.uri", same_end),
        Help(
            "The folder to make it in, by its name, id, URI or link.",
            "It is outside all folders when left out.",
        ),
    ] = None
    """Or its name."""

    def asks(self, found: Mapping[str, Any]) -> str:
        return "Make the folder {name} in {folder}?" if self.parent_folder_uri else self.tool.asks

    def request(self, account: AccountRecord) -> ApiRequest:
        made = super().request(account)
        parent = self.parent_folder_uri
        if parent is None:
            return made
        if parent.startswith("/"):
            # Things in somebody else's folder are in that person's library.
            return replace(made, path=f"{owner_prefix(parent, account.vimeo_uri)[0]}/projects")
        # The body needs a whole URI, and a folder's URI begins with its owner's.
        if account.vimeo_uri is None:
            raise InvalidInput(
                "parent_folder_uri: a bare id does not suffice here.",
                hint="Pass the folder's whole URI, such as /users/9/projects/123.",
            )
        body = {**made.body, "parent_folder_uri": f"{account.vimeo_uri}/projects/{parent}"}
        return replace(made, body=body)


@organize.get("/me/projects", name="vimeo_folders_list", scopes={"private"}, fields=FOLDER)
class FoldersList(Paged):
    """Show which folders or projects I have."""

    query: Query | None = None
    sort: Annotated[
        Literal["date", "default", "modified_time", "name", "pinned_on"] | None,
        Help("What to sort by; pinned_on: when it was pinned, default: Vimeo's own order.", VIMEO_CHOOSES),
    ] = None
    direction: Direction | None = None


# `interact`, not `edit`: so says the API's document, and so do real refusals of this very request.
@organize.put(
    "/me/projects/{folder_id}/videos/{video_id}",
    name="vimeo_folder_video_add",
    scopes={"interact"},
    success_message="The video is in the folder, and no longer in the one it was in before.",
    undo="vimeo_folder_video_add moves it back to from_folder, which the result names.",
    visible_to_others=True,
    asks="Move {video} into {folder}?",
    looks=(_VIDEO, FOLDER_NOW),
)
class FolderVideoAdd(ToolInput):
    """File this video: move it into one of my folders or projects."""

    folder_id: FolderOrNone
    video_id: VideoNumber

    def needed_scopes(self) -> frozenset[str]:
        return self.tool.scopes | {"private"} if self.folder_id == NO_FOLDER else self.tool.scopes

    def asks(self, found: Mapping[str, Any]) -> str:
        return _TAKES_OUT.format("{video}", "its folder") if self.folder_id == NO_FOLDER else self.tool.asks

    async def run(self, api: Api) -> Any:
        """See `folder_moves.move_one`."""
        return await move_one(api, self.video_id, self.folder_id)


@organize.get(
    "/me/projects/{folder_id}/videos",
    name="vimeo_folder_videos_list",
    scopes={"private"},
    fields=OWN_VIDEOS,
)
class FolderVideosList(Paged):
    """Show the videos in a folder: its contents."""

    folder_id: FolderId
    query: Query | None = None
    sort: ItemSort | None = None
    direction: Direction | None = None
    filter: Annotated[
        str | None, IgnoredParam("Vimeo has no filter for the videos in a folder: this list is unfiltered.")
    ] = None
    """Ignored."""


@organize.get("/me/projects/{folder_id}", name="vimeo_folder_get", scopes={"private"}, fields=FOLDER)
class FolderGet(ToolInput):
    """Get the settings of one folder (project), such as when it was made."""

    folder_id: FolderId


@organize.patch(
    "/me/projects/{folder_id}",
    name="vimeo_folder_rename",
    scopes={"edit"},
    fields=FOLDER,
    undo="vimeo_folder_rename gives it the former name again.",
    visible_to_others=True,
    asks="Rename {folder}?",
    looks=(FOLDER_NOW,),
)
class FolderRename(ToolInput):
    """Change the name of a folder (project): call the folder something else."""

    folder_id: FolderId
    name: Name


@organize.delete(
    "/me/projects/{folder_id}",
    name="vimeo_folder_delete",
    scopes={"delete"},
    success_message="The folder was deleted.",
    visible_to_others=True,
    asks="Permanently delete {folder}?",
    looks=(FOLDER_NOW, _SUBFOLDERS, _CONTENTS),
)
class FolderDelete(ToolInput):
    """Remove a folder or project."""

    folder_id: FolderId
    delete_videos: Annotated[
        bool | None,
        Help("Whether the videos in it are deleted for ever, too.", "They stay when it is left out."),
    ] = None
    """Also delete its videos permanently."""

    def asks(self, found: Mapping[str, Any]) -> str:
        within = [f"{{{name}}}" for name in ("subfolders", "contents") if found[name]]
        if not within:
            return "Permanently delete {folder}, which is empty?"
        if self.delete_videos:
            return f"Permanently delete {{folder}} and everything in it: {' and '.join(within)}?"
        gone = "Permanently delete {folder}" + (" and {subfolders} in it" if found["subfolders"] else "")
        kept = (
            ", but keep {contents} in your library?" if found["contents"] else "? There are no videos in it."
        )
        return gone + kept

    def request(self, account: AccountRecord) -> ApiRequest:
        made = super().request(account)
        # Always sent: the API document does not say what Vimeo does without it.
        query = {"should_delete_clips": "true" if self.delete_videos else "false"}
        return replace(made, query=query)


@organize.delete(
    "/me/projects/{folder_id}/videos/{video_id}",
    name="vimeo_folder_video_remove",
    scopes={"delete"},
    destructive=False,
    success_message="The video is no longer in the folder; it is still in the library.",
    undo="vimeo_folder_video_add puts it back.",
    visible_to_others=True,
    asks="Take {video} out of {folder} and keep it in your library?",
    looks=(_VIDEO, FOLDER_NOW),
)
class FolderVideoRemove(ToolInput):
    """Take a video out of its folder (project)."""

    folder_id: FolderId
    video_id: VideoNumber


@organize.put(
    "/me/projects/{folder_id}/videos",
    name="vimeo_folder_videos_add",
    scopes={"interact"},
    undo="vimeo_folder_videos_add moves them back to from_folders, which the result names.",
    visible_to_others=True,
    asks="Move {videos} into {folder}?",
    looks=(FOLDER_NOW, VIDEOS_NAMED.but(fields=f"{VIDEOS_NAMED.fields},{_PLACE}")),
)
class FolderVideosAdd(ToolInput):
    """Move (sort) many videos into a folder (project) at once."""

    folder_id: FolderOrNone
    videos: Annotated[VideoUris, Shown(None)]

    def needed_scopes(self) -> frozenset[str]:
        return self.tool.scopes | {"private"} if self.folder_id == NO_FOLDER else self.tool.scopes

    def asks(self, found: Mapping[str, Any]) -> str:
        return (
            _TAKES_OUT.format("{videos}", "their folders") if self.folder_id == NO_FOLDER else self.tool.asks
        )

    async def run(self, api: Api) -> Any:
        """See `folder_moves.move_many`."""
        return await move_many(api, self.videos, self.folder_id)


@organize.get(
    "/me/projects/{folder_id}/items", name="vimeo_folder_items_list", scopes={"private"}, fields=FOLDER_ITEM
)
class FolderItemsList(Paged):
    """List the subfolders of a folder (project), and its videos."""

    folder_id: FolderId
    filter: Annotated[
        Literal["folder", "live_event", "video"] | None,
        Help("Only subfolders (folder), live events (live_event) or videos (video).", ALL),
    ] = None
    sort: ItemSort | None = None
    direction: Direction | None = None
