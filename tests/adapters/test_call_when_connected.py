"""A call that waits for its user to connect Vimeo: the loop that every adapter with somebody to ask stands on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.examples import posts
from vimeo_toolkit import Connection, ConnectionRequest, Reply, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox

MAKE = "vimeo_folder_create"
ENOUGH = ("public", "private", "create")


class Visitor:
    """A user who answers what the list says: scopes are what they allow at Vimeo first, and True says merely that
    they have."""

    def __init__(self, toolkit: VimeoToolkit, vimeo: Sandbox, *answers: Any) -> None:
        self._toolkit, self._vimeo = toolkit, vimeo
        self._answers = list(answers)
        self.asked: list[ConnectionRequest] = []

    async def connect(self, asked: ConnectionRequest) -> bool | str | None:
        self.asked.append(asked)
        said = self._answers.pop(0)
        if not isinstance(said, tuple):
            return said  # type: ignore[no-any-return]
        token = self._vimeo.issue_token(scopes=said).access_token
        await self._toolkit.aimport_token(identifier="new", access_token=token)
        return True


async def _made(toolkit: VimeoToolkit, visitor: Visitor) -> Reply:
    (bound,) = toolkit.bind_tools(identifier="new", include=[MAKE])
    return await bound.acall({"name": "A folder"}, connect=visitor.connect)


async def test_a_call_goes_on_once_the_user_has_connected(toolkit: VimeoToolkit, vimeo: Sandbox) -> None:
    visitor = Visitor(toolkit, vimeo, ("public", "private"), ENOUGH)
    reply = await _made(toolkit, visitor)
    assert not reply.is_error
    assert [(each.error, each.missing_scopes) for each in visitor.asked] == [
        ("not_connected", ()),
        ("missing_scope", ("create",)),
    ]
    assert posts(vimeo) == ["/me/projects"]


@pytest.mark.parametrize(
    ("said", "words"),
    [(True, "has not done"), (None, "has not done"), (False, "declined"), ("Later.", "Later.")],
)
async def test_who_does_not_connect_is_asked_once(
    said: Any, words: str, toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    visitor = Visitor(toolkit, vimeo, said)
    reply = await _made(toolkit, visitor)
    assert len(visitor.asked) == 1
    assert json.loads(reply.text)["error"] == "not_connected"
    assert words in reply.text
    assert "http" not in reply.text
    assert vimeo.requests == []


async def test_a_token_that_vimeo_ended_is_found_out_by_the_call(
    toolkit: VimeoToolkit, vimeo: Sandbox
) -> None:
    token = vimeo.issue_token(scopes=ENOUGH)
    toolkit.import_token(identifier="new", access_token=token.access_token)
    vimeo.revoke(token)
    visitor = Visitor(toolkit, vimeo, ENOUGH)
    assert not (await _made(toolkit, visitor)).is_error
    assert [each.error for each in visitor.asked] == ["revoked"]
    assert [folder.name for folder in vimeo.user.folders].count("A folder") == 1


async def test_a_connection_that_makes_no_links_asks_nobody(vimeo: Sandbox, toolkit: VimeoToolkit) -> None:
    with VimeoToolkit([Connection(api_url=vimeo.url)], store="sqlite:///:memory:") as bare:
        visitor = Visitor(bare, vimeo)
        assert json.loads((await _made(bare, visitor)).text)["error"] == "not_connected"
    assert visitor.asked == []
