"""The signatures of webhooks: which are believed, and which settings of the receiver are refused."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.hooks import SECRET, Heard, mac, payload, post
from vimeo_toolkit import ConfigurationError
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.web import SignatureFormat, webhook_app
from vimeo_toolkit.web.signature import is_signed, secrets_of

FORMS = SignatureFormat()
ENCODINGS: dict[str, Callable[[bytes], str]] = {
    "hex": lambda digest: digest.hex(),
    "HEX": lambda digest: digest.hex().upper(),
    "base64": lambda digest: base64.b64encode(digest).decode(),
}


@given(
    body=st.binary(max_size=200),
    secrets=st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=1, max_size=3),
    place=st.integers(0, 2),
    encoding=st.sampled_from(list(ENCODINGS)),
    prefix=st.sampled_from(FORMS.prefixes),
)
def test_a_right_signature_is_believed_in_every_form(
    body: bytes, secrets: list[str], place: int, encoding: str, prefix: str
) -> None:
    signing = secrets[place % len(secrets)]
    signature = prefix + ENCODINGS[encoding](mac(body, signing))
    assert is_signed(body, signature, secrets_of(secrets), FORMS)


@given(
    body=st.binary(min_size=1, max_size=200),
    bit=st.integers(min_value=0),
    encoding=st.sampled_from(list(ENCODINGS)),
    prefix=st.sampled_from(FORMS.prefixes),
)
def test_one_bit_of_the_body_makes_it_wrong(body: bytes, bit: int, encoding: str, prefix: str) -> None:
    signature = prefix + ENCODINGS[encoding](mac(body))
    bit %= len(body) * 8
    changed = bytearray(body)
    changed[bit // 8] ^= 1 << bit % 8
    assert not is_signed(bytes(changed), signature, secrets_of(SECRET), FORMS)


@given(body=st.binary(max_size=50), signature=st.text(max_size=100))
def test_anything_else_is_not_believed(body: bytes, signature: str) -> None:
    assert not is_signed(body, signature, secrets_of(SECRET), FORMS)


@given(body=st.binary(max_size=50), secret=st.text(st.characters(codec="utf-8"), min_size=1))
def test_another_secret_is_not_believed(body: bytes, secret: str) -> None:
    assert is_signed(body, mac(body, secret).hex(), secrets_of(SECRET), FORMS) is (secret == SECRET)


async def test_the_format_can_be_narrowed(heard: Heard) -> None:
    narrow = SignatureFormat(header="X-Other", prefixes=("v1=",), encodings=("base64",))
    app, body = webhook_app(heard, SECRET, signature=narrow), payload()
    transport = httpx.ASGITransport(app=app)
    good = "v1=" + base64.b64encode(mac(body)).decode()
    async with httpx.AsyncClient(transport=transport, base_url="http://hooks") as client:
        for headers, status in (
            ({"X-Webhook-Signature": good}, 401),
            ({"X-Other": "v1=" + mac(body).hex()}, 401),
            ({"X-Other": good.removeprefix("v1=")}, 401),
            ({"X-Other": good}, 200),
        ):
            assert (await client.post("/", content=body, headers=headers)).status_code == status
    assert len(heard.events) == 1


@pytest.mark.parametrize("secret", ["", [], ["good", ""], Secret("")])
def test_an_empty_secret_is_refused(heard: Heard, secret: str | Sequence[str]) -> None:
    with pytest.raises(ConfigurationError, match="secret"):
        webhook_app(heard, secret)


@pytest.mark.parametrize(
    "numbers", [{"max_age": 0}, {"max_bytes": 0}, {"answer_within": -1}, {"max_running": 0}]
)
def test_numbers_that_cannot_work_are_refused(heard: Heard, numbers: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        webhook_app(heard, SECRET, **numbers)


def test_the_secret_does_not_show_itself(heard: Heard) -> None:
    app = webhook_app(heard, [SECRET, "older-secret"])
    shown = repr(app) + repr(vars(app)) + repr(app.routes)
    assert SECRET not in shown
    assert "older-secret" not in shown


@pytest.mark.parametrize("signature", ["", "sha256=", "0" * 64, "v1=" + "0" * 64])
async def test_a_wrong_signature(heard: Heard, signature: str) -> None:
    answer = await post(webhook_app(heard, SECRET), payload(), signature)
    assert (answer.status_code, answer.json()) == (401, {"error": "bad_signature"})
    assert heard.events == []


async def test_nothing_is_parsed_before_the_signature_is_right(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*args: object, **kwargs: object) -> None:
        raise AssertionError("parsed")

    monkeypatch.setattr("vimeo_toolkit.web.events.json.loads", never)
    assert (await post(webhook_app(heard, SECRET), payload(), "0" * 64)).status_code == 401
