"""Send one request, repeat it where that is safe, and end with an answer or a typed error."""

from __future__ import annotations

import math
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from vimeo_toolkit.errors import (
    NotFound,
    OutcomeUnknown,
    RateLimited,
    UnexpectedResponse,
    VimeoError,
    VimeoUnavailable,
)
from vimeo_toolkit.runtime.ports import (
    IO,
    REPEATABLE,
    AnswerLost,
    HttpRequest,
    HttpResponse,
    NotSent,
    TooLarge,
)
from vimeo_toolkit.wire.format import epoch, http_date

__all__ = [
    "GONE",
    "LOOK_FIRST",
    "Earlier",
    "Policy",
    "Told",
    "backoff",
    "in_seconds",
    "retry_after",
    "send",
    "when_free",
]

TRANSIENT: Final = range(500, 600)
"""Statuses of server errors, those of proxies (520 to 530) among them."""

LONGEST_ASKED: Final = 864_000.0
"""Seconds (ten days): the most that a `Retry-After` is believed."""

_SECONDS: Final = re.compile(r"\d{1,15}(?:\.\d{0,15})?", re.ASCII)

LOOK_FIRST: Final = "It may have been carried out: read the current state before you send it again."

GONE: Final = "The answer to the first attempt was lost; the repeat found nothing there any more: it is gone."

CAUSED_BY_ITSELF: Final = frozenset({400, 403, 404, 409, 410, 412, 422})
"""Statuses with which a write can be refused because an earlier attempt succeeded: the thing is gone or exists
already, or a limit is reached. A missing token or scope (401) would have refused that, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How patient calls are.

    `timeout`: seconds for one call with all its repeats, waits for the rate limit not counted.
    `attempts`: how often a repeatable request is sent at most.
    `max_wait`: the longest a call waits for the user's rate limit, in seconds; beyond it, `RateLimited`.
    `allow_private_urls`: accept URLs of hosts within a network where Vimeo is told to call or fetch one.
    `max_result_tokens`: tokens of a result that a model is shown.
    `keep_changes`: seconds that plans, and what was done by them, are kept.
    `keep_library`: seconds that the index of a library is kept after its account's end.
    `reuse_reads`: let equal plain reads share an answer.
    """

    timeout: float = 30.0
    attempts: int = 4
    max_wait: float = 15.0
    allow_private_urls: bool = False
    max_result_tokens: int = 6_000
    keep_changes: float = 30 * 86_400.0
    keep_library: float = 30 * 86_400.0
    reuse_reads: bool = True


class Told(NamedTuple):
    """What the body of a 5xx answer adds to the error, safe to show."""

    said: str = ""
    hint: str = ""
    error_code: int | None = None


@dataclass(slots=True)
class Earlier:
    """The outcomes of a request's earlier attempts, over all `send` calls that repeat it.

    `read`: reads a last answer of 5xx, whose body often has the reason.
    """

    read: Callable[[HttpResponse], Told] | None = None

    may_be_done: bool = False
    """An attempt reached Vimeo and its answer was lost: it may have been carried out."""

    def lost(self, method: str) -> str:
        """Say what is unknown about a write whose answer was lost; empty where no answer was lost."""
        if not self.may_be_done or method == "GET":
            return ""
        end = "; if nothing is found then, it is gone." if method == "DELETE" else "."
        return f"An attempt before this may have been carried out: sending it again is safe{end}"

    def judge(self, method: str, error: VimeoError) -> VimeoError | VimeoUnavailable | None:
        """Return what an error of the last attempt means, given the earlier ones.

        Returns None for the success that it is when a DELETE finds nothing any more, else the error to raise:
        the same one, or `OutcomeUnknown` where the repeat may have been refused because an earlier attempt
        was carried out.
        """
        if not self.may_be_done or method == "GET":
            return error
        if method == "DELETE" and isinstance(error, NotFound):
            return None
        if error.status not in CAUSED_BY_ITSELF:
            return error
        return OutcomeUnknown(
            f"The answer to the first attempt was lost, and its repeat was refused. {error.message}",
            hint="The first attempt may have been carried out: read the current state, and only then decide.",
            status=error.status,
            error_code=error.error_code,
        )


def backoff(attempt: int, jitter: float) -> float:
    """Return seconds before attempt number `attempt + 1`: about 0.2, 0.4, 0.8 …, each between half and whole."""
    step: float = min(0.2 * 2 ** (attempt - 1), 5.0)
    return step * (0.5 + 0.5 * jitter)


def in_seconds(seconds: float) -> str:
    """Return a length of time in words, never less than it is."""
    whole = max(1, math.ceil(seconds - 0.001))
    return f"in {whole} second{'s' * (whole > 1)}"


