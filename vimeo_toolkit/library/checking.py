"""What a program asks of a library, checked before the index is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from vimeo_toolkit.catalog.ids import normalized, with_owner
from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.library.model import Filters

__all__ = ["checked_count", "checked_filters", "checked_question", "language_code"]

MOST_SIGNS: Final = 1_000
"""Characters of a question."""
MOST: Final = 1_000
"""Passages, or changes, that are given at once."""
_DAY: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_LANGUAGE: Final = re.compile("[a-z]{2,3}(?:-[a-z0-9]{1,8})*", re.IGNORECASE)
_PRIVACY: Final = ("anybody", "contacts", "disable", "nobody", "password", "ptv", "unlisted", "users")
"""What a video's `privacy.view` may be (API document)."""


def checked_question(question: Any) -> str:
    """Return a question as it is.

    Raises:
        InvalidInput: it is not a text, says nothing, or is too long.
    """
    if not isinstance(question, str) or not question.strip() or len(question) > MOST_SIGNS:
        raise InvalidInput(
            f"question: it is a text of 1 to {MOST_SIGNS:,} characters.",
            hint='Pass words, "a phrase in quotation marks", or the beginning of a word with a star.',
        )
    return question


def checked_count(name: str, number: Any, least: int = 1, most: int = MOST) -> int:
    """Return a number as it is.

    Raises:
        InvalidInput: it is not a whole one from `least` to `most`.
    """
    if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
        raise InvalidInput(
            f"{name}: it is a whole number from {least:,} to {most:,}.", hint=f"Pass such a {name}."
        )
    return number


def checked_filters(filters: Any, own: str | None) -> Filters:
    """Return filters as an index compares them; None are those that let everything through.

    Args:
        filters: as a program made them. The folder may be its number, URI or link.
        own: the connected user's URI.

    Raises:
        InvalidInput: one of them cannot be read.
    """
    given = Filters() if filters is None else filters
    if not isinstance(given, Filters):
        raise InvalidInput(
            "filters: these are not Filters.", hint="Pass Filters(language=…), or leave it out."
        )
    for each in fields(given):
        if each.name != "videos" and not isinstance(getattr(given, each.name), str):
            raise InvalidInput(
                f"filters: {each.name} is not a text.", hint='Leave it out, or pass "" for all.'
            )
    return replace(
        given,
        from_date=_moment("from_date", given.from_date),
        until_date=_moment("until_date", given.until_date),
        folder=_folder(given.folder, own),
        privacy=_privacy(given.privacy),
        videos=_videos(given.videos),
        language=_language(given.language),
    )


def language_code(text: str) -> str:
    """Return a language's code as Vimeo writes it, such as en, pt-BR or zh-Hant, whatever its case.

    Raises:
        ValueError: it is not a code; a name of a language, for example.
    """
    code = text.strip().replace("_", "-")
    if not _LANGUAGE.fullmatch(code):
        raise ValueError("it is not the code of a language: write it as en, de or pt-BR")
    first, *others = code.split("-")
    cased = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(cased.get(len(part), str.lower)(part) for part in others)])


def _language(text: str) -> str:
    try:
        return language_code(text) if text else ""
    except ValueError as error:
        raise InvalidInput(f"filters: language: {error}.", hint="Pass a code, such as en.") from None


def _privacy(text: str) -> str:
    privacy = text.strip().lower()
    if privacy and privacy not in _PRIVACY:
        raise InvalidInput(
            "filters: privacy: videos have no such one.", hint=f"Pass one of {', '.join(_PRIVACY)}."
        )
    return privacy


def _videos(videos: Any) -> frozenset[str] | None:
    """Return the URIs of videos, which may be any collection."""
    if videos is None:
        return None
    listed = videos if isinstance(videos, Iterable) and not isinstance(videos, str | bytes) else [None]
    try:
        return frozenset(f"/videos/{normalized('video', video).partition(':')[0]}" for video in listed)
    except ValueError as error:
        raise InvalidInput(
            f"filters: videos: {error}", hint="Pass a collection of numbers, URIs or links of videos."
        ) from None


def _moment(name: str, text: str) -> str:
    """Return a moment in UTC; a day, a month or a year as it is, which is its beginning."""
    day = _DAY.fullmatch(text)
    try:
        if not text or (day and date.fromisoformat(f"{text}-01-01"[:10])):
            return text
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(
            f"filters: {name} is not a date.", hint="Write 2026, 2026-11, 2026-11-30 or 2026-11-30T12:00:00Z."
        ) from None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.isoformat(timespec="seconds")


def _folder(folder: str, own: str | None) -> str:
    if not folder:
        return ""
    try:
        found = with_owner("folder", folder)
    except ValueError as error:
        raise InvalidInput(f"filters: folder: {error}", hint="Pass the folder's URI.") from None
    return found if found.startswith("/") else f"{own or '/me'}/projects/{found}"
