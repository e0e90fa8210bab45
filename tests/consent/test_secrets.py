"""A password in a call that waits for approval is nowhere to be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.examples import writes
from tests.leaks.markers import PASSWORD, Evidence
from tests.observe.conftest import Call
from vimeo_toolkit import (
    ApprovalDenied,
    ApprovalRequired,
    Connection,
    PlannedCall,
    VimeoToolkit,
    generate_key,
)
from vimeo_toolkit.sandbox import Sandbox

Join = Callable[..., str]
GIVEN: dict[str, Any] = {"name": "Private", "privacy": "password", "password": PASSWORD}


@pytest.mark.parametrize("answer", [None, False, "raise"])
def test_nothing_shows_it(
    answer: Any, connection: Connection, call: Call, join: Join, vimeo: Sandbox, tmp_path: Path
) -> None:
    evidence = Evidence()
    planned: list[PlannedCall] = []

    def confirm(asked: PlannedCall) -> Any:
        planned.append(asked)
        if answer == "raise":
            raise LookupError("the operator's own")
        return answer

    path = tmp_path / "accounts.db"
    rules: Any = {"approval": "writes"} | ({} if answer is None else {"confirm": confirm})
    with VimeoToolkit([connection], store=f"sqlite:///{path}", key=generate_key(), **rules) as toolkit:
        token = join(toolkit)
        with pytest.raises((ApprovalRequired, ApprovalDenied, LookupError)) as caught:
            call(toolkit, "vimeo_showcase_create", GIVEN)
        evidence.exception("refused", caught.value)
        if isinstance(caught.value, ApprovalRequired):
            planned.append(caught.value.planned)
            evidence.thing("error", caught.value)
    (one,) = planned
    evidence.thing("planned", one)
    evidence.look("text", one.describe())
    stored = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    evidence.look("store", stored)
    assert token.encode() not in stored
    assert PASSWORD.encode() not in stored
    assert evidence.seen["frame"]
    assert evidence.leaks == []
    assert writes(vimeo) == []