def when_free(error: RateLimited) -> str:
    """Return what to say of a user's limit that has ended a reading: why, and when it is free again."""
    return f"{error.message} It is free again {in_seconds(error.retry_after)}."


def retry_after(response: HttpResponse) -> float | None:
    """Return `Retry-After` in seconds, None where it says nothing (RFC 9110, 10.2.3: seconds or a date; Vimeo
    documents neither). A date counts from the same answer's `Date`, never from this machine's clock. Where two
    headers were put together, the longest counts."""
    text = response.headers.get("retry-after", "").strip()
    parts = [part.strip() for part in text.split(",")]
    until = epoch(text)
    if until is None and all(_SECONDS.fullmatch(part) for part in parts):
        return min(max(map(float, parts)), LONGEST_ASKED)
    date = http_date(response.headers.get("date", "").strip())
    if until is None or date is None or until < date:
        return None
    return min(until - date, LONGEST_ASKED)


async def send(
    io: IO,
    request: HttpRequest,
    policy: Policy,
    *,
    deadline: float | None = None,
    on_retry: Callable[[int, str], Awaitable[None]] | None = None,
    earlier: Earlier | None = None,
) -> HttpResponse:
    """Send until there is an answer below 500.

    `deadline` is an `io.monotonic()` time; by default `policy.timeout` from now. `on_retry` is told the number
    of the failed attempt and why. `earlier` takes in what became of the attempts before the last one.

    Raises:
        VimeoUnavailable: no answer, or 5xx, and nothing was changed (or a repeat is safe).
        OutcomeUnknown: a POST or PATCH was sent and its answer was lost or was 5xx.
        UnexpectedResponse: the body was larger than any of Vimeo's.
    """
    until = io.monotonic() + policy.timeout if deadline is None else deadline
    earlier = earlier or Earlier()
    repeatable = request.method in REPEATABLE
    attempt = 0
    while True:
        attempt += 1
        answer: HttpResponse | None = None
        lost = False
        remaining = until - io.monotonic()
        if remaining <= 0:
            raise _unavailable(None, request.method, earlier, cause="the time for the call ran out")
        try:
            answer = await io.send(request, timeout=remaining)
            cause = f"status {answer.status}"
        except NotSent as error:
            cause = "no connection could be made" + (f" ({error.reason})" if error.reason else "")
        except AnswerLost:
            lost = True
            cause = "the connection broke or timed out before the whole answer had come"
        except TooLarge:
            raise UnexpectedResponse(
                "The answer is larger than any that Vimeo sends, and was dropped.",
                hint="Ask for a smaller page (per_page)." if request.method == "GET" else LOOK_FIRST,
            ) from None
        if answer is not None and answer.status not in TRANSIENT:
            return answer
        never_arrived = answer is None and not lost
        # A server sends 503 before it does anything; the other statuses may come from one that has passed the
        # request on.
        earlier.may_be_done |= lost or (answer is not None and answer.status != 503)
        wait = backoff(attempt, io.jitter())
        if answer is not None:
            wait = max(wait, retry_after(answer) or 0.0)
        may_repeat = repeatable or never_arrived
        if not may_repeat or attempt >= policy.attempts or io.monotonic() + wait >= until:
            raise _unavailable(answer, request.method, earlier, cause=cause)
        if on_retry is not None:
            await on_retry(attempt, cause)
        await io.sleep(wait)


def _unavailable(
    answer: HttpResponse | None, method: str, earlier: Earlier, *, cause: str
) -> VimeoUnavailable:
    status = answer.status if answer is not None else None
    told = earlier.read(answer) if earlier.read is not None and answer is not None else Told()
    if earlier.may_be_done and method not in REPEATABLE:
        happened = f"Vimeo answered with {cause}." if status else f"The request was sent, and then {cause}."
        return OutcomeUnknown(
            f"{happened} {told.said}".strip(),
            hint=f"{LOOK_FIRST} {told.hint}".strip(),
            status=status,
            error_code=told.error_code,
        )
    asked = retry_after(answer) if answer is not None else None
    when = in_seconds(asked) if asked else "in a minute"
    hint = told.hint or f"Try again {when}; nothing about the account has changed."
    if earlier.may_be_done and method != "GET":
        hint = f"It may have been carried out. Sending it again {when} is safe" + (
            "; if nothing is found then, it is gone." if method == "DELETE" else "."
        )
    return VimeoUnavailable(
        f"Vimeo cannot be used right now: {cause}. {told.said}".strip(),
        hint=hint,
        status=status,
        retry_after=asked,
        error_code=told.error_code,
    )
