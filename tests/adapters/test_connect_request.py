"""A call that waits for its user to connect Vimeo, as every adapter asks for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from tests.examples import writes
from tests.unit.calling import LIKE, VIDEO
from tests.unit.world import World, answer, execute
from vimeo_toolkit import ConnectRequest, Reply, Revoked, VimeoToolkit
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import AnswerLost
from vimeo_toolkit.sandbox import Sandbox

MAKE = "vimeo_folder_create"


class Visitor:
    """A user who goes where they are asked to go, and allows there what the list says: None declines, an empty
    list only says that they have."""

    def __init__(self, toolkit: VimeoToolkit, vimeo: Sandbox, *allows: Sequence[str] | None) -> None:
        self._toolkit, self._vimeo = toolkit, vimeo
        self._allows = list(allows)
        self.asked: list[ConnectRequest] = []

    async def connect(self, asked: ConnectRequest) -> bool:
        self.asked.append(asked)
        allowed = self._allows.pop(0)
        if allowed:
            token = self._vimeo.issue_token(scopes=allowed).access_token
            await self._toolkit.aimport_token(identifier="new", access_token=token)
        return allowed is not None


async def _made(toolkit: VimeoToolkit, visitor: Visitor) -> Reply:
    (bound,) = toolkit.bind_tools(identifier="new", include=[MAKE])
    return await bound.acall({"name": "A folder"}, connect=visitor.connect)


async def test_a_call_goes_on_once_the_user_has_connected(toolkit: VimeoToolkit, vimeo: Sandbox) -> None:
    visitor = Visitor(toolkit, vimeo, ["public", "private"], ["public", "private", "create"])
    reply = await _made(toolkit, visitor)
    assert not reply.is_error
    assert [(each.reason, each.missing_scopes) for each in visitor.asked] == [
        ("not_connected", ()),
        ("missing_scope", ("create",)),
    ]
    assert all(each.link.startswith(vimeo.url) for each in visitor.asked)
    assert "create" in visitor.asked[1].text
    assert [request.path for request in writes(vimeo) if request.method == "POST"] == ["/me/projects"]


@pytest.mark.parametrize("allows", [None, ()])
async def test_who_does_not_connect_gets_an_error_without_a_link(
    allows: Sequence[str] | None, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    visitor = Visitor(toolkit, vimeo, allows)
    reply = await _made(toolkit, visitor)
    assert len(visitor.asked) == 1
    assert json.loads(reply.text)["error"] == "not_connected"
    assert vimeo.url not in reply.text
    assert reply.artifact["authorization_link"] == visitor.asked[0].link
    assert vimeo.requests == []


async def test_without_somebody_to_ask_the_link_is_in_the_text(toolkit: VimeoToolkit, vimeo: Sandbox) -> None:
    (bound,) = toolkit.bind_tools(identifier="new", include=[MAKE])
    reply = await bound.acall({"name": "A folder"})
    assert json.loads(reply.text)["authorization_link"] == reply.artifact["authorization_link"]


@pytest.mark.parametrize("reached", [False, True])
def test_a_call_of_which_a_part_may_be_done_is_not_made_again(reached: bool) -> None:
    lost = [AnswerLost("x")] if reached else []
    world = World(*lost, answer(401), answer(401))
    ctx = world.context()
    world.account(ctx)
    with pytest.raises(Revoked) as caught:
        run_sync(execute(ctx, world, LIKE, VIDEO))
    assert caught.value.repeatable is not reached
    assert (Reply.of(caught.value).needs_connection is None) is reached


def test_what_a_page_needs_is_in_the_artifact(toolkit: VimeoToolkit, vimeo: Sandbox) -> None:
    toolkit.import_token(identifier="new", access_token=vimeo.issue_token(scopes=["public"]).access_token)
    (bound,) = toolkit.bind_tools(identifier="new", include=[MAKE])
    artifact: dict[str, Any] = bound.call({"name": "A folder"}).artifact
    assert artifact["error"] == "missing_scope"
    assert artifact["message"]
    assert artifact["hint"]
    assert artifact["needed_scopes"] == artifact["missing_scopes"] == ["create"]
    assert artifact["granted_scopes"] == ["public"]
    assert artifact["authorization_link"].startswith(vimeo.url)
