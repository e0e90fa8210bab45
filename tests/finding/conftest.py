"""A user with 250 videos around the beginnings of months, in a sandbox whose clock stands in November."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import Connect
from vimeo_toolkit import ToolResult, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox, User

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MONTH = datetime(2026, 11, 1, tzinfo=UTC)

Find = Callable[..., ToolResult]


def details_of_250() -> list[dict[str, Any]]:
    """100 of November, 90 of October, 60 older; some within seconds of the boundaries."""
    november = [MONTH + timedelta(seconds=place) for place in range(3)]
    november += [MONTH + timedelta(hours=5 * place + 1) for place in range(97)]
    october = [MONTH - timedelta(seconds=1 + place) for place in range(3)]
    october += [MONTH - timedelta(hours=8 * place + 2) for place in range(86)]
    october.append(datetime(2026, 10, 1, tzinfo=UTC))
    older = [datetime(2026, 9, 30, 23, 59, 59, tzinfo=UTC)]
    older += [datetime(2026, 9, 20, tzinfo=UTC) - timedelta(days=11 * place) for place in range(59)]
    views = ("anybody", "anybody", "nobody", "unlisted", "password")
    return [
        {
            "name": f"Video {place}",
            "created": created,
            "modified": created + timedelta(days=place % 40),
            "duration": (place * 37) % 4000,
            "view": views[place % 5],
        }
        for place, created in enumerate([*november, *october, *older])
    ]


@pytest.fixture
def owner(vimeo: Sandbox) -> User:
    vimeo.clock.set(NOW)
    return vimeo.add_user("Busy", plan="enterprise", videos=details_of_250())


@pytest.fixture
def find(owner: User, toolkit: VimeoToolkit, connect: Connect) -> Find:
    identifier = connect("busy", user=owner)

    def called(**conditions: Any) -> ToolResult:
        return toolkit.execute_tool(
            identifier=identifier, tool_name="vimeo_my_videos_find", tool_input=conditions
        )

    return called
