"""What a user has to do at Vimeo before calls can be made, looked at beforehand and without a request."""

from __future__ import annotations

import json
import pickle
from collections.abc import Sequence
from typing import Any

import pytest

from tests.conftest import Connect
from tests.examples import example_input
from vimeo_toolkit import (
    BoundTool,
    ConfigurationError,
    Connection,
    ConnectionRequest,
    VimeoToolkit,
    aconnection_requests,
    connection_requests,
)
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.sandbox import Sandbox

READ, MAKE, DELETE = "vimeo_my_videos_list", "vimeo_folder_create", "vimeo_video_delete"
UPLOAD = next(name for name, tool in catalog().items() if "upload" in tool.scopes)
FEW = ("public", "private")


@pytest.fixture
def few(vimeo: Sandbox) -> Connection:
    """A connection that asks for little by itself."""
    app = vimeo.app
    return Connection(
        client_id=app.client_id,
        client_secret=app.client_secret,
        redirect_uri=app.redirect_uri,
        scopes=FEW,
        api_url=vimeo.url,
    )


@pytest.fixture
def toolkit(few: Connection) -> Any:
    with VimeoToolkit([few], store="sqlite:///:memory:") as made:
        yield made


def _bound(toolkit: VimeoToolkit, who: str = "user_1") -> dict[str, BoundTool]:
    return {tool.name: tool for tool in toolkit.bind_tools("vimeo", who, toolsets="all")}


async def _both(calls: Sequence[tuple[BoundTool, Any]], **more: Any) -> list[ConnectionRequest]:
    blocking, awaited = connection_requests(calls, **more), await aconnection_requests(calls, **more)
    assert blocking == awaited, "the same link, while half of its time is left"
    return blocking


async def test_one_link_for_all_calls(vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect) -> None:
    tools = _bound(toolkit, connect())
    calls = [
        (tools[READ], {}),
        (tools[MAKE], {"name": "A"}),
        (tools[DELETE], example_input(DELETE, vimeo)),
        (tools[DELETE], {"video_id": "not one"}),  # says itself what is wrong
    ]
    (needed,) = await _both(calls)
    assert (needed.error, needed.calls) == ("missing_scope", (1, 2))
    assert set(needed.missing_scopes) == {"create", "delete"}
    assert vimeo.requests == []
    toolkit.complete_authorization(vimeo.authorize(needed.authorization_link), identifier="user_1")
    assert await _both(calls) == []
    granted = toolkit.get_connected_account(identifier="user_1").granted_scopes
    assert granted == {*FEW, "create", "delete"}
    # What was granted stays granted when something else is.
    (needed,) = await _both([(tools[UPLOAD], example_input(UPLOAD, vimeo))])
    assert needed.error == "upload_not_granted"
    toolkit.complete_authorization(vimeo.authorize(needed.authorization_link), identifier="user_1")
    granted = toolkit.get_connected_account(identifier="user_1").granted_scopes
    assert {*FEW, "create", "delete", "upload"} <= granted


async def test_who_is_not_connected_is_asked_for_all_at_once(vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    tools = _bound(toolkit)
    calls = [(tools[READ], {}), (tools[DELETE], example_input(DELETE, vimeo))]
    (needed,) = await _both(calls)
    assert (needed.error, needed.missing_scopes, needed.calls) == ("not_connected", ("delete",), (0, 1))
    assert needed.authorization_link not in repr(needed)
    assert json.loads(json.dumps(needed.to_dict()))["authorization_link"] == needed.authorization_link
    toolkit.complete_authorization(vimeo.authorize(needed.authorization_link), identifier="user_1")
    assert await _both(calls) == []


async def test_each_user_has_a_request(vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    ana, ben = _bound(toolkit, "ana"), _bound(toolkit, "ben")
    made = await _both([(ana[READ], {}), (ben[READ], {}), (ana[READ], {})])
    assert [needed.calls for needed in made] == [(0, 2), (1,)]
    assert made[0].authorization_link != made[1].authorization_link


async def test_what_vimeo_itself_said(vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect) -> None:
    """A scope that the stored account claims to have, and which Vimeo says is missing."""
    tools = _bound(toolkit, connect(scopes=FEW))
    (needed,) = await _both([(tools[READ], {})], refused_scopes=["private"])
    assert (needed.error, needed.missing_scopes) == ("missing_scope", ("private",))


async def test_nothing_to_ask(vimeo: Sandbox, toolkit: VimeoToolkit, few: Connection) -> None:
    bare = Connection(api_url=vimeo.url)  # it makes no links
    with VimeoToolkit([bare], store="sqlite:///:memory:") as other:
        assert await _both([(_bound(other)[READ], {})]) == []
    with VimeoToolkit([few], store="sqlite:///:memory:", read_only=True) as reads:
        (tool,) = reads.bind_tools("vimeo", "u", include=[READ])
        forbidden = _bound(toolkit)[MAKE]
        held = BoundTool(forbidden.tool, reads, tool.identity)
        assert await _both([(held, {"name": "A"})]) == [], "it ends with read_only"
    unbound = toolkit.unbound_tools(include=[READ])[0]
    with pytest.raises(ConfigurationError):
        connection_requests([(unbound, {})])


async def test_what_a_model_is_told(toolkit: VimeoToolkit) -> None:
    (needed,) = await _both([(_bound(toolkit)[READ], {})])
    for reason, words in (None, "has not done"), ("", "declined."), ("Not today.", "Not today."):
        told = needed.refused(READ, reason)
        assert told.artifact["error"] == "not_connected"
        assert words in told.text
        assert "http" not in told.text
        assert pickle.loads(pickle.dumps(told.error)).code == "not_connected"  # noqa: S301 - our own


def test_without_the_link(vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect) -> None:
    tool = _bound(toolkit, connect())[DELETE]
    told = tool.call(example_input(DELETE, vimeo))
    plain = told.without_link()
    assert told.artifact["authorization_link"].startswith("http")
    assert "http" not in plain.text
    assert "link" not in plain.text
    assert plain.artifact["missing_scopes"] == ["delete"]
