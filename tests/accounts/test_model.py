"""An account as it is shown and as it is kept, field by field."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vimeo_toolkit.accounts.model import AccountRecord, AccountStatus, FormerToken, Unreadable
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores.protocol import Key

WHOLE = AccountRecord(
    connection_name="vimeo",
    identifier="u",
    status=AccountStatus.ACTIVE,
    reason="why",
    access_token=Secret("a-1"),
    refresh_token=Secret("r-1"),
    api_url="https://api.vimeo.com",
    expires_at=100.0,
    refreshing_since=90.0,
    spent="digest",
    ended_at=95.0,
    former_tokens=(FormerToken(Secret("f-1"), "https://api.vimeo.com"),),
    revoke_at=80.0,
    deleting_since=70.0,
    granted_scopes=("edit",),
    requested_scopes=("edit", "private"),
    vimeo_uri="/users/7",
    vimeo_name="Ana",
    app_uri="/apps/9",
    verified_at=60.0,
    created_at=50.0,
    updated_at=55.0,
    version=5,
    unknown={"later": [1]},
)
KEY = Key("account", "vimeo", "u")
NEW = AccountRecord(connection_name="vimeo", identifier="u")
TEXT = st.text(max_size=5)
RECORDS = st.builds(
    AccountRecord,
    connection_name=st.just("vimeo"),
    identifier=st.just("u"),
    status=st.sampled_from(AccountStatus),
    reason=st.none() | TEXT,
    access_token=st.none() | TEXT.map(Secret),
    refresh_token=st.none() | TEXT.map(Secret),
    expires_at=st.none() | st.floats(0, 1e9),
    former_tokens=st.lists(st.builds(FormerToken, TEXT.map(Secret), TEXT), max_size=2).map(tuple),
    granted_scopes=st.lists(TEXT, max_size=2).map(tuple),
    requested_scopes=st.lists(TEXT, max_size=2).map(tuple),
    version=st.integers(0, 9),
    unknown=st.dictionaries(TEXT.map("later_{}".format), st.integers(), max_size=2),
)


@given(RECORDS)
def test_whatever_is_kept_comes_back(record: AccountRecord) -> None:
    assert AccountRecord.from_json(KEY, record.version, record.to_json()) == record


def test_what_is_sealed_is_all_but_the_address_and_the_version() -> None:
    body = WHOLE.to_json()
    names = {each.name for each in dataclasses.fields(AccountRecord)}
    assert set(body) == names - {"connection_name", "identifier", "version", "unknown"} | {"later"}
    assert (body["access_token"], body["refresh_token"], body["later"]) == ("a-1", "r-1", [1])
    assert body["former_tokens"] == [["f-1", "https://api.vimeo.com"]]
    assert AccountRecord.from_json(KEY, 5, body) == WHOLE
    assert NEW.to_json() == {
        "status": "PENDING",
        "granted_scopes": (),
        "requested_scopes": (),
        "verified_at": 0.0,
        "created_at": 0.0,
        "updated_at": 0.0,
    }


def test_what_its_owner_sees() -> None:
    account = WHOLE.public()
    moment = datetime(1970, 1, 1, 0, 1, 40, tzinfo=UTC)
    assert account.expires_at == moment
    assert account.to_dict() == {
        "connection_name": "vimeo",
        "identifier": "u",
        "status": "ACTIVE",
        "reason": "why",
        "vimeo_uri": "/users/7",
        "vimeo_name": "Ana",
        "granted_scopes": ["edit"],
        "missing_scopes": ["private"],
        "expires_at": "1970-01-01T00:01:40+00:00",
        "created_at": "1970-01-01T00:00:50+00:00",
        "updated_at": "1970-01-01T00:00:55+00:00",
    }
    assert NEW.public().to_dict()["expires_at"] is None


def test_an_account_without_a_token_misses_no_scopes() -> None:
    pending = NEW.replace(requested_scopes=("private",)).public()
    assert pending.missing_scopes == frozenset()
    ended = NEW.replace(requested_scopes=("private",), status=AccountStatus.EXPIRED).public()
    assert ended.missing_scopes == {"private"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({}, None), ({"deleting_since": 0.0}, "begun"), ({"deleting_since": 1.0, "reason": "why"}, "why")],
)
def test_a_disconnection_that_was_begun_is_the_reason_where_there_is_no_other(
    changes: dict[str, Any], reason: str | None
) -> None:
    shown = NEW.replace(**changes).public().reason
    assert (shown is None) if reason is None else (shown is not None and reason in shown)


def test_a_generation_is_one_vimeo_user_of_one_account() -> None:
    assert WHOLE.identity == Identity("vimeo", "u")
    assert WHOLE.generation == "50.0 /users/7"
    assert NEW.generation == "0.0 "
    assert WHOLE.replace(access_token=None, version=9, updated_at=9.0).generation == WHOLE.generation
    assert WHOLE.replace(vimeo_uri="/users/8").generation != WHOLE.generation


def test_a_token_that_works_ends_what_was_said_of_its_end() -> None:
    ended = WHOLE.replace(status=AccountStatus.EXPIRED)
    active = ended.activated(access_token=Secret("a-2"))
    assert active == WHOLE.replace(
        reason=None, refreshing_since=None, spent=None, ended_at=None, access_token=Secret("a-2")
    )


def test_what_is_said_of_a_row_that_does_not_open() -> None:
    row = Unreadable("vimeo", "u", "It is damaged.")
    assert (row.kind, row.foreign) == ("account", False)
    assert row.to_dict() == {
        "kind": "account",
        "connection_name": "vimeo",
        "identifier": "u",
        "reason": "It is damaged.",
    }
