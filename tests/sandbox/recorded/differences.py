"""What differs between the recordings and the sandbox's answers to the same requests."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import httpx

from tests.sandbox.recorded.comparing import Places, header_differences, places_of
from tests.sandbox.recorded.replaying import Recording, Replay, recordings
from vimeo_toolkit.sandbox import Sandbox

__all__ = ["differences"]


def differences() -> list[str]:
    """Return each difference as a line, `3.4 missing video.user`, each once.

    Names and types of older recordings (3.2) must be here; what is here and not there is younger than they are. A
    value may be null, or an absent name, wherever any answer of the sandbox shows it so.
    """
    found: set[str] = set()
    here, there = Places(), defaultdict[str, Places](Places)
    pairs: list[tuple[Recording, Places, Places]] = []
    with Sandbox() as vimeo, httpx.Client(base_url=vimeo.url, trust_env=False) as client:
        replay = Replay(vimeo, client)
        for recording in recordings():
            answer = replay.send(recording)
            found.update(_of_answer(recording, answer))
            body, good = _json(answer), recording.status < 300
            if good is (answer.status_code < 300) and not (
                isinstance(recording.body, str) and recording.body
            ):
                name = _root(recording.path) if good else "error"
                was, now = places_of(recording.body or None, name), places_of(body, name)
                pairs.append((recording, was, now))
                here.add(now)
                there[recording.version].add(was)
        for path in _LISTS:
            here.add(places_of(_json(replay.ask("GET", path, None, vimeo.user)), "list"))
        here.add(
            places_of(_json(replay.ask("GET", f"{replay.own.uri}/categories", None, vimeo.user)), "list")
        )
        for plan in ("free", "standard"):
            user = vimeo.add_user(plan, plan=plan)
            here.add(places_of(_json(replay.ask("GET", "/me", None, user)), "user"))
            here.add(places_of(_json(replay.ask("GET", "/groups", None, user)), "list"))
    for recording, was, now in pairs:
        found.update(f"{recording.version} {line}" for line in _of_bodies(was, now, here))
    for place, types in here.types.items():
        known = there["3.4"].types.get(place, set())
        if known - {"null"} and types - known - {"null"}:
            found.add(
                f"3.4 type {place}: {', '.join(sorted(types - known))}, recorded {', '.join(sorted(known))}"
            )
    for place, names in here.names.items():
        if place in there["3.4"].names:
            extra = names - there["3.4"].names[place]
            found.update(f"3.4 extra {place}.{name}" for name in extra)
    return sorted(found)


_LISTS = (
    "/me/videos?per_page=100",
    "/videos?per_page=100",
    "/me/albums",
    "/me/projects",
    "/channels",
    "/groups",
    "/users",
)
"""What shows the sandbox's things in many states."""

_ONE = {"me": "user", "videos": "video", "albums": "showcase", "presets": "preset", "verify": "grant"}


def _root(path: str) -> str:
    """What an answer is called as a whole: the kind of thing that the path names, or its last word."""
    *_, above, last = ["", *path.strip("/").split("/")]
    return _ONE.get(above if last.isdigit() else last, last if not last.isdigit() else above)


def _json(answer: httpx.Response) -> Any:
    return answer.json() if answer.content and "json" in answer.headers.get("content-type", "") else None


def _of_answer(recording: Recording, answer: httpx.Response) -> list[str]:
    """The status, the code and the headers."""
    if answer.status_code != recording.status:
        return [f"{recording.id} status {answer.status_code}, recorded {recording.status}"]
    codes = [
        body.get("error_code") if isinstance(body, dict) else None for body in (recording.body, _json(answer))
    ]
    found = [
        f"{recording.version} {line}" for line in header_differences(recording.headers, dict(answer.headers))
    ]
    if codes[0] != codes[1]:
        found.append(f"{recording.id} code {codes[1]}, recorded {codes[0]}")
    return found


def _of_bodies(was: Places, now: Places, here: Places) -> list[str]:
    found = []
    for place, names in was.names.items():
        if place not in now.names and place not in here.names:
            continue  # its name is missing, or its type differs: that is said where it hangs
        missing = names - now.names.get(place, set()) - here.names.get(place, set())
        found += [f"missing {place}.{name}" for name in missing]
    for place, types in was.types.items():
        known = now.types.get(place, set()) | here.types.get(place, set())
        if known and types - known:
            found.append(
                f"type {place}: {', '.join(sorted(known))}, recorded {', '.join(sorted(types - known))}"
            )
    return found
