"""Text tracks: captions and subtitles."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.effects import same_any_case
from vimeo_toolkit.catalog.ids import TextTrackId, VideoNumber
from vimeo_toolkit.catalog.inputs import VIMEO_CHOOSES
from vimeo_toolkit.catalog.looks import TRACK_NOW, TRACKS_NOW, VIDEO_NOW
from vimeo_toolkit.catalog.marks import Help, Shown
from vimeo_toolkit.catalog.parts import PartKind, send_part
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import upload
from vimeo_toolkit.catalog.uploads import Path
from vimeo_toolkit.catalog.wording import language
from vimeo_toolkit.uploads.captions import MOST, as_vtt, is_unicode
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["CaptionsAdd", "TextTrackCreate", "TextTrackDelete", "TextTrackEdit", "TextTracksList"]

TRACK: Final = "uri,id,type,language,name,active"

Kind = Annotated[
    Literal["captions", "chapters", "descriptions", "metadata", "subtitles"],
    Help(
        "What the track has: captions (speech and sounds), subtitles (speech, perhaps translated), chapters, "
        "descriptions (of the picture), metadata (for programs)."
    ),
]
Language = Annotated[
    str,
    Field(min_length=2, max_length=20, pattern=r"^[a-zA-Z0-9-]+$"),
    Help("The language of the text, as a code such as en or en-US."),
]
TrackName = Annotated[
    str,
    Field(min_length=1, max_length=128),
    Help(
        "What the player's menu calls the track, 128 characters at most.",
        "The language's name is taken when it is left out.",
    ),
]
Active = Annotated[
    bool,
    Help(
        "Whether viewers are offered the track; it then replaces the one of its language and type.",
        VIMEO_CHOOSES,
    ),
]

_UNDO: Final = (
    "vimeo_video_texttrack_delete deletes it; vimeo_video_texttrack_edit switches on again the one that it "
    "replaced."
)
_CAPTIONS: Final = PartKind(
    word="text track",
    fields=TRACK,
    deleting_scope="delete",
    delete_tool="vimeo_video_texttrack_delete",
    edit_tool="vimeo_video_texttrack_edit",
)


def _replacing(found: Mapping[str, Any], kind: Any, language: Any) -> str:
    """What a person is told of switching a track on: viewers are offered one of a language and kind."""
    shown = any(
        each.get("active") is True
        and each.get("type") == kind
        and same_any_case(language, each.get("language"))
        for each in found["tracks"]
    )
    return " Viewers no longer see those that they see in this language now." if shown else ""


@upload.get("/videos/{video_id}/texttracks", name="vimeo_video_texttracks_list", fields=TRACK)
class TextTracksList(ToolInput):
    """List a video's captions or subtitles: which languages it has."""

    video_id: VideoNumber


@upload.post(
    "/videos/{video_id}/texttracks",
    name="vimeo_video_texttrack_create",
    scopes={"upload"},
    fields=TRACK,
    undo=_UNDO,
    destructive=True,
    visible_to_others=True,
    asks="Add an empty text track {name} ({language} {type}) to {video}?",
    looks=(VIDEO_NOW, TRACKS_NOW),
)
class TextTrackCreate(ToolInput):
    """Create an empty text track, without text."""

    video_id: VideoNumber
    type: Kind
    language: Annotated[Language, Shown("language", same_any_case)]
    name: TrackName
    active: Active | None = None

    def asks(self, found: Mapping[str, Any]) -> str:
        return self.tool.asks + (_replacing(found, self.type, self.language) if self.active else "")


