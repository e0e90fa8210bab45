"""Who asks for a schema, and in which form they need it.

Frameworks' converters take `strict=`, make every input of what a tool gives them required, and do not tell the tool
of it. So it is read where it stands, in the frames of the nearest callers; where a release has moved it, the schema
is the plain one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import currentframe
from types import FrameType
from typing import Any, Final

__all__ = ["is_for_gemini", "schema_for"]

_NEAR: Final = 4
"""How many callers are looked at: a converter asks for a schema directly or through a helper or two."""


def schema_for(converter: str, tool: str, make: Callable[[bool], dict[str, Any]]) -> dict[str, Any]:
    """Return the schema of a tool that `make` makes, strict where the nearest caller of this name needs it so.

    A converter says that in its `strict`, or, where that was left out, in the attribute `strict` of the model that
    it belongs to. The schema is kept in the converter's frame, which it ends with: LangChain's asks three times in
    each conversion.
    """
    frame = _caller(converter, _above(currentframe()))
    if frame is None:
        return make(False)
    given, name = frame.f_locals, f"schema of {tool}"
    kept: dict[str, Any] | None = given.get(name)
    if kept is None:
        kept = given[name] = make(_is_strict(frame, given))
    return kept


def is_for_gemini() -> bool:
    """Tell whether google-genai's own converter asks. Gemini has refused requests with an object that has no
    properties, as of a tool without inputs: they may be left out, but not be empty."""
    return _caller("t_schema", _above(currentframe())) is not None


def _is_strict(frame: FrameType, given: Mapping[str, Any]) -> bool:
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
    # The tools of the provider itself are dictionaries, and some are known to that API only.
    own = [tool for tool in given.get("tools", ()) if isinstance(tool, dict)]
    try:
        return bool(
            uses is not None and uses({**given.get("kwargs", {}), "tools": [*own, {"type": "function"}]})
        )
    except Exception:  # whatever a release has made of it
        return False


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
