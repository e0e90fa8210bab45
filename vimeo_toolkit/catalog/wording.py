"""What people call the inputs of tools and the words that Vimeo's API has for settings.

A person who is asked about a call reads these and no name of an input. What is not in a table is somebody's own
text and is shown in quotation marks (`calls/question.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["FACTS", "OF_OTHERS", "PLANNED", "TRACKS", "Wording", "clock", "language", "wording_of"]

Words = Callable[[Any], str | None]
"""What people say for a value; None where it is shown as it is, in quotation marks."""


def _table(**words: str) -> Words:
    return lambda value: words.get(value.replace("-", "_")) if isinstance(value, str) else None


def _either(yes: str, no: str) -> Words:
    return lambda value: (yes if value else no) if isinstance(value, bool) else None


def _as_it_is(value: Any) -> str | None:
    return None


# Vimeo's help center, "Privacy settings": https://help.vimeo.com/hc/en-us/articles/12426259908881
AUDIENCE: Final = _table(
    anybody="everyone",
    contacts="people you follow",
    disable="viewers of sites that embed it",
    embed_only="viewers of sites that embed it",
    members="its members",
    nobody="only you",
    password="people with the password",  # noqa: S106
    team="your team",
    unlisted="people with the link",
    users="members of Vimeo",
)
OF_OTHERS: Final = {"only you": "only its owner", "people you follow": "people its owner follows"}
"""The same of another person's things."""

_COMMENTERS: Final = _table(anybody="everyone", contacts="people you follow", nobody="nobody")
_EMBEDDING: Final = _table(private="nowhere", public="anywhere", whitelist="only on chosen sites")
_ALLOWED: Final = _either("allowed", "not allowed")
_YES: Final = _either("yes", "no")
_LICENSES: Final = _table(
    by="Creative Commons BY",
    by_nc="Creative Commons BY-NC",
    by_nc_nd="Creative Commons BY-NC-ND",
    by_nc_sa="Creative Commons BY-NC-SA",
    by_nd="Creative Commons BY-ND",
    by_sa="Creative Commons BY-SA",
    cc0="Creative Commons Zero, the public domain",
)
_RATINGS: Final = _table(
    advertisement="advertisement",
    drugs="drugs",
    language="strong language",
    nudity="nudity",
    safe="all audiences",
    unrated="not rated",
    violence="violence",
)
_ORDERS: Final = _table(
    added_first="first added first",
    added_last="last added first",
    alphabetical="by title",
    arranged="arranged by hand",
    comments="most comments first",
    likes="most likes first",
    newest="newest first",
    oldest="oldest first",
    plays="most plays first",
)
_LAYOUTS: Final = _table(grid="a grid", player="a player")
_THEMES: Final = _table(dark="dark", standard="the standard one")
TRACKS: Final = _table(
    captions="captions",
    chapters="chapter titles",
    descriptions="descriptions",
    metadata="metadata",
    subtitles="subtitles",
)
_EVENTS: Final = _table(
    automatic_thumbnail_available="thumbnails that Vimeo makes",
    content_scan_completed="finished scans of content",
    live_event_archive_available="recordings of live events",
    live_event_clip_created="clips of live events",
    live_event_deleted="deleted live events",
    live_event_ended="live events that end",
    live_event_started="live events that begin",
    live_event_updated="changed live events",
    transcript_status_complete="finished transcripts",
    transcript_status_updated="transcripts in progress",
    video_created="new videos",
    video_deleted="deleted videos",
    video_transcode_complete="videos that are converted",
    video_transcode_fully_playable="videos that can be watched in every quality",
    video_transcode_playable="videos that can be watched",
    video_updated="changed videos",
    video_upload_failed="failed uploads",
)
_EVENT_ALIASES: Final = {
    "video.upload.complete": "video-created",
    "video.transcode.complete": "video-transcode-complete",
    "video.privacy.change": "video-updated",
}

_LANGUAGES: Final = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "is": "Icelandic",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "nb": "Norwegian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sr": "Serbian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}


def language(tag: Any) -> str | None:
    """Return a language's name for its tag, such as English (US) for en-US; None for one that is not known."""
    main, _, rest = tag.partition("-") if isinstance(tag, str) else ("", "", "")
    name = _LANGUAGES.get(main.casefold())
    if name is None or not rest:
        return name
    if rest.casefold() == "x-autogen":  # Vimeo's own captions
        return f"{name} (automatic)"
    return f"{name} ({rest.upper()})" if rest.isascii() and rest.isalnum() and len(rest) < 5 else None


