"""What Vimeo itself does wrong, or is reported to, each under a name, to be switched on.

    with Sandbox(quirks=["total-too-low"]) as vimeo:
        vimeo.quirks.on("showcase-set-empties")
        vimeo.quirks.on("lost-answer", times=1, match=lambda method, path: method == "DELETE")
        ...
        vimeo.quirks.off()

`QUIRKS` has them all, with what each does and where that was seen. What can go wrong between an agent and Vimeo
is in `faults`: a quirk is Vimeo's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from vimeo_toolkit.sandbox.endpoints import Answer, Call
from vimeo_toolkit.sandbox.resources.access import own_showcase

__all__ = ["QUIRKS", "Quirk", "Quirks"]

Match = Callable[[str, str], bool]
"""Takes the method and the path."""

_SHOWCASE_VIDEOS: Final = re.compile(r"/(?:me|users/[^/]+)/albums/[^/]+/videos")
_VIDEO: Final = re.compile(r"/videos/[^/]+")
_TAGS: Final = re.compile(r"/videos/[^/]+/tags")
_ANYTHING: Final = re.compile(r".*")
_CHANGES: Final = ("PATCH", "POST", "PUT")
_BANNED: Final = (
    b"<html><body><h1>You have been blocked for a while</h1>"
    b"<p>The block ends by itself after some time.</p></body></html>"
)


@dataclass(frozen=True, slots=True)
class Quirk:
    """One thing that Vimeo does wrong. `before` changes the call or answers in its place; `after` changes what was
    answered."""

    name: str
    what: str
    """What happens, in a sentence."""
    source: str
    """Where it was seen; "assumed" where nobody published it."""
    methods: tuple[str, ...]
    paths: re.Pattern[str] = _ANYTHING
    refuses: Callable[[], Answer] | None = None
    """Answers before the token is looked at."""
    before: Callable[[Call], Answer | None] | None = None
    after: Callable[[Call, Answer], None] | None = None


def _emptied(call: Call, answer: Answer) -> None:
    if answer.status == 201:
        own_showcase(call).videos.clear()


def _last_dropped(call: Call, answer: Answer) -> None:
    if answer.status == 201:
        del own_showcase(call).videos[-1:]


def _without_privacy(call: Call) -> None:
    if isinstance(call.body, dict):
        call.body = {name: value for name, value in call.body.items() if name != "privacy"}


def _no_tags(call: Call) -> Answer:
    paging = {"next": None, "previous": None, "first": call.url_path, "last": call.url_path}
    return Answer(200, {"total": 0, "page": 1, "per_page": 25, "paging": paging, "data": []})


def _lists(change: Callable[[dict[str, Any]], None]) -> Callable[[Call, Answer], None]:
    """Change the envelope of every list that has items."""

    def changed(call: Call, answer: Answer) -> None:
        if (
            isinstance(answer.body, dict)
            and isinstance(answer.body.get("data"), list)
            and answer.body["data"]
        ):
            answer.body = {**answer.body, "data": list(answer.body["data"])}
            change(answer.body)

    return changed


def _low(body: dict[str, Any]) -> None:
    if "total" in body:  # the feed has none
        body["total"] = min(int(body["total"]), len(body["data"]))


def _high(body: dict[str, Any]) -> None:
    if "total" in body:
        body["total"] = int(body["total"]) + 50


def _null(body: dict[str, Any]) -> None:
    body["data"][-1] = None


def _nameless(body: dict[str, Any]) -> None:
    body["data"][-1] = {name: value for name, value in dict(body["data"][-1] or {}).items() if name != "uri"}


def _old_file(call: Call, answer: Answer) -> None:
    video = call.world.videos.get(int(call.path["video_id"].partition(":")[0]))
    if isinstance(answer.body, dict) and video is not None and len(video.versions) > 1:
        whole = {"status": "available", "transcode": {"status": "complete"}, "upload": {"status": "complete"}}
        shown = {**whole, "is_playable": True}
        answer.body = {name: shown.get(name, value) for name, value in answer.body.items()}


def _lost(call: Call, answer: Answer) -> None:
    answer.lost = True


_ALL: Final[tuple[Quirk, ...]] = (
    Quirk("showcase-set-empties", "A list of videos set for a showcase is answered by 201 and leaves it empty.",
          "vimeo.py issue 192", ("PUT",), _SHOWCASE_VIDEOS, after=_emptied),
    Quirk("showcase-set-drops-last", "A list of videos set for a showcase loses its last video.",
          "assumed", ("PUT",), _SHOWCASE_VIDEOS, after=_last_dropped),
    Quirk("total-too-low", "The total of a list counts the first page only.", "vimeo.js issue 111", ("GET",),
          after=_lists(_low)),
    Quirk("total-too-high", "The total of a list counts 50 items that are not there.", "vimeo.js issue 111",
          ("GET",), after=_lists(_high)),
    Quirk("null-entries", "The last item of a list's page is null.", "second-hand", ("GET",),
          after=_lists(_null)),
    Quirk("entries-without-uri", "The last item of a list's page has no uri.", "second-hand",
          ("GET",), after=_lists(_nameless)),
    Quirk("privacy-ignored", "Who may see something is accepted and not changed.",
          "assumed", _CHANGES, before=_without_privacy),
    Quirk("tags-ignored", "Tags are accepted, and the video has none afterwards.", "assumed",
          ("PUT",), _TAGS, before=_no_tags),
    Quirk("old-file-shown", "While a new version of a video is worked on, the video says that it is available.",
          "assumed", ("GET",), _VIDEO, after=_old_file),
    Quirk("html-ban", "Every request is answered by 403 with a page, without rate-limit headers.",
          "vimeo.php issue 60", ("DELETE", "GET", *_CHANGES),
          refuses=lambda: Answer(403, _BANNED, "text/html; charset=utf-8")),
    Quirk("lost-answer", "The request is carried out, and the connection is cut before the answer.",
          "assumed", ("DELETE", *_CHANGES), after=_lost),
)  # fmt: skip

QUIRKS: Final[dict[str, Quirk]] = {quirk.name: quirk for quirk in _ALL}
"""All quirks by name."""


@dataclass(slots=True)
class _On:
    quirk: Quirk
    times: int | None
    match: Match | None


class Quirks:
    """The quirks of one sandbox that are switched on."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._on: list[_On] = []
        for name in names:
            self.on(name)

    def on(self, name: str, *, times: int | None = None, match: Match | None = None) -> None:
        """Switch a quirk on, for the next `times` requests that it concerns and that match; for all by default.

        Raises:
            ValueError: there is no such quirk.
        """
        if name not in QUIRKS:
            raise ValueError(f"There is no quirk {name!r}; the quirks are {', '.join(QUIRKS)}.")
        self._on.append(_On(QUIRKS[name], times, match))

    def off(self, name: str | None = None) -> None:
        """Switch a quirk off; all by default."""
        self._on = [each for each in self._on if name is not None and each.quirk.name != name]

    @property
    def active(self) -> list[str]:
        """Names of those that are on."""
        return [each.quirk.name for each in self._on]

    def meet(self, method: str, path: str) -> list[Quirk]:
        """Give the quirks that this request meets; each counts as one of its `times`."""
        met = []
        for each in list(self._on):
            concerned = method in each.quirk.methods and each.quirk.paths.fullmatch(path)
            if not concerned or (each.match is not None and not each.match(method, path)):
                continue
            met.append(each.quirk)
            if each.times is not None:
                each.times -= 1
                if each.times <= 0:
                    self._on.remove(each)
        return met
