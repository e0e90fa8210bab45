"""What the connected user can do: plan, scopes, upload, budget."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.tool import Tool, ToolInput
from vimeo_toolkit.catalog.toolsets import admin
from vimeo_toolkit.errors import RateLimited
from vimeo_toolkit.uploads.allowance import room_of

__all__ = ["ConnectionCheck"]

NAMED: Final = 6
"""The most tools that are named for a missing scope; further ones are counted."""

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
    """Check the Vimeo connection: plan, granted and missing permissions (scopes), whether uploads are possible and
    the free space, requests left. Use it to find out why something fails."""

    async def run(self, api: Api) -> Any:
        """Ask Vimeo with one request, which also proves that the token works, and return what is known; the
        scopes are those that the user granted. While the user's limit is used up, nothing is sent and the answer
        is what is known without a request."""
        try:
            user = await api.send(self.request(api.account))
        except RateLimited as error:
            return _limited(api, error)
        user = user if isinstance(user, dict) else {}
        granted = set(api.account.granted_scopes)
        missing = _missing(api.tools, granted)
        upload, advice = _upload(user.get("upload_quota"), granted)
        if missing:
            advice.append(
                "For a tool that needs a missing scope the user has to grant it: calling the tool gives the link "
                "to show them, where there is one."
            )
        return {
            "ok": True,
            "user": {name: user.get(name) for name in ("uri", "name")},
            "plan": user.get("account"),
            "scopes": {"granted": sorted(granted), "missing": missing},
            "upload": upload,
            "requests": _budget(api),
            **({"advice": advice} if advice else {}),
        }


def _limited(api: Api, error: RateLimited) -> dict[str, Any]:
    granted = set(api.account.granted_scopes)
    return {
        "ok": False,
        "reason": error.message,
        "retry_after": error.retry_after,
        "user": {"uri": api.account.vimeo_uri, "name": api.account.vimeo_name},
        "scopes": {"granted": sorted(granted), "missing": _missing(api.tools, granted)},
        "requests": {
            "limit": api.rate_limit.limit,
            "remaining": 0,
            "resets": _iso(api.now() + error.retry_after),
        },
        "advice": [f"{error.hint} The plan and the upload space are not known before."],
    }


def _missing(tools: Mapping[str, Tool], granted: set[str]) -> list[dict[str, Any]]:
    """Return each scope that a tool needs and the user has not granted, with the tools that need it."""
    needed_by: dict[str, list[Tool]] = {}
    for tool in tools.values():
        for scope in tool.scopes - granted:
            needed_by.setdefault(scope, []).append(tool)
    found = []
    for scope, needing in sorted(needed_by.items()):
        names = [tool.name for tool in needing]
        more = [f"and {len(names) - NAMED} more"] if len(names) > NAMED else []
        toolsets = sorted({tool.toolset for tool in needing})
        found.append({"scope": scope, "toolsets": toolsets, "tools": names[:NAMED] + more})
    return found


def _upload(quota: Any, granted: set[str]) -> tuple[dict[str, Any], list[str]]:
    """Return whether uploads are possible, and what to do if not."""
    advice = []
    if "upload" not in granted:
        advice.append(
            "To upload, the user has to grant the upload scope, and the app needs upload access from Vimeo."
        )
    if not isinstance(quota, dict):
        advice.append(NO_UPLOAD)
        return {"allowed": False}, advice
    room = room_of(quota)
    full = any(value == 0 for name, value in room.items() if name.startswith("free"))
    if full:
        advice.append("The upload quota is used up: delete videos or change the plan to upload more.")
    return {"allowed": "upload" in granted and not full, **room}, advice


def _budget(api: Api) -> dict[str, Any]:
    limit = api.rate_limit
    return {
        "limit": limit.limit,
        "remaining": limit.remaining,
        "resets": None if limit.reset_at is None else _iso(limit.reset_at),
    }


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")
