"""Send to the sandbox what was once sent to Vimeo; every recorded id becomes that of one of its things."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from vimeo_toolkit.sandbox import Sandbox, User, Video
from vimeo_toolkit.sandbox.tokens import SCOPES

__all__ = ["RECORDINGS", "Recording", "Replay", "recordings"]

RECORDINGS = Path(__file__).resolve().parents[3].parent / "shared" / "vimeo-api" / "recordings"


@dataclass(frozen=True, slots=True)
class Recording:
    """One answer of the live API, and what it answered."""

    id: str
    version: str
    """`3.4`, or `3.2` for what is older (2015 to 2018); `sdk` for the examples of Vimeo's own SDK."""
    method: str
    path: str
    query: str
    status: int
    headers: dict[str, str]
    body: Any


def recordings() -> list[Recording]:
    """Return all recordings, in order; those of the uploads' servers, too."""
    found = []
    for file in sorted(RECORDINGS.glob("[0-9]*.json")):
        content = json.loads(file.read_text())
        request, response = content["request"], content["response"]
        version = str(content.get("api_version") or "3.4")
        if "SDK" in content["kind"]:
            version = "sdk"
        elif version != "3.4" or "2018" in str(content["recorded"]):
            version = "3.2"
        url = urlsplit(request["path"])
        found.append(
            Recording(
                content["id"],
                version,
                request["method"],
                url.path.rstrip("/") or "/",
                url.query,
                response["status"],
                response["headers"],
                response["body"],
            )
        )
    return found


_BODIES: dict[str, Any] = {
    "POST /me/albums": {"name": "New"},
    "POST /me/folders": {"name": "New", "parent_folder_uri": "{folder_uri}"},
    "POST /me/projects": {"name": "New"},
    "POST /channels": {"name": "New"},
    "POST /groups": {"name": "New"},
    "POST /me/videos": {"upload": {"approach": "tus", "size": 1000}},
    "POST /videos/{}/versions": {"file_name": "new.mp4", "upload": {"approach": "tus", "size": 1000}},
    "POST /videos/{}/pictures": {"active": False},
    "POST /videos/{}/texttracks": {"type": "captions", "language": "en", "name": "new"},
    "POST /videos/{}/comments": {"text": "New"},
    "POST /videos/{}/comments/{}/replies": {"text": "New"},
    "PATCH /me": {"bio": "New"},
    "PATCH /videos/{}": {"name": "New"},
    "PATCH /videos/{}/comments/{}": {"text": "New"},
    "PATCH /videos/{}/texttracks/{}": {"name": "new", "language": "fr", "type": "metadata"},
    "PUT /videos/{}/tags": [{"name": "new"}],
}

_WORDS = (
    "following|categories|projects|folders|channels|albums|groups|presets|users|tags|likes|videos|watchlater"
)
_ID = re.compile(
    rf"(?<=/)(?:\d+(?::\w+)?|(?:(?<=users/)|(?<=channels/)|(?<=following/)|(?<=groups/)|(?<=tags/)"
    rf"|(?<=categories/))(?!(?:{_WORDS})(?:/|$))[\w-]+)(?=/|$)"
)


