"""Nobody finds anything of another user's library, nor of what is gone, whatever happens to syncs."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.library.dying import sync_until
from tests.library.filling import index_of
from tests.waiting import hurry
from vimeo_toolkit import Connection, Revoked, VimeoToolkit, generate_key
from vimeo_toolkit.catalog.toolsets import LIBRARY_SEARCH
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.sandbox import Sandbox, User, Video

USERS = 100
KILLS = 50


def word_of(video: Video) -> str:
    """The word that is said in this video and in no other of anybody."""
    return str(video.texttracks[0].cues.unique_word)  # type: ignore[attr-defined]


class World:
    """Many users of one product, each with a library of their own."""

    def __init__(self, vimeo: Sandbox, settings: dict[str, Any], toolkit: VimeoToolkit) -> None:
        self.vimeo = vimeo
        self.settings = settings
        self.toolkit = toolkit
        self.users: dict[str, User] = {}
        """Whoever is connected under an identifier."""
        self.revoked: set[str] = set()
        self.gone: list[str] = []
        """Words of videos that were deleted, and of users who are not connected any more."""
        self._seed = 0

    def connect(self, identifier: str, videos: int = 3) -> None:
        self._seed += 1
        user = self.vimeo.add_user(f"Person {self._seed}", plan="enterprise")
        self.vimeo.add_library(user, videos=videos, hours=0.05, seed=self._seed)
        self.users[identifier] = user
        token = self.vimeo.issue_token(user)
        self.toolkit.import_token(identifier=identifier, access_token=token.access_token)

    def delete(self, video: Video) -> None:
        self.gone.append(word_of(video))
        self.vimeo.world.remove_video(video)

    def disconnect(self, identifier: str) -> None:
        self.gone += map(word_of, self.users.pop(identifier).videos)
        self.toolkit.delete_connected_account(identifier=identifier)

    def revoke(self, identifier: str) -> None:
        self.gone += map(word_of, self.users[identifier].videos)
        self.vimeo.revoke_all(self.users[identifier])
        self.revoked.add(identifier)

    def synced(self, identifier: str) -> None:
        """Sync until all is read: a process that was killed holds its lease for some seconds."""
        while True:
            report = self.toolkit.library.sync(identifier=identifier, recheck=0.0)
            if not report.elsewhere:
                assert report.complete, report
                return
            time.sleep(0.2)

    def search(self, identifier: str, query: str) -> list[dict[str, Any]]:
        result = self.toolkit.execute_tool(
            identifier=identifier, tool_name=LIBRARY_SEARCH, tool_input={"query": query, "limit": 50}
        )
        return list(result["data"])


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    if request.param == "sqlite":
        places = {
            "store": f"sqlite:///{tmp_path / 'accounts.db'}",
            "library": f"sqlite:///{tmp_path / 'library'}",
        }
    else:
        places = {"store": request.getfixturevalue("postgres_url"), "library": "store"}
    with Sandbox() as vimeo:
        settings = {"url": vimeo.url, "key": generate_key(), **places}
        with VimeoToolkit(
            [Connection(api_url=vimeo.url)],
            store=settings["store"],
            key=settings["key"],
            library=settings["library"],
        ) as toolkit:
            hurry(toolkit)  # a sync gives way to other calls, and there are none
            yield World(vimeo, settings, toolkit)


def check(world: World) -> None:
    """Everybody finds all of their own videos, once, and nothing else; nothing is kept of anybody else."""
    own = {who: user for who, user in world.users.items() if who not in world.revoked}
    words = {who: [word_of(video) for video in user.videos] for who, user in own.items()}
    for who, user in own.items():
        for video in user.videos:
            (row,) = world.search(who, word_of(video))
            assert row["uri"] == f"/videos/{video.id}"
            cue = video.texttracks[0].cues[video.texttracks[0].cues.unique_place]  # type: ignore[attr-defined]
            assert row["start_seconds"] <= cue.start / 1000 <= row["end_seconds"]
        others = [word for other, theirs in words.items() if other != who for word in theirs[:1]]
        for some in (others[:30], others[30:60], others[60:], world.gone[-30:], world.gone[:30]):
            rows = world.search(who, " ".join(some)) if some else []
            # What differs from a word of one's own by a letter is taken for a slip of the pen.
            assert {row["uri"] for row in rows} <= {f"/videos/{video.id}" for video in user.videos}
            assert not [word for word in some if word in str(rows)]
        index = index_of(world.toolkit, who)
        assert set(index.stamps()) == {f"/videos/{video.id}" for video in user.videos}
        for uri in index.stamps():
            places = Counter(passage.start for passage in index.passages(uri))
            assert places
            assert set(places.values()) == {1}, "nothing is there twice"
    for who in world.revoked:
        with pytest.raises(Revoked):  # by which the toolkit hears of it
            world.toolkit.library.sync(identifier=who)
        with pytest.raises(Revoked):
            world.search(who, "anything")
    there = {word for user in own.values() for word in map(word_of, user.videos)}
    kept, terms = kept_in(world.settings)
    assert kept <= {Identity("vimeo", who).digest for who in world.users}
    assert there <= {word for word in there if word.encode() in terms}, "the words are there to be looked for"
    if world.settings["library"] == "store":
        revoked = {word_of(video) for who in world.revoked for video in world.users[who].videos}
        left = set(terms.decode().split()).intersection(world.gone)
        assert left <= revoked, "what was deleted is in no row"


def kept_in(settings: dict[str, Any]) -> tuple[set[str], bytes]:
    """Whose indexes there are, and the bytes that have their words."""
    if settings["library"] == "store":
        with psycopg.connect(settings["store"]) as connection:
            users = connection.execute("SELECT identity FROM vimeo_library").fetchall()
            terms = connection.execute("SELECT term FROM vimeo_library_term").fetchall()
        return {bytes(digest).decode() for (digest,) in users}, b" ".join(bytes(term) for (term,) in terms)
    files = list(Path(settings["library"].removeprefix("sqlite:///")).iterdir())
    digests = {file.name.partition(".")[0].partition("-")[0] for file in files}
    return digests, b"".join(file.read_bytes() for file in files)


def test_a_few_users_and_what_becomes_of_them(world: World) -> None:
    for who in ("ana", "bo", "cy"):
        world.connect(who)
        world.synced(who)
    world.delete(world.users["ana"].videos[0])
    world.synced("ana")
    world.disconnect("bo")
    world.connect("bo")  # another Vimeo user under the same identifier
    world.synced("bo")
    world.revoke("cy")
    check(world)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_hundred_users_and_fifty_kills(world: World) -> None:
    dice = random.Random(15)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.library.dying", "vimeo_toolkit.catalog.library"])
    for number in range(USERS):
        world.connect(f"user_{number}")
    kills = 0
    while kills < KILLS:
        who = dice.choice([who for who in world.users if who not in world.revoked])
        process = context.Process(target=sync_until, args=(world.settings, who, dice.randrange(60)))
        process.start()
        process.join(60)
        kills += process.exitcode == -9
        if process.exitcode not in (0, -9):
            raise AssertionError(f"a sync ended with {process.exitcode}")
        match dice.randrange(8):
            case 0:
                world.disconnect(who)
                if dice.random() < 0.5:
                    world.connect(who)
            case 1 if len(world.revoked) < USERS // 10:
                world.revoke(who)
            case 2 | 3 if len(world.users[who].videos) > 1:
                world.delete(dice.choice(world.users[who].videos))
            case 4:
                other = dice.choice([who for who in world.users if who not in world.revoked])
                world.synced(other)
    for who in sorted(set(world.users) - world.revoked):
        world.synced(who)
    check(world)
