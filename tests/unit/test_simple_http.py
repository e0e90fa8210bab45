"""What is read and written without h11 is what h11 reads and writes."""

from __future__ import annotations

import h11
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vimeo_toolkit.runtime.messages import Wire, server_of, wire_of
from vimeo_toolkit.runtime.ports import HttpRequest
from vimeo_toolkit.runtime.simple_http import Answer, answer_of, head_of

SERVER = server_of("https://api.vimeo.com/")
USUAL = (
    ("Authorization", "Bearer 0123456789abcdef"),
    ("Accept", "application/vnd.vimeo.*+json;version=3.4"),
    ("User-Agent", "vimeo-toolkit/1"),
    ("Accept-Encoding", "gzip, deflate"),
)
RECORDED = (
    b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 13\r\nServer: nginx\r\n"
    b"Content-Type: application/vnd.vimeo.video+json\r\nX-RateLimit-Limit: 100\r\nVary: Accept,Vimeo-Client-Id\r\n"
    b'Date: Fri, 27 Nov 2026 10:00:00 GMT\r\n\r\n{"name": "x"}'
)


def by_h11(method: str, data: bytes) -> Answer | None:
    """What h11 reads, where it is whole, nothing comes behind it and another request may follow."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method=method, target="/", headers=[("Host", "x"), ("Content-Length", "0")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(data)
    status, headers, body = 0, {}, b""
    while True:
        event = connection.next_event()
        match event:
            case h11.Response():
                status = event.status_code
                headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in event.headers}
            case h11.Data():
                body += event.data
            case h11.EndOfMessage():
                break
            case _:
                return None
    done = connection.our_state is h11.DONE and connection.their_state is h11.DONE
    return (status, headers, body) if done and not any(connection.trailing_data) else None


def written_by_h11(wire: Wire) -> bytes:
    connection = h11.Connection(h11.CLIENT)
    return connection.send(h11.Request(method=wire.method, target=wire.target, headers=wire.headers)) or b""


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "PATCH", "DELETE"])
@pytest.mark.parametrize("content", [b"", b'{"a": 1}'])
def test_the_usual_request_is_simple(method: str, content: bytes) -> None:
    wire = wire_of(HttpRequest(method, "https://api.vimeo.com/me/videos?fields=uri,name", USUAL, content))
    assert head_of(wire) == written_by_h11(wire)


def test_the_usual_answer_is_simple() -> None:
    found = answer_of(RECORDED)
    assert found == by_h11("GET", RECORDED)
    assert found is not None
    assert found[1]["connection"] == "keep-alive"


names = st.sampled_from(
    [
        "A",
        "X-Y",
        "Host",
        "Content-Length",
        "Authorization",
        "Connection",
        "expect",
        "Transfer-Encoding",
        "a b",
        "",
        "ü",
    ]
)
values = st.text(alphabet="aB1 \t:;,=\r\n\0\x7fü\x1f", max_size=6).map(lambda text: text.encode("latin-1"))


@given(
    st.sampled_from(["GET", "PUT", "HEAD", "get", "CONNECT", "OPTIONS", "GET ", "G\nET"]),
    st.text(alphabet="/a?&=#% \r\n\0ü", max_size=6).map(lambda text: b"/" + text.encode("latin-1")),
    st.lists(st.tuples(names.map(lambda name: name.encode("latin-1")), values), max_size=3),
)
def test_a_simple_request_is_written_as_h11_writes_it(
    method: str, target: bytes, headers: list[tuple[bytes, bytes]]
) -> None:
    wire = Wire(SERVER, method, target, [(b"Host", b"api.vimeo.com"), *headers], b"")
    head = head_of(wire)
    if head is not None:
        assert head == written_by_h11(wire)


LINES = [
    b"Content-Length: 2", b"content-length:2", b"Content-Length: 02", b"Content-Length: +2",
    b"Content-Length: 2, 2", b"Content-Length: 3", b"Content-Length:", b"Transfer-Encoding: chunked",
    b"Connection: close", b"Connection: Keep-Alive", b"Connection: keep-alive, upgrade", b"Upgrade: h2c",
    b"Trailer: X", b"X: a b ", b"X:\ta", b"X: \xfc", b"X : a", b" folded", b"X",
    b"X: a\0b", b"", b"A_b: c", b"X: a\x7f",
]  # fmt: skip
STARTS = [
    b"HTTP/1.1 200 OK", b"HTTP/1.1 404 Not Found", b"HTTP/1.1 200 ", b"HTTP/1.1 200", b"HTTP/1.0 200 OK",
    b"HTTP/1.1 100 Continue", b"HTTP/1.1 204 No Content", b"HTTP/1.1 304 Not Modified", b"HTTP/1.1 599 x",
    b"HTTP/1.1 600 x", b"HTTP/2 200 OK", b"HTTP/1.1  200 OK", b"http/1.1 200 OK", b"HTTP/1.1 200 \xfc",
]  # fmt: skip


@given(
    st.sampled_from(STARTS),
    st.lists(st.sampled_from(LINES), max_size=5),
    st.sampled_from([b"\r\n", b"\n", b"\r"]),
    st.sampled_from([b"{}", b"", b"{}\r\n", b"{} ", b"{}HTTP/1.1 200 OK\r\n\r\n"]),
)
@example(STARTS[0], [LINES[0]], b"\r\n", b"{}")
@example(STARTS[0], [LINES[0], b"Connection: close", b"Connection: keep-alive"], b"\r\n", b"{}")
def test_a_simple_answer_is_read_as_h11_reads_it(
    start: bytes, lines: list[bytes], end: bytes, body: bytes
) -> None:
    data = end.join([start, *lines, b"", body])
    found = answer_of(data)
    if found is not None:
        assert found == by_h11("GET", data)


@given(st.integers(0, len(RECORDED) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_nor_is_one_that_was_changed_anywhere_read_otherwise(place: int, new: bytes, cut: int) -> None:
    data = RECORDED[:place] + new + RECORDED[place + cut :]
    found = answer_of(data)
    if found is not None:
        assert found == by_h11("GET", data)


@pytest.mark.parametrize("end", range(len(RECORDED)))
def test_a_part_of_an_answer_is_not_simple(end: int) -> None:
    assert answer_of(RECORDED[:end]) is None
