"""Which videos of the user's library a change is about: those that meet conditions, all or the first few of an
order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.video_conditions import VideoConditions
from vimeo_toolkit.catalog.video_order import sorted_videos
from vimeo_toolkit.catalog.video_parts import COMMENTS, LIKES, PLAYS, Video
from vimeo_toolkit.catalog.video_search import found_videos
from vimeo_toolkit.catalog.video_search_told import tied
from vimeo_toolkit.errors import InvalidInput

__all__ = ["Choice", "Chosen"]

MOST_FOUND: Final = 5_000
"""Videos that one plan can have."""
_SORTED_BY: Final = f"name,created_time,modified_time,duration,{PLAYS},{LIKES},{COMMENTS}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The videos that a change is about."""

    uris: list[str]
    videos: Collection[Mapping[str, Any]] | None = None
    """The same as Vimeo shows them, where they were read."""
    notes: tuple[str, ...] = ()
    """What is to be said of the choice, a sentence each."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked of the videos."""

    conditions: VideoConditions
    sort: str | None
    """A name of `SORTS`; None: the oldest first, of a limit the newest."""
    limit: int | None
    given: tuple[str, ...]
    """The names of the conditions that were given."""

    async def videos(self, api: Api, fields: str) -> Chosen:
        """Return the videos that meet the conditions.

        Args:
            api: of the call.
            fields: what is asked for of each.

        Raises:
            InvalidInput: they are more than one plan can have.
            VimeoToolkitError: they could not be looked for.
        """
        sort = self.sort or ("newest" if self.limit else None)
        wanted = MOST_FOUND + 1 if self.limit is None else self.limit + 1
        fields = f"{fields},{_SORTED_BY}" if sort else fields
        found = await found_videos(api, self.conditions, fields, limit=wanted, sort=sort)
        if len(found.videos) > MOST_FOUND and self.limit is None:
            raise InvalidInput(
                f"More than {MOST_FOUND:,} videos meet these conditions, which is more than one plan can have.",
                hint="Narrow the conditions, such as by from_date and until_date, and make several plans.",
            )
        videos = found.videos if sort is None else sorted_videos(found.videos, sort)
        enough = self.limit is not None and len(videos) > self.limit and found.next_page is None
        notes: list[str] = []
        if found.incomplete and not enough:
            notes.append(f"Not all videos were looked at, others may be meant, too: {found.incomplete}")
        if found.unknown:
            notes.append(f"{found.unknown} more videos may be meant: Vimeo does not show their numbers.")
        if self.limit is not None and sort is not None:
            if tied(videos, self.limit, sort, more=False):
                notes.append("Others that are not among them have the same number as the last of them.")
            videos = videos[: self.limit]
        if self.sort is None:
            videos = sorted(videos, key=lambda video: str(video.get("created_time")))
        return Chosen(
            [str(video.get("uri")) for video in videos],
            videos,
            (*notes, *self._of_words(videos, found.searched)),
        )

    def _of_words(self, videos: Collection[Video], searched: str) -> list[str]:
        """Return what to say of a search by words, and of one that found nothing. `searched`: where."""
        notes = []
        query = self.conditions.query
        if query is not None and (
            others := sum(query.casefold() not in str(video.get("name")).casefold() for video in videos)
        ):
            notes.append(
                f"{others} of {len(videos)} do not have the words of the search in the title: they were found by "
                "their descriptions or tags."
            )
        if not videos:
            asked = [
                f"{name}={_written(getattr(self.conditions, name))}"
                for name in self.given
                if not (searched and name in ("folder_id", "showcase_id"))
            ]
            what = f"for {', '.join(asked)} " if asked else ""
            notes.append(f"Looked {what}in {searched or 'the library, not to its end.'}")
        return notes


def _written(value: Any) -> str:
    """Return a condition's value as a caller writes it."""
    return " or ".join(map(str, value)) if isinstance(value, list) else str(value)
