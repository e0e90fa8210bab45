"""Which comments are meant, and the requests that find them.

A page of comments is the unit: it is taken whole, with the replies that belong to it, or not at all. So a search
that stops can go on at the page where it stopped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.date_ranges import Span
from vimeo_toolkit.catalog.effects import last_part
from vimeo_toolkit.catalog.ids import normalized
from vimeo_toolkit.catalog.pages import next_page
from vimeo_toolkit.catalog.projections import COMMENT, REPLY
from vimeo_toolkit.catalog.video_parts import at, moment_at
from vimeo_toolkit.errors import Forbidden, NotFound
from vimeo_toolkit.runtime.ahead import Ahead
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.paging import count, is_end, items_in, not_a_list

__all__ = ["CommentSearch", "Place", "Reading", "Stopped"]

Thing = Mapping[str, Any]

_PLACE: Final = re.compile(r"([0-9]{1,20}(?::[0-9a-f]+)?)/([0-9]{1,6})", re.ASCII)
_SHORT: Final = 2.0
"""Seconds of the call's time with which no further request is begun."""


class Stopped(Exception):
    """The search's requests or its time are used up."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a search goes on: at this page of a video's comments; 0 means behind them."""

    video: str
    page: int

    @classmethod
    def parsed(cls, text: str) -> Place:
        """Return the place that an answer gave as `next`.

        Raises:
            ValueError: it is something else.
        """
        found = _PLACE.fullmatch(text.strip())
        if found is None:
            raise ValueError("give what the incomplete answer has as next, or leave it out")
        return cls(found[1], int(found[2]))

    def __str__(self) -> str:
        return f"{self.video}/{self.page}"


@dataclass(slots=True)
class Reading:
    """Sends a search's requests, and stops it when they are used up."""

    api: Api
    most: int
    used: int = 0
    _ahead: Ahead[ApiRequest, Any] = field(init=False)

    def __post_init__(self) -> None:
        self._ahead = self.api.beside(self.api.send)

    def close(self) -> None:
        """Drop what was sent before its turn and is not needed."""
        self._ahead.close()

    async def page(
        self, request: ApiRequest, following: Iterable[ApiRequest] = (), *, sure: bool = False
    ) -> tuple[list[Thing], ApiRequest | None]:
        """Return a page's things, and the request for the next page.

        Args:
            request: for the page.
            following: what is asked for next in any case; it is sent beside it as far as there is room.
            sure: send it even if the requests are used up.

        Raises:
            Stopped: the requests or the time are used up.
        """
        if self.used >= self.most and not sure:
            raise Stopped(f"{self.used} requests used")
        if self.used and self.api.time_left() < _SHORT:
            raise Stopped("The call's time is used up")
        self.used += 1
        answer = await self._ahead.result(request, islice(following, max(0, self.most - self.used)))
        items = items_in(answer)
        if items is None:
            raise not_a_list()
        return [item for item in items if isinstance(item, Mapping)], next_page(request, answer)

    async def all(self, request: ApiRequest, following: Iterable[ApiRequest] = ()) -> list[Thing]:
        """Return the things of all pages, however many were sent before.

        Args:
            request: for the first page.
            following: what is asked for next in any case.
        """
        found, more = await self.page(request, following, sure=True)
        while more is not None:
            items, more = await self.page(more, sure=True)
            found += items
        return found


