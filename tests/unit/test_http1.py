"""One connection of HTTP/1.1 and those that are kept, without a socket: what comes in whichever pieces, what is
written, and when another request may follow."""

from __future__ import annotations

import gzip
import threading
import zlib
from collections import deque
from itertools import pairwise
from typing import Any

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vimeo_toolkit.runtime.http1 import Http1, Kept
from vimeo_toolkit.runtime.messages import MAX_BODY, server_of, wire_of
from vimeo_toolkit.runtime.ports import AnswerLost, HttpRequest, HttpResponse, TooLarge

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
PLAIN = HEAD + b"Content-Length: 9\r\n\r\n" + b'{"a": 12}'
CHUNKED = HEAD + b'Transfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n5\r\n: 12}\r\n0\r\n\r\n'
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + PLAIN


class _Idle:
    """A connection's other half, which is idle."""

    kept = True

    def __init__(self) -> None:
        self.closed = False

    def close(self) -> None:
        self.closed = True


def made() -> Http1[_Idle]:
    stream = _Idle()
    return Http1(stream, stream.close)


def asked(method: str = "GET", content: bytes = b"") -> Http1[_Idle]:
    connection = made()
    connection.begin(wire_of(HttpRequest(method, "https://api.vimeo.com/me?a=b", (("A", "b"),), content)))
    return connection


def taken(connection: Http1[Any], *pieces: bytes) -> HttpResponse:
    for piece in pieces:
        assert not connection.whole
        connection.take(piece)
    assert connection.whole
    return connection.answer()


@given(st.sampled_from([PLAIN, CHUNKED, HINTS]), st.lists(st.integers(0, 150), max_size=5))
def test_an_answer_is_the_same_in_whichever_pieces_it_comes(answer: bytes, cuts: list[int]) -> None:
    places = sorted({0, len(answer), *(cut for cut in cuts if 0 < cut < len(answer))})
    connection = asked()
    found = taken(connection, *(answer[a:b] for a, b in pairwise(places)))
    assert (found.status, found.content) == (200, b'{"a": 12}')
    assert found.headers["content-type"] == "application/json"
    assert connection.next_may_follow()


@pytest.mark.parametrize(("hints", "lost"), [(100, False), (101, True)])
def test_informational_answers_have_an_end(hints: int, lost: bool) -> None:
    connection = asked()
    if lost:
        with pytest.raises(AnswerLost):
            connection.take(hints * b"HTTP/1.1 103 Early Hints\r\n\r\n")
        return
    for _ in range(2):  # each answer's are counted for itself
        assert taken(connection, hints * b"HTTP/1.1 103 Early Hints\r\n\r\n" + PLAIN).status == 200
        assert connection.next_may_follow()
        connection.begin(wire_of(HttpRequest("GET", "https://api.vimeo.com/me", ())))


def test_an_idle_connection_keeps_nothing_of_an_answer() -> None:
    """It may be large, and is a user's."""
    connection = asked()
    assert taken(connection, PLAIN).content
    assert connection.next_may_follow()
    assert (connection._headers, connection._body) == ({}, None)


@pytest.mark.parametrize("encoding", [b"gzip", b"deflate"])
@pytest.mark.parametrize(("behind", "large"), [(0, False), (20, False), (MAX_BODY + 1, True)])
def test_what_is_behind_packed_data_is_dropped_up_to_a_limit(
    encoding: bytes, behind: int, large: bool
) -> None:
    packed = gzip.compress(b"{}") if encoding == b"gzip" else zlib.compress(b"{}")
    connection = asked()
    connection.take(HEAD + b"Transfer-Encoding: chunked\r\nContent-Encoding: " + encoding + b"\r\n\r\n")
    pieces = [packed, *(b"\0" * min(1_000_000, behind - start) for start in range(0, behind, 1_000_000))]
    wire = [b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces]
    if large:
        with pytest.raises(TooLarge):
            taken(connection, *wire)
    else:
        assert taken(connection, *wire, b"0\r\n\r\n").content == b"{}"


def test_packed_data_that_unpack_to_nothing_have_an_end() -> None:
    packer = zlib.compressobj(wbits=31)
    begun = packer.compress(b"") + packer.flush(zlib.Z_SYNC_FLUSH)
    empty = b"\0\0\0\xff\xff" * 200_000  # blocks of no bytes
    connection = asked()
    connection.take(HEAD + b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n")
    connection.take(b"%x\r\n%b\r\n" % (len(begun), begun))
    with pytest.raises(TooLarge):
        taken(connection, *[b"%x\r\n%b\r\n" % (len(empty), empty)] * 100)


def test_one_request_after_the_other() -> None:
    connection = made()
    for number in range(3):
        wire = wire_of(HttpRequest("GET", f"http://127.0.0.1:8080/{number}", ()))
        assert connection.begin(wire) == [b"GET /%d HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n" % number]
        assert taken(connection, PLAIN).content == b'{"a": 12}'
        assert connection.next_may_follow()


@pytest.mark.parametrize("size", [0, 1, 64 * 1024, 64 * 1024 + 1, 3_000_000])
def test_a_body_goes_out_whole_with_its_length(size: int) -> None:
    content = b"x" * size
    parts = made().begin(wire_of(HttpRequest("PATCH", "https://files.tus.vimeo.com/a", (), content)))
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    assert body == content
    assert b"Content-Length: %d" % size in head.split(b"\r\n")
    assert len(parts) <= 2
    if size > 64 * 1024:
        assert parts[1] is content  # not copied


@pytest.mark.parametrize(
    ("method", "answer", "status"),
    [
        ("HEAD", HEAD + b"Content-Length: 9\r\n\r\n", 200),
        ("PUT", b"HTTP/1.1 204 No Content\r\n\r\n", 204),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304),
    ],
)
def test_answers_that_have_no_body_are_whole_at_once(method: str, answer: bytes, status: int) -> None:
    connection = asked(method)
    found = taken(connection, answer)
    assert (found.status, found.content) == (status, b"")
    assert connection.next_may_follow()


