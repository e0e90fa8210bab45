"""One description of a call, one state of it, and what each step does with them."""

from __future__ import annotations

import copy
import pickle
import traceback
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from tests.examples import UPLOADS
from tests.unit.world import USER, World, answer, execute
from vimeo_toolkit.calls.clock import Clock
from vimeo_toolkit.calls.consent import Consent
from vimeo_toolkit.calls.engine import Engine
from vimeo_toolkit.calls.quota import Quota
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.calls.state import CallState
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.errors import ApprovalRequired, InvalidInput, UnknownTool
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.observe.callables import require_sync
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.driver_parts import share_of
from vimeo_toolkit.runtime.ports import HttpRequest
from vimeo_toolkit.uploads.files import UploadOptions

PASSWORD = "hunter-2-marker"
SPEC = CallSpec(USER, catalog()["vimeo_video_edit"], {"video_id": "1", "password": PASSWORD})


def test_a_spec_shows_and_keeps_no_input() -> None:
    for shown in (repr(SPEC), str(SPEC), f"{SPEC}", repr({"spec": SPEC})):
        assert PASSWORD not in shown
        assert "vimeo_video_edit" in shown
    for refused in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match="not picklable"):
            refused(SPEC)


@pytest.mark.parametrize("name", ["identity", "tool", "tool_input", "detail", "allowed", "dry_run", "files"])
def test_a_spec_cannot_be_changed(name: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(SPEC, name, None)
    assert not hasattr(SPEC, "__dict__")


def test_a_state_shows_nothing() -> None:
    world = World()
    call = CallState(world, world.context(), SPEC, Clock(), UploadOptions())
    assert PASSWORD not in repr(call)
    assert "access-1" not in repr(call)
    assert not hasattr(call, "__dict__")


def test_no_frame_of_a_call_has_its_input() -> None:
    world = World()
    ctx = world.context()
    world.account(ctx)
    with pytest.raises(InvalidInput) as caught:
        run_sync(execute(ctx, world, "vimeo_video_edit", {"video_id": "x y", "password": PASSWORD}))
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [frame for frame in shown.stack if "/vimeo_toolkit/" in frame.filename]
    assert len(ours) > 3
    assert PASSWORD not in "".join(str(frame.locals) for frame in ours)


def test_tools_beside_those_allowed_are_refused_before_anything_else() -> None:
    world = World()
    engine = Engine(world.context(), Quota(world.cipher, kept=False))
    with pytest.raises(UnknownTool):
        run_sync(engine.run(world, CallSpec(USER, catalog()["vimeo_me_get"], allowed={"vimeo_video_get"})))
    assert world.events == []


def test_an_identifier_is_followed_to_the_event_the_budget_and_the_approval() -> None:
    world = World(answer(body=b'{"uri":"/users/7"}', x_ratelimit_limit="60", x_ratelimit_remaining="41"))
    ctx, quota = world.context(), Quota(world.cipher, kept=False)
    account = world.account(ctx)
    run_sync(execute(ctx, world, "vimeo_me_get", quota=quota))
    assert {(event.connection_name, event.identifier) for event in world.events} == {("vimeo", "u")}
    assert [request.user for request in world.sent] == [USER]
    [owner] = quota.budgets._users
    assert owner == (USER, account.generation)
    with pytest.raises(ApprovalRequired) as asked:
        run_sync(execute(ctx, world, "vimeo_folder_create", {"name": "A"}, consent=Consent("writes")))
    assert asked.value.planned.identity == USER
    assert asked.value.planned.identity is not USER  # the product's own copy


def test_bytes_of_an_upload_take_the_users_share_of_the_connections() -> None:
    def begun(request: HttpRequest) -> Any:
        return answer(
            body=b'{"uri":"/videos/1","upload":{"approach":"tus","upload_link":"https://up.example/1"}}'
        )

    def taken(request: HttpRequest) -> Any:
        offset = int(dict(request.headers)["Upload-Offset"]) + len(request.content)
        return answer(204, b"", upload_offset=str(offset))

    world = World(begun, taken)
    ctx = world.context()
    world.account(ctx)
    film = next(path for path in UPLOADS.iterdir() if path.suffix == ".mp4")
    files = UploadOptions(folders=(UPLOADS.resolve(),))
    run_sync(execute(ctx, world, "vimeo_video_upload", {"path": film.name}, files=files))
    assert {request.method for request in world.sent} == {"POST", "PATCH"}
    assert {share_of(request) for request in world.sent} == {USER}
    other = HttpRequest("PATCH", "https://up.example/2", (), user=Identity("vimeo", "v"))
    assert share_of(other) != USER


def test_one_rule_for_what_is_asynchronous_where_it_may_not_be() -> None:
    from vimeo_toolkit.errors import ConfigurationError

    class Hook:
        async def __call__(self, *_: Any) -> None: ...

    async def function() -> None: ...

    for given in (function, Hook()):
        with pytest.raises(ConfigurationError, match=r"The hook \S+ is asynchronous"):
            require_sync(given, "The hook")
    for allowed in (None, print, Hook):
        require_sync(allowed, "The hook")
