"""The user's own videos: list, look at, change, delete."""

from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.effects import includes, last_part
from vimeo_toolkit.catalog.ids import VideoId, VideoNumber, VideoUri
from vimeo_toolkit.catalog.inputs import (
    NOTHING_TO_CHANGE,
    RATINGS,
    Direction,
    Name,
    NewDescription,
    Paged,
    Password,
    PrivacyComments,
    PrivacyEmbed,
    PrivacyView,
    Query,
    Rating,
    VideoFilter,
    VideoSort,
    check_password,
)
from vimeo_toolkit.catalog.looks import VIDEO_NOW, WHOLE_VIDEO, Look
from vimeo_toolkit.catalog.marks import BodyPath, Help, Shown
from vimeo_toolkit.catalog.projections import OWN_VIDEOS, TAG, VIDEO
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import library, publish
from vimeo_toolkit.catalog.video_parts import SHOWCASES
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = [
    "MyVideosList",
    "VideoDelete",
    "VideoEdit",
    "VideoGet",
    "VideoTagRemove",
    "VideoTagsAdd",
    "VideoTagsList",
    "VideosGet",
    "check_video_sort",
]


def _tag_word(value: str) -> str:
    """It stands in a path: no slash, and more than dots."""
    if set(value) & {"/", "\\"} or not value.strip(". ") or not value.isprintable():
        raise ValueError("a tag is one word or several, without slashes")
    return value


TagWord = Annotated[
    str,
    Field(max_length=128),
    AfterValidator(_tag_word),
    Help("The tag: a word or a few, 128 characters at most, without slashes."),
]


def check_video_sort(sort: str | None, direction: str | None) -> None:
    """Refuse an upward sort by likes or plays: Vimeo sorts by them downwards only."""
    if sort in ("likes", "plays") and direction == "asc":
        raise ValueError(f'sort="{sort}" works with direction="desc" only')


@library.get("/me/videos", name="vimeo_my_videos_list", scopes={"private"}, fields=OWN_VIDEOS)
class MyVideosList(Paged):
    """List my uploads: the newest or most watched first."""

    query: Query | None = None
    filter: VideoFilter | None = None
    sort: VideoSort | None = None
    direction: Direction | None = None
    containing_uri: Annotated[
        VideoUri | None,
        Help(
            "A video, by its id, URI or link: the page of the list that has it comes. It does not go with "
            "query.",
            "The page number decides when it is left out.",
        ),
    ] = None

    @model_validator(mode="after")
    def _combination(self) -> Self:
        check_video_sort(self.sort, self.direction)
        if self.containing_uri and self.query:
            raise ValueError("containing_uri does not work together with query")
        return self


@library.get("/videos/{video_id}", name="vimeo_video_get", fields=VIDEO)
class VideoGet(ToolInput):
    """Tell me about this video: how long it is, who can see it, is it public or private, its title, tags
    and folder, is it ready (transcoded).
    """

    video_id: VideoId
    """Id, URI or link."""


ContentRating = Annotated[
    list[Rating],
    Field(min_length=1, max_length=7),
    WithJsonSchema({"type": "string"}),
    Help(f"What viewers are to expect: {RATINGS}, with commas between them."),
]


