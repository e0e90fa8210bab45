"""New videos and new versions of their files."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Final, Self

from pydantic import Field, model_validator

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.effects import same_end
from vimeo_toolkit.catalog.ids import NewPlace, VideoNumber
from vimeo_toolkit.catalog.inputs import ALL, Description, Name, Paged, Password, PrivacyView, check_password
from vimeo_toolkit.catalog.looks import FOLDER_NOW, WHOLE_VIDEO, Look
from vimeo_toolkit.catalog.marks import BodyPath, Help, Shown
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import upload
from vimeo_toolkit.catalog.urls import checked_url
from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.uploads.files import Source
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = [
    "UploadFilesList",
    "VersionAdd",
    "VersionsList",
    "VideoCreate",
    "VideoUpload",
]

NEW: Final = "uri,name,link,status,privacy.view,parent_folder.uri,parent_folder.privacy.view"
VERSION: Final = "uri,filename,filesize,active,created_time,upload.status,transcode.status"

_VERSIONS: Final = Look(
    "versions",
    "/videos/{video_id}/versions",
    "uri,filename,filesize,active,created_time",
    title="filename",
    noun="version",
    scopes=frozenset({"private"}),
)
_FOLDER: Final = FOLDER_NOW.but(path="/me/projects/{folder_uri}")

_UNDO: Final = "vimeo_video_delete deletes it."
_WAITS: Final = "vimeo_video_wait_ready"


def _working(api: Api) -> str:
    """Return what to say of a video that cannot be watched yet, by a tool that the agent has."""
    if _WAITS in api.tools:
        return f"Vimeo is working on it: {_WAITS} waits until it can be watched."
    return "Vimeo is working on it: vimeo_video_get tells when it can be watched (is_playable)."


Path = Annotated[
    str,
    Field(min_length=1, max_length=1024),
    Help("The file's path on the machine that the toolkit runs on, in a folder that the operator allows."),
]
Link = Annotated[
    str,
    Field(max_length=16_384, pattern=r"^https?://[!-~]+$"),
    Help(
        "The web address (http or https) of the file itself and not of a page; it has to work without a "
        "login for 24 hours.",
        "Give either this or path.",
    ),
]
"""Vimeo's guide: a direct link, valid for hours."""


def _folder_of(value: str | None, account: AccountRecord) -> str | None:
    """A folder's whole URI, which begins with its owner's."""
    if value is None or value.startswith("/"):
        return value
    if account.vimeo_uri is None:
        raise InvalidInput(
            "folder_uri: a bare id does not suffice here.", hint="Pass its whole URI, /users/9/projects/123."
        )
    return f"{account.vimeo_uri}/projects/{value}"


class _NewVideo(ToolInput):
    name: Annotated[
        Name | None,
        Help("The title that viewers see, 128 characters at most.", "Vimeo chooses one when it is left out."),
    ] = None
    description: Description | None = None
    privacy_view: Annotated[PrivacyView | None, BodyPath("privacy.view")] = None
    """Often public when left out."""
    password: Password | None = None
    folder_uri: Annotated[
        NewPlace,
        Shown("parent_folder.uri", same_end),
        Help(
            "The folder that the video goes into, by its name, id, URI or link.",
            "It is in no folder when this is left out.",
        ),
    ] = None
    """Folder to put it in."""

    @model_validator(mode="after")
    def _protected(self) -> Self:
        check_password("privacy_view", self.privacy_view, self.password, new=True)
        return self

    def _placeholder(self, account: AccountRecord, approach: dict[str, Any]) -> ApiRequest:
        made = self.tool.request_for(self, account)
        body = {**(made.body or {}), "upload": approach}
        for own in ("file_link", "path"):
            body.pop(own, None)
        if "folder_uri" in body:
            body["folder_uri"] = _folder_of(body["folder_uri"], account)
        return replace(made, body=body)


@upload.post(
    "/me/videos",
    name="vimeo_video_create",
    scopes={"upload"},
    fields=NEW,
    visible_to_others=True,
    undo=_UNDO,
    asks="Let Vimeo fetch {file} as a new video?",
    looks=(_FOLDER,),
)
class VideoCreate(_NewVideo):
    """Upload a new video from a link (URL): import it from a website."""

    file_link: Annotated[Link, Shown(None)]
    """Direct link to the file."""

    def asks(self, found: Mapping[str, Any]) -> str:
        return "Let Vimeo fetch {file} as a new video into {folder}?" if self.folder_uri else self.tool.asks

    def request(self, account: AccountRecord) -> ApiRequest:
        return self._placeholder(account, {"approach": "pull", "link": self.file_link})

    async def run(self, api: Api) -> Any:
        """Start the import and return Vimeo's answer, which says nothing about the file: Vimeo accepts a bad
        link, too, and fails afterwards."""
        checked_url("file_link", self.file_link, allow_private=api.allow_private_urls)
        api.note(_working(api))
        return await api.send(self.request(api.account))