@dataclass(slots=True)
class CommentSearch:
    """What is looked for, and what was found."""

    reading: Reading
    span: Span
    words: tuple[str, ...]
    """In small letters; all have to be in the comment or in its author's name."""
    unanswered: bool
    replies: bool
    begin: Place | None
    """Where an earlier search stopped; None from the video on that it names."""
    stopped: str = ""
    videos: int = 0
    """How many videos' comments were read."""
    seen: set[str] = field(default_factory=set)
    """Numbers of the videos that were listed."""
    _at: Place | None = field(init=False)
    _rows: list[dict[str, Any]] = field(default_factory=list)
    _hidden: int = 0

    def __post_init__(self) -> None:
        self._at = self.begin

    async def read(self, video: Thing, following: Iterable[Thing] = ()) -> None:
        """Read the comments of one video of the list, if it can have some that are looked for.

        Args:
            video: the video.
            following: those whose turn is next.

        Raises:
            Stopped: the requests or the time are used up.
            VimeoToolkitError: Vimeo refused, for another reason than that this video is gone or hidden.
        """
        number = normalized("video", video.get("uri"))
        self.seen.add(number.partition(":")[0])
        page = 1
        if self.begin is not None:
            if number != self.begin.video:
                return
            page, self.begin = self.begin.page, None
        if page and self._may_have(video):
            await self._read(number, page, video, map(_first_page, filter(self._may_have, following)))
        self._at = Place(number, 0)

    def _may_have(self, video: Thing) -> bool:
        if count(at(video, "metadata.connections.comments.total")) == 0:
            return False
        made = moment_at(video, "created_time")
        return self.span.end is None or made is None or made < self.span.end

    async def _read(self, number: str, page: int, video: Thing, following: Iterable[ApiRequest]) -> None:
        request: ApiRequest | None = _page_of(number, page)
        while request is not None:
            self._at = Place(number, page)
            try:
                comments, request = await self.reading.page(request, following)
                rows = await self._found(number, comments, video)
            except (Forbidden, NotFound) as error:
                self._hidden += not is_end(error, begun=page > 1)
                return
            self._rows += rows
            self.videos += page == 1
            page += 1
            if not self.replies and self._past(comments):
                return

    def _past(self, comments: list[Thing]) -> bool:
        """Whether all comments after these are older than what is looked for."""
        moments = [moment_at(comment, "created_on") for comment in comments]
        known = [moment for moment in moments if moment is not None]
        if self.span.start is None or not known or len(known) < len(moments):
            return False
        return known == sorted(known, reverse=True) and known[-1] < self.span.start

    async def _found(self, number: str, comments: list[Thing], video: Thing) -> list[dict[str, Any]]:
        """Return the rows for a page's comments and their replies: those that are looked for."""
        asked = [self._under(number, comment) for comment in comments]
        rows: list[dict[str, Any]] = []
        for place, (comment, request) in enumerate(zip(comments, asked, strict=True), 1):
            following = (each for each in asked[place:] if each is not None)
            under = [] if request is None else await self.reading.all(request, following)
            rows += self._rows_of(comment, under, video)
        return rows

    def _under(self, number: str, comment: Thing) -> ApiRequest | None:
        """Return the request for a comment's replies; None where they need not be read."""
        if count(at(comment, "metadata.connections.replies.total")) == 0:
            return None
        if not (self.replies or (self.unanswered and self._meets(comment))):
            return None
        path = f"/videos/{number}/comments/{last_part(str(comment.get('uri')))}/replies"
        return ApiRequest("GET", path, {"per_page": "100"}, fields=REPLY)

    def _rows_of(self, comment: Thing, under: list[Thing], video: Thing) -> list[dict[str, Any]]:
        """Return the rows for a comment and the replies under it."""
        wanted = self._meets(comment)
        many = count(at(comment, "metadata.connections.replies.total"))
        if self.unanswered and any(map(self._mine, under)):
            return []
        rows = [self._row(comment, video, many)] if wanted else []
        if self.replies:
            own = comment.get("uri")
            rows = [{**row, "in_reply_to": None} for row in rows]
            answers = [each for each in under if self._meets(each, in_words=not wanted)]
            rows += [{**self._row(each, video, 0), "in_reply_to": own} for each in answers]
        return rows

    def _meets(self, comment: Thing, *, in_words: bool = True) -> bool:
        """Return whether a comment is looked for; the replies to one that is have to have no word themselves."""
        if not self.span.has(moment_at(comment, "created_on")) or (self.unanswered and self._mine(comment)):
            return False
        said = f"{comment.get('text')}\n{at(comment, 'user.name')}".casefold()
        return not in_words or all(word in said for word in self.words)

    def _mine(self, comment: Thing) -> bool:
        user = at(comment, "user.uri")
        return isinstance(user, str) and last_part(user) == last_part(
            self.reading.api.account.vimeo_uri or ""
        )

    def _row(self, comment: Thing, video: Thing, replies: int | None) -> dict[str, Any]:
        return {
            "uri": comment.get("uri"),
            "text": comment.get("text"),
            "author": at(comment, "user.name"),
            "author_uri": at(comment, "user.uri"),
            "created_on": comment.get("created_on"),
            "replies": replies,
            "video": video.get("uri"),
            "video_name": video.get("name"),
        }

    def result(self, limit: int | None) -> dict[str, Any]:
        """Return what was found, the newest first, whether that is everything, and if not how to go on."""
        result: dict[str, Any] = {"total": len(self._rows), "complete": not self.stopped}
        if self.stopped:
            why = self.stopped.rstrip(".")
            result["incomplete"] = f"{why}. To go on, repeat with start={self._at} and all else as it is."
            result["next"] = str(self._at)
        result["videos_with_comments_read"] = self.videos
        if self._hidden:
            result["videos_not_readable"] = self._hidden
        if self.span:
            result["written"] = self.span.to_json()
        rows = sorted(self._rows, key=lambda row: str(row["created_on"]), reverse=True)
        result["data"] = rows[:limit]
        return result


def _page_of(number: str, page: int) -> ApiRequest:
    query = {"per_page": "100", "direction": "desc", **({"page": str(page)} if page > 1 else {})}
    return ApiRequest("GET", f"/videos/{number}/comments", query, fields=COMMENT)


def _first_page(video: Thing) -> ApiRequest:
    return _page_of(normalized("video", video.get("uri")), 1)
