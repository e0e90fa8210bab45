"""A user's plans, sealed in the store: what was planned, how far it has come, and so what can be taken back.

One row for each user, the index, says which plans there are and how far each has come. The videos of a plan are in
rows of their own, some fifty in each, so that noting the progress of a few rewrites some kilobytes and not all of a
thousand. The names of these rows begin with a digest of the user, by which they are found and deleted with the
account even if nobody has the key to them any more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any, Final

from vimeo_toolkit.accounts.rows import own_key
from vimeo_toolkit.accounts.vault import Vault, disconnected
from vimeo_toolkit.changes.model import NewPlace, Plan, PlannedVideo
from vimeo_toolkit.changes.summaries import PlanSummary, entry_of, plan_of, summary_of, surplus_of
from vimeo_toolkit.errors import InvalidInput, StoreBusy, StoreError
from vimeo_toolkit.identity import Owner
from vimeo_toolkit.runtime.ports import IO
from vimeo_toolkit.stores.protocol import Key

__all__ = ["KeptPlan", "Plans"]

INDEX: Final = "plans"
VIDEOS: Final = "plan"

VIDEOS_A_ROW: Final = 50
SIGNS_A_ROW: Final = 150_000
"""Characters of JSON. Fifty long descriptions in any script, twice each, would be some megabytes."""
_ATTEMPTS: Final = 50


class Plans:
    """One owner's plans.

    Args:
        vault: seals the rows.
        io: what is acted through.
        owner: whose they are. Those of a Vimeo account that was connected before are not there.
        keep: seconds that a plan is kept.
    """

    def __init__(self, vault: Vault, io: IO, owner: Owner, keep: float) -> None:
        self._vault = vault
        self._io = io
        self._owner = owner
        self._keep = keep
        self._index = own_key(INDEX, owner.identity)

    def new_id(self) -> str:
        """Return a name for a new plan."""
        return "p" + hashlib.sha256(self._io.random_token().encode()).hexdigest()[:8]

    def lease(self, plan_id: str) -> AbstractAsyncContextManager[bool]:
        """Try to become the only one that works on a plan, see `IO.lease`."""
        identity = self._owner.identity
        return self._io.lease(f"plan {identity.connection_name} {identity.digest} {plan_id[:40]}")

    async def save(self, plan: Plan) -> None:
        """Keep a new plan.

        Raises:
            StoreError: it could not be kept.
            NotConnected: the account was disconnected meanwhile; nothing is kept.
        """
        ends = self._io.now() + self._keep
        parts = list(_parts(plan.videos))
        for number, part in enumerate(parts):
            if not await self._put(self._row(plan.id, number), part, ends=ends, expected=0):
                raise StoreBusy("A plan of this id is there already.", hint="Plan it again.")
        entry = entry_of(plan) | {"ends": ends, "rows": len(parts)}
        await self._change(lambda entries: {**entries, plan.id: entry})
        # An account that was disconnected while this was written must leave nothing behind.
        account = await self._vault.load(self._io, self._owner.identity)
        if account is None or account.generation != self._owner.generation:
            await self.forget(plan.id)
            raise disconnected(self._owner.identity)

    async def load(self, plan_id: str) -> Plan:
        """Return a plan with all of its videos.

        Raises:
            InvalidInput: this user has none of this id.
            StoreError: it cannot be read.
        """
        return (await self.open(plan_id)).plan

    async def open(self, plan_id: str) -> KeptPlan:
        """Return a plan whose progress can be noted.

        Raises:
            InvalidInput: this user has none of this id.
            StoreError: it cannot be read.
        """
        entry = (await self._entries())[0].get(plan_id)
        if entry is None:
            raise InvalidInput(
                "plan_id: this user has no plan of this id, or it is too old to be kept.",
                hint="List the plans with vimeo_changes_list, or make a new one.",
            )
        videos: list[tuple[PlannedVideo, ...]] = []
        versions: list[int] = []
        for number in range(entry["rows"]):
            found = await self._vault.rows.read_json(self._io, self._row(plan_id, number), void=True)
            if found is None or "videos" not in found[0]:
                raise StoreError(
                    "A part of this plan is not in the store any more, or does not open.",
                    hint="Make a new plan: what was changed already is found to be so.",
                )
            videos.append(tuple(PlannedVideo.from_dict(each) for each in found[0]["videos"]))
            versions.append(found[1])
        return KeptPlan(self, plan_of(plan_id, entry), videos, versions, entry["ends"])

    async def find(self, asked: str, *, since: float = 0.0) -> Plan | None:
        """Return the newest plan for this digest of an input that nothing was applied of; None without one.

        Args:
            asked: see `Plan.asked`.
            since: only one that was made then or later, seconds since the epoch by Vimeo's clock.
        """
        for each in await self.list():
            if each.asked == asked and each.state == "planned" and each.created >= since:
                return await self.load(each.id)
        return None

    async def list(self) -> list[PlanSummary]:
        """Return what there is, the newest first."""
        entries, _ = await self._entries()
        found = [summary_of(plan_id, entry) for plan_id, entry in entries.items()]
        return sorted(found, key=lambda each: each.created, reverse=True)

    async def forget(self, *plan_ids: str) -> None:
        """Delete plans, and so what could be taken back with them."""
        entries, _ = await self._entries()
        await self._change(
            lambda entries: {key: each for key, each in entries.items() if key not in plan_ids}
        )
        for plan_id in plan_ids:
            await self._drop(plan_id, entries.get(plan_id, {}).get("rows", 0))

    # ---- rows ----

    def _row(self, plan_id: str, number: int) -> Key:
        identity = self._owner.identity
        return Key(VIDEOS, identity.connection_name, f"{identity.digest}-{plan_id}-{number:04}")

    async def _put(
        self, key: Key, videos: Iterable[PlannedVideo], *, ends: float, expected: int
    ) -> int | None:
        """Write a row of videos; return its version, None where it is not as expected any more."""
        body = {"ends": ends, "videos": [video.to_dict() for video in videos]}
        ttl = max(1.0, ends - self._io.now())
        return await self._vault.rows.write_json(self._io, key, body, ttl=ttl, expected=expected)

    async def _drop(self, plan_id: str, rows: int) -> None:
        for number in range(rows):
            await self._vault.rows.drop(self._io, self._row(plan_id, number))

    async def _entries(self) -> tuple[dict[str, Any], int]:
        """Return the entries of this owner's plans, and the row's version. A row that does not open is void."""
        found = await self._vault.rows.read_json(self._io, self._index, void=True)
        if found is None:
            return {}, 0
        body, version = found
        if body.get("generation") != self._owner.generation:
            return {}, version
        now = self._io.now()
        return {key: each for key, each in body["plans"].items() if each["ends"] > now}, version

    async def _change(self, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        for _ in range(_ATTEMPTS):
            entries, version = await self._entries()
            changed = change(entries)
            surplus = surplus_of(changed)
            kept = {key: each for key, each in changed.items() if key not in surplus}
            ends = max((each["ends"] for each in kept.values()), default=0.0)
            body = {"generation": self._owner.generation, "ends": ends, "plans": kept}
            ttl = max(1.0, ends - self._io.now())
            if await self._vault.rows.put_json(self._io, self._index, body, ttl=ttl, expected=version):
                for plan_id in surplus:
                    await self._drop(plan_id, changed[plan_id]["rows"])
                return
            await self._io.sleep(0.01 * self._io.jitter())
        raise StoreBusy("The list of plans is being changed by too many callers at once.")

    async def _noted(self, plan: Plan, at: float | None) -> None:
        """Let the index say how far a plan has come. One that was deleted meanwhile stays so."""

        noted = {} if at is None else {"changed": at}

        def change(entries: dict[str, Any]) -> dict[str, Any]:
            there = entries.get(plan.id)
            return entries if there is None else {**entries, plan.id: {**there, **entry_of(plan), **noted}}

        await self._change(change)


@dataclass(slots=True)
class KeptPlan:
    """A plan as its rows have it. Whoever has it can note its progress, as long as nobody else does."""

    _plans: Plans
    _head: Plan
    _rows: list[tuple[PlannedVideo, ...]]
    _versions: list[int]
    _ends: float

    @property
    def plan(self) -> Plan:
        """The plan with all of its videos."""
        return replace(self._head, videos=tuple(video for row in self._rows for video in row))

    async def note(self, videos: Iterable[PlannedVideo]) -> bool:
        """Write how far these videos of it have come. False where somebody else is noting it, too, or it was
        deleted: then nothing may be done on the strength of it any more.

        Raises:
            StoreError: it could not be written.
        """
        new = {video.uri: video for video in videos}
        for number, row in enumerate(self._rows):
            changed = tuple(new.get(video.uri, video) for video in row)
            if changed == row:
                continue
            key = self._plans._row(self._head.id, number)
            version = await self._plans._put(key, changed, ends=self._ends, expected=self._versions[number])
            if version is None:
                return False
            self._rows[number], self._versions[number] = changed, version
        return True

    async def agree(self) -> None:
        """Note that applying it has begun with the consent that it needs."""
        if not self._head.agreed:
            self._head = replace(self._head, agreed=True)
            await self._plans._noted(self.plan, None)

    async def know(self, makes: tuple[NewPlace, ...], places: Mapping[str, str]) -> None:
        """Note how far the folders and showcases are that the plan makes.

        Args:
            makes: all of them.
            places: the names of all places of the plan, by URI.
        """
        self._head = replace(self._head, makes=makes, places=places)
        await self._plans._noted(self.plan, None)

    async def sum_up(self, at: float) -> None:
        """Let the list of plans say how far this one has come.

        Args:
            at: the time now, by Vimeo's clock.
        """
        await self._plans._noted(self.plan, at)


def _parts(videos: Iterable[PlannedVideo]) -> Iterator[list[PlannedVideo]]:
    """Yield the videos in parts that fit into a row each, with room for states and reasons."""
    part: list[PlannedVideo] = []
    signs = 0
    for video in videos:
        size = len(json.dumps(video.to_dict()))
        if part and (len(part) >= VIDEOS_A_ROW or signs + size > SIGNS_A_ROW):
            yield part
            part, signs = [], 0
        part.append(video)
        signs += size
    if part:
        yield part
