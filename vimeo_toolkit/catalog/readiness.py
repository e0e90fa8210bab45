"""Wait until a video, or the new version of its file, can be watched."""

from typing import Annotated, Any, Final

from pydantic import Field

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.ids import VideoNumber
from vimeo_toolkit.catalog.marks import Help
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import upload
from vimeo_toolkit.errors import Forbidden, MissingScope, NotFound
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["VideoWaitReady"]

STATE: Final = (
    "uri,status,transcode.status,upload.status,is_playable,metadata.connections.versions.total,"
    "metadata.connections.versions.latest_incomplete_version"
)
"""`latest_incomplete_version` is in no document; recordings of 2023 have it."""

_VERSION: Final = "uri,active,created_time,upload.status,transcode.status"

ENDS: Final[dict[str, str]] = {
    "failed": "Vimeo says that the video failed.",
    "quota_exceeded": "The upload was more than the user's quota for this period allows.",
    "total_cap_exceeded": "The upload was more than the user's storage allows.",
    "transcoding_error": "Vimeo could not convert the file: it may be damaged, or no video.",
    "unavailable": "Vimeo says that the video is not available.",
    "uploading_error": "The upload failed: send the file again.",
}
"""The final statuses of a video, by the API's document (2024), and `failed` (2026)."""

FILE_FAILED: Final = "Vimeo could not take in or convert the file: send it again, or another one."


@upload.get("/videos/{video_id}", name="vimeo_video_wait_ready", fields=STATE)
class VideoWaitReady(ToolInput):
    """Wait until Vimeo has processed (transcoded) an upload: tell when processing is finished."""

    video_id: VideoNumber
    max_seconds: Annotated[
        int | None,
        Field(ge=0, le=600),
        Help(
            "How many seconds to wait, 600 at most; 0 looks once.", "It waits for 120 when this is left out."
        ),
    ] = None
    """Default 120."""

    def request(self, account: AccountRecord) -> ApiRequest:
        return ApiRequest("GET", f"/videos/{self.video_id}", fields=self.tool.fields)

    async def run(self, api: Api) -> Any:
        """Ask with growing pauses; Vimeo's help advises to ask for the transcode status (it tells nobody)."""
        most = 120.0 if self.max_seconds is None else float(self.max_seconds)
        left, pause = most, 2.0
        while True:
            answer = await api.send(self.request(api.account))
            video = answer if isinstance(answer, dict) else {}
            state, why = state_of(video)
            if state == "ready" and _versions(video) != 1:
                state, why = await self._newest(api)
            if state != "in progress" or left <= 0:
                return {
                    **video,
                    "ready": state == "ready",
                    "state": state,
                    **({"reason": why} if why else {}),
                }
            pause = min(pause, left)
            await api.sleep(pause)
            left -= pause
            await api.progress(round(most - left), round(most))
            pause = min(pause * 1.5, 20.0)

    async def _newest(self, api: Api) -> tuple[str, str]:
        """Return the state of the versions newer than the one that is shown; an upload given up before does not
        count."""
        try:
            listed = await api.send(
                ApiRequest("GET", f"/videos/{self.video_id}/versions", {"per_page": "100"}, fields=_VERSION)
            )
        except (Forbidden, MissingScope, NotFound):
            # For another user's video, or a token that may not read versions, the video's own state counts.
            return "ready", ""
        found = listed.get("data") if isinstance(listed, dict) else None
        versions = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
        shown = max((_age(each) for each in versions if each.get("active") is True), default=("", 0))[0]
        newer = sorted((each for each in versions if _age(each)[0] >= shown), key=_age)
        states = [state_of({**each, "status": "available"}) for each in newer]
        if any(state == "in progress" for state, _ in states):
            return "in progress", "The video still shows the file before the new version."
        if states and states[-1][0] == "failed":
            return (
                "failed",
                f"The new version failed, and the video shows the file before it. {states[-1][1]}",
            )
        return "ready", ""


def state_of(thing: dict[str, Any]) -> tuple[str, str]:
    """Say whether a video or version is "ready", "failed" or "in progress", and why where that can be said.

    That it can be played says nothing: a video can be played while a new version is worked on.
    """

    def part(name: str) -> Any:
        found = thing.get(name)
        return found.get("status") if isinstance(found, dict) else None

    status = thing.get("status")
    if isinstance(status, str) and status in ENDS:
        return "failed", ENDS[status]
    if not {"error", "failed"}.isdisjoint({part("upload"), part("transcode")}):
        return "failed", FILE_FAILED
    whole = part("upload") in (None, "complete") and part("transcode") in (None, "complete")
    if whole and status == "available" and not _incomplete(thing):
        return "ready", ""
    return "in progress", ""


def _connection(video: dict[str, Any]) -> dict[str, Any]:
    found: Any = video
    for name in ("metadata", "connections", "versions"):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _incomplete(video: dict[str, Any]) -> bool:
    return bool(_connection(video).get("latest_incomplete_version"))


def _versions(video: dict[str, Any]) -> Any:
    """Return how many versions the video has; None where it does not say."""
    return _connection(video).get("total")


def _age(version: dict[str, Any]) -> tuple[str, int]:
    number = str(version.get("uri")).rpartition("/")[2]
    known = number.isascii() and number.isdigit() and len(number) < 20
    return str(version.get("created_time") or ""), int(number) if known else 0
