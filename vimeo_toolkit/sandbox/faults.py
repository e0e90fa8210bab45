"""The catalogue of faults: what can go wrong between an agent and Vimeo, each under a name.

Those of a connection, headers, a body or an answer have a `strike` and are injected with
`fault_proxy.FaultProxy`. Those of accounts, stores and clocks happen to what a test has in its
own hands. `FAULTS` has them all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import Final

from vimeo_toolkit.sandbox import fault_actions as act
from vimeo_toolkit.sandbox.exchange import Exchange

__all__ = [
    "CLOSED_ON_ACCEPT",
    "CONNECTION_REFUSED",
    "FAULTS",
    "NETWORK_FAULTS",
    "STATE_FAULTS",
    "Fault",
    "Where",
]


class Where(Enum):
    """What a fault strikes."""

    CONNECTION = "connection"
    HEADERS = "headers"
    BODY = "body"
    ANSWER = "answer"
    """A whole answer, but a wrong one."""
    ACCOUNT = "account"
    STORE = "store"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that can go wrong."""

    name: str
    what: str
    """What happens, in a sentence."""
    where: Where
    strike: Callable[[Exchange], None] | None = field(default=None, repr=False)
    carried_out: bool = True
    """Whether the server carries out the request that meets it."""


_connection = partial(Fault, where=Where.CONNECTION)
_headers = partial(Fault, where=Where.HEADERS)
_body = partial(Fault, where=Where.BODY)
_answer = partial(Fault, where=Where.ANSWER)
_refusal = partial(Fault, where=Where.ANSWER, carried_out=False)

CONNECTION_REFUSED: Final = _connection(
    "connection-refused", "Nothing listens, until the fault is taken back.", carried_out=False
)
CLOSED_ON_ACCEPT: Final = _connection(
    "closed-on-accept", "A new connection is reset before anything is read from it.", carried_out=False
)

