"""What a run does before, in and after the strike, written once for both worlds."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from tests.campaign.cases import Case
from tests.media import FILM
from vimeo_toolkit import (
    AccountStatus,
    ApprovalRequired,
    AuthorizationFailed,
    Expired,
    InvalidInput,
    NotConnected,
    VimeoToolkit,
    VimeoToolkitError,
)
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.blocking import run_sync

__all__ = ["ACT", "PREPARE", "RECOVER", "SCOPES", "Hands", "film"]

SCOPES: Final = ("public", "private", "interact", "upload", "edit")
CHUNK: Final = 300
COMMENT: Final = "Well done!"


@dataclass
class Hands:
    """A toolkit, used by its blocking methods or by their twins."""

    toolkit: VimeoToolkit
    case: Case
    settings: dict[str, Any]
    tell: Callable[[dict[str, Any]], None]
    told: dict[str, Any] = field(default_factory=dict)
    """What the process before knew of the world outside: the callback, and how the flow ended there."""

    async def __call__(self, method: str, *args: Any, **named: Any) -> Any:
        if not self.case.asynchronous:
            return getattr(self.toolkit, method)(*args, **named)
        return await getattr(self.toolkit, f"a{method}")(*args, **named)

    @property
    def me(self) -> str:
        return str(self.settings["me"])

    @property
    def neighbour(self) -> str:
        return str(self.settings["neighbour"])

    async def tool(self, name: str, identifier: str | None = None, **values: Any) -> Any:
        identifier = identifier or self.me
        return await self("execute_tool", identifier=identifier, tool_name=name, tool_input=values)

    def browse(self, link: str, user: str) -> str:
        """Play the browser: the callback."""
        form = {"user": str(self.settings["users"][user]), "decision": "allow", "scope": list(SCOPES)}
        with httpx.Client(trust_env=False, verify=False) as browser:  # noqa: S501 - loopback without TLS
            return str(browser.post(link, data=form).headers["location"])

    async def connect(self, user: str, identifier: str | None = None) -> None:
        identifier = identifier or self.me
        asked = await self("get_authorization_link", identifier=identifier, allow_account_change=True)
        callback = self.browse(asked.link, user)
        self.tell({"callback": callback})
        await self("complete_authorization", callback, identifier=identifier)

    async def who(self) -> str:
        return str((await self.tool("vimeo_me_get"))["uri"])

    async def upload(self, name: str, view: str) -> None:
        self.tell({"asked": [name, view]})
        made = await self(
            "upload_video",
            film(self.settings),
            identifier=self.me,
            name=name,
            privacy_view=view,
            chunk_size=CHUNK,
        )
        self.tell({"uploaded": made["uri"], "name": name, "view": view})

    async def comment(self, identifier: str | None = None) -> None:
        await self.tool(
            "vimeo_video_comment_add", identifier, video_id=str(self.settings["video"]), text=COMMENT
        )

    async def approved_comment(self) -> None:
        """Ask, approve, and call."""
        try:
            await self.comment()
        except ApprovalRequired as error:
            asked = error.approval_id
        else:
            return
        self.tell({"granted": asked})
        await self("approve", asked, identifier=self.me)
        await self.comment()


def film(settings: dict[str, Any]) -> Path:
    """The file of this run."""
    path = Path(settings["folder"]) / f"{settings['me']}.mp4"
    if not path.exists():
        path.write_bytes(FILM + (settings["me"] * 600).encode()[: 4 * CHUNK])
    return path


async def prepare(hands: Hands) -> None:
    """Connect whoever is to be connected beforehand, and the neighbour."""
    await hands.connect("neighbour", hands.neighbour)
    if hands.case.variant != "first":
        await hands.connect("mine")
    if hands.case.flow == "refresh":
        ends = time.time() + (-1 if hands.case.variant == "ended" else 200)
        vault, io = hands.toolkit._context.vault, hands.toolkit._blocking
        run_sync(
            vault.update(io, Identity("vimeo", hands.me), lambda record: record.replace(expires_at=ends))
        )


async def act_authorize(hands: Hands) -> None:
    await hands.connect("other" if hands.case.variant == "change" else "mine")


async def act_refresh(hands: Hands) -> None:
    if not (hands.case.asynchronous and hands.case.crowd):
        await hands.who()
        return
    for ended in await asyncio.gather(hands.who(), hands.who(), return_exceptions=True):
        if isinstance(ended, BaseException):
            raise ended


async def act_upload(hands: Hands) -> None:
    await hands.upload("First", "nobody")


async def act_approval(hands: Hands) -> None:
    await hands.approved_comment()


async def recover_authorize(hands: Hands) -> None:
    """The account is the user's or can become it; a callback works once."""
    if hands.case.replay and "callback" in hands.told:
        try:
            await hands("complete_authorization", hands.told["callback"], identifier=hands.me)
        except (AuthorizationFailed, NotConnected) as error:
            hands.tell({"replayed": error.code})
        else:
            assert hands.told.get("outcome") != "ok", "a callback was taken twice"
            hands.tell({"replayed": "ok"})
    users = [hands.settings["uris"]["mine"]]
    if hands.case.variant == "change":
        users.append(hands.settings["uris"]["other"])
    status = AccountStatus.PENDING
    with contextlib.suppress(NotConnected):
        status = (await hands("get_connected_account", identifier=hands.me)).status
    if hands.told.get("outcome") == "ok":
        assert status is AccountStatus.ACTIVE, f"connected, and {status}"
    if hands.case.variant != "first":
        assert status is AccountStatus.ACTIVE, f"an account that was connected is {status}"
    if status is AccountStatus.ACTIVE:
        try:
            who = await hands.who()
        except NotConnected:  # what the cancelled caller began was finished while the call ran, which says so
            if hands.case.variant != "change" or hands.told.get("outcome") != "cancelled":
                raise
            who = await hands.who()
        assert who in users
    await hands.connect("mine")
    assert await hands.who() == users[0]


