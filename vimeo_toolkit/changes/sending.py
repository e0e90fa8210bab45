"""The requests that make a plan's edits, and what came of each.

As few as Vimeo's routes allow: all settings of a video are one request, and so are all tags that it gets; a folder
takes a hundred videos with one request, and a deletion, too. Of the requests for many no recording shows what Vimeo
does, so it is looked afterwards where the videos are, and those that are not there are sent one by one.

The requests of one video are sent in their order, those of several videos side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.effects import last_part
from vimeo_toolkit.changes.current import WHITELIST, current
from vimeo_toolkit.changes.deciding import called, left, made
from vimeo_toolkit.changes.kinds import KINDS, UNKNOWN, many_at_once, patch_of, single, tags_added, value_in
from vimeo_toolkit.changes.model import Edit, PlannedVideo
from vimeo_toolkit.errors import RateLimited, VimeoError, VimeoUnavailable
from vimeo_toolkit.runtime.ahead import AT_ONCE
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["Pause", "Sender", "pause_of"]

SILENT: Final = 3
"""So many requests in a row that Vimeo does not answer end the work for now."""


class Pause(Exception):
    """The work ends here for now, and can be continued.

    Args:
        why: a sentence.
        seconds: after which it can be continued.
    """

    def __init__(self, why: str, seconds: float = 0.0) -> None:
        super().__init__(why)
        self.why = why
        self.seconds = seconds


@dataclass(slots=True)
class Sender:
    """Makes edits, and knows what came of them.

    `videos` has the plan's videos as they are now, by URI; `failures` what Vimeo refused of each; `unclear` those
    of which it is not known what came of a request, `sent` those of which any may have reached Vimeo. Flows of
    several videos write to it side by side, in threads where the call blocks: each of its own video alone, and what
    is of all of them by steps that no other can come between.
    """

    api: Api
    videos: dict[str, PlannedVideo]
    failures: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    unclear: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    links: dict[str, str] = field(default_factory=dict, repr=False)
    """The links of videos that this call has made unlisted, as Vimeo shows them: whoever has one can watch."""
    _whole: float = 0.0
    _silent: list[str] = field(default_factory=list)
    """The videos of the requests since Vimeo's last answer."""
    _end: BaseException | None = None
    """What has ended the work: nothing more is sent."""

    def __post_init__(self) -> None:
        self._whole = self.api.time_left()

    def check_time(self) -> None:
        """Make sure that the work goes on, and that a slow answer still fits into the time of the call.

        Raises:
            Pause: it does not.
        """
        if self._end is not None:
            raise Pause("The work has ended.")  # whoever calls is told why by what has ended it
        if self.api.time_left() < self._whole / 3:
            raise Pause("The time of one call is over.")

    async def singly(self, uris: Sequence[str]) -> None:
        """Make the edits of videos that are their own requests, of several videos side by side.

        Those that come into a list in the order in which they are sent are sent in that order. Where something ends
        the work, nothing more is sent, and what is under way is waited for.

        Raises:
            Pause, VimeoToolkitError: the work ends here.
        """
        beside = self.api.beside(self._one)
        in_turn = any(
            KINDS[edit.kind].listed and edit.after for uri in uris for edit in left(self.videos[uri])
        )
        try:
            for place, uri in enumerate(uris, 1):
                alone = in_turn or self._end is not None
                await beside.result(uri, () if alone else uris[place : place + AT_ONCE])
        except GeneratorExit:  # the flow is being closed with its loop, and can wait for nothing
            beside.close()
            raise
        except BaseException as end:
            self._end = end
            await beside.end()
            raise
        if self._end is not None:
            raise self._end

    async def _one(self, uri: str) -> None:
        """Make the edits of one video, unless the work has ended. What ends it is kept for `singly`."""
        if self._end is None:
            try:
                await self._edits(uri)
            except Exception as end:
                self._end = self._end or end

    async def _edits(self, uri: str) -> None:
        todo = [edit for edit in left(self.videos[uri]) if edit.kind not in ("showcase", "video")]
        in_body = [edit for edit in todo if KINDS[edit.kind].body is not None]
        domains = [edit for edit in in_body if edit.kind == "embed_domain"]
        unlisted = any(edit.kind == "embed_privacy" and edit.after != WHITELIST for edit in todo)
        if len(domains) == 1 or unlisted:  # a request of its own says by its answer whether it was done
            in_body = [edit for edit in in_body if edit not in domains]
        if unlisted:  # afterwards there is no list from which they could be taken
            for edit in domains:
                await self.alone(uri, edit)
            domains = []
        await self._settings(uri, in_body)
        if any(edit.kind == "embed_privacy" for edit in left(self.videos[uri])):
            domains = []  # it was refused, so there is no list to put them on
        elif len(domains) > 1:
            domains = (
                [] if self.failures.get(uri) or uri in self.unclear else await self._not_so(uri, domains)
            )
        tags = [edit for edit in todo if edit.kind == "tag" and edit.after]
        gone = [edit for edit in todo if edit.kind == "tag" and not edit.after]
        for edit in gone:  # first, so that there is room for the new ones
            await self.alone(uri, edit)
        if tags:
            await self._send(uri, tags, tags_added(uri, [edit.of for edit in tags]))
        for edit in todo:
            elsewhere = ("tag", "folder", "embed_domain")
            of_its_own = edit.kind not in elsewhere or (edit.kind == "folder" and not edit.after)
            if edit in domains or (edit not in in_body and of_its_own):
                await self.alone(uri, edit)

    async def together(self, uris: Sequence[str]) -> None:
        """Make the edits that many videos have in common: moves into folders, then deletions.

        Raises:
            Pause, VimeoToolkitError: the work ends here.
        """
        groups: dict[tuple[str, Any], list[str]] = defaultdict(list)
        for uri in uris:
            for edit in left(self.videos[uri]):
                if not self.failures.get(uri) and (
                    edit.kind == "video" or (edit.kind == "folder" and edit.after)
                ):
                    groups[edit.kind, edit.after].append(uri)
        for (kind, after), those in sorted(groups.items(), key=lambda each: each[0][0]):
            await self._many(kind, after, those)

    async def _many(self, kind: str, after: Any, uris: list[str]) -> None:
        edits = {uri: next(edit for edit in left(self.videos[uri]) if edit.kind == kind) for uri in uris}
        request = many_at_once(uris, edits[uris[0]], self._own)
        if request is not None and len(uris) > 1:
            self.check_time()
            fresh = set(uris) - self.sent
            self.sent |= fresh
            try:
                await self.api.send(request)
            except RateLimited as error:
                self.sent -= fresh  # it was not carried out
                raise pause_of(error) from None
            except (VimeoUnavailable, VimeoError):
                pass  # the look says what came of it
            now = await self._look(uris, edits.values())
            for uri, edit in edits.items():
                value = now.value(uri, edit.kind)
                if value is not UNKNOWN and KINDS[edit.kind].same(edit.after, value):
                    self.videos[uri] = made(self.videos[uri], [edit])
        for uri, edit in edits.items():
            if edit in left(self.videos[uri]):
                await self.alone(uri, edit)

    async def _settings(self, uri: str, edits: list[Edit]) -> None:
        request = patch_of(uri, edits)
        if request is None:
            return
        shut = any(edit.unlists for edit in edits)
        read = ["uri", *(KINDS[edit.kind].field for edit in edits), *(["link"] if shut else [])]
        request = replace(request, fields=",".join(dict.fromkeys(read)))
        shown = await self._send(uri, edits, request, believed=False)
        if not isinstance(shown, dict):
            return
        link = shown.get("link")
        # Without the hash behind the number it would open the video for nobody else.
        if shut and isinstance(link, str) and last_part(link) != last_part(uri):
            self.links[uri] = link
        for edit in edits:
            value = value_in(shown, edit.kind, edit.of)
            if value is UNKNOWN or KINDS[edit.kind].same(edit.after, value):
                self.videos[uri] = made(self.videos[uri], [edit])
            else:
                self.failures[uri].append(
                    f"The {called(edit)} did not become what was asked for: Vimeo kept it."
                )

    async def _not_so(self, uri: str, edits: list[Edit]) -> list[Edit]:
        """Return those of the edits that did not take effect, and take them for not made."""
        now = await self._look([uri], edits)
        not_so = [edit for edit in edits if now.value(uri, edit.kind, edit.of) != edit.after]
        video = self.videos[uri]
        undone = [replace(edit, done=True) for edit in not_so]
        self.videos[uri] = replace(
            video, edits=tuple(replace(edit, done=False) if edit in undone else edit for edit in video.edits)
        )
        return not_so

    async def _look(self, uris: Iterable[str], edits: Iterable[Edit]) -> Any:
        wanted = {(edit.kind, edit.of) for edit in edits if edit.kind != "video"}
        try:
            return await current(self.api, uris, wanted)
        except RateLimited as error:
            raise pause_of(error) from None
        except VimeoUnavailable as error:
            raise Pause(error.message, 30.0) from None

    async def alone(self, uri: str, edit: Edit) -> None:
        """Make one edit by a request of its own.

        Raises:
            Pause, VimeoToolkitError: the work ends here.
        """
        request = single(uri, edit, self._own)
        if request is not None:
            await self._send(uri, [edit], request)

    async def _send(
        self, uri: str, edits: Sequence[Edit], request: ApiRequest, *, believed: bool = True
    ) -> Any:
        """Send a request for edits of a video, and note what came of it. None where it failed."""
        self.check_time()
        before = uri in self.sent
        self.sent.add(uri)
        try:
            answer = await self.api.send(request)
        except RateLimited as error:
            if not before:  # it was not carried out
                self.sent.discard(uri)
            raise pause_of(error) from None
        except VimeoUnavailable:
            self.unclear.add(uri)
            self._silent.append(uri)
            if len(self._silent) >= SILENT:
                raise Pause("Vimeo did not answer several times in a row.", 30.0) from None
            return None
        except VimeoError as error:
            words = ", ".join(dict.fromkeys(called(edit) for edit in edits))
            self.failures[uri].append(f"Not done ({words}): {error.message}")
            return None
        self._silent.clear()
        if believed:
            self.videos[uri] = made(self.videos[uri], edits)
        return answer

    @property
    def _own(self) -> str:
        return self.api.account.vimeo_uri or ""


def pause_of(error: RateLimited) -> Pause:
    """Return the pause that the user's limit makes."""
    return Pause(error.message, error.retry_after)
