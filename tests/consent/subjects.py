"""What consent is asked about in the tests: a destructive call of one user."""

from __future__ import annotations

from typing import Any

from tests.unit.world import USER
from vimeo_toolkit.calls.approvals import Subject
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.identity import Owner

__all__ = ["DESTRUCTIVE", "OWNER", "subject", "values_of"]

OWNER = Owner(USER, "1.5 /users/7")
DESTRUCTIVE = "vimeo_video_delete"


def values_of(name: str = DESTRUCTIVE, **inputs: Any) -> ToolInput:
    return catalog()[name].validate(inputs or {"video_id": "1"})


def subject(owner: Owner = OWNER, digest: str = "there", **inputs: Any) -> Subject:
    return Subject(owner, values_of(**inputs), digest)
