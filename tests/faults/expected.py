"""What has to come of each network fault, for a read, a write that may be repeated, and one that may not."""

from __future__ import annotations

from typing import Final, NamedTuple

from vimeo_toolkit import (
    OutcomeUnknown,
    RateLimited,
    UnexpectedResponse,
    VimeoError,
    VimeoToolkitError,
    VimeoUnavailable,
)

__all__ = ["EXPECTED", "Expected"]

Outcome = type[VimeoToolkitError] | None
"""The exact class of the error; None: the call succeeds."""


class Expected(NamedTuple):
    read: Outcome
    put: Outcome
    post: Outcome
    lasting: Outcome
    """What a read ends in when the fault stays."""
    timeout: float = 10.0
    """The toolkit's `timeout` for this fault: short where nothing else ends it."""


FINE: Final = Expected(None, None, None, None)
LOST: Final = Expected(None, None, OutcomeUnknown, VimeoUnavailable)
ENDLESS: Final = Expected(VimeoUnavailable, VimeoUnavailable, OutcomeUnknown, VimeoUnavailable, 0.3)
ODD: Final = Expected(UnexpectedResponse, UnexpectedResponse, UnexpectedResponse, UnexpectedResponse)
EMPTY: Final = Expected(UnexpectedResponse, None, None, UnexpectedResponse)
LIMITED: Final = Expected(None, None, RateLimited, RateLimited)
LOCKED_OUT: Final = Expected(RateLimited, RateLimited, RateLimited, RateLimited)

EXPECTED: Final[dict[str, Expected]] = {
    "connection-refused": Expected(VimeoUnavailable, VimeoUnavailable, VimeoUnavailable, VimeoUnavailable),
    "closed-on-accept": LOST,
    "dropped": LOST,
    "closed-before-answer": LOST,
    "reset-before-answer": LOST,
    "stale-connection": FINE,
    "silent": ENDLESS,
    "late": ENDLESS,
    "reset-in-headers": LOST,
    "headers-drip": ENDLESS,
    "headers-huge": LOST,
    "headers-many": LOST,
    "headers-endless": LOST,
    "no-http": LOST,
    "two-lengths": LOST,
    "early-hints": FINE,
    "endless-hints": ENDLESS,
    "reset-in-body": LOST,
    "cut-body": LOST,
    "cut-json": ODD,
    "cut-without-length": ODD,
    "cut-chunked": LOST,
    "body-stalls": ENDLESS,
    "body-drips": ENDLESS,
    "body-endless": ODD,
    "body-50mb": ODD,
    "gzip-bomb": ODD,
    "gzip-bomb-twice": ODD,
    "gzip-corrupt": LOST,
    "gzip-cut": LOST,
    "json-invalid-utf8": ODD,
    "json-deep": ODD,
    "json-scalar": ODD,
    "html-200": ODD,
    "empty-200": EMPTY,
    "wrong-type": FINE,
    "status-204": EMPTY,
    "status-304": ODD,
    "redirect-301": ODD,
    "redirect-302": ODD,
    "redirect-307": ODD,
    "redirect-loop": ODD,
    "redirect-nowhere": ODD,
    "status-401": Expected(None, None, VimeoError, VimeoError),
    "status-401-html": Expected(None, None, UnexpectedResponse, UnexpectedResponse),
    "invalid-client": Expected(None, None, VimeoError, VimeoError),
    "html-200-unforwarded": ODD,
    "status-403-html": ODD,
    "status-429-iso": LIMITED,
    "status-429-seconds": LIMITED,
    "status-429-epoch": LIMITED,
    "status-429-garbage": LOCKED_OUT,
    "status-429-bare": LOCKED_OUT,
    "status-429-retry-after": LIMITED,
    "status-500": LOST,
    "status-502-html": LOST,
    "status-503": Expected(None, None, VimeoUnavailable, VimeoUnavailable),
    "status-504": LOST,
    "status-999": ODD,
}
