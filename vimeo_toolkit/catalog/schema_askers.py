"""Who asks for a schema, and in which form they need it.

Frameworks' converters take `strict=`, make every input of what a tool gives them required, and do not tell the tool
of it. So it is read where it stands, in the frames of the nearest callers; where a release has moved it, the schema
is the plain one.
"""

from __future__ import annotations

from collections.abc import Collection
from inspect import currentframe
from types import FrameType
from typing import Any, Final

__all__ = ["asks_for_strict", "is_for_gemini"]

_NEAR: Final = 8
"""How many callers are looked at: a converter asks for a schema directly or through helpers, and what observes a
program wraps some of them."""


def asks_for_strict(converter: str) -> bool:
    """Tell whether the nearest caller of this name needs a strict schema.

    A converter says that in its `strict`, or, where that was left out, in the attribute `strict` of the model that
    it belongs to. Frames are only read: what stands in one is the caller's.
    """
    frame = _caller(converter, _above(currentframe()))
    if frame is None:
        return False
    try:
        return _is_strict(frame)
    except Exception:  # whatever a release, or another function of this name, has made of it
        return False


def is_for_gemini() -> bool:
    """Tell whether google-genai's own converter asks. Gemini has refused requests with an object that has no
    properties, as of a tool without inputs: they may be left out, but not be empty."""
    return _caller("t_schema", _above(currentframe())) is not None


def _is_strict(frame: FrameType) -> bool:
    given = frame.f_locals
    asked = given.get("strict")
    if asked is None:
        asked = getattr(given.get("self"), "strict", None)
    return bool(asked) or _is_for_responses(frame, asked)


def _is_for_responses(frame: FrameType, asked: Any) -> bool:
    """Tell whether the tools go to OpenAI's Responses API without a word of strict: it takes them as strict, and
    makes every input required (its guide to function calling, 2026)."""
    if asked is not None:
        # LlamaIndex's class says nothing where it is not strict.
        return frame.f_globals.get("__name__") == "llama_index.llms.openai.responses"
    binding = _caller("bind_tools", frame)
    if binding is None:
        return False
    given = binding.f_locals
    uses = getattr(given.get("self"), "_use_responses_api", None)  # langchain_openai's own decision
    tools = given.get("tools")
    # The tools of the provider itself are dictionaries, and some are known to that API only. An iterator is not
    # looked through: the caller would miss what was taken from it.
    own = [tool for tool in tools if isinstance(tool, dict)] if isinstance(tools, Collection) else []
    return uses is not None and bool(uses({**given.get("kwargs", {}), "tools": [*own, {"type": "function"}]}))


def _above(frame: FrameType | None) -> FrameType | None:
    """Return the frame of the caller's caller; None in a Python without frames."""
    return None if frame is None or frame.f_back is None else frame.f_back.f_back


def _caller(name: str, frame: FrameType | None) -> FrameType | None:
    """Return the nearest frame of the function of this name, from this one on, if there is one."""
    for _ in range(_NEAR):
        if frame is None or frame.f_code.co_name == name:
            return frame
        frame = frame.f_back
    return None