class Replay:
    """A sandbox, its main user's token, and a thing of every kind for every id.

    The ids that name nothing, where Vimeo answered 404, name nothing here either.
    """

    def __init__(self, vimeo: Sandbox, client: httpx.Client) -> None:
        self.vimeo = vimeo
        self._client = client
        self.user = vimeo.user
        self.other = vimeo.users[1]
        self.own = self._prepared()
        self.others = next(video for video in self.other.videos if video.view == "anybody")
        self.others.tags.append("hello")

    def _prepared(self) -> Video:
        """A video of the main user that has one of everything."""
        video = self.user.videos[-7]
        track = self.user.videos[0].texttracks[0]
        video.tags.append("test")
        video.preset = self.user.presets[0]
        video.categories += [each for each in self.vimeo.world.categories[:2] if each not in video.categories]
        video.texttracks.append(track)
        self.user.showcases[0].videos.append(video)
        made = self.ask("POST", "/me/albums", {"name": "Theirs"}, self.other)
        assert made.status_code == 201
        return video

    def send(self, recording: Recording) -> httpx.Response:
        """The sandbox's answer to what was recorded."""
        template = _ID.sub("{}", recording.path)
        refused = self._refused(recording)
        if refused is not None:
            return refused
        own = self._is_own(recording)
        path = self._path(recording, template, own=own)
        query = recording.query
        if recording.status == 400 and "page=" in query:
            query = query.replace("page=2", "page=2000", 1)
        body = _BODIES.get(f"{recording.method} {template}")
        if isinstance(body, dict):
            folder = self.user.folders[0].uri
            body = {name: folder if value == "{folder_uri}" else value for name, value in body.items()}
        return self.ask(recording.method, path + (f"?{query}" if query else ""), body, self.user)

    def ask(self, method: str, path: str, body: Any, user: User | None, *scopes: str) -> httpx.Response:
        headers = {}
        if user is not None:
            token = self.vimeo.issue_token(user, scopes=scopes or SCOPES)
            headers["Authorization"] = f"bearer {token.access_token}"
        return self._client.request(method, path, json=body, headers=headers)

    def _refused(self, recording: Recording) -> httpx.Response | None:
        """Vimeo's refusals: who asked, and in what state, is known from the answer alone."""
        code = recording.body.get("error_code") if isinstance(recording.body, dict) else None
        method, path = recording.method, recording.path
        upload = {"upload": {"approach": "tus", "size": 1000}}
        if path.startswith("/oauth/access_token"):
            app = self.vimeo.app
            secret = app.client_secret if recording.status == 400 else "wrong"
            body = {"grant_type": "authorization_code", "code": "wrong", "redirect_uri": app.redirect_uri}
            return self._client.post(path, json=body, auth=(app.client_id, secret))
        if recording.status == 401:
            return self.ask(method, path, None, None)
        if recording.status == 403 and "scope" in str(recording.body):
            return self.ask(method, path, None, self.user, "public", "private")
        if recording.status == 403 and code == 3200:
            return self.ask(method, path, upload, self.vimeo.add_user("Without", upload_access=False))
        if recording.status == 403 and code == 4101:
            full = self.vimeo.add_user("Full")
            full.quota_reached = 4101
            return self.ask(method, path, upload, full)
        if code == 2204:
            free = self.vimeo.add_user("Free", plan="free", videos=1)
            return self.ask(method, free.videos[0].uri, {"privacy": {"download": True}}, free)
        if recording.status == 403 and isinstance(recording.body, str):
            self.vimeo.quirks.on("html-ban", times=1)
            return self.ask(method, path, None, self.user)
        if path.startswith("("):  # an upload's server
            return self._client.put(f"/files/pictures/{self.own.pictures[0]}", content=b"\xff\xd8\xff")
        return None

    def _is_own(self, recording: Recording) -> bool:
        """Whether the user who asked owned the thing, by what the answer lets them do."""
        if recording.method != "GET" or not isinstance(recording.body, dict):
            return not recording.path.startswith(("/me/likes", "/me/following", "/me/watchlater"))
        body = recording.body
        shown = body["data"][0] if body.get("data") else body
        return "manage_link" in shown or "edit" in str(shown.get("metadata", {})) or "preferences" in body

    def _path(self, recording: Recording, template: str, *, own: bool) -> str:
        if recording.status == 404:
            return _ID.sub("999", recording.path)
        parts, made = recording.path.split("/"), []
        for place, part in enumerate(parts):
            above = parts[place - 1] if place else ""
            if place and _ID.fullmatch(recording.path, 0) is None and template.split("/")[place] == "{}":
                part = self._id(above, parts, recording, own=own)
            made.append(part)
        return "/".join(made)

    def _id(self, kind: str, parts: list[str], recording: Recording, *, own: bool) -> str:
        """An id of this kind that is there, and of which the rest of the path is true."""
        user, video = self.user, self.own if own else self.others
        method, root = recording.method, parts[1]
        if kind == "videos" and root == "videos":
            needs_owner = len(parts) > 3 and parts[3] in ("tags", "pictures", "texttracks", "versions")
            chosen = self.own if needs_owner or len(parts) > 4 else video
            if method == "DELETE" and len(parts) == 3:
                chosen = self.vimeo.add_video(user, "Gone")
            return str(chosen.id)
        choices: dict[str, Any] = {
            "videos": self.own.id,
            "albums": user.showcases[0].id,
            "projects": user.folders[0].id,
            "folders": user.folders[0].id,
            "presets": user.presets[0].id,
            "users": user.id if own else self.other.id,
            "channels": self.vimeo.world.channels[0].id,
            "groups": self.vimeo.world.groups[0].id,
            "categories": "documentary",
            "tags": self.own.tags[-1] if root == "videos" else "test",
            "likes": user.likes[0].id,
            "watchlater": user.watchlater[0].id,
            "following": user.following[0].id,
            "comments": self.own.comments[0].id,
            "texttracks": self.own.texttracks[0].id,
            "pictures": self.own.pictures[0] if root == "videos" else user.id,
            "versions": self.own.id * 10,
        }
        return str(self._for_change(kind, parts, method) or choices[kind])

    def _for_change(self, kind: str, parts: list[str], method: str) -> Any:
        """Something fresh, where the request changes or deletes it."""
        user, world = self.user, self.vimeo.world
        if kind == "groups" and (method == "DELETE" or (method == "PUT" and len(parts) > 3)):
            group = self.ask("POST", "/groups", {"name": "Mine"}, user).json()["uri"]
            if method == "DELETE" and len(parts) > 3:
                self.ask("PUT", f"{group}/videos/{self.own.id}", None, user)
            return group.rpartition("/")[2]
        if kind == "groups" and len(parts) > 4 and parts[3] == "videos":
            if self.own not in world.groups[0].videos:
                world.groups[0].videos.append(self.own)
            return None
        if kind == "channels" and method in ("DELETE", "PATCH") and parts[1] == "channels":
            return self.ask("POST", "/channels", {"name": "Mine"}, user).json()["uri"].rpartition("/")[2]
        if kind == "albums" and method == "DELETE" and len(parts) == 4:
            return self.ask("POST", "/me/albums", {"name": "Mine"}, user).json()["uri"].rpartition("/")[2]
        if kind == "comments" and method in ("DELETE", "PATCH"):
            made = self.ask("POST", f"/videos/{self.own.id}/comments", {"text": "Mine"}, user).json()
            return made["uri"].rpartition("/")[2]
        if kind == "pictures" and method == "DELETE":
            made = self.ask("POST", f"/videos/{self.own.id}/pictures", {}, user).json()
            return made["uri"].rpartition("/")[2]
        if kind == "texttracks" and method == "DELETE":
            body = {"type": "captions", "language": "en", "name": "new"}
            made = self.ask("POST", f"/videos/{self.own.id}/texttracks", body, user).json()
            return made["uri"].rpartition("/")[2]
        if kind in ("likes", "watchlater") and method == "PUT":
            return self.others.id
        return None
