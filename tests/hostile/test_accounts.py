"""Forged callbacks, and names that look alike."""

from __future__ import annotations

import itertools
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from tests.hostile.values import ANYTHING, TEXTS, many
from tests.hostile.world import Endless
from tests.properties import examples
from vimeo_toolkit import AuthorizationFailed, Connection, InvalidInput, VimeoToolkit, VimeoToolkitError
from vimeo_toolkit.accounts.authorize import authorization_link, complete_authorization
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.stores.cipher import _bound
from vimeo_toolkit.stores.key_encoding import from_text, span, to_text
from vimeo_toolkit.stores.protocol import Key

RELAXED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


def test_ten_thousand_forged_states() -> None:
    world = Endless()
    ctx = world.context()
    link = run_sync(authorization_link(ctx, world, Identity("vimeo", "u"))).link
    state = link.partition("&state=")[2].partition("&")[0]
    near = itertools.chain(
        (state[:cut] for cut in range(len(state))),
        (state[:place] + "x" + state[place + 1 :] for place in range(len(state))),
        (f"{state}{more}" for more in (" ", "\x00", "\n", "%00", "/", "a", "\u0301", "=")),
        (state.upper(), state.swapcase(), f" {state}", f"\ufeff{state}", state[::-1]),
    )
    forged = [text for text in itertools.chain(near, map(str, many(12_000, 11))) if text != state][:10_000]
    assert len(forged) == 10_000
    for text in forged:
        url = f"http://127.0.0.1/cb?code=c&state={quote(text[:4000], errors='surrogatepass')}"
        with pytest.raises(AuthorizationFailed):
            run_sync(complete_authorization(ctx, world, Secret(url), Identity("", "u")))
    assert world.sent == []


@examples(80, 1500, RELAXED)
@given(url=ANYTHING | TEXTS.map(lambda text: f"http://127.0.0.1/cb?{text}"), who=st.just("u") | ANYTHING)
def test_any_callback(url: object, who: object) -> None:
    with VimeoToolkit([Connection()], store="sqlite:///:memory:") as toolkit:
        with pytest.raises((AuthorizationFailed, InvalidInput)) as caught:
            toolkit.complete_authorization(url, identifier=who)  # type: ignore[arg-type]
        assert len(str(caught.value)) < 2000


@examples(60, 1000, RELAXED)
@given(identifier=ANYTHING, token=ANYTHING, connection=ANYTHING)
def test_any_identifier_and_connection(identifier: object, token: object, connection: object) -> None:
    with VimeoToolkit([Connection()], store="sqlite:///:memory:") as toolkit:
        for attempt in (
            lambda: toolkit.get_connected_account(identifier=identifier),  # type: ignore[arg-type]
            lambda: toolkit.get_connected_account(connection, identifier="u"),  # type: ignore[arg-type]
            lambda: toolkit.execute_tool(
                identifier=identifier,  # type: ignore[arg-type]
                tool_name="vimeo_me_get",
                connection_name=connection,  # type: ignore[arg-type]
            ),
            lambda: toolkit.get_authorization_link(identifier="u", scopes=[str(connection)]),
        ):
            with pytest.raises(VimeoToolkitError) as caught:
                attempt()
            assert len(str(caught.value)) < 3000
        if isinstance(identifier, str):
            try:
                made = toolkit.get_or_create_connected_account(identifier=identifier)
            except InvalidInput:
                return
            assert [account.identifier for account in toolkit.list_connected_accounts()] == [identifier]
            assert toolkit.get_connected_account(identifier=identifier) == made


PARTS = st.text(max_size=6) | st.text(alphabet="a/%.2F\x00", max_size=6)


@examples(400, 8000)
@given(one=st.builds(Key, PARTS, PARTS, PARTS), two=st.builds(Key, PARTS, PARTS, PARTS))
def test_no_two_addresses_look_the_same(one: Key, two: Key) -> None:
    assert from_text(to_text(one)) == one
    header = bytes(18)
    assert (to_text(one) == to_text(two)) == (one == two)
    assert (_bound(one, 1, header) == _bound(two, 1, header)) == (one == two)
    low, high = span(one.kind, one.connection)
    inside = low < to_text(two) < high or to_text(two) == low
    assert inside == ((one.kind, one.connection) == (two.kind, two.connection))


@examples(30, 300, RELAXED)
@given(text=st.text(min_size=2, max_size=12, alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_pairs_that_concatenate_equally_do_not_cross(text: str) -> None:
    cuts = [(text[:cut], text[cut:]) for cut in range(1, len(text))]
    names = dict.fromkeys(name for name, _ in cuts)
    with VimeoToolkit([Connection(name=name) for name in names], store="sqlite:///:memory:") as toolkit:
        made = []
        for name, identifier in cuts:
            if identifier.strip():
                toolkit.get_or_create_connected_account(name, identifier=identifier)
                made.append((name, identifier))
        for name, identifier in made:
            found = toolkit.list_connected_accounts(name)
            assert [(one.connection_name, one.identifier) for one in found] == [(name, identifier)]
            toolkit.delete_connected_account(name, identifier=identifier)
            assert toolkit.list_connected_accounts(name) == []
