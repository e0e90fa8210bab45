"""Apply a plan: look, note what is about to be done, do it, note what was done; from wherever it stands.

Before a video is touched, its row says `begun`. Whoever goes on after a break looks first at what stands there:
what is as it should be was done and is not done again, what is not is done now. So a process may end at any moment,
and nothing is done twice or left out. Only one caller works on a plan at a time (a lease); one that stood still so
long that it lost its lease finds its rows rewritten, and stops.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.showcase_contents import Contents
from vimeo_toolkit.changes.account import account_of, links_told, progress_of, stand_of
from vimeo_toolkit.changes.current import current
from vimeo_toolkit.changes.deciding import decided, ended, left, wanted_of
from vimeo_toolkit.changes.model import FINAL, PlannedVideo
from vimeo_toolkit.changes.new_places import make_places, take_away
from vimeo_toolkit.changes.rows import KeptPlan
from vimeo_toolkit.changes.sending import Pause, Sender, pause_of
from vimeo_toolkit.changes.showcase_steps import looked_at, put_in, take_out
from vimeo_toolkit.errors import OutcomeUnknown, RateLimited, StoreError, VimeoToolkitError, VimeoUnavailable

__all__ = ["apply"]

GROUP: Final = 100
"""Videos that are looked at with one request."""
MOMENT: Final = 5.0
"""Seconds in which what a call has looked at to make a plan needs no second look before it is applied."""
_WAITS: Final = 5
"""Seconds to wait for another caller: one that died loses its lease within three."""


async def apply(api: Api, plan_id: str, *, seen: float | None = None) -> dict[str, Any]:
    """Apply a plan as far as the call's time and the user's limit allow; return its account.

    The account's `left` says of how many videos something is left to do: then the same call goes on.

    Args:
        api: of the call.
        plan_id: the plan's.
        seen: when this call looked at what stands there, by `Api.monotonic`, if it has just made the plan.

    Raises:
        InvalidInput: this user has no such plan, or not all of what may have the name of a new place could be seen.
        AccountError, StoreError: the work cannot go on; what was done is noted.
        VimeoUnavailable: Vimeo does not answer, and nothing was done.
    """
    plans = api.plans
    for _ in range(_WAITS):
        async with plans.lease(plan_id) as mine:
            if mine:
                return await _applied(api, await plans.open(plan_id), seen)
        await api.sleep(1.0)
    return account_of(await plans.load(plan_id), Taken())


async def _applied(api: Api, kept: KeptPlan, seen: float | None) -> dict[str, Any]:
    await kept.agree()
    pause: Pause | None = None
    try:
        empty = await make_places(api, kept)
        if empty is None:
            return account_of(kept.plan, Taken())
    except RateLimited as error:
        return account_of(kept.plan, pause_of(error))
    except OutcomeUnknown as error:
        return account_of(kept.plan, Pause(error.message, 30.0))
    sender = Sender(api, {video.uri: video for video in kept.plan.videos})
    work = _Work(api, kept, sender, seen, empty)
    try:
        await work.all()
    except Taken as end:  # the rows are somebody else's now
        return account_of(kept.plan, end)
    except Pause as end:
        pause = end
    except VimeoToolkitError as error:
        how = ", which could not be noted."
        with suppress(StoreError, Taken):
            await work.save()
            await kept.sum_up(api.now())
            how = "; its plan_id goes on."
        stands = replace(kept.plan, videos=tuple(work.sender.videos.values()))
        error.hint = f"{error.hint} {stand_of(stands)}{how}".strip()
        raise
    finally:
        api.name_objects(sorted(work.sender.sent))
    with suppress(Taken):
        await work.save()
    await kept.sum_up(api.now())
    account = account_of(kept.plan, pause) | links_told(kept.plan, sender.links)
    if "left" not in account and (said := await take_away(api, kept.plan.gone)):
        account["places"] = said
    return account


class Taken(Pause):
    """Somebody else is working on the plan."""

    def __init__(self) -> None:
        super().__init__("Another call is applying this plan right now.", 5.0)


@dataclass(slots=True)
class _Work:
    """The work of one call on a plan."""

    api: Api
    kept: KeptPlan
    sender: Sender
    seen: float | None
    """When this call looked at what stands there, to make the plan; None where it was made before."""
    empty: frozenset[str]
    """The URIs of places that this call has made."""

    async def all(self) -> None:
        """Do what is left of the plan.

        Raises:
            Pause: it ends here for now.
            VimeoToolkitError: it cannot go on.
        """
        self._settle([uri for uri, video in self._open() if not left(video)])  # noted right before a break
        todo = [uri for uri, video in self._open() if any(edit.kind != "showcase" for edit in left(video))]
        for group in _groups(todo):
            await self._group(group)
            if again := [uri for uri in group if uri in self.sender.unclear]:
                self.sender.unclear.clear()
                await self._group(again)
            await self._tell()
        for place, within in self._showcases():
            await self._showcase(place, within=within)
            await self._tell()
        for uri, video in list(self._open()):
            if failures := self.sender.failures.get(uri):
                self.sender.videos[uri] = ended(video, failures)
        if any(self._open()):
            raise Pause("Of some videos Vimeo did not say whether it did what it was asked for.", 30.0)

    def _open(self) -> Iterator[tuple[str, PlannedVideo]]:
        for uri, video in self.sender.videos.items():
            if video.edits and video.state not in FINAL:
                yield uri, video

    async def _group(self, uris: Sequence[str]) -> None:
        """Do what is to be done of some videos, but for showcases."""
        videos, plan = self.sender.videos, self.kept.plan
        if not self._seen(uris):
            now = await self._look(uris)
            for uri in uris:
                videos[uri] = decided(videos[uri], now, singly=bool(plan.undoes))
        alive = [uri for uri in uris if videos[uri].state not in FINAL]
        work = [uri for uri in alive if any(edit.kind != "showcase" for edit in left(videos[uri]))]
        async with self._begun(uris, work):
            await self.sender.singly(work)
            await self.sender.together(work)
            self._settle(alive)

    def _seen(self, uris: Iterable[str]) -> bool:
        """Return whether this call has seen the videos a moment ago and touched none of them; what is to be deleted
        is always looked at."""
        videos = [self.sender.videos[uri] for uri in uris]
        just_now = self.seen is not None and self.api.monotonic() - self.seen <= MOMENT
        return just_now and all(
            video.state == "planned" and all(edit.kind != "video" for edit in video.edits) for video in videos
        )

    @asynccontextmanager
    async def _begun(self, uris: Sequence[str], work: Sequence[str]) -> AsyncIterator[None]:
        """Note before a step that `work` is about to be touched, and after it what became of `uris`."""
        videos = self.sender.videos
        fresh = {uri for uri in work if videos[uri].state == "planned"}
        for uri in work:
            videos[uri] = videos[uri].moved("begun")
        await self.save(uris)
        try:
            yield
        except (Pause, VimeoToolkitError):
            for uri in work:
                if uri in fresh and uri not in self.sender.sent:
                    videos[uri] = videos[uri].moved("planned")
                elif videos[uri].state == "begun" and not left(videos[uri]):
                    videos[uri] = ended(videos[uri])
            raise
        await self.save(uris)

    def _settle(self, uris: Iterable[str]) -> None:
        """Say of each video how its edits left it. Nothing is begun of one that waits for its showcase."""
        videos = self.sender.videos
        for uri in uris:
            if uri in self.sender.unclear:
                continue
            if any(edit.kind == "showcase" for edit in left(videos[uri])):
                videos[uri] = videos[uri].moved("planned")
            else:
                videos[uri] = ended(videos[uri], self.sender.failures.get(uri, ()))

    def _showcases(self) -> list[tuple[str, bool]]:
        """Return the showcases that something is to be put into (True), and taken out of."""
        found = {
            (edit.of, bool(edit.after)): None
            for _, video in self._open()
            for edit in left(video)
            if edit.kind == "showcase"
        }
        return list(found)

    async def _showcase(self, place: str, *, within: bool) -> None:
        uris = [
            uri
            for uri, video in self._open()
            if any((edit.kind, edit.of, edit.after) == ("showcase", place, within) for edit in left(video))
            and uri not in self.sender.unclear
        ]
        holds = Contents({}) if place in self.empty else None
        contents = await looked_at(self.sender, place, uris, within=within, holds=holds)
        videos = self.sender.videos
        todo = (
            [uri for uri in uris if any(edit.of == place for edit in left(videos[uri]))] if contents else []
        )
        async with self._begun(uris, todo):
            if todo and contents is not None:
                await (put_in if within else take_out)(self.sender, place, todo, contents)
            self._settle([uri for uri in uris if videos[uri].state not in FINAL])

    async def _look(self, uris: Sequence[str]) -> Any:
        try:
            return await current(self.api, uris, wanted_of(self.sender.videos[uri] for uri in uris))
        except RateLimited as error:
            raise pause_of(error) from None
        except VimeoUnavailable as error:
            if not self.sender.sent:
                raise
            raise Pause(error.message, 30.0) from None

    async def save(self, uris: Iterable[str] | None = None) -> None:
        """Write how far the videos have come.

        Raises:
            Pause: somebody else does, too.
            StoreError: it could not be written.
        """
        videos = self.sender.videos
        if not await self.kept.note(videos[uri] for uri in (videos if uris is None else uris)):
            raise Taken

    async def _tell(self) -> None:
        done, of = progress_of(self.kept.plan)
        await self.api.progress(done, of)


def _groups(uris: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(uris), GROUP):
        yield uris[start : start + GROUP]
