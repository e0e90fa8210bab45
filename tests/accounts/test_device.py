"""Connecting by a device code: every answer that can come, and the whole path against the sandbox."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import httpx
import pytest

from tests.unit.world import Outcome, World, answer, said
from vimeo_toolkit import AuthorizationFailed, ConfigurationError, VimeoToolkit, VimeoUnavailable
from vimeo_toolkit.accounts.device import (
    DeviceAuthorization,
    complete_device_authorization,
    start_device_authorization,
)
from vimeo_toolkit.accounts.model import AccountStatus
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import AnswerLost, HttpResponse, NotSent
from vimeo_toolkit.sandbox import Sandbox, User

CODE = {
    "user_code": "ABC123",
    "device_code": "device-secret",
    "activate_link": "https://vimeo.com/activate",
    "authorize_link": "https://elsewhere.example/steal",
    "expires_in": 60,
    "interval": 5,
}
GRANT = {"access_token": "t-1", "scope": "public private", "user": {"uri": "/users/7", "name": "Ana"}}


def error(name: str, status: int = 400) -> HttpResponse:
    return said({"error": name}, status)


def start(world: World) -> DeviceAuthorization:
    return run_sync(start_device_authorization(world.context(), world, Identity("vimeo", "u")))


def test_the_user_is_asked_and_vimeo_in_its_pace() -> None:
    world = World(
        said(CODE),
        error("authorization_pending"),
        error("slow_down"),
        answer(404),  # what Vimeo says meanwhile is not verified
        answer(502),
        AnswerLost("timeout"),
        said(GRANT),
    )
    device = start(world)
    assert (device.user_code, device.activate_link) == ("ABC123", "https://vimeo.com/activate")
    assert "device-secret" not in repr(device)
    record = run_sync(complete_device_authorization(world.context(), world, device))
    assert record.status is AccountStatus.ACTIVE
    assert (record.vimeo_uri, record.granted_scopes) == ("/users/7", ("private", "public"))
    assert world.slept == [5.0, 5.0, 10.0, 10.0, 10.0, 10.0]
    assert {request.url for request in world.sent[1:]} == {
        "https://api.vimeo.com/oauth/device/authorize"  # never an address out of an answer
    }
    assert [event.name for event in world.events] == ["account.connected"]


@pytest.mark.parametrize(
    ("outcomes", "message"),
    [
        ([error("access_denied")], "declined"),
        ([error("expired_token")], "too old"),
        ([error("invalid_grant")], "too old"),
        ([error("authorization_pending")] * 11, "too old"),
    ],
)
def test_what_ends_it(outcomes: list[Outcome], message: str) -> None:
    world = World(said(CODE), *outcomes)
    device = start(world)
    with pytest.raises(AuthorizationFailed, match=message):
        run_sync(complete_device_authorization(world.context(), world, device))
    assert not world.outcomes
    assert world.events[-1].name == "account.refused"
    assert world.events[-1].data["by"] == "device"


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        (answer(401), ConfigurationError),
        (answer(404), AuthorizationFailed),
        (said({**CODE, "device_code": 7}), AuthorizationFailed),
        (said({**CODE, "activate_link": "javascript:alert(1)"}), AuthorizationFailed),
        (said({**CODE, "device_code": "a b"}), AuthorizationFailed),
        (AnswerLost("timeout"), VimeoUnavailable),
    ],
)
def test_no_code(outcome: Outcome, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        start(World(outcome))


def test_wrong_client_while_waiting() -> None:
    world = World(said(CODE), answer(401))
    with pytest.raises(ConfigurationError):
        run_sync(complete_device_authorization(world.context(), world, start(world)))


def test_no_connection_at_all() -> None:
    with pytest.raises(VimeoUnavailable):
        start(World(*[NotSent("ConnectError")] * 10))


def enter(device: DeviceAuthorization, user: User) -> None:
    form = {"user_code": device.user_code, "user": str(user.id)}
    assert httpx.post(device.activate_link, data=form).status_code == 200


@pytest.mark.parametrize("way", ["sync", "async"])
def test_against_the_sandbox(vimeo: Sandbox, toolkit: VimeoToolkit, way: str) -> None:
    vimeo.device_interval = 0.05
    ana = vimeo.add_user("Ana")
    if way == "sync":
        device = toolkit.start_device_authorization(identifier="ana")
        assert toolkit.get_connected_account(identifier="ana").status == "PENDING"
        later = threading.Timer(0.2, enter, (device, ana))
        later.start()
        account = toolkit.complete_device_authorization(device)
        later.join()
    else:

        async def both() -> Any:
            device = await toolkit.astart_device_authorization(identifier="ana")
            done = asyncio.create_task(toolkit.acomplete_device_authorization(device))
            await asyncio.sleep(0.2)
            await asyncio.to_thread(enter, device, ana)
            return await done

        account = asyncio.run(both())
    assert (account.status, account.vimeo_name) == ("ACTIVE", "Ana")
    result = toolkit.execute_tool(identifier="ana", tool_name="vimeo_me_get")
    assert result["name"] == "Ana"


def test_disconnected_meanwhile(vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    vimeo.device_interval = 0.05
    device = toolkit.start_device_authorization(identifier="ana")
    toolkit.delete_connected_account(identifier="ana")
    enter(device, vimeo.user)
    with pytest.raises(AuthorizationFailed, match="disconnected"):
        toolkit.complete_device_authorization(device)
    assert all(token.revoked for token in vimeo.world.tokens.values() if token.user is vimeo.user)
