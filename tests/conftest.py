"""Fixtures that most tests use: a sandbox, a toolkit over it, a connected user."""

from __future__ import annotations

import gc
import os
import signal
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from tests.examples import UPLOADS
from tests.properties import choose, is_property
from tests.servers import (
    postgres_schema,
    postgres_server,
    postgres_url,
    redis_server,
    redis_url,
    sqlite_url,
    store_url,
)
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.runtime.internals import missing
from vimeo_toolkit.sandbox import Sandbox, User
from vimeo_toolkit.settings import SETTINGS

# Here and in no other conftest: each that names a server's fixture would start a server of its own.
__all__ = [
    "postgres_schema",
    "postgres_server",
    "postgres_url",
    "redis_server",
    "redis_url",
    "sqlite_url",
    "store_url",
]

if missing():
    raise ImportError(
        f"private names that the drivers stand on are not there any more: {', '.join(missing())}"
    )

ALL_SCOPES = ("public", "private", "create", "edit", "delete", "interact", "upload", "stats", "video_files")
SLOW_RUN = pytest.StashKey[bool]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SLOW_RUN] = choose(config)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell has begun the run in the background. What tests interrupt would ignore it, too.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if config.pluginmanager.hasplugin("cacheprovider") and os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        # Every process that a test starts would compile all that it imports, for seconds. What they compiled is
        # kept where pytest keeps things, and not beside the sources; pytest's workers have it from there, too.
        os.environ["PYTHONPYCACHEPREFIX"] = str(config.cache.mkdir("bytecode"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect no garbage while tests are collected, which makes many objects that stay: a third of the time.
    Nor look through these objects at each collection in a test, nor at all others after every few tests."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000)
        gc.enable()


WHOLE = 5_000
"""Tests from which on a run is one over everything."""
OVER_ALL_TOOLS = (
    "test_inputs.py::test_no_value_leaves_its_place",
    "test_dry_run.py::test_what_it_shows_is_what_is_sent",
    "test_parity.py::test_same_error_for_a_null_in_a_required_input",
    "test_parity.py::test_same_error_for_an_unknown_input",
    "test_parity.py::test_same_error_for_a_missing_scope",
    "test_parity.py::test_same_request_and_result",
    "test_parity.py::test_nulls_mean_left_out",
    "test_coercion.py::test_every_optional_input_may_be_filled_with_nothing",
    "test_coercion.py::test_no_two_values_are_one_in_another_spelling",
    "test_arguments.py::test_every_input_in_another_spelling",
    "test_core.py::test_what_is_held_back_waits",
    "test_core.py::test_a_toolkit_that_only_reads",
    "test_inputs_as_sent.py::test_one_input_in_other_words",
    "test_boundaries.py::test_no_identity_in_what_a_model_sees",
    "test_schemas.py::test_a_strict_schema_requires_every_input_and_takes_null_for_what_may_be_left_out",
    "test_calls.py::test_every_tool_under_subsets_of_scopes",
    "test_every_write.py::test_an_outcome_that_stays",
    "test_told.py::test_what_a_person_is_told_is_bound",
    "test_bound.py::test_what_is_not_there_is_not_asked_about",
    "test_bound.py::test_what_changed_is_asked_about_anew",
    "test_effects.py::test_what_undo_names_takes_it_back",
    "test_checkers.py::test_only_the_right_end_state_is_taken",
    "test_odd_inputs.py::test_agents_that_write_text",
    "test_odd_inputs.py::test_every_error_is_bounded_in_every_adapter",
    "test_odd_inputs.py::test_extremes_in_place_of_arguments_and_in_an_argument",
    "test_network_faults.py::test_once",
    "test_contract.py::test_answers_to_the_tools_requests_are_in_the_document",
    "test_requests.py::test_requests_are_in_the_document",
    "test_effects.py::test_the_class_is_what_the_call_does",
    "test_told.py::test_what_the_call_takes_away_is_bound",
    "test_tool_call.py::test_the_same_reply_as_of_the_tool_itself",
)
"""Of these a run over everything has every third case, and the slow run all."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let the slow run have the property tests, too, where they try many examples, and what is tried on all
    tools."""
    if config.stash[SLOW_RUN]:
        for item in items:
            if is_property(item) or item.nodeid.partition("[")[0].endswith(OVER_ALL_TOOLS):
                item.add_marker("slow")
    elif len(items) > WHOLE:
        seen: Counter[str] = Counter()
        for item in items:
            name = item.nodeid.partition("[")[0]
            if name.endswith(OVER_ALL_TOOLS):
                if seen[name] % 3:
                    item.add_marker("slow")
                seen[name] += 1


@pytest.fixture
def vimeo() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def connection(vimeo: Sandbox) -> Connection:
    return Connection(
        name="vimeo",
        client_id=vimeo.app.client_id,
        client_secret=vimeo.app.client_secret,
        redirect_uri=vimeo.app.redirect_uri,
        scopes=ALL_SCOPES,
        api_url=vimeo.url,
    )


@pytest.fixture
def toolkit(connection: Connection) -> Iterator[VimeoToolkit]:
    with VimeoToolkit(
        [connection], store="sqlite:///:memory:", max_wait=5.0, upload_folders=[UPLOADS]
    ) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with nothing in it and no setting in the environment."""
    for name in (*SETTINGS, "VIMEO_ENV_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Connect(Protocol):
    def __call__(
        self, identifier: str = ..., user: User | None = ..., scopes: Iterable[str] | None = ...
    ) -> str: ...


@pytest.fixture
def connect(vimeo: Sandbox, toolkit: VimeoToolkit) -> Connect:
    """Connect an identifier through the whole authorization code flow; gives back the identifier."""

    def connected(
        identifier: str = "user_1", user: User | None = None, scopes: Iterable[str] | None = None
    ) -> str:
        link = toolkit.get_authorization_link(identifier=identifier).link
        toolkit.complete_authorization(vimeo.authorize(link, user=user, scopes=scopes), identifier=identifier)
        vimeo.requests.clear()
        return identifier

    return connected
