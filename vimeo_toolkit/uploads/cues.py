"""Cues of subtitle files: SubRip as it is met in the wild, and WebVTT (W3C).

Own code, because what is there loses words: pysubs2 1.8 writes `R&D <3` as it stands, of which a player shows
"R" alone, takes `{a, b}` for an instruction, reads 100 hours as none, and gives an empty file for times without
hours.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final, NamedTuple

__all__ = ["Cue", "Malformed", "SpokenCue", "is_times", "srt_cues", "vtt_cues", "written_vtt"]

_TIME: Final = r"(?:(\d{1,5}):)?(\d{1,2}):(\d{1,2})(?:[,.](\d{1,3}))?"
_TIMES: Final = re.compile(rf"{_TIME}\s*(?:--?\s?>|[\u2013\u2014]>)\s*{_TIME}(?:\s+(\S.*))?", re.ASCII)
_LONGEST_TIMES: Final = 300
"""The most characters that a line with times and settings has; a longer one is text."""
_BEGIN: Final = re.compile(r"\d+\s*:\s*\d", re.ASCII)
_A_TIME: Final = re.compile(r"\d\s*:\s*\d", re.ASCII)
_SETTING: Final = re.compile(r"(?:vertical|line|position|size|align|region):\S+", re.ASCII)
_ASS: Final = re.compile(r"\{\\[^{}]*\}")
_STYLE: Final = re.compile(r"\\([biu])([01])")
_PLACE: Final = re.compile(r"\\an([1-9])")
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[\s.][^<>]*)?)/?>")
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")
_VOICE: Final = re.compile(r"<v(?:\.[^<>\s]*)?[ \t]([^<>]+)>")
_KEPT_TAGS: Final = {
    "b": "b",
    "i": "i",
    "u": "u",
    "strong": "b",
    "em": "i",
    "v": "v",
    "ruby": "ruby",
    "rt": "rt",
}
_DROPPED_TAGS: Final = frozenset(
    {"font", "span", "p", "div", "s", "strike", "c", "lang", "html", "body", "center"}
)
_ACROSS: Final = {0: "align:end", 1: "align:start"}
_UP: Final = {1: "line:50%", 2: "line:0"}


@dataclass(frozen=True, slots=True)
class Cue:
    """A text that is shown from one moment to another; times in milliseconds."""

    start: int
    end: int
    text: str
    """As WebVTT has it, escaped and with its tags."""
    name: str = ""
    settings: str = ""


class Malformed(ValueError):
    """A line that cannot be read; the text says which, and why."""


def _times(line: str) -> re.Match[str] | None:
    line = line.strip()
    return _TIMES.fullmatch(line) if len(line) <= _LONGEST_TIMES else None


def _nearly_times(line: str) -> bool:
    before, _, after = line.strip()[:_LONGEST_TIMES].partition(">")
    return bool(_BEGIN.match(before) and _A_TIME.search(after))


def is_times(line: str) -> bool:
    """Tell whether a line says from when to when a cue is shown."""
    return _times(line) is not None


def srt_cues(text: str) -> list[Cue]:
    """Return the cues of a SubRip file in the order of their times.

    Raises:
        Malformed: a line with times cannot be read, or a cue ends before it begins.
    """
    lines = text.split("\n")
    places = [place for place, line in enumerate(lines) if _times(line)]
    for place, line in enumerate(lines):
        if _nearly_times(line) and not _times(line):
            raise Malformed(f"line {place + 1} looks like the times of a cue and cannot be read")
    numbered = bool(places) and places[0] > 0 and lines[places[0] - 1].strip().isdigit()
    cues = []
    for place, following in zip_longest(places, places[1:]):
        shown = _below(lines, place, following, numbered=numbered)
        number = lines[place - 1].strip() if numbered and place else ""
        cue = _cue(lines[place], place + 1, number if number.isdigit() else "", shown)
        if cue is not None:
            cues.append(cue)
    return sorted(cues, key=lambda cue: cue.start)


def _below(
    lines: Sequence[str], place: int, following: int | None, *, numbered: bool = True
) -> Sequence[str]:
    """Return the text below the times at `place`, up to the next times at `following`; None: there are none.

    Where cues are numbered, a number right above the next times is that cue's, with or without a blank line before.
    """
    shown = lines[place + 1 : following]
    following_is_numbered = numbered and following is not None and shown and shown[-1].strip().isdigit()
    return shown[:-1] if following_is_numbered else shown


def _cue(times: str, line: int, number: str, shown: Sequence[str]) -> Cue | None:
    found = _times(times)
    assert found is not None  # noqa: S101 - the caller looked
    start, end = _milliseconds(*found.groups()[:4]), _milliseconds(*found.groups()[4:8])
    if end < start:
        raise Malformed(f"the cue in line {line} ends before it begins")
    text, place = _vtt_text("\n".join(shown))
    if not text:
        return None
    settings = found[9] if found[9] and all(map(_SETTING.fullmatch, found[9].split())) else place
    # A cue has to end after its beginning.
    return Cue(start, max(end, start + 1), text, number, settings)


def _milliseconds(hours: str | None, minutes: str, seconds: str, part: str | None) -> int:
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole * 1000 + int((part or "0").ljust(3, "0"))


def _vtt_text(text: str) -> tuple[str, str]:
    """Return the words as WebVTT has them, without blank lines, and their position."""
    text = _CONTROL.sub("", text)
    found = _PLACE.search("".join(_ASS.findall(text)))
    text = _ASS.sub(
        lambda block: "".join(f"<{'' if on == '1' else '/'}{tag}>" for tag, on in _STYLE.findall(block[0])),
        text,
    )
    text = text.replace("\\N", "\n").replace("\\h", "\u00a0")
    pieces, end = [], 0
    for tag in _TAG.finditer(text):
        pieces += [_escaped(text[end : tag.start()]), _tag(tag)]
        end = tag.end()
    pieces.append(_escaped(text[end:]))
    kept = [line.strip(" \t") for line in "".join(pieces).split("\n")]
    return "\n".join(line for line in kept if line), _placed(int(found[1])) if found else ""


def _placed(number: int) -> str:
    """Of the places on a numeric keypad, 2 is where subtitles stand anyway."""
    up, across = _UP.get((number - 1) // 3, ""), _ACROSS.get(number % 3, "")
    return f"{up} {across}".strip()


def _tag(found: re.Match[str]) -> str:
    name = found[2].lower()
    if name == "br":
        return "\n"
    kept = _KEPT_TAGS.get(name)
    if kept is None:
        return "" if name in _DROPPED_TAGS else _escaped(found[0])
    voice = f" {_escaped(found[3].strip())}" if kept == "v" and not found[1] else ""
    return f"<{found[1]}{kept}{voice}>"


def _escaped(text: str) -> str:
    def sign(found: re.Match[str]) -> str:
        known = found[0] if html.unescape(found[0]) != found[0] else f"&amp;{found[0][1:]}"
        return {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(found[0], known)

    return re.sub(rf"{_ENTITY.pattern}|[<>&]", sign, text)


def written_vtt(cues: Sequence[Cue]) -> str:
    """Return a WebVTT file of these cues."""
    parts = ["WEBVTT"]
    for cue in cues:
        name = f"{cue.name}\n" if cue.name else ""
        settings = f" {cue.settings}" if cue.settings else ""
        parts.append(f"{name}{_clock(cue.start)} --> {_clock(cue.end)}{settings}\n{cue.text}")
    return "\n\n".join(parts) + "\n"


def _clock(milliseconds: int) -> str:
    seconds, part = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{part:03}"


class SpokenCue(NamedTuple):
    """The plain words of a cue of a WebVTT file; times in seconds."""

    start: float
    end: float
    text: str
    voice: str = ""
    """Who speaks, where the cue says so by one voice."""


def vtt_cues(text: str) -> Iterator[SpokenCue]:
    """Yield the plain words of each cue of a WebVTT file, with their times and voice."""
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.strip("\n").split("\n")
        places = [place for place, line in enumerate(lines) if _times(line)]
        if not places or places[0] > 1:
            continue  # a note, a style, or a region
        for place, following in zip_longest(places, places[1:]):
            found = _times(lines[place])
            assert found is not None  # noqa: S101 - just looked
            # A line with times begins a cue, even without a blank line before it.
            shown = " ".join(_below(lines, place, following))
            words = html.unescape(re.sub(r"<[^<>]*>", "", shown))
            voices = {" ".join(html.unescape(name).split()) for name in _VOICE.findall(shown)}
            yield SpokenCue(
                _milliseconds(*found.groups()[:4]) / 1000,
                _milliseconds(*found.groups()[4:8]) / 1000,
                " ".join(words.split()),
                voices.pop() if len(voices) == 1 else "",
            )
