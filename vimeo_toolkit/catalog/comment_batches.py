"""Several comments answered or deleted by one call: what is given.

Before an answer is posted it is looked whether it stands there already: a call that broke off, or is repeated, says
nothing twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, Self

from pydantic import Field, WithJsonSchema, model_validator

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.batches import OneOrSeveral
from vimeo_toolkit.catalog.effects import last_part, same_value
from vimeo_toolkit.catalog.ids import CommentId, IdValidator, VideoId, normalized
from vimeo_toolkit.catalog.links import parsed_link, unwrapped
from vimeo_toolkit.catalog.marks import Help, Shown
from vimeo_toolkit.catalog.pages import read_list
from vimeo_toolkit.catalog.projections import REPLY
from vimeo_toolkit.catalog.video_parts import at
from vimeo_toolkit.errors import Forbidden, NotFound
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["AboutComments", "CommentUri", "own_answer"]

MOST: Final = 50
"""Comments of one call."""
_URI: Final = re.compile(
    r"/videos/([0-9]{1,20})(?::[0-9a-f]+)?/comments/([0-9]{1,20})(?:/replies)?", re.ASCII
)


def _uri(value: Any) -> str:
    """Return the URI of a comment with its video, or the bare number of one whose video is said elsewhere.

    Raises:
        ValueError: it is neither.
    """
    number = normalized("comment", value)
    link = parsed_link(unwrapped(value)) if isinstance(value, str) else None
    if link is None:
        return number
    if found := _URI.fullmatch(link.path):
        return f"/videos/{found[1]}/comments/{found[2]}"
    return f"/videos/{normalized('video', value).partition(':')[0]}/comments/{number}"


CommentUri = Annotated[
    str,
    IdValidator(_uri, kind="comment"),
    WithJsonSchema({"type": "string"}),
    Help('The comment, by its URI with its video: "/videos/9/comments/123".'),
]


def _video_of(comment: Any) -> str:
    """Return the number of the video in a comment's URI; "" where it has none."""
    try:
        uri = _uri(comment)
    except ValueError:
        return ""
    return uri.split("/")[2] if "/" in uri else ""


def _listed(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []


def _same_video(given: Any, comments: Iterable[Any]) -> None:
    """Make sure that comments are of the video that is given beside them.

    Raises:
        ValueError: one is of another.
    """
    try:
        number = normalized("video", given).partition(":")[0]
    except ValueError:
        return  # a name, or said to be wrong where the input is checked
    for comment in comments:
        other = _video_of(comment)
        if other and number.isdigit() and other != number:
            raise ValueError(f"{comment} is of video {other}, and video_id is {number}: leave one out")


class AboutComments(OneOrSeveral):
    """Base of the inputs of tools that act on one comment or on several."""

    video_id: Annotated[
        VideoId | None,
        Help(
            "The video of the comment, by its id, URI or link.",
            "It is that of the comment's URI when left out.",
        ),
    ] = None
    comment_id: Annotated[
        CommentId | None,
        Help(
            'The one comment, by its id or URI, such as "123".',
            "Those of comments are meant when it is left out.",
        ),
    ] = None
    comments: Annotated[
        list[CommentUri] | None,
        Shown(None),
        Field(min_length=1),
        Help(
            f'Several comments in place of one, each by its URI such as "/videos/9/comments/123", {MOST} at most.',
            "One comment is meant when it is left out.",
        ),
    ] = None
    """Several, by uri."""

    @model_validator(mode="before")
    @classmethod
    def _video_of_the_comment(cls, given: Any) -> Any:
        """Read the video from a comment's URI where it is not given by itself.

        Raises:
            ValueError: another one is given.
        """
        if not isinstance(given, Mapping):
            return given
        video = _video_of(given.get("comment_id"))
        if given.get("video_id"):
            _same_video(given["video_id"], [given.get("comment_id"), *_listed(given.get("comments"))])
            return given
        return {**given, "video_id": video} if video else given

    @model_validator(mode="after")
    def _one_or_several(self) -> Self:
        if self.comments is None:
            if self.comment_id is None:
                raise ValueError("say which comment: give comment_id with video_id, or comments")
            if self.video_id is None:
                raise ValueError(
                    "give video_id, or the comment's URI with its video, such as /videos/9/comments/123"
                )
        elif len(self.comments) > MOST:
            raise ValueError(f"comments: {MOST} at most: make several calls")
        elif self.comment_id is not None:
            raise ValueError("comments has all of them: leave out comment_id, or give it alone")
        elif self.video_id is None and (bare := [each for each in self.comments if "/" not in each]):
            raise ValueError(
                f"comments: {bare[0]} does not say of which video: give URIs such as /videos/9/comments/123"
            )
        return self

    @property
    def uris(self) -> list[str]:
        """The URIs of several comments, each once."""
        video = (self.video_id or "").partition(":")[0]
        whole = (each if "/" in each else f"/videos/{video}/comments/{each}" for each in self.comments or ())
        return list(dict.fromkeys(whole))

    @property
    def several(self) -> bool:
        """Whether several comments are meant, of each of which the result has an account."""
        return self.comments is not None


async def own_answer(api: Api, comment: str, text: str) -> str | None:
    """Return the URI of the user's own answer of this text to a comment; None where there is none.

    Raises:
        VimeoToolkitError: it could not be looked at.
    """
    request = ApiRequest("GET", f"{comment}/replies", {"per_page": "100"}, fields=REPLY)
    try:
        listed = await read_list(api, request)
    except (Forbidden, NotFound):  # Vimeo says so of a reply, which has no answers of its own
        return None
    own = last_part(api.account.vimeo_uri or "")
    for each in listed.items:
        author = at(each, "user.uri") if isinstance(each, Mapping) else None
        if isinstance(author, str) and last_part(author) == own and same_value(text, each.get("text")):
            return str(each.get("uri"))
    return None
