"""`toolkit.library`: who may ask an index, what goes with an account, and what is told without one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.library.filling import index_of
from tests.unit.world import World
from tests.waiting import quicken
from vimeo_toolkit import (
    ConfigurationError,
    Connection,
    Event,
    Expired,
    Filters,
    InvalidInput,
    NotConnected,
    Revoked,
    StoreError,
    SyncReport,
    VimeoToolkit,
    default_toolkit,
    generate_key,
)
from vimeo_toolkit.accounts.context import Context
from vimeo_toolkit.accounts.left_libraries import sweep_libraries
from vimeo_toolkit.accounts.model import AccountStatus
from vimeo_toolkit.cli.session import Session
from vimeo_toolkit.facade.opened import usable_account
from vimeo_toolkit.identity import Owner
from vimeo_toolkit.library.index import Libraries, Stamp
from vimeo_toolkit.library.model import Change, IndexedVideo, Passage
from vimeo_toolkit.library.of_user import UserLibrary
from vimeo_toolkit.library.sqlite_libraries import SqliteLibraries
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.sandbox import Sandbox, User

DAY = 86_400.0
VIDEO = IndexedVideo("/videos/1", "Harbour", "https://vimeo.com/1/abcdef0123", created="2026-01-01T00:00:00Z")
SAID = Passage(60.0, 75.0, "The lighthouse keeper counts every ship.", "en", times=((0, 60.0),))


class Stage:
    """A toolkit with a library, whose users' indexes are written to directly."""

    def __init__(self, vimeo: Sandbox, folder: Path, **options: Any) -> None:
        self.vimeo = vimeo
        self.folder = folder
        self.events: list[Event] = []
        self.toolkit = VimeoToolkit(
            [Connection(api_url=vimeo.url)],
            store="sqlite:///:memory:",
            library=f"sqlite:///{folder}",
            on_event=self.events.append,
            **options,
        )
        self.other = vimeo.add_user("Bo", videos=1)

    def connect(self, identifier: str, user: User | None = None, *, switch: bool = False) -> str:
        token = self.vimeo.issue_token(user or self.vimeo.user, scopes=["public", "private"])
        self.toolkit.import_token(
            identifier=identifier, access_token=token.access_token, allow_account_change=switch
        )
        return identifier

    def fill(self, identifier: str, *passages: Passage) -> str:
        seen = Change(0, "new", VIDEO.uri, VIDEO.name, VIDEO.link, 5.0)
        index_of(self.toolkit, identifier).put(
            replace(VIDEO, words="captions"), Stamp("1", 0.0), passages or [SAID], [seen]
        )
        return identifier

    @property
    def files(self) -> list[str]:
        return sorted(file.name for file in self.folder.iterdir() if file.suffix == ".db")

    def told(self, name: str) -> list[str]:
        return [f"{event.identifier} {event.data['cause']}" for event in self.events if event.name == name]


@pytest.fixture
def stage(vimeo: Sandbox, tmp_path: Path) -> Iterator[Stage]:
    made = Stage(vimeo, tmp_path / "library")
    with made.toolkit:
        yield made


def test_what_is_in_an_index_is_found_with_its_second(stage: Stage) -> None:
    library = stage.toolkit.library
    ana = stage.fill(stage.connect("ana"))
    stage.vimeo.requests.clear()
    (hit,) = library.search("lighthouse keepers", identifier=ana).hits
    assert (hit.link, hit.passage.start, hit.passage.end) == (
        "https://vimeo.com/1/abcdef0123#t=60s",
        60.0,
        75.0,
    )
    assert library.search("lighthouse", identifier=ana, filters=Filters(language="de")).hits == ()
    assert [each.text for each in library.passages("https://vimeo.com/1", identifier=ana)] == [SAID.text]
    status = library.status(identifier=ana)
    assert (status.coverage.videos, status.coverage.captions, status.synced) == (1, 1, None)
    (change,) = stage.toolkit.changes(identifier=ana)
    assert (change.kind, change.uri) == ("new", VIDEO.uri)
    assert stage.toolkit.changes(identifier=ana, since=change.number) == []
    assert asyncio.run(_asearch(stage, ana)) == [hit]
    assert stage.vimeo.requests == []


