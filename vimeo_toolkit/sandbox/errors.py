"""Error answers as Vimeo gives them.

Forms and short texts: recordings of the live API (2015 to 2026). What a person may read is nearly empty; the reason
is in `developer_message`, of a wrong parameter in nothing but its name. Many 404s are `{error}` alone. The
sandbox's own reason is in `Sandbox.requests`, and never in an answer.
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "ApiError",
    "bad_token",
    "invalid_parameter",
    "legacy",
    "missing_scope",
    "not_found",
    "past_the_end",
    "refused",
]

STRANGE = "Something strange occurred. Please try again."
ASK_THE_CREATOR = "Something strange occurred. Please get in touch with the app's creator."
INVALID = "You have provided an invalid parameter. Please contact developer of this application."

_CODES = {400: 2204, 403: 3200, 404: 5000, 405: 3200, 406: 2204}
"""What the newest form says where the older one has no code."""


class ApiError(Exception):
    """Ends a request with this status and body.

    `code` None is the older form, `{error}` alone, as many of Vimeo's endpoints still give it.
    """

    def __init__(
        self, status: int, error: str, *, code: int | None = None, developer: str = "", reason: str = ""
    ) -> None:
        super().__init__(status)
        self.status = status
        self.error = error
        self.code = code
        self.developer = developer
        self.reason = reason or developer or error
        self.more: dict[str, Any] = {}
        self.headers: dict[str, str] = {}

    def body(self, *, newest: bool = False) -> dict[str, Any]:
        """Return the answer's JSON. `newest` adds a code and a `developer_message` at any endpoint."""
        if self.code is not None:
            text, developer, code = self.error, self.developer, self.code
        elif newest:
            text, developer, code = STRANGE, self.error, _CODES.get(self.status, 2204)
        else:
            return {"error": self.error}
        return {
            "error": text,
            "link": None,
            "developer_message": developer,
            "error_code": code,
            **self.more,
        }


def refused(status: int, code: int, reason: str, *, error: str = STRANGE) -> ApiError:
    """Return the newer form, `{error, link, developer_message, error_code}`."""
    return ApiError(status, error, code=code, developer=reason)


def legacy(status: int, text: str) -> ApiError:
    """Return the older form, `{error}` alone."""
    return ApiError(status, text)


def missing_scope(scope: str) -> ApiError:
    return legacy(403, f'Your access token does not have the "{scope}" scope')


def bad_token(reason: str = "The access token is missing, unknown, revoked or over.") -> ApiError:
    error = ApiError(
        401, ASK_THE_CREATOR, code=8003, developer="No valid user credentials were received.", reason=reason
    )
    error.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return error


def invalid_parameter(field: str, reason: str) -> ApiError:
    """Return the error 400/2204. Its answer names the field and does not say what is wrong with it, as on the
    wire."""
    developer = "Validation failed: invalid_parameters lists what is wrong."
    error = ApiError(400, INVALID, code=2204, developer=developer, reason=f"{field}: {reason}")
    problem = {"field": field, "error_code": 2204, "error": INVALID, "developer_message": developer}
    error.more["invalid_parameters"] = [problem]
    return error


def past_the_end() -> ApiError:
    """Return the error 400/2286: a list does not have this page."""
    return refused(400, 2286, "There isn't enough content to display this page.")


def not_found(what: str) -> ApiError:
    return legacy(404, f"The requested {what} couldn't be found.")
