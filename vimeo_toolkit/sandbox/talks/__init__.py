"""Videos with words of our own to search: talks, lessons and interviews in several languages.

Each language is a file. In it, `words` has a sentence a line; a blank line is a pause, `## Title` begins a chapter,
and a speaker's name with a colon, alone on its line, says who goes on.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib import resources
from typing import Any, Final

from vimeo_toolkit.sandbox.state import Chapter, Cue, Folder, Showcase, TextTrack, User, Video
from vimeo_toolkit.sandbox.world import SandboxWorld

__all__ = ["add_talks"]

_PAUSE: Final = 6_000
_GAP: Final = 250
_A_WORD: Final = 390
_A_SIGN: Final = 150
"""Milliseconds, as the others: a sign of a language that is written without spaces."""
_UNSPACED: Final = ("ja",)
_TRACK_NAMES: Final = {
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "ja": "日本語",
    "pt": "Português",
    "sv": "Svenska",
}


@dataclass(frozen=True, slots=True)
class _Spoken:
    cues: list[Cue]
    chapters: list[tuple[int, str]]
    """Second and title."""


def add_talks(world: SandboxWorld, user: User) -> list[Video]:
    """Add the talks of all languages to a user's library, and return them."""
    rows = sorted(_rows(), key=lambda row: -float(row["age"]))
    return [_add(world, user, row) for row in rows]


def _rows() -> Iterator[dict[str, Any]]:
    files = (each for each in resources.files(__package__).iterdir() if each.name.endswith(".toml"))
    for file in sorted(files, key=lambda each: each.name):
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        for row in table["talk"]:
            yield {"language": table["language"], **row}


def _add(world: SandboxWorld, user: User, row: Mapping[str, Any]) -> Video:
    now = world.now()
    language = row["language"]
    spoken = _spoken(row.get("words", ""), language)
    details = {
        name: row[name] for name in ("view", "password", "status", "transcode", "plays") if name in row
    }
    video = world.add_video(
        user,
        row["name"],
        now - timedelta(days=row["age"]),
        modified=now - timedelta(days=row.get("edited", row["age"])),
        description=row["description"],
        tags=list(row.get("tags", ())),
        language=language,
        duration=row.get("duration") or (spoken.cues[-1].end // 1_000 + 8),
        **details,
    )
    if "folder" in row:
        video.folder = _folder(world, user, row["folder"])
    if "showcase" in row:
        _showcase(world, user, row["showcase"]).videos.append(video)
    for second, title in spoken.chapters:
        video.chapters.append(Chapter(world.next_id(), title, second))
    _add_tracks(world, video, row, spoken)
    return video


def _add_tracks(world: SandboxWorld, video: Video, row: Mapping[str, Any], spoken: _Spoken) -> None:
    def add(kind: str, language: str, provenance: str, cues: list[Cue], *, active: bool = True) -> None:
        name = _TRACK_NAMES[language.partition("-")[0]]
        track = TextTrack(world.next_id(), kind, language, name, active, provenance=provenance)
        track.cues = cues
        video.texttracks.append(track)

    # As Vimeo lists them: translations that it made come before the language that is spoken, and all are active.
    for other, words in row.get("dubbed", {}).items():
        cues = [_heard(cue) for cue in _spoken(words, other).cues]
        add("subtitles", f"{other}-x-autogen", "autogen_dubbed", cues)
    base = row["language"].partition("-")[0]
    if row.get("heard"):
        cues = [_heard(cue) for cue in spoken.cues]
        add("subtitles", f"{base}-x-autogen", "autogen_source_audio", cues)
        return
    misheard = row.get("misheard")
    if misheard:
        # What Vimeo had heard before a person corrected it.
        cues = [_heard(cue, misheard) for cue in spoken.cues]
        add("subtitles", f"{base}-x-autogen", "autogen_source_audio", cues, active=False)
    if spoken.cues or row.get("waiting"):
        add("captions", row["language"], "user_uploaded", spoken.cues)


def _heard(cue: Cue, misheard: Mapping[str, str] | None = None) -> Cue:
    """What Vimeo makes of it by itself: numbers of speakers instead of their names, and some words wrong."""
    text = cue.text
    for right, wrong in (misheard or {}).items():
        text = text.replace(right, wrong)
    return replace(cue, text=text, voice=None)


def _spoken(text: str, language: str) -> _Spoken:
    cues: list[Cue] = []
    chapters: list[tuple[int, str]] = []
    speakers: list[str] = []
    speaker, moment = "", 2_000
    for line in text.strip().splitlines():
        words = line.strip()
        if not words:
            moment += _PAUSE
        elif words.startswith("## "):
            chapters.append((0 if not cues else moment // 1_000, words[3:]))
        elif words.endswith(":") and len(words.split()) <= 2:
            speaker = words[:-1]
            if speaker not in speakers:
                speakers.append(speaker)
        else:
            length = len(words) * _A_SIGN if language[:2] in _UNSPACED else len(words.split()) * _A_WORD
            number = str(speakers.index(speaker) + 1) if speaker else "1"
            cues.append(Cue(moment, moment + length, words, number, voice=speaker or None))
            moment += length + _GAP
    return _Spoken(cues, chapters)


def _folder(world: SandboxWorld, user: User, name: str) -> Folder:
    for folder in user.folders:
        if folder.name == name:
            return folder
    made = world.now() - timedelta(days=900)
    folder = Folder(world.next_id(), user, name, made, made)
    user.folders.append(folder)
    return folder


def _showcase(world: SandboxWorld, user: User, name: str) -> Showcase:
    for showcase in user.showcases:
        if showcase.name == name:
            return showcase
    made = world.now() - timedelta(days=800)
    showcase = Showcase(world.next_id(), user, name, made, made, description=f"{name}, selected.")
    user.showcases.append(showcase)
    return showcase