def test_a_cancelled_sync_is_gone_on_with_and_only_one_works_at_a_time(stage: Stage) -> None:
    ana = stage.connect("ana")
    stage.vimeo.add_library(videos=4, hours=0.1)
    library = stage.toolkit.library
    quicken(stage.toolkit, 100)

    async def cancelled() -> tuple[SyncReport, SyncReport]:
        begun = asyncio.Event()

        async def told(done: int, of: int) -> None:
            begun.set()
            await asyncio.Event().wait()

        task = asyncio.create_task(library.async_sync(identifier=ana, progress=told))
        await begun.wait()
        beside = await library.async_sync(identifier=ana)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        after = await library.async_sync(identifier=ana)
        assert (await library.astatus(identifier=ana)).coverage.captions == 8
        await stage.toolkit.aclose()
        return beside, after

    beside, after = asyncio.run(cancelled())
    assert beside.elsewhere
    assert (beside.requests, beside.of) == (0, len(stage.vimeo.user.videos))
    assert (after.complete, after.done) == (True, len(stage.vimeo.user.videos))


async def _asearch(stage: Stage, identifier: str) -> list[object]:
    found = await stage.toolkit.library.asearch("lighthouse keepers", identifier=identifier)
    await stage.toolkit._async.aclose()
    return list(found.hits)


def test_an_index_is_its_users_alone_and_goes_with_the_account(stage: Stage) -> None:
    ana, bo = stage.fill(stage.connect("ana")), stage.connect("bo", stage.other)
    stage.fill(bo, replace(SAID, text="Only Bo speaks of zinnias."))
    library = stage.toolkit.library
    assert library.search("zinnias", identifier=ana).hits == ()
    assert len(stage.files) == 2
    stage.toolkit.delete_connected_account(identifier=ana)
    assert len(stage.files) == 1
    assert len(library.search("zinnias", identifier=bo).hits) == 1
    with pytest.raises(NotConnected):
        library.search("lighthouse", identifier=ana)
    assert library.search("lighthouse", identifier=stage.connect(ana)).hits == ()
    assert library.forget(identifier=bo)
    assert not library.forget(identifier=bo)
    assert stage.told("library.forgotten") == ["ana account", "bo asked"]


