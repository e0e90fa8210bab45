"""What each fault does to the one request that meets it; the catalogue (`faults`) says it in a sentence each."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Final

from vimeo_toolkit.sandbox.exchange import Exchange, RawAnswer, serialized

JSON: Final = ("Content-Type", "application/json")
HTML: Final = ("Content-Type", "text/html; charset=utf-8")
PAGE: Final = b"<!doctype html><html><title>Just a moment</title><body>Please wait.</body></html>"
GZIP: Final = ("Content-Encoding", "gzip")
LATE_SECONDS: Final = 1.5


def say(status: int, body: bytes = b"", *headers: tuple[str, str]) -> Callable[[Exchange], None]:
    """Answer in the server's place, in good form."""
    return lambda exchange: exchange.answer(RawAnswer(status, list(headers), body))


def carried_out_but(status: int, body: bytes, *headers: tuple[str, str]) -> Callable[[Exchange], None]:
    """Carry it out, and answer something else."""

    def strike(exchange: Exchange) -> None:
        exchange.forward()
        exchange.answer(RawAnswer(status, list(headers), body))

    return strike


def instead(body: Callable[[bytes], bytes], *headers: tuple[str, str]) -> Callable[[Exchange], None]:
    """Carry it out, and answer 200 with another body, in good form."""

    def strike(exchange: Exchange) -> None:
        exchange.answer(RawAnswer(200, list(headers), body(exchange.forward().body)))

    return strike


# ---- before the answer ----


def dropped(exchange: Exchange) -> None:
    exchange.close()


def closed(exchange: Exchange) -> None:
    exchange.forward()
    exchange.close()


def reset(exchange: Exchange) -> None:
    exchange.forward()
    exchange.reset()


def stale(exchange: Exchange) -> None:
    exchange.answer(exchange.forward())
    exchange.close()


# ---- headers ----


def silent(exchange: Exchange) -> None:
    exchange.forward()
    exchange.stall()
    exchange.close()


def late(exchange: Exchange) -> None:
    answer = exchange.forward()
    if not exchange.stall(LATE_SECONDS):
        exchange.answer(answer)


def reset_in_headers(exchange: Exchange) -> None:
    exchange.forward()
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: applic")
    exchange.stall(0.05)
    exchange.reset()


def headers_drip(exchange: Exchange) -> None:
    exchange.forward()
    exchange.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while exchange.drip(b"a" * 64):
        pass


def headers_huge(exchange: Exchange) -> None:
    answer = exchange.forward()
    exchange.send(serialized(answer, [("X-Huge", "a" * 1_000_000)]))


def headers_many(exchange: Exchange) -> None:
    answer = exchange.forward()
    exchange.send(serialized(answer, [(f"X-Many-{number}", "a") for number in range(20_000)]))


def headers_endless(exchange: Exchange) -> None:
    exchange.forward()
    exchange.send(b"HTTP/1.1 200 OK\r\n")
    while exchange.send(b"X-Endless: aaaaaaaaaaaaaaaa\r\n" * 500):
        pass


def no_http(exchange: Exchange) -> None:
    exchange.forward()
    exchange.send(b"SSH-2.0-OpenSSH_9.7\r\n")


def contradicting(exchange: Exchange) -> None:
    answer = exchange.forward()
    exchange.send(serialized(answer, [("Content-Length", str(len(answer.body) + 7))]))


def informed(exchange: Exchange) -> None:
    answer = exchange.forward()
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n"
    exchange.send(hints * 3 + serialized(answer))


def informed_for_ever(exchange: Exchange) -> None:
    exchange.forward()
    while exchange.send(b"HTTP/1.1 102 Processing\r\n\r\n") and not exchange.stall(0.02):
        pass


# ---- bodies ----


def begin(exchange: Exchange, length: int = 100_000) -> bool:
    """Send headers that promise a long body, and its first bytes."""
    exchange.forward()
    return exchange.send(serialized(RawAnswer(200, [JSON], b'{"data": ['), length=length))


def reset_in_body(exchange: Exchange) -> None:
    begin(exchange)
    exchange.stall(0.05)
    exchange.reset()


def cut_body(exchange: Exchange) -> None:
    begin(exchange)
    exchange.close()


def cut_without_length(exchange: Exchange) -> None:
    exchange.forward()
    exchange.send(serialized(RawAnswer(200, [JSON, ("Connection", "close")], b'{"data": ['), length=-1))


def cut_chunked(exchange: Exchange) -> None:
    exchange.forward()
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    exchange.send(b'a\r\n{"data": [\r\n')


def body_stalls(exchange: Exchange) -> None:
    begin(exchange)
    exchange.stall()


def body_drips(exchange: Exchange) -> None:
    begin(exchange, length=1_000_000)
    while exchange.drip(b" " * 64):
        pass


def endless(exchange: Exchange) -> None:
    exchange.forward()
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    while exchange.send(chunk):
        pass


def fifty_megabytes(exchange: Exchange) -> None:
    exchange.forward()
    size, block = 50 * 1024 * 1024, b" " * 65536
    exchange.send(serialized(RawAnswer(200, [JSON]), length=size))
    sent = 0
    while sent < size and exchange.send(block):
        sent += len(block)


@cache
def bomb(layers: int) -> bytes:
    """Return about a megabyte of gzip that unpacks to a gigabyte; with two layers, a few kilobytes packed
    twice."""
    packer = zlib.compressobj(9, wbits=31)
    # A flushed block stands for itself, so one that was packed once can be repeated.
    start = packer.compress(b"[") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b" " * 2**24) + packer.flush(zlib.Z_FULL_FLUSH)
    bomb = start + block * 64
    for _ in range(layers - 1):
        bomb = gzip.compress(bomb)
    return bomb


def gzip_cut(plain: bytes) -> bytes:
    return gzip.compress(plain or b"{}")[:-9]


def gzip_corrupt(plain: bytes) -> bytes:
    packed = bytearray(gzip.compress((plain or b"{}") * 3))
    packed[10:20] = b"\xff" * 10
    return bytes(packed)


# ---- answers ----


def redirect(status: int) -> Callable[[Exchange], None]:
    def strike(exchange: Exchange) -> None:
        exchange.answer(RawAnswer(status, [("Location", f"{exchange.elsewhere}{exchange.request.path}")]))

    return strike


def redirect_to_itself(exchange: Exchange) -> None:
    exchange.answer(RawAnswer(301, [("Location", exchange.request.path)]))


REFUSED_BODY: Final = b'{"error":"Too many API requests.","error_code":9000}'
CLIENT_BODY: Final = b'{"error":"invalid_client","error_description":"No such client secret exists."}'
TOKEN_BODY: Final = b'{"error":"You must provide a valid authenticated access token.","error_code":8003}'


def limited(reset: Callable[[float], str] | None, *headers: tuple[str, str]) -> Callable[[Exchange], None]:
    def strike(exchange: Exchange) -> None:
        more = list(headers)
        if reset is not None:
            more += [("X-RateLimit-Limit", "25"), ("X-RateLimit-Remaining", "0")]
            more.append(("X-RateLimit-Reset", reset(time.time())))
        exchange.answer(RawAnswer(429, [JSON, *more], REFUSED_BODY))

    return strike


def iso(now: float) -> str:
    return datetime.fromtimestamp(now + 1.0, UTC).isoformat()
