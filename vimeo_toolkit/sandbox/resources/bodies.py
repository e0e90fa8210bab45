"""Reading bodies: texts, booleans and URIs within their bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vimeo_toolkit.sandbox.errors import invalid_parameter

__all__ = ["boolean", "number_in", "text"]


def text(
    body: dict[str, Any], name: str, most: int, *, required: bool = False, allowed: Sequence[str] = ()
) -> str | None:
    """Return a text of the body within its bounds; None where it is absent.

    Raises:
        ApiError: 400/2204.
    """
    value = body.get(name)
    if value is None and name not in body and not required:
        return None
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value.strip()):
        raise invalid_parameter(name, "A text is required.")
    if len(value) > most:
        raise invalid_parameter(name, f"The value can have at most {most} characters.")
    if allowed and value not in allowed:
        raise invalid_parameter(name, f"The value must be one of: {', '.join(allowed)}.")
    return value


def boolean(body: dict[str, Any], name: str) -> bool | None:
    """Return a boolean of the body (a form has it as a text); None where it is absent.

    Raises:
        ApiError: 400/2204.
    """
    value = body.get(name)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false", "1", "0"):
        return value.lower() in ("true", "1")
    raise invalid_parameter(name, "The value must be true or false.")


def number_in(uri: Any, kind: str) -> int | None:
    """Return the number behind `/kind/` in a URI such as `/users/1/projects/2`."""
    if not isinstance(uri, str):
        return None
    _, found, tail = uri.rpartition(f"/{kind}/")
    number = tail.split(":")[0]
    return int(number) if found and number.isascii() and number.isdigit() else None