@upload.post(
    "/videos/{video_id}/texttracks",
    name="vimeo_video_captions_add",
    scopes={"upload", "edit"},
    fields=TRACK,
    visible_to_others=True,
    undo=_UNDO,
    destructive=True,
    asks="Add {language} captions to {video} from {file}?",
    looks=(VIDEO_NOW, TRACKS_NOW),
    file="captions",
)
class CaptionsAdd(ToolInput):
    """Put subtitles or captions on a video: attach an SRT or VTT file or text, in any language."""

    video_id: VideoNumber
    language: Annotated[Language, Shown("language", same_any_case)]
    """Such as en-US."""
    text: Annotated[
        str | None,
        Field(min_length=1, max_length=MOST),
        Shown(None),
        Help(
            "The captions themselves, as WebVTT or SRT, a million characters at most.",
            "Give either this or path.",
        ),
    ] = None
    """VTT or SRT; viewers see it at once."""
    path: Annotated[
        Path | None,
        Shown(None),
        Help(
            "A WebVTT or SRT file, by its path on the machine that the toolkit runs on, in a folder that the "
            "operator allows.",
            "Give either this or text.",
        ),
    ] = None
    type: Annotated[
        Literal["captions", "subtitles"] | None,
        Help(
            "Whether the text has the sounds, too (captions), or only what is said, perhaps translated "
            "(subtitles).",
            "It is captions when left out.",
        ),
    ] = None
    name: TrackName | None = None

    @model_validator(mode="after")
    def _one_text(self) -> Self:
        if (self.text is None) == (self.path is None):
            raise ValueError("give either text or path")
        return self

    def asks(self, found: Mapping[str, Any]) -> str:
        asked = self.tool.asks
        if self.type == "subtitles":
            asked = asked.replace("captions", "subtitles")
        return asked + _replacing(found, self.type or "captions", self.language)

    async def run(self, api: Api) -> Any:
        """Create the track, send the file to its link, and switch it on when it is there."""
        raw = (self.text or "").encode()
        if self.path is not None:
            raw = await api.uploader.read(await api.uploader.open(self.path, "captions"), MOST)
        content = as_vtt(raw, self.language)
        if not is_unicode(raw):
            api.note("The file is not UTF-8; it was read as Windows-1252.")
        body = {
            "type": self.type or "captions",
            "language": self.language,
            "name": self.name or language(self.language) or self.language,
        }
        create = ApiRequest("POST", f"/videos/{self.video_id}/texttracks", body=body, fields=f"{TRACK},link")
        return await send_part(api, _CAPTIONS, create, content, "text/vtt")


@upload.patch(
    "/videos/{video_id}/texttracks/{texttrack_id}",
    name="vimeo_video_texttrack_edit",
    scopes={"edit"},
    fields=TRACK,
    visible_to_others=True,
    undo="vimeo_video_texttrack_edit sets the former values again, and switches on what it switched off.",
    destructive=True,
    asks="Change {track} of {video}?",
    looks=(TRACK_NOW, VIDEO_NOW, TRACKS_NOW),
)
class TextTrackEdit(ToolInput):
    """Turn a video's subtitles on or off: switch captions on or off, activate or disable the track."""

    video_id: VideoNumber
    texttrack_id: TextTrackId
    active: Active | None = None
    name: TrackName | None = None
    language: Annotated[Language | None, Shown("language", same_any_case)] = None
    type: Kind | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if all(value is None for value in (self.active, self.name, self.language, self.type)):
            raise ValueError("give at least one thing to change")
        return self

    def asks(self, found: Mapping[str, Any]) -> str:
        track = found["track"]
        kind, language = self.type or track.get("type"), self.language or track.get("language")
        begins = self.active and track.get("active") is not True
        return self.tool.asks + (_replacing(found, kind, language) if begins else "")


@upload.delete(
    "/videos/{video_id}/texttracks/{texttrack_id}",
    name="vimeo_video_texttrack_delete",
    scopes={"delete"},
    success_message="The text track was deleted.",
    visible_to_others=True,
    asks="Permanently delete {track} of {video}?",
    looks=(TRACK_NOW, VIDEO_NOW),
)
class TextTrackDelete(ToolInput):
    """Remove captions or subtitles in one language from a video: delete the text track."""

    video_id: VideoNumber
    texttrack_id: TextTrackId