@upload.post(
    "/me/videos",
    name="vimeo_video_upload",
    scopes={"upload"},
    fields=NEW,
    visible_to_others=True,
    undo=_UNDO,
    asks="Upload {file} as a new video?",
    looks=(_FOLDER,),
    file="video",
)
class VideoUpload(_NewVideo):
    """Upload a video file from my computer, disk or folder: put a local file online."""

    name: Annotated[
        Name | None,
        Help(
            "The title that viewers see, 128 characters at most.",
            "The file's name is taken when it is left out.",
        ),
    ] = None
    path: Annotated[Path, Shown(None)]

    def asks(self, found: Mapping[str, Any]) -> str:
        return "Upload {file} as a new video into {folder}?" if self.folder_uri else self.tool.asks

    def _begin(self, account: AccountRecord, source: Source) -> ApiRequest:
        made = self._placeholder(account, {"approach": "tus", "size": str(source.size)})
        made.body.setdefault("name", source.name)
        return made

    async def run(self, api: Api) -> Any:
        """See `uploads.sending`."""
        source = await api.uploader.open(self.path, "video")
        done = await api.uploader.upload(self.tool.name, source, self._begin(api.account, source))
        for note in (*done.notes, _working(api)):
            api.note(note)
        return {**done.answer, "uploaded_bytes": source.size}


@upload.post(
    "/videos/{video_id}/versions",
    name="vimeo_video_version_add",
    scopes={"upload"},
    fields=VERSION,
    visible_to_others=True,
    error_hints={403: "The plan may not have the replacing of videos."},
    destructive=True,
    asks="Replace what viewers see of {video} by {file}? It has had {versions:count} so far.",
    looks=(WHOLE_VIDEO, _VERSIONS),
    file="video",
)
class VersionAdd(ToolInput):
    """Upload a new version of a video: replace its file by a corrected cut, under the same link."""

    video_id: VideoNumber
    path: Annotated[
        Path | None,
        Shown(None),
        Help(
            "The file's path on the machine that the toolkit runs on, in a folder that the operator allows.",
            "Give either this or file_link.",
        ),
    ] = None
    """Local file."""
    file_link: Annotated[Link | None, Shown(None)] = None
    """Or a direct link to one."""

    @model_validator(mode="after")
    def _one_file(self) -> Self:
        if (self.path is None) == (self.file_link is None):
            raise ValueError("give either path or file_link")
        return self

    def _begin(self, name: str, approach: dict[str, Any]) -> ApiRequest:
        path = f"/videos/{self.video_id}/versions"
        body = {"file_name": name[:128], "upload": approach}
        return ApiRequest("POST", path, body=body, fields=self.tool.fields)

    async def run(self, api: Api) -> Any:
        """See `uploads.sending`."""
        if self.file_link is not None:
            api.note(_working(api))
            checked_url("file_link", self.file_link, allow_private=api.allow_private_urls)
            name = self.file_link.partition("?")[0].rpartition("/")[2] or "version"
            return await api.send(self._begin(name, {"approach": "pull", "link": self.file_link}))
        source = await api.uploader.open(self.path or "", "video")
        begin = self._begin(source.name, {"approach": "tus", "size": str(source.size)})
        done = await api.uploader.upload(self.tool.name, source, begin)
        for note in (*done.notes, _working(api)):
            api.note(note)
        return {**done.answer, "uploaded_bytes": source.size}


@upload.get(
    "/videos/{video_id}/versions", name="vimeo_video_versions_list", scopes={"private"}, fields=VERSION
)
class VersionsList(Paged):
    """List the earlier versions of a video's file: earlier cuts."""

    video_id: VideoNumber


@upload.local(name="vimeo_upload_files_list")
class UploadFilesList(ToolInput):
    """List the local files on this computer that can be uploaded."""

    name_contains: Annotated[
        str | None,
        Field(min_length=1, max_length=200),
        Help("Only files with these letters in their path, 200 characters at most.", ALL),
    ] = None

    async def run(self, api: Api) -> Any:
        """Return the files' paths, as the input `path` of other tools takes them, and their sizes in bytes."""
        found = await api.uploader.listed(self.name_contains or "")
        if found.total > len(found.files):
            api.note(f"The first {len(found.files)} are listed: name_contains narrows them down.")
        if not found.whole:
            api.note("The folders hold so many files that some were not looked at.")
        return {
            "total": found.total,
            "data": [{"path": each.path, "size_bytes": each.size} for each in found.files],
        }