def clock(seconds: Any) -> str | None:
    """Return a place in a video as players write it, such as 1:05 for 65."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < 1e7:
        return None
    minutes, rest = divmod(round(float(seconds), 3), 60)
    hours, minutes = divmod(int(minutes), 60)
    second = f"{rest:06.3f}".rstrip("0").rstrip(".") if rest % 1 else f"{int(rest):02}"
    return f"{hours}:{minutes:02}:{second}" if hours else f"{minutes}:{second}"


def _event(name: Any) -> str | None:
    return _EVENTS(_EVENT_ALIASES.get(name, name)) if isinstance(name, str) else None


@dataclass(frozen=True, slots=True)
class Wording:
    """What people call an input, and what they say for its values."""

    label: str
    """What it is, before a colon; "" where the question says it by itself."""
    words: Words = _as_it_is
    nothing: str | None = None
    """What it means that Vimeo has no value; None: a text is empty, and of a setting nobody knows."""


_INPUTS: Final[Mapping[str, Wording]] = {
    "active": Wording("Shown to viewers", _YES),
    "bio": Wording("About you"),
    "brand_color": Wording("Colour", nothing="the usual one"),
    "chat": Wording("Chat", _either("on", "off")),
    "content_filter": Wording("What you are shown", _RATINGS),
    "content_rating": Wording("Content rating", _RATINGS, "none"),
    "custom_url": Wording("Address of the profile"),
    "default_privacy_add": Wording("Use of your new videos in other people's collections", _ALLOWED),
    "default_privacy_comments": Wording("Who can comment on your new videos", _COMMENTERS),
    "default_privacy_download": Wording("Downloads of your new videos", _ALLOWED),
    "default_privacy_embed": Wording("Where your new videos can be embedded", _EMBEDDING),
    "default_privacy_view": Wording("Who can see your new videos", AUDIENCE),
    "delete_videos": Wording("", _YES),
    "description": Wording("Description"),
    "event_types": Wording("What it is told of", _event),
    "file_link": Wording("Link"),
    "hide_nav": Wording("Menu of Vimeo", _either("hidden", "shown")),
    "hide_upcoming": Wording("Upcoming live events", _either("hidden", "shown")),
    "language": Wording("Language", language),
    "layout": Wording("Layout", _LAYOUTS),
    "license": Wording("Licence", _LICENSES, "none"),
    "location": Wording("Location"),
    "name": Wording("Name"),
    "password": Wording("Password"),
    "privacy": Wording("Who can see it", AUDIENCE),
    "privacy_add": Wording("Use in other people's collections", _ALLOWED),
    "privacy_comments": Wording("Who can comment", _COMMENTERS),
    "privacy_download": Wording("Downloads", _ALLOWED),
    "privacy_embed": Wording("Where it can be embedded", _EMBEDDING),
    "privacy_view": Wording("Who can see it", AUDIENCE),
    "review_mode": Wording("Review by visitors", _either("on", "off")),
    "sort": Wording("Order of its videos", _ORDERS),
    "tags": Wording("Tags"),
    "text": Wording("Text"),
    "texts": Wording("Texts"),
    "theme": Wording("Look", _THEMES),
    "time": Wording("Moment", clock),
    "timecode": Wording("Begins at", clock),
    "timecodes": Wording("Begin at", clock),
    "title": Wording("Title"),
    "titles": Wording("Titles"),
    "url": Wording("Address"),
    "type": Wording("Kind", TRACKS),
}
_OF_TOOLS: Final[Mapping[str, Wording]] = {
    "vimeo_changes_undo.videos": Wording("Only for"),
    "vimeo_user_update.password": Wording("Password of your new videos"),
    "vimeo_video_captions_add.type": Wording("", TRACKS),
    "vimeo_video_create.name": Wording("Title"),
    "vimeo_video_edit.name": Wording("Title"),
    "vimeo_video_picture_create.active": Wording("", _YES),
    "vimeo_video_picture_edit.active": Wording("", _YES),
    "vimeo_video_upload.name": Wording("Title"),
}


PLANNED: Final[Mapping[tuple[str, bool], Wording]] = {
    ("name", True): Wording("Title"),
    ("description", True): Wording("Description"),
    ("privacy", True): Wording("Who can see it", AUDIENCE),
    ("license", True): Wording("Licence", _LICENSES, "none"),
    ("tag", True): Wording("New tag"),
    ("tag", False): Wording("Without the tag"),
    ("folder", True): Wording("Folder"),
    ("folder", False): Wording("Folder"),
    ("showcase", True): Wording("Into the showcase"),
    ("showcase", False): Wording("Out of the showcase"),
    ("embed_privacy", True): Wording("Where it can be embedded", _EMBEDDING),
    ("embed_domain", True): Wording("May be embedded on"),
    ("embed_domain", False): Wording("No longer embedded on"),
    ("like", True): Wording("Liked", _YES),
    ("watch_later", True): Wording("In Watch Later", _YES),
}
"""What people call the changes of a plan, by their kind, and whether something is set or ended."""


def wording_of(tool_name: str, input_name: str) -> Wording | None:
    """Return what people call an input of a tool; None for an id, which is told by the thing's title."""
    return _OF_TOOLS.get(f"{tool_name}.{input_name}") or _INPUTS.get(input_name)


def _count(word: str) -> Words:
    def counted(number: Any) -> str | None:
        if isinstance(number, bool) or not isinstance(number, int):
            return None
        return f"{number:,} {word}{'' if number == 1 else 's'}" if number else f"no {word}s"

    return counted


FACTS: Final[Mapping[str, Words]] = {
    "timecode": lambda value: None if (told := clock(value)) is None else f"at {told}",
    "language": language,
    "active": _either("in use", "not in use"),
    "webhook_type": lambda value: None if (told := _event(value)) is None else f"told of {told}",
    "is_enabled": _either("switched on", "switched off"),
    "stats.plays": _count("play"),
    "metadata.connections.comments.total": _count("comment"),
    "metadata.connections.likes.total": _count("like"),
    "metadata.connections.users.total": _count("member"),
    "metadata.connections.followers.total": _count("follower"),
}
"""Where a thing has a fact that a person is told, in brackets after its title."""
