"""What all account flows share: the connection, the API that a token is sent to, Vimeo's time."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from tests.unit.world import World, answer
from vimeo_toolkit import ConfigurationError, Connection, InvalidInput
from vimeo_toolkit.accounts.context import Context, place_of
from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.accounts.oauth import verify_request
from vimeo_toolkit.accounts.vault import Vault
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.wire.sending import Policy


@pytest.mark.parametrize("name", ["other", "", None, [], "o" * 100])
def test_a_connection_that_is_not_there_is_named_with_those_that_are(name: str) -> None:
    ctx = World().context()
    with pytest.raises(ConfigurationError) as caught:
        ctx.connection(name)
    assert repr(str(name)[:64]) in caught.value.message
    assert caught.value.hint == "The toolkit has: 'vimeo'."
    assert caught.value.__cause__ is None


def test_a_toolkit_without_connections_says_so() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Context({}, Vault(World().cipher), Policy()).connection("vimeo")
    assert caught.value.hint == "The toolkit has: none."


def test_an_identity_is_of_a_connection_that_exists() -> None:
    ctx = World().context()
    assert ctx.identity("vimeo", "u") == Identity("vimeo", "u")
    with pytest.raises(ConfigurationError):
        ctx.identity("other", "u")
    with pytest.raises(InvalidInput):
        ctx.identity("vimeo", "")


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://api.vimeo.com", "https://api.vimeo.com"),
        ("https://api.vimeo.com:443/x", "https://api.vimeo.com"),
        ("https://API.vimeo.com.:444", "https://api.vimeo.com:444"),
        ("http://api.vimeo.com:80", "http://api.vimeo.com"),
        ("http://api.vimeo.com:443", "http://api.vimeo.com:443"),
        ("https://api.vimeo.com:80", "https://api.vimeo.com:80"),
        ("http://127.0.0.1:8000", "this machine"),
        ("http://localhost:1", "this machine"),
        ("mailto:somebody", "mailto://"),
    ],
)
def test_where_an_api_is(url: str, place: str) -> None:
    assert place_of(url) == place


def test_a_token_goes_to_the_api_that_gave_it_and_to_no_other() -> None:
    world = World()
    ctx = world.context()
    record = AccountRecord(connection_name="vimeo", identifier="u")
    assert ctx.home(record) is ctx.connection("vimeo"), "one that does not say is of Vimeo's own API"
    assert ctx.home(record.replace(api_url="https://api.vimeo.com:443")) is ctx.connection("vimeo")
    with pytest.raises(ConfigurationError, match=r"https://api\.elsewhere\.example, and") as caught:
        ctx.home(record.replace(api_url="https://api.elsewhere.example"))
    assert "https://api.vimeo.com: its token was not sent there" in caught.value.message


def test_vimeos_time_is_heard_from_every_answer() -> None:
    date = format_datetime(datetime(2030, 1, 1, tzinfo=UTC), usegmt=True)
    world = World(answer(200, date=date))
    ctx = world.context()
    assert ctx.now(world) == world.time
    run_sync(ctx.ask(world, verify_request(Connection(client_id="i"), Secret("t"))))
    assert ctx.now(world) == pytest.approx(datetime(2030, 1, 1, tzinfo=UTC).timestamp(), abs=1.0)
