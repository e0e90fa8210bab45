"""What is wrong with a tool's declaration, said when it is declared: at the import of its module."""

from __future__ import annotations

import inspect
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from pydantic.errors import PydanticUndefinedAnnotation, PydanticUserError

from vimeo_toolkit.catalog.api_path import read_path
from vimeo_toolkit.catalog.looks import Look
from vimeo_toolkit.catalog.tool import Tool, ToolInput
from vimeo_toolkit.catalog.wire_shape import FROM_ACCOUNT
from vimeo_toolkit.errors import ConfigurationError

__all__ = ["build", "check_declaration", "check_parts", "check_toolset_name"]

NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}", re.ASCII)
"""What models' providers accept as a tool's name."""

MAX_DESCRIPTION: Final = 1024
"""LlamaIndex refuses longer ones."""

SCOPES: Final = frozenset(
    {
        "ai",
        "create",
        "delete",
        "edit",
        "email",
        "interact",
        "private",
        "promo_codes",
        "public",
        "purchase",
        "purchased",
        "scim",
        "stats",
        "upload",
        "video_files",
    }
)
"""All that a token can be granted (API document; `ai`: an SDK made of the one of 2026)."""

_PLACE: Final = re.compile(r"{(\w+)(?::count)?}")
_FILLED: Final = re.compile(r"{\w+}")


def check_toolset_name(name: Any) -> None:
    """Refuse a name of a toolset that cannot be one.

    Raises:
        ConfigurationError: it cannot.
    """
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ConfigurationError(
            f"{str(name)[:64]!r} is not a name of a toolset.",
            hint="Use letters, digits and underscores, such as acme.",
        )


def build(model: type[ToolInput]) -> None:
    """Build the model of a tool's input now, with the names that are known where it is declared.

    Raises:
        ConfigurationError: a type of its inputs is not known there, or cannot be one.
    """
    depth = 4  # pydantic's two frames, this function and the decorator
    try:
        model.model_rebuild(force=True, _parent_namespace_depth=depth)
    except (PydanticUserError, PydanticUndefinedAnnotation) as error:
        raise ConfigurationError(
            f"{model.__name__}: the types of its inputs cannot be read ({type(error).__name__}).",
            hint="Name types that are imported where the class is declared and that JSON can hold; the exception "
            "that this one was raised from says which.",
        ) from error


def check_parts(model: Any, declared: Mapping[str, Any], known: Collection[str]) -> None:
    """Refuse what a tool cannot be made of.

    Args:
        model: the class below the decorator.
        declared: what the decorator was given.
        known: what a declaration may say.

    Raises:
        ConfigurationError: the class is not one of inputs, or a part is unknown or of another type.
    """
    named = getattr(model, "__name__", str(model))[:64]
    if not isinstance(model, type) or not issubclass(model, ToolInput):
        raise ConfigurationError(
            f"{named} is declared as a tool, and is not a class of ToolInput.",
            hint=f"class {named}(ToolInput):",
        )
    if unknown := sorted(declared.keys() - set(known)):
        raise ConfigurationError(
            f"{named}: a tool cannot be declared with {', '.join(unknown)}.",
            hint=f"It takes {', '.join(known)}.",
        )
    if not isinstance(declared.get("name"), str):
        raise ConfigurationError(f"{named}: the tool has no name.", hint='Write name="acme_video_release".')
    scopes = declared.get("scopes", ())
    if isinstance(scopes, str) or (unknown := sorted(map(str, set(scopes) - SCOPES))):
        which = repr(scopes) if isinstance(scopes, str) else ", ".join(unknown)
        raise ConfigurationError(
            f"{named}: scopes has {which[:64]}, and is a set of Vimeo's scopes.",
            hint=f'Write scopes={{"edit"}}; the scopes are {", ".join(sorted(SCOPES))}.',
        )
    if not all(isinstance(look, Look) for look in declared.get("looks", ())):
        raise ConfigurationError(f"{named}: looks has something that is not a Look.", hint="looks=(Look(…),)")


def check_declaration(tool: Tool) -> None:
    """Look for mistakes in a declaration.

    Raises:
        ConfigurationError: there is one; the text names the tool.
    """
    for problem, hint in _problems(tool):
        raise ConfigurationError(f"{tool.name}: {problem}", hint=hint)


def _problems(tool: Tool) -> Iterator[tuple[str, str]]:
    """Yield what is wrong, and how it is mended."""
    inputs = set(tool.input_model.model_fields)
    if not NAME.fullmatch(tool.name):
        yield "this is not a name that models' providers accept.", "Use up to 64 letters, digits, _ and -."
    if not 0 < len(tool.description) <= MAX_DESCRIPTION:
        yield (
            "the description is missing or too long.",
            f"Write a docstring below the class, of {MAX_DESCRIPTION} characters at most: a model reads it.",
        )
    if unknown := sorted(tool.wire.placeholders - inputs - FROM_ACCOUNT):
        yield f"the path has {', '.join(unknown)}, which are not inputs.", "Name each {place} after an input."
    if tool.method:
        try:
            _, query = read_path(_FILLED.sub("1", tool.path))
            if query:
                yield "the path has a query.", "Make inputs of it: those that are not in the path go there."
        except ValueError as error:
            yield (
                f"its path cannot be sent: {error}.",
                'Write a path of the API, such as "/videos/{video_id}".',
            )
    if hidden := sorted(inputs & set(dir(ToolInput))):
        yield (
            f"{hidden[0]} cannot be the name of an input.",
            "Rename it, and say with BodyPath where it goes.",
        )
    run = tool.input_model.run
    if not inspect.iscoroutinefunction(run):
        yield "its run is not an async def.", "Write async def run(self, api: Api), which awaits api alone."
    if not tool.method and run is ToolInput.run:
        yield (
            "it sends nothing and has no run.",
            "Write async def run(self, api: Api), which returns its result.",
        )
    if tool.read_only and tool.method not in ("", "GET"):
        yield (
            f"it is declared as one that only reads, and sends a {tool.method}.",
            "Leave read_only out; asks is the question to the person who agrees.",
        )
    if not tool.read_only and "?" not in tool.asks:
        yield (
            "`asks` does not ask a person whether they agree.",
            'Write asks="Release {video}?", with names of inputs and looks.',
        )
    told = inputs | {look.name for look in tool.looks} | {"file", "sent"}
    if unknown := sorted(set(_PLACE.findall(tool.asks)) - told):
        yield (
            f"`asks` has {{{unknown[0]}}}, which is neither an input nor a look.",
            "Name an input or a look.",
        )
    for look in tool.looks:
        if unknown := sorted(set(look.inputs) - inputs - FROM_ACCOUNT):
            yield f"the look {look.name} has {unknown[0]}, which is not an input.", "Name an input."