@pytest.mark.parametrize(
    "answer",
    [
        HEAD + b"Connection: close\r\nContent-Length: 9\r\n\r\n" + b'{"a": 12}',
        b"HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\n" + b'{"a": 12}',
        PLAIN + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        PLAIN + b"x",
    ],
)
def test_behind_some_answers_no_other_request_follows(answer: bytes) -> None:
    """Above all where something came behind it: it would be taken for the next one's, another user's perhaps."""
    connection = asked()
    assert taken(connection, answer).content == b'{"a": 12}'
    assert not connection.next_may_follow()


def test_an_answer_may_end_with_its_connection() -> None:
    connection = asked()
    assert taken(connection, HEAD + b'\r\n{"a": 12}', b"").content == b'{"a": 12}'
    assert not connection.next_may_follow()


@pytest.mark.parametrize("cut", [0, 10, len(HEAD), len(PLAIN) - 1])
@pytest.mark.parametrize("answer", [PLAIN, CHUNKED])
def test_a_cut_answer_is_lost(answer: bytes, cut: int) -> None:
    connection = asked()
    if cut:
        connection.take(answer[:cut])
    with pytest.raises((AnswerLost, h11.RemoteProtocolError)):
        connection.take(b"")
    assert not connection.whole


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: 10\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nBad Header : x\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"y" * 120_000,
    ],
)
def test_what_cannot_be_read_is_an_error(answer: bytes) -> None:
    connection = asked()
    with pytest.raises((AnswerLost, h11.RemoteProtocolError)):
        connection.take(answer)
    assert not connection.whole


def test_too_much_is_refused_before_it_has_come() -> None:
    with pytest.raises(TooLarge):
        asked().take(HEAD + b"Content-Length: %d\r\n\r\n" % (MAX_BODY + 1))


@pytest.mark.parametrize("value", ["a\r\nX-Other: b", "a\nb", "a\0b"])
def test_a_header_that_would_be_two_is_not_sent(value: str) -> None:
    with pytest.raises(h11.LocalProtocolError):
        made().begin(wire_of(HttpRequest("GET", "http://127.0.0.1/", (("Authorization", value),))))


API, OTHER = server_of("https://api.vimeo.com/me"), server_of("http://127.0.0.1:8080/")


def test_the_one_that_was_used_last_is_taken_and_by_one_alone() -> None:
    kept: Kept[_Idle] = Kept()
    first, second = made(), made()
    for each in (first, second):
        kept.put(API, each)
    assert kept.take(OTHER) is None
    assert kept.take(API) is second
    assert kept.take(API) is first
    assert kept.take(API) is None


def test_servers_are_told_apart_by_scheme_host_and_port() -> None:
    kept: Kept[_Idle] = Kept()
    places = ("https://a.example", "http://a.example", "https://b.example", "https://a.example:8443")
    for place in places:
        kept.put(server_of(place), made())
    for place in places:
        assert kept.take(server_of(f"{place}/x?y")) is not None
        assert kept.take(server_of(place)) is None


def test_what_was_idle_for_too_long_is_closed_whichever_server_is_asked_next() -> None:
    kept: Kept[_Idle] = Kept()
    old, fresh = made(), made()
    kept.put(OTHER, old)
    old.stream.kept = False
    kept.put(API, fresh)
    assert (old.stream.closed, fresh.stream.closed) == (True, False)


def test_no_more_are_idle_than_may_be() -> None:
    kept: Kept[_Idle] = Kept()
    every = [made() for _ in range(7)]
    for number, each in enumerate(every):
        kept.put((API, OTHER)[number % 2], each)
    assert not any(each.stream.closed for each in every)
    kept.close_old(4)
    assert sum(not each.stream.closed for each in every) == 4
    assert not any(each.stream.closed for each in every[-2:])
    kept.close_old(0)
    assert all(each.stream.closed for each in every)
    assert kept.take(API) is None


def test_all_can_be_let_go_of() -> None:
    kept: Kept[_Idle] = Kept()
    every = [made() for _ in range(3)]
    for each in every:
        kept.put(API, each)
    assert kept.clear() == every
    assert kept.take(API) is None


def test_what_comes_back_after_all_were_let_go_of_is_closed() -> None:
    """Its request was under way meanwhile."""
    kept: Kept[_Idle] = Kept()
    kept.put(API, made())
    held = kept.take(API)
    assert held is not None
    assert kept.clear() == []
    kept.put(API, held)
    assert held.stream.closed
    assert kept.take(API) is None


def test_another_thread_may_take_the_last_one_between_two_steps() -> None:
    class Taken(deque[Any]):
        """Is empty by the time that something is asked of it."""

        def __bool__(self) -> bool:
            return True

    kept: Kept[_Idle] = Kept()
    kept._idle[API.key], kept._idle[OTHER.key] = Taken(), Taken()
    kept.close_old()
    kept.put(API, made())
    assert kept.take(API) is not None
    assert kept.take(API) is None
    assert kept.clear() == []


def test_two_threads_never_get_the_same() -> None:
    kept: Kept[_Idle] = Kept()
    for _ in range(8):
        kept.put(API, made())
    held: set[int] = set()
    twice: list[int] = []

    def use() -> None:
        for _ in range(3_000):
            found = kept.take(API)
            if found is None:
                continue
            if id(found) in held:
                twice.append(id(found))
            held.add(id(found))
            held.discard(id(found))
            kept.put(API, found)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert twice == []
    assert len(kept.clear()) == 8
