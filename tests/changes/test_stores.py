"""Plans in each store: found, moved on, and gone with their user alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vimeo_toolkit import Connection, VimeoToolkit, generate_key
from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus
from vimeo_toolkit.changes.model import Edit, Plan, PlannedVideo
from vimeo_toolkit.changes.rows import Plans
from vimeo_toolkit.changes.writes import Writes, Written
from vimeo_toolkit.identity import Identity, Owner
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.secret import Secret

SERVERS = [pytest.param(name, marks=pytest.mark.slow) for name in ("postgres", "redis")]


@pytest.mark.parametrize("store_url", ["sqlite", *SERVERS], indirect=True)
def test_a_users_plans_and_no_others(store_url: str) -> None:
    old, new = generate_key(), generate_key()
    videos = tuple(
        PlannedVideo(f"/videos/{number}", "Film", (Edit("description", "映" * 1_000, "short"),))
        for number in range(60)
    )
    plan = Plan("p0000feed", "asked", "Shorten descriptions", 1.0, videos)

    def owned(toolkit: VimeoToolkit, name: str) -> tuple[Plans, Writes]:
        identity = Identity("vimeo", name)
        vault, io = toolkit._context.vault, toolkit._blocking
        if run_sync(vault.load(io, identity)) is None:
            record = AccountRecord(
                connection_name="vimeo",
                identifier=name,
                status=AccountStatus.ACTIVE,
                access_token=Secret(f"token {name}"),
            )
            assert run_sync(vault.save(io, record))
        account = run_sync(vault.load(io, identity))
        assert account is not None
        owner = Owner(identity, account.generation)
        return Plans(vault, io, owner, 600.0), Writes(vault, io, owner, 600.0)

    with VimeoToolkit([Connection()], store=store_url, key=old) as toolkit:
        for name in ("a", "b", "c"):
            plans, writes = owned(toolkit, name)
            run_sync(plans.save(plan))
            for number in range(3):
                run_sync(writes.note(Written("vimeo_video_edit", float(number), ("video 1",), "ok")))
        kept = run_sync(owned(toolkit, "b")[0].open(plan.id))
        assert run_sync(kept.note([replace(videos[59], state="done")]))
    with VimeoToolkit([Connection()], store=store_url, key=[new, old]) as toolkit:
        assert toolkit.rotate_key().complete
    with VimeoToolkit([Connection()], store=store_url, key=new) as toolkit:
        plans, writes = owned(toolkit, "b")
        assert run_sync(plans.load(plan.id)).videos == (*videos[:59], replace(videos[59], state="done"))
        assert [each.at for each in run_sync(writes.list())] == [2.0, 1.0, 0.0]
        toolkit.delete_connected_account(identifier="b", revoke=False)
        assert {key.name[:48] for kind in ("plan", "write") for key, _ in toolkit._store.scan(kind)} == {
            Identity("vimeo", name).digest for name in ("a", "c")
        }
        assert toolkit.list_plans(identifier="a")[0].id == plan.id
