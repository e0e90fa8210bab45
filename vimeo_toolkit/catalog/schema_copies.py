"""How schemas are handed out: as copies, and in the form that the framework which asks was asked for."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any, Final

__all__ = ["copied", "is_for_gemini", "was_asked_for_strict"]


def copied(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of a JSON schema, in a fifteenth of `deepcopy`'s time.

    Frameworks ask for one at every call of a model, and some write into what they get.
    """
    copy = schema.copy()
    for name, value in schema.items():
        kind = type(value)
        if kind is dict:
            copy[name] = copied(value)
        elif kind is list:
            copy[name] = (
                [copied(each) for each in value] if value and type(value[0]) is dict else value.copy()
            )
    return copy


def was_asked_for_strict(converter: str) -> bool:
    """Tell whether one of the nearest callers is the function of this name and was asked for strict schemas.

    Frameworks' converters take `strict=`, make every input of what a tool gives them required, and do not tell the
    tool of it. So it is read where it stands: in the converter's `strict`, or, where that was left out, in the
    attribute `strict` of the model that it belongs to. If a release has moved it, the schema is the plain one.
    """
    frame = _caller(converter)
    if frame is None:
        return False
    given = frame.f_locals
    strict = given.get("strict")
    return bool(getattr(given.get("self"), "strict", False) if strict is None else strict)


def is_for_gemini() -> bool:
    """Tell whether google-genai's own converter asks. Gemini has refused requests with an object that has no
    properties, as of a tool without inputs: they may be left out, but not be empty."""
    return _caller("t_schema") is not None


_NEAR: Final = 6
"""How many callers are looked at: a converter asks for a schema directly or through a helper or two."""


def _caller(name: str) -> FrameType | None:
    """Return the frame of the nearest caller of this name, if there is one."""
    try:
        frame: FrameType | None = sys._getframe(3)
    except (AttributeError, ValueError):  # a Python without frames, or called from nowhere
        return None
    for _ in range(_NEAR):
        if frame is None or frame.f_code.co_name == name:
            return frame
        frame = frame.f_back
    return None