@publish.patch(
    "/videos/{video_id}",
    name="vimeo_video_edit",
    scopes={"edit"},
    fields=f"{VIDEO},{SHOWCASES}",
    visible_to_others=True,
    undo="vimeo_video_edit sets the former values again: look for them with vimeo_video_get before.",
    destructive=True,
    asks="Change {video}?",
    looks=(VIDEO_NOW,),
)
class VideoEdit(ToolInput):
    """Change the title, description or privacy of this video: hide it from the public, lock it, let nobody
    download it, who may comment or download.
    """

    video_id: VideoId
    name: Annotated[Name | None, Help("The title that viewers see, 128 characters at most.")] = None
    description: NewDescription | None = None
    """(empty) clears it."""
    privacy_view: Annotated[
        PrivacyView | None,
        BodyPath("privacy.view"),
    ] = None
    """nobody = private; disable = embedded only."""
    privacy_embed: Annotated[PrivacyEmbed | None, BodyPath("privacy.embed")] = None
    privacy_download: Annotated[
        bool | None,
        BodyPath("privacy.download"),
        Help("Whether viewers may download the video's file; free plans have no such setting."),
    ] = None
    privacy_add: Annotated[
        bool | None,
        BodyPath("privacy.add"),
        Help("Whether other people may put the video into their showcases, channels and groups."),
    ] = None
    privacy_comments: Annotated[PrivacyComments | None, BodyPath("privacy.comments")] = None
    password: Password | None = None
    license: Annotated[
        Literal["by", "by-nc", "by-nc-nd", "by-nc-sa", "by-nd", "by-sa", "cc0"] | None,
        Help(
            "The Creative Commons license: by (credit the author), nc (not commercial), nd (no changes), sa "
            "(share alike), cc0 (public domain)."
        ),
    ] = None
    content_rating: ContentRating | None = None
    """safe, unrated or any of advertisement,drugs,language,nudity,violence."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if all(getattr(self, name) is None for name in type(self).model_fields if name != "video_id"):
            raise ValueError(NOTHING_TO_CHANGE)
        check_password("privacy_view", self.privacy_view, self.password, new=False)
        return self


@publish.delete(
    "/videos/{video_id}",
    name="vimeo_video_delete",
    scopes={"delete"},
    success_message="The video was deleted.",
    visible_to_others=True,
    asks="Permanently delete {video}?",
    looks=(WHOLE_VIDEO,),
)
class VideoDelete(ToolInput):
    """Delete this video for good: erase it, throw it away."""

    video_id: VideoId


@library.get("/videos", name="vimeo_videos_get", fields=VIDEO)
class VideosGet(ToolInput):
    """Show the details of several videos by their ids or links."""

    videos: Annotated[
        list[VideoUri],
        Field(min_length=1, max_length=100),
        Help("The videos, each by its id, URI or link, 100 at most."),
    ]

    def request(self, account: AccountRecord) -> ApiRequest:
        query = {"uris": ",".join(self.videos), "per_page": "100"}
        return ApiRequest("GET", "/videos", query, fields=self.tool.fields)

    async def run(self, api: Api) -> Any:
        """Say which videos did not come back: Vimeo leaves out what this user cannot see."""
        answer = await api.read(self.request(api.account))
        found = answer.get("data") if isinstance(answer, dict) else None
        if isinstance(found, list):
            numbers = {last_part(str(video.get("uri"))) for video in found if isinstance(video, dict)}
            missing = [uri for uri in dict.fromkeys(self.videos) if last_part(uri) not in numbers]
            if missing:
                api.note(f"{', '.join(missing)} did not come back: not there, or not visible to this user.")
        return answer


@publish.put(
    "/videos/{video_id}/tags",
    name="vimeo_video_tags_add",
    scopes={"edit"},
    fields=TAG,
    undo="vimeo_video_tag_remove takes a tag away again.",
    visible_to_others=True,
    asks="Tag {video} with {tags}?",
    looks=(VIDEO_NOW.but(fields=f"{VIDEO_NOW.fields},tags.name"),),
)
class VideoTagsAdd(ToolInput):
    """Tag a video with a keyword: put a label on it, label it."""

    video_id: VideoNumber
    tags: Annotated[
        list[TagWord],
        Field(min_length=1, max_length=20),
        Shown("data", includes),
        Help("The tags to add, each of 128 characters at most and without slashes; a video can have 20."),
    ]

    def request(self, account: AccountRecord) -> ApiRequest:
        made = super().request(account)
        # The body is a list of objects, by Vimeo's guide; its document has none.
        body = [{"name": tag} for tag in dict.fromkeys(self.tags)]
        return replace(made, body=body)


@publish.delete(
    "/videos/{video_id}/tags/{tag}",
    name="vimeo_video_tag_remove",
    scopes={"edit"},
    success_message="The tag was removed.",
    undo="vimeo_video_tags_add adds it again.",
    visible_to_others=True,
    asks="Take the tag {tag} away from {video}?",
    looks=(VIDEO_NOW, Look("word", "/videos/{video_id}/tags/{tag}", "name")),
)
class VideoTagRemove(ToolInput):
    """Remove a tag (keyword) from a video."""

    video_id: VideoNumber
    tag: TagWord


@library.get("/videos/{video_id}/tags", name="vimeo_video_tags_list", fields=TAG)
class VideoTagsList(ToolInput):
    """Show which tags (keywords) a video has."""

    video_id: VideoId
