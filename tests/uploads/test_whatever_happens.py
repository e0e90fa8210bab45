"""Any order of attempts, with any settings, for any Vimeo account, each of which may end at any of its effects.

What is at Vimeo is then what was asked for, in the account that it was asked for.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.media import FILM
from tests.unit.world import World, answer, execute
from tests.uploads.attempts import Died
from vimeo_toolkit import VimeoToolkitError
from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import AnswerLost, HttpRequest, HttpResponse, NotSent
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.uploads.files import UploadOptions, source_of

CHUNK = 50
CONTENTS = [FILM + bytes([number]) * 120 for number in range(2)]
SETTINGS: list[dict[str, Any]] = [{"name": "A"}, {"name": "A", "privacy_view": "nobody"}, {"name": "B"}]
USERS = ("/users/7", "/users/8")


@dataclass
class Video:
    owner: str
    asked: dict[str, Any]
    size: int
    content: bytes = b""
    givers: set[str] = field(default_factory=set)
    """Who was connected when bytes came."""


class Tus(World):
    """Vimeo, as far as uploads go; something happens at one of the effects."""

    def __init__(self) -> None:
        super().__init__()
        self.ctx = self.context()
        self.record: AccountRecord = self.account(self.ctx)
        self.videos: list[Video] = []
        self.connect(USERS[0])
        self.fatal, self.how, self.effects = 0, "", 0

    def connect(self, user: str) -> None:
        changed = self.record.replace(vimeo_uri=user, access_token=Secret(f"token-{user[-1]}"))
        saved = run_sync(self.ctx.vault.save(self, changed))
        assert saved is not None
        self.record = saved

    @contextlib.contextmanager
    def effect(self) -> Iterator[None]:
        self.effects += 1
        hit = self.effects == self.fatal
        if hit and self.how == "dies before":
            raise Died
        if hit and self.how == "not sent":
            raise NotSent
        yield
        if hit and self.how == "dies after":
            raise Died
        if hit and self.how == "answer lost":
            raise AnswerLost
        if hit and self.how == "changes hands":
            self.connect(USERS[USERS[0] == self.record.vimeo_uri])

    async def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:  # noqa: ASYNC109
        with self.effect():
            return self._answered(request)
        raise AssertionError

    def _answered(self, request: HttpRequest) -> HttpResponse:
        path = request.url.partition("://")[2].partition("/")[2].partition("?")[0]
        number = int(path.rpartition("/")[2]) if path.rpartition("/")[2].isdigit() else -1
        headers = dict(request.headers)
        if "files.tus.example" in request.url:
            video = self.videos[number]
            if request.method == "PATCH" and headers["Upload-Offset"] == str(len(video.content)):
                video.content += request.content
                video.givers.add(str(self.record.vimeo_uri))
            return answer(204, b"", upload_offset=str(len(video.content)))
        user = f"/users/{headers['Authorization'][-1]}"
        if request.method == "POST":
            body = json.loads(request.content)
            self.videos.append(Video(user, body, int(body.pop("upload")["size"])))
            number = len(self.videos) - 1
            link = f"https://files.tus.example/{number}"
            made = {"uri": f"/videos/{number}", "upload": {"upload_link": link}}
            return answer(201, json.dumps(made).encode())
        if self.videos[number].owner != user:
            return answer(404)
        done = len(self.videos[number].content) == self.videos[number].size
        status = "complete" if done else "in_progress"
        return answer(200, json.dumps({"upload": {"status": status}}).encode())


STEP = st.tuples(
    st.sampled_from(USERS),
    st.integers(0, len(SETTINGS) - 1),
    st.integers(0, len(CONTENTS) - 1),
    st.integers(0, 12),
    st.sampled_from(["dies before", "dies after", "answer lost", "not sent", "changes hands"]),
)


def _attempt(world: Tus, path: Path, asked: dict[str, Any]) -> str:
    files = UploadOptions(given=source_of(path), chunk=CHUNK)
    arguments = {"path": "f", **asked}
    result = run_sync(execute(world.ctx, world, "vimeo_video_upload", arguments, files=files))
    return str(result["uri"])


def _wanted(asked: dict[str, Any]) -> dict[str, Any]:
    view = {"privacy": {"view": asked["privacy_view"]}} if "privacy_view" in asked else {}
    return {"name": asked["name"], **view}


@settings(deadline=None, max_examples=60)
@given(steps=st.lists(STEP, min_size=1, max_size=8))
def test_what_is_at_vimeo_is_what_was_asked_for(
    steps: list[Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    world, path = Tus(), tmp_path_factory.getbasetemp() / "any.mp4"
    for user, number, content, world.fatal, world.how in steps:
        if user != world.record.vimeo_uri:
            world.connect(user)
        if not path.exists() or path.read_bytes() != CONTENTS[content]:
            path.write_bytes(CONTENTS[content])
        world.effects = 0
        uri = ""
        with contextlib.suppress(Died, VimeoToolkitError):
            uri = _attempt(world, path, SETTINGS[number])
        for video in world.videos:
            assert any(whole.startswith(video.content) for whole in CONTENTS)
            # A part that was on its way when the account changed hands can still arrive, and none after it.
            assert video.givers <= {video.owner}
        if uri:
            video = world.videos[int(uri.rpartition("/")[2])]
            assert video.owner == user
            assert video.content == CONTENTS[content]
            assert video.asked == _wanted(SETTINGS[number])


@settings(deadline=None, max_examples=40)
@given(
    fatal=st.integers(1, 12), how=st.sampled_from(["dies before", "dies after", "answer lost", "not sent"])
)
def test_the_next_attempt_finishes_what_the_last_one_began(
    fatal: int, how: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """One placeholder, unless the process died when only Vimeo knew of it."""
    world, path = Tus(), tmp_path_factory.getbasetemp() / "again.mp4"
    path.write_bytes(CONTENTS[0])
    world.fatal, world.how = fatal, how
    with contextlib.suppress(Died, VimeoToolkitError):
        _attempt(world, path, SETTINGS[0])
    world.fatal, unfinished = 0, [video for video in world.videos if len(video.content) < video.size]
    _attempt(world, path, SETTINGS[0])
    assert world.videos[-1].content == CONTENTS[0]
    unknown_to_all_but_vimeo = fatal == 1 and how in ("dies after", "answer lost")
    assert len(world.videos) == 1 + unknown_to_all_but_vimeo + (not unfinished and len(world.videos) > 1)
