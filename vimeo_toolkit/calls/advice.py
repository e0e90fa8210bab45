"""What Vimeo's refusals mean and what to do about them, by status, by error code and by part of the API.

Codes and what they stand for: the API's OpenAPI document and recorded answers.
"""

from __future__ import annotations

import re
from typing import Final

from vimeo_toolkit.errors import BadRequest, Conflict, Forbidden, NotFound, QuotaExceeded, VimeoError
from vimeo_toolkit.wire.paging import PAST_THE_END

__all__ = ["ADVICE", "EMPTY_SENTENCES", "KINDS", "PLANS", "STATUS"]

_LATER: Final = "Vimeo's fault, not the request's: try again in a few minutes."
_EVENT: Final = "Read the event's state: it does not allow this now."
_ROLE: Final = "The user's plan or role in the team does not allow this."
_QUOTA: Final = "The user has to make room there, or change their plan."
_FOREIGN: Final = (
    "It belongs to something else: list what this video or event has, and take an id from there."
)

ADVICE: Final[dict[int, str]] = {
    2101: "uris and links take no filtering or sorting.",
    2204: "Correct the named parameters.",
    2205: "The request had no usable body.",
    2207: "Give the text of the comment.",
    2218: "The password does not fit.",
    2230: "This kind of upload does not exist here.",
    PAST_THE_END: "The list ends before this page: ask for an earlier one.",
    2428: _EVENT,
    2501: "A channel or video takes at most 20 tags.",
    2502: "Vimeo cannot read this file format.",
    2518: "Set privacy_embed=whitelist with vimeo_video_edit first.",
    2523: _FOREIGN,
    2538: "The version that is shown cannot be deleted: make another one current first.",
    2551: _EVENT,
    2900: "One of the users does not exist: check their ids.",
    2901: "At most 100 users at once.",
    2908: "At most 100 users at once.",
    3130: "A video has at most four sets of animated thumbnails: delete one first.",
    3151: _EVENT,
    3153: _EVENT,
    3154: _EVENT,
    3160: _EVENT,
    3200: _ROLE,
    3301: "Vimeo takes the comment for spam: word it differently, without links.",
    3411: "The user has to verify their email address at Vimeo first.",
    3412: "This user cannot comment on this video.",
    3413: "Comments are switched off for this video.",
    3414: "Only its author can edit a comment.",
    3415: (
        "Only its author can delete a comment by the API (its document). On Vimeo's site the owner of the video "
        "may be able to: tell the user."
    ),
    3417: "This user cannot follow others.",
    3422: _ROLE,
    3427: "The user cannot edit this video: it is another user's, or their role in the team does not allow it.",
    3429: _ROLE,
    3430: "This text track is not open to the user.",
    3431: "The text track is switched off.",
    3438: "The user has to verify their email address at Vimeo first.",
    3439: _ROLE,
    3441: _ROLE,
    3442: _ROLE,
    3449: _ROLE,
    3701: "Folders nest at most 10 levels deep.",
    3702: "The team's plan has no folder settings.",
    4003: _LATER,
    4005: _LATER,
    4011: "Vimeo's upload server failed: look whether the video is there, then try again in a few minutes.",
    4016: _LATER,
    4017: _LATER,
    4020: "The event has no video to stream to.",
    4021: "The event has no video.",
    4101: f"The user's storage at Vimeo is full. {_QUOTA}",
    4102: "The user's upload quota for this period is used up. It is renewed with the next one.",
    4104: "The user's upload quota for today is used up. Try again tomorrow.",
    5011: _FOREIGN,
    5012: _FOREIGN,
    5014: "List the video's text tracks.",
    5015: _FOREIGN,
    5020: "List the video's chapters.",
    5021: _FOREIGN,
    5022: "The text track has no transcript (yet).",
    7001: "Vimeo's pictures are overloaded: try again in a few minutes.",
    7300: "Vimeo's search fails right now; try again later.",
    7701: _LATER,
    7900: "The event's video is being made: try again in a minute.",
    8000: "Vimeo does not let this token do this: what is asked for may need a user's own token or another plan.",
    8002: "The token belongs to no user: connect the user through an authorization link.",
}
"""Error code → what to do, where more can be said than Vimeo's own text does."""

STATUS: Final[dict[int, tuple[type[VimeoError], str]]] = {
    400: (BadRequest, "Correct the parameters."),
    401: (VimeoError, "The token is valid, and yet Vimeo does not accept it for this request."),
    403: (Forbidden, "The user may not do this: it may be another user's, or their plan may not have it."),
    404: (NotFound, "Check the id: what it names may be deleted, or private to another user."),
    409: (Conflict, "Read the current state, then try again."),
    410: (NotFound, "It is gone."),
    413: (BadRequest, "The request is too large: send less at once."),
    414: (BadRequest, "The request is too large: send less at once."),
    422: (BadRequest, "Correct the parameters."),
}
"""Status → class of the error, and what to do where nothing better is known."""

KINDS: Final[dict[int, type[VimeoError]]] = {
    PAST_THE_END: NotFound,
    3200: Forbidden,  # also comes with 400 and 401
    **dict.fromkeys((4101, 4102, 4104), QuotaExceeded),
}
"""Error code → class of the error, where the status does not tell it."""

PLANS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), f"Vimeo has this for some plans only, and refuses it to others: {which}.")
    for pattern, which in (
        (r"/analytics(?:/|$)", "analytics reportedly for Enterprise, once its support has switched them on"),
        (r"/teams?(?:/|$)|/team_\w+|/permission", "teams need a plan with several seats"),
        (r"/live_(?:events|destinations)(?:/|$)|/live(?:/|$)", "live streaming needs a plan with events"),
        (r"/webinars?(?:/|$)", "webinars need a plan with them"),
        (r"/ai(?:/|$)", "AI features, reportedly Enterprise"),
        (r"/custom_metadata(?:/|$)|^/search/", "reportedly Enterprise"),
        (r"/ondemand/pages(?:/|$)", "selling needs a plan with Vimeo On Demand"),
    )
)
"""Part of the API → what 403 and 404 mean there (a Free plan gets 404 for analytics and teams, 2026)."""

EMPTY_SENTENCES: Final = (
    "Something strange occurred",
    "You have provided an invalid parameter",
    "The parameters passed to this API endpoint",
    "An unknown error has occurred",
)
"""How texts of Vimeo begin that say nothing."""
