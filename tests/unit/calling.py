"""One call against listed answers: the tools that stand for their kinds, the call's state and its events."""

from __future__ import annotations

from typing import Any

from tests.unit.world import USER, World
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.calls.clock import Clock
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.calls.state import CallState
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.observe.events import Event
from vimeo_toolkit.uploads.files import UploadOptions

ME, LIST, LIKE, COMMENT, DELETE = (
    "vimeo_me_get",
    "vimeo_my_videos_list",
    "vimeo_video_like",
    "vimeo_video_comment_add",
    "vimeo_video_delete",
)
UPLOAD = next(
    name
    for name, tool in catalog().items()
    if "upload" in tool.scopes and "file_link" in tool.input_model.model_fields
)
VIDEO = {"video_id": "1"}
LIMITS: dict[str, Any] = {"x_ratelimit_limit": "50", "x_ratelimit_remaining": "40", "x_ratelimit_reset": "30"}
RECORD = AccountRecord(connection_name="vimeo", identifier="u", vimeo_uri="/users/7")


def event(name: Any, tool: str, **data: Any) -> Event:
    return Event(name, "vimeo", "u", tool, data, "id")


def state(world: World, ctx: Context, **more: Any) -> CallState:
    spec = CallSpec(USER, catalog()[ME])
    made = CallState(world, ctx, spec, Clock(), UploadOptions(), **more)
    made.begin(RECORD)
    return made
