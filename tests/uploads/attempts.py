"""One user who uploads one file, step by step against listed outcomes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.media import film
from tests.unit.world import Outcome, World, answer, execute
from vimeo_toolkit import ToolResult, VimeoToolkitError
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import HttpResponse
from vimeo_toolkit.stores.protocol import Key
from vimeo_toolkit.uploads.files import UploadOptions, UploadProgress, source_of

SIZE, CHUNK = 900, 300
LINK = "https://files.tus.example/secret-link"
ROW = Key("upload", "vimeo", "u")


class Died(BaseException):
    """The process ends here."""


def made(number: int, link: Any = LINK, **more: Any) -> HttpResponse:
    body = {"uri": f"/videos/{number}", "name": "n", "upload": {"upload_link": link}, **more}
    return answer(201, json.dumps(body).encode())


def state(status: str) -> HttpResponse:
    return answer(200, json.dumps({"uri": "/videos/1", "upload": {"status": status}}).encode())


def at(offset: int) -> HttpResponse:
    return answer(204, b"", upload_offset=str(offset))


def whole(offset: int = 0) -> list[Outcome]:
    return [at(reached) for reached in range(offset + CHUNK, SIZE + 1, CHUNK)]


class Fixture:
    """One user who uploads one file, again and again."""

    def __init__(self, path: Path) -> None:
        self.world = World()
        self.ctx: Context = self.world.context()
        self.account = self.world.account(self.ctx)
        self.path = path
        path.write_bytes(film(SIZE))

    def __call__(
        self,
        outcomes: list[Outcome],
        *,
        source: Any = None,
        stop: Callable[[UploadProgress], Any] | None = None,
        tool: str = "vimeo_video_upload",
        **asked: Any,
    ) -> ToolResult:
        self.world.outcomes, self.world.sent = list(outcomes), []
        files = UploadOptions(given=source_of(source or self.path), on_progress=stop, chunk=CHUNK)
        arguments = {"path": "f", **asked}
        flow = execute(self.ctx, self.world, tool, arguments, files=files)
        result = run_sync(flow)
        assert not self.world.outcomes, "fewer requests than listed"
        return result

    def dies(self, number: int = 1, **asked: Any) -> None:
        """An attempt whose process ends when a chunk is at Vimeo."""
        with pytest.raises(Died):
            self([made(number), at(CHUNK)], stop=at_a_chunk, **asked)

    @property
    def methods(self) -> list[str]:
        return [request.method for request in self.world.sent]

    def replaced(self, **changes: Any) -> None:
        """The account as it is after something happened to it."""
        saved = run_sync(self.ctx.vault.save(self.world, self.account.replace(**changes)))
        assert saved is not None
        self.account = saved


def at_a_chunk(progress: UploadProgress) -> None:
    if progress.sent == CHUNK:
        raise Died


def told(error: VimeoToolkitError) -> str:
    """What an error says, which is never the upload's link."""
    assert error.hint
    text = f"{error} {error.to_dict()}"
    assert "secret-link" not in text
    return text
