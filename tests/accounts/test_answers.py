"""Token answers in every shape that a server may give them: a token that came is never thrown away."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.world import World, answer
from vimeo_toolkit import AccountStatus
from vimeo_toolkit.accounts.oauth import parse_grant, parse_token
from vimeo_toolkit.accounts.tokens import ensure_valid_token
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.secret import Secret

ABSENT = object()
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
SCOPES = (
    st.just(ABSENT) | JSON | st.sampled_from(["", "private", "private,edit", ["private", 7], "bad\x00scope"])
)
ENDS = (
    st.just(ABSENT)
    | JSON
    | st.sampled_from(["3600", " 3600.5 ", "soon", "-1", 0, "1e999", "nan", "9" * 5000])
)


def _body(**values: Any) -> bytes:
    return json.dumps({name: value for name, value in values.items() if value is not ABSENT}).encode()


@given(
    status=st.sampled_from([200, 201, 202]), scope=SCOPES, ends=ENDS, on=ENDS, rest=JSON, user=JSON, kind=JSON
)
def test_a_token_is_a_token(
    status: int, scope: Any, ends: Any, on: Any, rest: Any, user: Any, kind: Any
) -> None:
    body = _body(
        access_token="t-1",
        scope=scope,
        expires_in=ends,
        expires_on=on,
        refresh_token=rest,
        user=user,
        app=user,
        token_type=kind,
    )
    grant = parse_token(answer(status, body), 1000.0)
    assert grant is not None
    assert grant.access_token == Secret("t-1")
    assert grant.scopes is None or (grant.scopes and all(isinstance(name, str) for name in grant.scopes))
    assert grant.expires_at is None or grant.expires_at > -1e12
    assert grant.refresh_token is None or isinstance(rest, str)


@given(JSON)
def test_what_is_no_answer_raises_nothing(value: Any) -> None:
    for status in (200, 400, 401, 500):
        grant = parse_grant(answer(status, json.dumps(value).encode()), 0.0)
        assert grant is None or grant.access_token is None or status == 200


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3600", 3600),
        (3600.5, 3600.5),
        (" 60 ", 60),
        ("soon", None),
        (0, None),
        (-5, None),
        (True, None),
        ([], None),
    ],
)
def test_how_long(text: Any, seconds: float | None) -> None:
    grant = parse_token(answer(200, _body(access_token="t", expires_in=text)), 1000.0)
    assert grant is not None
    assert grant.expires_at == (None if seconds is None else 1000.0 + seconds)


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize("scope", [ABSENT, None, "", ["private", "edit"], "private edit", 7])
def test_a_refresh_keeps_what_came(status: int, scope: Any) -> None:
    body = _body(
        access_token="new", refresh_token="next", scope=scope, expires_in="3600", token_type="BEARER"
    )
    world = World(answer(status, body))
    ctx = world.context()
    record = world.account(
        ctx, refresh_token=Secret("old"), expires_at=world.time + 10, granted_scopes=("stats",)
    )
    renewed = run_sync(ensure_valid_token(ctx, world, record))
    assert renewed.status is AccountStatus.ACTIVE
    assert (renewed.access_token, renewed.refresh_token) == (Secret("new"), Secret("next"))
    assert renewed.expires_at == world.time + 3600
    said = isinstance(scope, list) or bool(isinstance(scope, str) and scope)
    assert renewed.granted_scopes == (("edit", "private") if said else ("stats",))