async def recover_refresh(hands: Hands) -> None:
    """The next call works, or says that a refresh was interrupted; then connecting again helps."""
    begun = time.monotonic()
    try:
        assert await hands.who() == hands.settings["uris"]["mine"]
    except Expired as error:
        if "interrupted" not in str(error):
            raise
        hands.tell({"interrupted": True})
        await hands.connect("mine")
        assert await hands.who() == hands.settings["uris"]["mine"]
    hands.tell({"waited": time.monotonic() - begun})


async def recover_upload(hands: Hands) -> None:
    """The next upload is what it was asked for, where it was asked for."""
    match hands.case.variant:
        case "same":
            await hands.upload("First", "nobody")
        case "settings":
            await hands.upload("Second", "anybody")
        case _:
            await hands.connect("other")
            await hands.upload("First", "nobody")


async def recover_approval(hands: Hands) -> None:
    """An approval is for its own user's call, and for one."""
    await _refused(hands.comment(hands.neighbour), ApprovalRequired)
    if "granted" in hands.told:
        await _refused(hands("approve", hands.told["granted"], identifier=hands.neighbour), InvalidInput)
    await hands.approved_comment()
    await _refused(hands.comment(), ApprovalRequired)


async def _refused(work: Awaitable[Any], how: type[VimeoToolkitError]) -> None:
    try:
        await work
    except how:
        return
    raise AssertionError(f"it was not refused with {how.__name__}")


Flow = Callable[[Hands], Awaitable[None]]
PREPARE: Final[Flow] = prepare
ACT: Final[dict[str, Flow]] = {
    "authorize": act_authorize,
    "refresh": act_refresh,
    "upload": act_upload,
    "approval": act_approval,
}
RECOVER: Final[dict[str, Flow]] = {
    "authorize": recover_authorize,
    "refresh": recover_refresh,
    "upload": recover_upload,
    "approval": recover_approval,
}
