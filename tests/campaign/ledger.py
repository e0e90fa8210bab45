"""The Vimeo of a campaign, what it knows of tokens and videos, and what must hold of both after each run."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests.campaign.cases import Case
from tests.campaign.flows import COMMENT, SCOPES
from vimeo_toolkit import generate_key
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.sandbox.state import App, User

__all__ = ["Ledger", "Players"]


@dataclass
class Players:
    """The users of one run: whose account it is, whom it may change to, somebody who has nothing to do with it."""

    mine: User
    other: User
    neighbour: User
    settings: dict[str, Any]

    @property
    def all(self) -> tuple[User, User, User]:
        return self.mine, self.other, self.neighbour


class Ledger:
    """A sandbox that many runs share."""

    def __init__(self) -> None:
        self.vimeo = Sandbox(seed_library=False)
        self.key = generate_key()
        self._guard = threading.Lock()

    def __enter__(self) -> Self:
        self.vimeo.start()
        self._apps = {
            "lasting": self.vimeo.add_app("Lasting"),
            "expiring": self.vimeo.add_app("Expiring", token_lifetime=3600.0, refresh_tokens=True),
        }
        self._host = self.vimeo.add_user("host", plan="enterprise", videos=1)
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.vimeo.stop()

    def _connection(self, app: App) -> dict[str, Any]:
        return {
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "redirect_uri": app.redirect_uri,
            "scopes": SCOPES,
            "api_url": self.vimeo.url,
        }

    def players(self, case: Case, store_url: str, folder: Path, attempt: str) -> Players:
        """Users that no other run has."""
        name = f"{case.kind}-{case.seed}-{attempt}"
        with self._guard:
            users = {
                each: self.vimeo.add_user(f"{each} {name}", plan="enterprise")
                for each in ("mine", "other", "neighbour")
            }
            video = self.vimeo.add_video(self._host, f"For {name}")
        settings = {
            "store": store_url,
            "key": self.key,
            "folder": str(folder),
            "connections": {app: self._connection(each) for app, each in self._apps.items()},
            "me": f"u-{name}",
            "neighbour": f"n-{name}",
            "users": {each: user.id for each, user in users.items()},
            "uris": {each: user.uri for each, user in users.items()},
            "video": video.id,
        }
        return Players(users["mine"], users["other"], users["neighbour"], settings)

    def tokens(self, players: Players) -> dict[str, bool]:
        """Every token of these users, in the order of their issue, and whether it works."""
        now = self.vimeo.clock.seconds()
        return {
            name: not token.revoked and (token.expires is None or token.expires > now)
            for name, token in list(self.vimeo.world.tokens.items())
            if token.user in players.all
        }

    def orphans(self, players: Players, held: set[str]) -> set[str]:
        """Tokens that work and that nobody holds."""
        return {name for name, alive in self.tokens(players).items() if alive} - held

    def faults(self, case: Case, players: Players, messages: list[dict[str, Any]]) -> list[str]:
        """What was done for the wrong account, with other settings, or more often than it was allowed."""
        found = self._uploads(case, players, messages)
        granted = len({each["granted"] for each in messages if "granted" in each})
        comments = self.vimeo.world.videos[players.settings["video"]].comments
        if any(each.user is not players.mine or each.text != COMMENT for each in comments):
            found.append("a comment was written by somebody else")
        if len(comments) > granted:
            found.append(f"{granted} approvals, and {len(comments)} comments")
        if case.flow == "approval" and not comments:
            found.append("an approved call was never made")
        return found

    def _uploads(self, case: Case, players: Players, messages: list[dict[str, Any]]) -> list[str]:
        found: list[str] = []
        content = Path(players.settings["folder"]) / f"{players.settings['me']}.mp4"
        digest = hashlib.sha256(content.read_bytes()).hexdigest() if content.exists() else ""
        wanted = {("mine", "First", "nobody")}
        last = "other" if case.variant == "account" else "mine"
        for each in messages:
            if "asked" in each:
                wanted.add((last, *each["asked"]))
            if "uploaded" in each:
                video = self.vimeo.world.videos[
                    int(str(each["uploaded"]).rpartition("/")[2].partition(":")[0])
                ]
                if video.upload != "complete" or (video.name, video.view) != (each["name"], each["view"]):
                    found.append(
                        f"the upload {each['name']} became {video.name}, {video.view}, {video.upload}"
                    )
        for user in players.all:
            for video in user.videos:
                whose = (self._role(players, video.user), video.name, video.view)
                if whose not in wanted and video.upload == "complete":
                    found.append(f"nobody asked for {whose}")
                if video.upload == "complete" and (video.incoming is None or video.incoming.sha256 != digest):
                    found.append("the bytes of a video are not the file's")
                if whose[0] == "neighbour":
                    found.append("the neighbour has a video")
        return found

    def _role(self, players: Players, user: User) -> str:
        return next((name for name in ("mine", "other") if getattr(players, name) is user), "neighbour")

    def forget(self, players: Players) -> None:
        """The run is over: the next ones need not look through what it left."""
        world = self.vimeo.world
        for user in players.all:
            for video in list(user.videos):
                world.remove_video(video)
        for name in self.tokens(players):
            token = world.tokens.pop(name)
            world.refresh_tokens.pop(token.refresh_token or "", None)
        self.vimeo.requests.clear()
