"""What consent is asked about in the tests: a destructive call of one user."""

from __future__ import annotations

from typing import Any

from tests.unit.world import USER
from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.calls.approvals import Subject
from vimeo_toolkit.calls.changes import changes_of
from vimeo_toolkit.calls.preview import Preview
from vimeo_toolkit.calls.question import question_of
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.identity import Owner

__all__ = ["ACCOUNT", "DESTRUCTIVE", "OWNER", "asked_of", "subject", "values_of"]

OWNER = Owner(USER, "1.5 /users/7")
DESTRUCTIVE = "vimeo_video_delete"
ACCOUNT = AccountRecord(
    connection_name="vimeo",
    identifier="u",
    granted_scopes=("create", "delete", "edit", "interact", "private", "public", "upload"),
    vimeo_uri="/users/7",
    app_uri="/apps/9",
)


def values_of(name: str = DESTRUCTIVE, **inputs: Any) -> ToolInput:
    return catalog()[name].validate(inputs or {"video_id": "1"})


def subject(owner: Owner = OWNER, digest: str = "there", **inputs: Any) -> Subject:
    return Subject(owner, values_of(**inputs), digest)


def asked_of(tool: str, given: dict[str, Any], **found: Any) -> str:
    """The question about a call, where the looks found this; `file` is a name and a size."""
    declared = catalog()[tool]
    values, seen = declared.validate(given), Preview(found, file=found.pop("file", None))
    return question_of(declared, values, ACCOUNT, seen, changes_of(declared, values, seen))
