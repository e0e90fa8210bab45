"""How a tool is declared: the model of its input, with a route.

    @organize.put(
        "/me/albums/{album_id}/videos/{video_id}", name="vimeo_showcase_video_add", scopes={"edit"}, …
    )
    class ShowcaseVideoAdd(ToolInput):
        \"""Add one of the user's videos to one of their showcases.\"""

        album_id: ShowcaseId
        video_id: VideoNumber

The docstring is the tool's description, the fields' docstrings are the arguments'. An input whose name stands in
the path goes there; the others go to the query of a GET or DELETE and to the JSON body of the rest. `Annotated[…,
BodyPath("privacy.view")]` puts one elsewhere in the body, `Annotated[…, IgnoredParam("why")]` keeps an input that
Vimeo's endpoint does not have, and `Annotated[…, Shown("privacy.view")]` says where Vimeo's answer shows what
came of it, if elsewhere than its place in the body. A tool that is more than this overrides `request` or `run`.

What it does to people is declared, too: `visible_to_others` (others see it or are told of it), `destructive` (it
takes away or replaces what others see, or cannot be taken back), `undo` (by which tool it is taken back), and for
the person whose consent is asked, `asks` (the question, with names in it) and `looks` (reads that describe what
is there).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Final, Required, TypedDict, TypeVar, Unpack

from vimeo_toolkit.catalog.declaration_checks import build, check_declaration, check_parts, check_toolset_name
from vimeo_toolkit.catalog.tool import Tool, ToolInput
from vimeo_toolkit.errors import ConfigurationError

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.looks import Look
    from vimeo_toolkit.uploads.content import Kind

__all__ = ["Declared", "Toolset", "check_declaration"]

_OURS: Final = "vimeo_toolkit."
"""Modules whose inputs are built at their first use, because there are many."""

InputT = TypeVar("InputT", bound=type[ToolInput])


class Declared(TypedDict, total=False):
    """What a declaration may say of a tool; all but the name may be left out. `Tool` says more of each part."""

    name: Required[str]
    scopes: Collection[str]
    """The scopes that the user must have granted; none by default."""
    fields: str | None
    """The projection of the answer, `uri` by default; None for all fields."""
    success_message: str
    """What to say when Vimeo answers with an empty body."""
    error_hints: Mapping[int, str]
    """Status → what it means for this tool, added to the error."""
    read_only: bool
    destructive: bool
    """It takes away or replaces what other people see, or cannot be taken back."""
    idempotent: bool
    visible_to_others: bool
    """Other people see what it does, or are told of it."""
    undo: str | None
    """By which tool its effect is taken back, a sentence."""
    asks: str
    """The question to the person whose consent is asked, see `ToolInput.asks`; needed unless it only reads."""
    looks: tuple[Look, ...]
    """What that person is shown; the first is the thing that it changes."""
    file: Kind | None
    """The kind that the file at its input `path` must be."""
    untrusted: bool
    """What is under `/me` in its path and yet not written by the user."""
    untrusted_parts: tuple[str, ...]
    """Parts of its result that it makes itself of what other people may have written."""
    always_asked: bool
    """A person is asked about each call, also where the toolkit's rule for approvals asks about none."""


class Toolset:
    """A group of tools, and the decorators that declare them.

    Args:
        name: by which the group is asked for, as in `bind_tools(toolsets="acme")`.
        description: what its tools are for.

    Raises:
        ConfigurationError: the name cannot be one; from the decorators: a declaration is wrong.
    """

    def __init__(self, name: str, description: str) -> None:
        check_toolset_name(name)
        self.name = name
        self.description = description
        self.tools: list[Tool] = []

    def get(self, path: str, **declared: Unpack[Declared]) -> Callable[[InputT], InputT]:
        """Declare a tool that reads."""
        return self._declare("GET", path, {"read_only": True, "idempotent": True, **declared})

    def post(self, path: str, **declared: Unpack[Declared]) -> Callable[[InputT], InputT]:
        """Declare a tool that makes something; a repetition makes another."""
        return self._declare("POST", path, declared)

    def put(self, path: str, **declared: Unpack[Declared]) -> Callable[[InputT], InputT]:
        """Declare a tool that sets something, such as a membership."""
        return self._declare("PUT", path, {"idempotent": True, **declared})

    def patch(self, path: str, **declared: Unpack[Declared]) -> Callable[[InputT], InputT]:
        """Declare a tool that changes parts of something."""
        return self._declare("PATCH", path, {"idempotent": True, **declared})

    def delete(self, path: str, **declared: Unpack[Declared]) -> Callable[[InputT], InputT]:
        """Declare a tool that deletes something or takes it out of a list."""
        return self._declare("DELETE", path, {"idempotent": True, "destructive": True, **declared})

    def local(self, **declared: Unpack[Declared]) -> Callable[[InputT], InputT]:
        """Declare a tool that sends nothing: its `run` answers from what the toolkit has."""
        return self._declare("", "", {"fields": None, "read_only": True, "idempotent": True, **declared})

    def _declare(self, method: str, path: str, declared: Declared) -> Callable[[InputT], InputT]:
        """Return a decorator that makes the class's `tool` of what is declared; see `Declared` for each part."""

        def declare(model: InputT) -> InputT:
            check_parts(model, declared, Declared.__annotations__)
            if not model.__module__.startswith(_OURS):
                build(model)
            tool = _made(model, self.name, method, path, declared)
            check_declaration(tool)
            model.tool = tool
            self._take(tool)
            return model

        return declare

    def _take(self, tool: Tool) -> None:
        """Add a tool, or put it in the place of the same class's, whose cell of a notebook was run again."""
        for place, each in enumerate(self.tools):
            if each.name == tool.name:
                if _whole_name(each) != _whole_name(tool):
                    raise ConfigurationError(f"{tool.name} is declared twice in the toolset {self.name}.")
                self.tools[place] = tool
                return
        self.tools.append(tool)


def _whole_name(tool: Tool) -> str:
    return f"{tool.input_model.__module__}.{tool.input_model.__qualname__}"


def _made(model: type[ToolInput], toolset: str, method: str, path: str, declared: Declared) -> Tool:
    """Return the tool that a class with this declaration is."""
    return Tool(
        name=declared["name"],
        description=inspect.cleandoc(model.__doc__ or "").replace("\n", " "),
        toolset=toolset,
        method=method,
        path=path,
        scopes=frozenset(declared.get("scopes", ())),
        fields=None if method == "DELETE" else declared.get("fields", "uri"),
        read_only=declared.get("read_only", False),
        destructive=declared.get("destructive", False),
        idempotent=declared.get("idempotent", False),
        visible_to_others=declared.get("visible_to_others", False),
        undo=declared.get("undo"),
        asks=declared.get("asks", ""),
        looks=declared.get("looks", ()),
        file=declared.get("file"),
        untrusted=declared.get("untrusted", False),
        untrusted_parts=declared.get("untrusted_parts", ()),
        always_asked=declared.get("always_asked", False),
        success_message=declared.get("success_message", "Done."),
        error_hints=declared.get("error_hints") or {},
        input_model=model,
    )
