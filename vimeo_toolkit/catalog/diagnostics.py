"""What an agent can do for the connected user: with its tools, scopes, plan, upload quota and limit."""

import contextlib
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Final

from vimeo_toolkit.catalog.abilities import ABILITIES, UPLOADS, why_not
from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.tool import Tool, ToolInput
from vimeo_toolkit.catalog.toolsets import admin
from vimeo_toolkit.errors import ConfigurationError, RateLimited
from vimeo_toolkit.uploads.allowance import room_of
from vimeo_toolkit.wire.rate_limit import RateLimit

__all__ = ["ConnectionCheck"]

NAMED: Final = 6
"""The most tools that are named for a missing scope; further ones are counted."""

MINUTE: Final = 60
ROUNDED: Final = 3
"""Seconds by which the end of a window may be off: `Date` and the header are in whole seconds."""
NO_UPLOAD: Final = (
    "Vimeo gives this user no upload quota, as it does where upload access is missing: the operator has to request "
    "upload access on the app's page on Vimeo's developer site, and the user may need another plan."
)


@admin.get(
    "/me",
    name="vimeo_connection_check",
    # The answer has the quota only when the user has upload access (API document).
    fields="uri,name,account,upload_quota.space",
)
class ConnectionCheck(ToolInput):
    """Find out why something fails: permissions, plan, storage, how many requests are left, how much I may
    still upload, why access was refused.
    """

    patience: ClassVar[float | None] = 1.0

    def hidden_in(self, body: Any) -> tuple[tuple[str, ...], str]:
        """Return what a model is not shown: what `missing_scopes` and `cannot` say in fewer words."""
        return ("scopes.granted", "scopes.missing"), ""

    async def run(self, api: Api) -> Any:
        """Ask Vimeo with one request, which also proves that the token works, and return what this agent can do
        with its tools. While the user's limit is used up, nothing is sent or waited for, and the answer is what is
        known of the account and the limit."""
        try:
            answer = await api.send(self.request(api.account))
        except RateLimited as error:
            return await _answer(api, None, error)
        return await _answer(api, answer if isinstance(answer, dict) else {}, None)


async def _answer(api: Api, user: Mapping[str, Any] | None, limited: RateLimited | None) -> dict[str, Any]:
    """Return what is known of the connection.

    Args:
        user: as Vimeo shows the user; None where it was not asked.
        limited: why it was not asked.
    """
    granted = set(api.account.granted_scopes)
    missing = _missing(api.tools, granted)
    ways = await _ways(api)
    uploads = [tool for way in UPLOADS for tool in ABILITIES[way].tools if tool in api.tools]
    upload, advice = _upload(user, granted, ways)
    if missing:
        advice.append(
            "For a tool that needs a missing scope the user has to grant it: calling the tool gives the link "
            "to show them, where there is one."
        )
    who = {"uri": api.account.vimeo_uri, "name": api.account.vimeo_name}
    plan = None
    if user is not None:
        who, plan = {name: user.get(name) for name in who}, user.get("account")
    refused = "" if upload["allowed"] else "see upload"
    no_folder = "" if "file" in ways else "the operator has named no folder for it"
    blocked = {"upload from a link": refused, "upload local files": no_folder or refused}
    reasons = {
        name: why_not(name, api.tools, granted, plan if isinstance(plan, str) else None, blocked)
        for name in ABILITIES
    }
    answer: dict[str, Any] = {
        "ok": limited is None and not missing and (upload["allowed"] or not uploads),
        "user": who,
        "plan": plan,
        "can": [name for name, reason in reasons.items() if not reason],
        "cannot": {name: reason for name, reason in reasons.items() if reason},
        "missing_scopes": [each["scope"] for each in missing],
        "scopes": {"granted": sorted(granted), "missing": missing},
        "upload": upload,
        "requests": _budget(api, limited),
    }
    if limited is not None:
        answer |= {"reason": limited.message, "retry_after": limited.retry_after}
        advice.insert(
            0, f"{limited.hint} Vimeo was not asked now: the plan and the upload space are not known before."
        )
    return {**answer, **({"advice": advice} if advice else {})}


async def _ways(api: Api) -> list[str]:
    """Return how this agent's tools can upload videos: from a link, as a file of the operator's machine."""
    ways = []
    if any(tool in api.tools for tool in ABILITIES["upload from a link"].tools):
        ways.append("link")
    if any(tool in api.tools for tool in ABILITIES["upload local files"].tools):
        # If the operator's own function fails, an upload says so in full.
        with contextlib.suppress(ConfigurationError):
            ways += ["file"] if await api.uploader.takes_files() else []
    return ways


def _missing(tools: Mapping[str, Tool], granted: set[str]) -> list[dict[str, Any]]:
    """Return each scope that a tool needs and the user has not granted, with the tools that need it."""
    needed_by: dict[str, list[Tool]] = {}
    for tool in tools.values():
        for scope in (tool.scopes | tool.input_model.may_need) - granted:
            needed_by.setdefault(scope, []).append(tool)
    found = []
    for scope, needing in sorted(needed_by.items()):
        names = [tool.name for tool in needing]
        more = [f"and {len(names) - NAMED} more"] if len(names) > NAMED else []
        toolsets = sorted({tool.toolset for tool in needing})
        found.append({"scope": scope, "toolsets": toolsets, "tools": names[:NAMED] + more})
    return found


def _upload(
    user: Mapping[str, Any] | None, granted: set[str], ways: list[str]
) -> tuple[dict[str, Any], list[str]]:
    """Return whether this agent can upload, the space that the user has, and what to do if it cannot."""
    advice = []
    if ways and "upload" not in granted:
        advice.append(
            "To upload, the user has to grant the upload scope, and the app needs upload access from Vimeo."
        )
    if user is None:
        return {"allowed": bool(ways) and "upload" in granted}, advice
    quota = user.get("upload_quota")
    if not isinstance(quota, dict):
        return {"allowed": False}, [*advice, *([NO_UPLOAD] if ways else [])]
    room = room_of(quota)
    full = any(value == 0 for name, value in room.items() if name.startswith("free"))
    if full:
        advice.append("The upload quota is used up: delete videos or change the plan to upload more.")
    return {"allowed": bool(ways) and "upload" in granted and not full, **room}, advice


def _budget(api: Api, limited: RateLimited | None) -> dict[str, Any]:
    limit = api.rate_limit
    left = None if limit.reset_at is None else api.seconds_until(limit.reset_at)
    resets = left if limited is None else limited.retry_after
    return {
        "limit": limit.limit,
        "window_seconds": None if limit.limit is None else _window(limit, left or 0.0),
        "remaining": limit.remaining if limited is None else 0,
        "resets": None if resets is None else _iso(api.now() + resets),
    }


def _window(limit: RateLimit, seconds: float) -> int:
    """Return how long the window of a limit is: Vimeo counts by the minute (its help page), or what is left of the
    window shows that it is longer; the answer to a window's first request shows it to the second.

    `seconds`: until it ends.
    """
    left = math.ceil(seconds - 0.001)
    first = None not in (limit.limit, limit.remaining) and limit.remaining == limit.limit - 1  # type: ignore[operator]
    minutes = round(left / MINUTE) * MINUTE
    if abs(left - minutes) <= ROUNDED:
        left = minutes
    return left if first and left > 0 else max(MINUTE, left)


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")
