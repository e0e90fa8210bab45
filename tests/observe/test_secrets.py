"""No hook ever sees a token, a secret, or what a user wrote."""

from __future__ import annotations

import contextlib
import json
import logging
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.observe.conftest import Run
from tests.observe.recorder import Recorder
from vimeo_toolkit import Connection, VimeoToolkit, VimeoToolkitError
from vimeo_toolkit.observe import AuditLog
from vimeo_toolkit.sandbox import Sandbox

Join = Callable[..., str]
MARK = "marker-4711"

CALLS: list[tuple[str, dict[str, Any]]] = [
    ("vimeo_folder_create", {"name": MARK}),
    ("vimeo_showcase_create", {"name": MARK, "privacy": "password", "password": MARK}),
    (
        "vimeo_video_create",
        {"file_link": "https://example.com/a.mp4", "privacy_view": "password", "password": MARK},
    ),
    ("vimeo_videos_search", {"query": MARK}),
    ("vimeo_video_get", {"video_id": MARK}),
    ("vimeo_video_get", {MARK: MARK}),
    ("vimeo_video_get", {"video_id": "1"}),
    ("vimeo_webhook_create", {"url": f"https://example.com/{MARK}", "event_types": [MARK]}),
]


def test_no_marker_in_any_event(
    connection: Connection, run: Run, vimeo: Sandbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    seen = Recorder()
    path = tmp_path / "audit.jsonl"
    with (
        caplog.at_level(logging.DEBUG, logger="vimeo_toolkit"),
        VimeoToolkit(
            [connection], store="sqlite:///:memory:", on_event=[seen, AuditLog(path, reads=True)]
        ) as toolkit,
    ):
        link = run(toolkit, "get_authorization_link", identifier="u").link
        callback = vimeo.authorize(link)
        run(toolkit, "complete_authorization", callback_url=callback, identifier="u")
        for callback_url in (callback, MARK, f"{callback}&state={MARK}"):
            with pytest.raises(VimeoToolkitError):
                run(toolkit, "complete_authorization", callback_url=callback_url, identifier="u")
        with pytest.raises(VimeoToolkitError):
            run(toolkit, "import_token", identifier="u", access_token=MARK)
        for tool, tool_input in CALLS:
            with contextlib.suppress(VimeoToolkitError):
                run(toolkit, "execute_tool", identifier="u", tool_name=tool, tool_input=tool_input)
        vimeo.revoke_all(vimeo.user)
        with pytest.raises(VimeoToolkitError):
            run(toolkit, "execute_tool", identifier="u", tool_name="vimeo_me_get")
        run(toolkit, "delete_connected_account", identifier="u")
    assert {"account.connected", "account.refused", "account.revoked", "account.deleted"} <= set(seen.names)
    assert seen.names.count("call.finished") == len(CALLS) + 1
    secrets = [
        MARK,
        vimeo.app.client_secret,
        *vimeo.world.tokens,
        *(part.partition("=")[2] for part in callback.partition("?")[2].split("&")),
    ]
    shown = [
        repr(seen.events),
        json.dumps([event.to_dict() for event in seen.events]),
        pickle.dumps(seen.events).decode("latin-1"),
        path.read_text(),
        "".join(message for message in caplog.messages),
    ]
    for text in shown:
        for secret in secrets:
            assert secret not in text