def test_an_account_stays_until_its_index_can_be_deleted(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = stage.fill(stage.connect("ana"))

    def refused(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    with monkeypatch.context() as patched:
        patched.setattr("vimeo_toolkit.library.sqlite_connections.os.unlink", refused)
        with pytest.raises(StoreError) as raised:
            stage.toolkit.delete_connected_account(identifier=ana)
    assert "The token is revoked" in raised.value.message
    assert "Delete the account again" in raised.value.hint
    assert stage.toolkit.get_connected_account(identifier=ana).reason is not None
    assert stage.toolkit.delete_connected_account(identifier=ana)
    assert stage.files == []


def test_an_index_is_not_passed_on_to_another_vimeo_user(stage: Stage) -> None:
    ana = stage.fill(stage.connect("ana"))
    stage.connect(ana, stage.other, switch=True)
    assert stage.files == []
    assert stage.toolkit.library.search("lighthouse", identifier=ana).hits == ()
    assert stage.toolkit.changes(identifier=ana) == []


def test_an_index_stays_for_the_same_user_and_is_not_searched_while_the_access_is_revoked(
    stage: Stage,
) -> None:
    ana = stage.fill(stage.connect("ana"))
    stage.vimeo.revoke_all(stage.vimeo.user)
    with pytest.raises(Revoked):
        stage.toolkit.execute_tool(identifier=ana, tool_name="vimeo_my_videos_list")
    with pytest.raises(Revoked):
        stage.toolkit.library.search("lighthouse", identifier=ana)
    assert stage.toolkit.library.sweep() == 0
    assert len(stage.toolkit.library.search("lighthouse", identifier=stage.connect(ana)).hits) == 1


@pytest.mark.parametrize("days", [0, 30])
def test_what_is_kept_for_no_day_goes_with_the_access(vimeo: Sandbox, tmp_path: Path, days: int) -> None:
    stage = Stage(vimeo, tmp_path / "library", keep_library_days=days)
    with stage.toolkit:
        ana = stage.fill(stage.connect("ana"))
        vimeo.revoke_all(vimeo.user)
        with pytest.raises(Revoked):
            stage.toolkit.library.sync(identifier=ana)
        assert len(stage.files) == (1 if days else 0)
        assert stage.told("library.forgotten") == ([] if days else ["ana ended"])


def test_who_asks_for_an_index_whose_days_are_over_deletes_it(tmp_path: Path) -> None:
    world = World()
    ctx, libraries, owner = _written(
        world, tmp_path / "library", status=AccountStatus.EXPIRED, access_token=None, ended_at=world.now()
    )
    for days, left in ((29.9, 1), (0.2, 0)):
        world.time += days * DAY
        with pytest.raises(Expired):
            run_sync(usable_account(ctx, world, owner.identity))
        assert len(libraries.users()) == left


def _written(world: World, folder: Path, **account: object) -> tuple[Context, Libraries, Owner]:
    """A context of a scripted world, with an index that was written at its time."""
    libraries = SqliteLibraries(folder)
    ctx = replace(world.context(), libraries=libraries)
    record = world.account(ctx, **account)
    owner = Owner(record.identity, record.generation)
    libraries.index(owner).put(VIDEO, Stamp("1", 0.0), [SAID])
    return ctx, libraries, owner


@pytest.mark.parametrize("noted", [True, False])
def test_the_index_of_an_ended_account_goes_when_its_days_are_over(tmp_path: Path, noted: bool) -> None:
    world = World()
    ctx, libraries, _ = _written(
        world,
        tmp_path / "library",
        status=AccountStatus.REVOKED,
        access_token=None,
        ended_at=world.now() if noted else None,
    )
    for days, deleted in ((29.9, 0), (0.2, 1), (0.0, 0)):
        world.time += days * DAY
        assert run_sync(sweep_libraries(ctx, world)) == deleted
    assert libraries.users() == {}
    assert [event.data for event in world.events if event.name == "library.forgotten"] == [{"cause": "ended"}]


def test_the_index_of_an_account_that_works_is_never_swept(tmp_path: Path) -> None:
    world = World()
    ctx, libraries, owner = _written(world, tmp_path / "library")
    world.time += 1_000 * DAY
    assert run_sync(sweep_libraries(ctx, world)) == 0
    assert list(libraries.users()) == [owner.identity.digest]


def test_an_index_without_an_account_goes_when_it_was_not_written_for_as_long(tmp_path: Path) -> None:
    world = World()
    ctx, libraries, owner = _written(world, tmp_path / "library")
    record = run_sync(ctx.vault.load(world, owner.identity))
    assert record is not None
    assert run_sync(ctx.vault.remove(world, record))
    world.time = libraries.users()[owner.identity.digest] + 29.9 * DAY
    assert run_sync(sweep_libraries(ctx, world)) == 0, "the wrong store may have been opened beside it"
    world.time += 0.2 * DAY
    assert run_sync(sweep_libraries(ctx, world)) == 1
    assert libraries.users() == {}
    assert [event.data for event in world.events] == [{"cause": "unowned"}]


def test_a_sync_that_begins_while_the_account_is_deleted_leaves_nothing(tmp_path: Path) -> None:
    world = World()
    ctx, libraries, owner = _written(world, tmp_path / "library")
    record = run_sync(ctx.vault.load(world, owner.identity))
    assert record is not None
    assert run_sync(ctx.vault.remove(world, record))
    with pytest.raises(NotConnected):
        run_sync(UserLibrary(libraries, world, owner, ctx.vault).sync(None))  # type: ignore[arg-type]
    assert libraries.users() == {}


@pytest.mark.parametrize("how", ["deleted", "another"])
def test_a_sync_under_which_the_account_goes_says_so_and_leaves_nothing(stage: Stage, how: str) -> None:
    ana = stage.connect("ana")
    stage.vimeo.add_library(videos=3, hours=0.1)

    def gone(done: int, of: int) -> None:
        if how == "deleted":
            stage.toolkit.delete_connected_account(identifier=ana)
        else:
            stage.connect(ana, stage.other, switch=True)

    with pytest.raises(NotConnected):
        stage.toolkit.library.sync(identifier=ana, progress=gone)
    assert stage.files == []


def test_a_sync_is_told_and_what_it_read_is_found(stage: Stage) -> None:
    ana = stage.connect("ana")
    report = stage.toolkit.library.sync(identifier=ana)
    assert (report.complete, report.new) == (True, len(stage.vimeo.user.videos))
    (told,) = [event.data for event in stage.events if event.name == "library.synced"]
    assert told == {"videos": report.of, "read": report.read, "removed": 0}
    (hit, *_) = stage.toolkit.library.search("choose the customer", identifier=ana).hits
    assert hit.passage.start <= hit.second <= hit.passage.end
    assert stage.toolkit.library.status(identifier=ana).synced is not None
    assert stage.toolkit.changes(identifier=ana) == [], "what was there before the first sync has not changed"
    stage.vimeo.world.remove_video(stage.vimeo.world.videos[int(hit.video.uri.rpartition("/")[2])])
    assert stage.toolkit.library.sync(identifier=ana, recheck=0).removed == 1
    assert [change.kind for change in stage.toolkit.changes(identifier=ana)] == ["deleted"]


def test_a_sync_is_done_even_if_old_indexes_cannot_be_looked_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> dict[str, float]:
        raise StoreError("The disk is gone.", hint="Look.")

    monkeypatch.setattr(stage.toolkit._context.libraries, "users", broken)
    assert stage.toolkit.library.sync(identifier=stage.connect("ana"), videos=[]).complete
    assert "The disk is gone." in caplog.text
    with pytest.raises(StoreError):
        stage.toolkit.library.sweep()


def test_without_a_library_each_method_says_how_to_have_one(toolkit: VimeoToolkit) -> None:
    library = toolkit.library
    for asked in (
        lambda: library.search("x", identifier="u"),
        lambda: library.sync(identifier="u"),
        lambda: library.status(identifier="u"),
        lambda: library.passages("1", identifier="u"),
        lambda: library.forget(identifier="u"),
        lambda: library.sweep(),
        lambda: toolkit.changes(identifier="u"),
    ):
        with pytest.raises(ConfigurationError) as raised:
            asked()
        assert 'library="sqlite:///' in raised.value.hint


def test_a_video_that_is_none_is_refused_before_anything_else(stage: Stage) -> None:
    with pytest.raises(InvalidInput, match="video:"):
        stage.toolkit.library.passages("a song", identifier="nobody")
    with pytest.raises(InvalidInput, match="video:"):
        stage.toolkit.library.sync(identifier="nobody", videos=["a song"])


@pytest.mark.parametrize(
    "place",
    [
        "library",
        "sqlite:///",
        "sqlite:///:memory:",
        "store",
        "postgresql://u:hunter2@127.0.0.1:1/db",
        "redis://h",
    ],
)
def test_a_place_where_no_library_can_be(place: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        VimeoToolkit([Connection()], store="sqlite:///:memory:", library=place)
    assert "sqlite:///" in raised.value.hint
    assert "hunter2" not in str(raised.value.to_dict())


@pytest.mark.parametrize("place", [Path("library"), True, ["sqlite:///library"]])
def test_a_place_that_is_not_a_url(place: Any) -> None:
    with pytest.raises(ConfigurationError, match="not a URL"):
        VimeoToolkit([Connection()], store="sqlite:///:memory:", library=place)


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="is a file"):
        VimeoToolkit([Connection()], store="sqlite:///:memory:", library=f"sqlite:///{tmp_path / 'file'}")


@pytest.mark.parametrize("days", [-1, 366, float("nan")])
def test_days_that_cannot_be(days: float) -> None:
    with pytest.raises(ConfigurationError, match="keep_library_days"):
        VimeoToolkit([Connection()], store="sqlite:///:memory:", keep_library_days=days)


@pytest.mark.filterwarnings("ignore:No encryption key")
def test_every_toolkit_that_is_made_of_settings_has_the_library(folder: Path) -> None:
    (folder / ".env").write_text(
        "VIMEO_TOOLKIT_LIBRARY=sqlite:///words\nVIMEO_TOOLKIT_STORE=sqlite:///a.db\n"
    )
    with VimeoToolkit.from_env() as one, default_toolkit() as other, Session() as session:
        for toolkit in (one, other, session.toolkit(new_store=True)):
            assert repr(toolkit._context.libraries) == f"SqliteLibraries('{folder / 'words'}')"


def test_the_setting_counts_from_its_file(folder: Path) -> None:
    (folder / ".env").write_text(
        f"VIMEO_TOOLKIT_LIBRARY=sqlite:///words\nVIMEO_TOOLKIT_STORE=sqlite:///:memory:\n"
        f"VIMEO_TOOLKIT_KEY={generate_key()}\n"
    )
    with VimeoToolkit.from_env() as toolkit:
        assert toolkit._context.libraries is not None
        assert (folder / "words").is_dir()
    (folder / ".env").write_text("VIMEO_TOOLKIT_LIBRARY=postgresql://elsewhere.example/db\n")
    with pytest.raises(ConfigurationError, match="VIMEO_TOOLKIT_LIBRARY"):
        VimeoToolkit.from_env()


def test_the_segments_of_a_transcript(stage: Stage) -> None:
    ana = stage.connect("ana")
    segments = stage.toolkit.transcript(f"https://vimeo.com/{stage.vimeo.user.videos[0].id}", identifier=ana)
    assert segments.language == "en-US"
    first, second = segments[:2]
    assert first.text == "Welcome to the Northwind dashboard."
    assert 0 <= first.start < first.end <= second.start
    assert stage.toolkit.transcript(stage.vimeo.user.videos[1].uri, identifier=ana) == []


def test_no_agent_uploads_an_index(vimeo: Sandbox, tmp_path: Path) -> None:
    with VimeoToolkit(
        [Connection(api_url=vimeo.url)],
        store="sqlite:///:memory:",
        library=f"sqlite:///{tmp_path / 'library'}",
        upload_folders=[tmp_path],
    ) as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        inside = tmp_path / "library" / "film.mp4"
        inside.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(100))
        with pytest.raises(InvalidInput, match="own files"):
            toolkit.execute_tool(
                identifier="u",
                tool_name="vimeo_video_upload",
                tool_input={"path": str(inside), "name": "x"},
            )
