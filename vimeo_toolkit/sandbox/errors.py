"""Error answers as Vimeo words them. Codes and texts: the API's OpenAPI document (2024); the scope refusal, the
401 header and 2204's `invalid_parameters` as clients published them."""

from __future__ import annotations

from typing import Any

__all__ = [
    "ApiError",
    "bad_token",
    "invalid_parameter",
    "legacy",
    "missing_scope",
    "not_found",
    "refused",
]


class ApiError(Exception):
    """Ends a request with this status and body."""

    def __init__(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers or {}


def refused(status: int, code: int, text: str, developer: str = "", **more: Any) -> ApiError:
    """The standard body: `{error, link, developer_message, error_code}`."""
    body = {"error": text, "link": None, "developer_message": developer or text, "error_code": code, **more}
    return ApiError(status, body)


def legacy(status: int, text: str) -> ApiError:
    """The older body, `{error}` alone."""
    return ApiError(status, {"error": text})


def missing_scope(scope: str) -> ApiError:
    return legacy(403, f'Your access token does not have the "{scope}" scope')


def bad_token(text: str = "You must provide a valid authenticated access token.") -> ApiError:
    error = refused(401, 8003, text, "The user credentials are invalid, or no access token was provided.")
    error.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return error


def invalid_parameter(field: str, text: str) -> ApiError:
    problem = {"field": field, "error_code": 2204, "error": text, "developer_message": text}
    return refused(
        400,
        2204,
        "You have provided an invalid parameter. Please contact developer of this application.",
        f"The parameters passed to this API endpoint did not pass Vimeo's validation. {field}: {text}",
        invalid_parameters=[problem],
    )


def not_found(what: str) -> ApiError:
    return refused(404, 5000, f"The requested {what} couldn't be found.")