NETWORK_FAULTS: Final[tuple[Fault, ...]] = (
    CONNECTION_REFUSED,
    CLOSED_ON_ACCEPT,
    _headers("dropped", "The request is read and dropped; the connection is closed.", strike=act.dropped,
             carried_out=False),
    _headers("closed-before-answer", "It is carried out; the connection is closed unanswered.", strike=act.closed),
    _headers("reset-before-answer", "It is carried out; the connection is reset unanswered.", strike=act.reset),
    _headers("stale-connection", "A good answer; then the server closes the kept connection.", strike=act.stale),
    _headers("silent", "It is carried out, and no answer ever comes.", strike=act.silent),
    _headers("late", f"The answer comes after {act.LATE_SECONDS} seconds.", strike=act.late),
    _headers("reset-in-headers", "The connection is reset within the headers.", strike=act.reset_in_headers),
    _headers("headers-drip", "The headers come a byte at a time and never end.", strike=act.headers_drip),
    _headers("headers-huge", "One header has a megabyte.", strike=act.headers_huge),
    _headers("headers-many", "There are 20,000 headers.", strike=act.headers_many),
    _headers("headers-endless", "Headers come fast and never end.", strike=act.headers_endless),
    _headers("no-http", "The answer is not HTTP.", strike=act.no_http),
    _headers("two-lengths", "Two Content-Length headers contradict each other.", strike=act.contradicting),
    _headers("early-hints", "Three 103 answers come before a good one.", strike=act.informed),
    _headers("endless-hints", "1xx answers come for ever.", strike=act.informed_for_ever),
    _body("reset-in-body", "The connection is reset within the body.", strike=act.reset_in_body),
    _body("cut-body", "The connection ends within the body, by its Content-Length.", strike=act.cut_body),
    _body("cut-json", "The JSON is cut; its Content-Length is that of what came.",
          strike=act.instead(lambda body: (body or b"{}")[: max(1, len(body) // 2)], act.JSON)),
    _body("cut-without-length", "The JSON is cut, and no Content-Length tells.", strike=act.cut_without_length),
    _body("cut-chunked", "A chunked body ends without its last chunk.", strike=act.cut_chunked),
    _body("body-stalls", "The body stops coming.", strike=act.body_stalls),
    _body("body-drips", "The body comes a byte at a time.", strike=act.body_drips),
    _body("body-endless", "A chunked body comes fast and never ends.", strike=act.endless),
    _body("body-50mb", "The body has 50 MB.", strike=act.fifty_megabytes),
    _body("gzip-bomb", "A megabyte that unpacks to a gigabyte.",
          strike=act.instead(lambda _: act.bomb(1), act.JSON, act.GZIP)),
    _body("gzip-bomb-twice", "Some kilobytes that unpack, in two layers, to a gigabyte.",
          strike=act.instead(lambda _: act.bomb(2), act.JSON, ("Content-Encoding", "gzip, gzip"))),
    _body("gzip-corrupt", "The packed body is damaged.", strike=act.instead(act.gzip_corrupt, act.JSON, act.GZIP)),
    _body("gzip-cut", "The packed body lacks its end.", strike=act.instead(act.gzip_cut, act.JSON, act.GZIP)),
    _body("json-invalid-utf8", "The JSON's text is not UTF-8.",
          strike=act.instead(lambda _: b'{"name": "\xff\xfe"}', act.JSON)),
    _body("json-deep", "The JSON nests 100,000 levels deep.",
          strike=act.instead(lambda _: b'{"a":' * 100_000 + b"1" + b"}" * 100_000, act.JSON)),
    _body("json-scalar", "The JSON is a mere text.", strike=act.instead(lambda _: b'"ok"', act.JSON)),
    _body("html-200", "An HTML page with status 200.", strike=act.instead(lambda _: act.PAGE, act.HTML)),
    _body("empty-200", "Status 200 with an empty body.", strike=act.instead(lambda _: b"", act.JSON)),
    _body("wrong-type", "Good JSON under the type text/plain.",
          strike=act.instead(lambda body: body or b"{}", ("Content-Type", "text/plain"))),
    _refusal("status-204", "204 where a body is expected.", strike=act.say(204)),
    _refusal("status-304", "304 that nobody asked for.", strike=act.say(304)),
    _refusal("redirect-301", "301 to another host.", strike=act.redirect(301)),
    _refusal("redirect-302", "302 to another host.", strike=act.redirect(302)),
    _refusal("redirect-307", "307 to another host.", strike=act.redirect(307)),
    _refusal("redirect-loop", "301 to the same place.", strike=act.redirect_to_itself),
    _refusal("redirect-nowhere", "301 to something that is not a URL.",
             strike=act.say(301, b"", ("Location", "http://[bad"))),
    _refusal("status-401", "401, though the token is good.", strike=act.say(401, act.TOKEN_BODY, act.JSON)),
    _refusal("status-401-html", "A portal's 401 page.", strike=act.say(401, act.PAGE, act.HTML)),
    _refusal("invalid-client", "401 invalid_client, as the token endpoint answers an app that it does not know.",
             strike=act.say(401, act.CLIENT_BODY, act.JSON)),
    _refusal("html-200-unforwarded", "An HTML page with status 200, and nothing carried out.",
             strike=act.say(200, act.PAGE, act.HTML)),
    _refusal("status-403-html", "A firewall's 403 page.", strike=act.say(403, act.PAGE, act.HTML)),
    _refusal("status-429-iso", "429 with a reset in ISO 8601.", strike=act.limited(act.iso)),
    _refusal("status-429-seconds", "429 with a reset in seconds from now.", strike=act.limited(lambda _: "1")),
    _refusal("status-429-epoch", "429 with a reset in seconds since the epoch.",
             strike=act.limited(lambda now: str(int(now) + 1))),
    _refusal("status-429-garbage", "429 with headers that say nothing.",
             strike=act.limited(lambda _: "soon\u00e9", ("Retry-After", "-1e9"))),
    _refusal("status-429-bare", "429 without headers.", strike=act.limited(None)),
    _refusal("status-429-retry-after", "429 with Retry-After.",
             strike=act.limited(None, ("Retry-After", "1"))),
    _answer("status-500", "500 after it was carried out.",
            strike=act.carried_out_but(500, b"{}", act.JSON)),
    _refusal("status-502-html", "A gateway's 502 page.", strike=act.say(502, act.PAGE, act.HTML)),
    _refusal("status-503", "503 with Retry-After.", strike=act.say(503, b"", ("Retry-After", "1"))),
    _answer("status-504", "A gateway gives up; the server carries it out.",
            strike=act.carried_out_but(504, act.PAGE, act.HTML)),
    _refusal("status-999", "A status that does not exist.", strike=act.say(999, b"{}", act.JSON)),
)  # fmt: skip
"""What a `FaultProxy` can inject."""

_account = partial(Fault, where=Where.ACCOUNT)
_store = partial(Fault, where=Where.STORE)
_clock = partial(Fault, where=Where.CLOCK)

STATE_FAULTS: Final[tuple[Fault, ...]] = (
    _account("token-expires-on-the-way", "The token expires between the check and its use."),
    _account("token-revoked", "The user has removed the app at Vimeo (`Sandbox.revoke_all`)."),
    _account("401-while-paging", "A later page of a list is refused with 401."),
    _account("callback-twice", "A browser sends the callback twice."),
    _account("callbacks-at-once", "Two workers complete the same callback at the same time."),
    _account("state-replayed", "An old state comes with a new code."),
    _account("state-foreign", "The state was made for another identifier, or by nobody."),
    _account("connection-mixed-up", "The callback of one connection arrives at another's redirect URI."),
    _account("exchange-down", "The token endpoint does not answer when the code is exchanged."),
    _account("exchange-500", "The token endpoint answers the code with 500."),
    _account("exchange-invalid-client", "The token endpoint does not know the app."),
    _account("exchange-html", "The token endpoint answers the code with an HTML page."),
    _account("refresh-down", "The token endpoint does not answer when a token is refreshed."),
    _account("refresh-500", "The token endpoint answers the refresh with 500."),
    _account("refresh-invalid-client", "The token endpoint does not know the app any more."),
    _account("refresh-html", "The token endpoint answers the refresh with an HTML page."),
    _account("verify-down", "A 401 comes, and the endpoint that could explain it does not answer."),
    _account(
        "verify-401-html", "A 401 comes, and something between answers the verification with a 401 page."
    ),
    _store("database-locked", "Another process holds the database's write lock."),
    _store("database-corrupt", "The database file is damaged."),
    _store("database-no-database", "The database file is something else."),
    _store("database-read-only", "The database cannot be written."),
    _store("disk-full", "The disk is full."),
    _store("wrong-key", "The rows were sealed with another key."),
    _store("row-altered", "A byte of a row was changed."),
    _store("row-swapped", "Two users' rows were exchanged."),
    _clock("clock-forward", "The machine's clock jumps hours ahead."),
    _clock("clock-backward", "The machine's clock jumps hours back."),
)
"""What happens to an account, a store's file or a clock: a test does it itself."""

FAULTS: Final[dict[str, Fault]] = {fault.name: fault for fault in (*NETWORK_FAULTS, *STATE_FAULTS)}
"""All faults by name."""
