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
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from vimeo_toolkit.catalog.tool import Tool, ToolInput
from vimeo_toolkit.catalog.wire_shape import FROM_ACCOUNT
from vimeo_toolkit.errors import ConfigurationError

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.looks import Look
    from vimeo_toolkit.uploads.content import Kind

__all__ = ["Toolset", "check_declaration"]

NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}", re.ASCII)
"""What models' providers accept as a tool's name."""

MAX_DESCRIPTION: Final = 1024
"""LlamaIndex refuses longer ones."""

InputT = TypeVar("InputT", bound=type[ToolInput])


class Toolset:
    """A group of tools, and the decorators that declare them."""

    def __init__(self, name: str, description: str) -> None:
        self.name = name
        self.description = description
        self.tools: list[Tool] = []

    def get(self, path: str, **declared: Any) -> Callable[[InputT], InputT]:
        """Declare a tool that reads."""
        return self._declare("GET", path, read_only=True, idempotent=True, **declared)

    def post(self, path: str, **declared: Any) -> Callable[[InputT], InputT]:
        """Declare a tool that makes something; a repetition makes another."""
        return self._declare("POST", path, **declared)

    def put(self, path: str, **declared: Any) -> Callable[[InputT], InputT]:
        """Declare a tool that sets something, such as a membership."""
        return self._declare("PUT", path, idempotent=True, **declared)

    def patch(self, path: str, **declared: Any) -> Callable[[InputT], InputT]:
        """Declare a tool that changes parts of something."""
        return self._declare("PATCH", path, idempotent=True, **declared)

    def delete(self, path: str, **declared: Any) -> Callable[[InputT], InputT]:
        """Declare a tool that deletes something or takes it out of a list."""
        return self._declare("DELETE", path, idempotent=True, **{"destructive": True, **declared})

    def local(self, **declared: Any) -> Callable[[InputT], InputT]:
        """Declare a tool that sends nothing: its `run` answers from what the toolkit has."""
        return self._declare("", "", fields=None, **{"read_only": True, "idempotent": True, **declared})

    def _declare(
        self,
        method: str,
        path: str,
        *,
        name: str,
        scopes: set[str] | frozenset[str] = frozenset(),
        fields: str | None = "uri",
        success_message: str = "Done.",
        error_hints: Mapping[int, str] | None = None,
        read_only: bool = False,
        destructive: bool = False,
        idempotent: bool = False,
        visible_to_others: bool = False,
        undo: str | None = None,
        asks: str = "",
        looks: tuple[Look, ...] = (),
        file: Kind | None = None,
        untrusted: bool = False,
        untrusted_parts: tuple[str, ...] = (),
        always_asked: bool = False,
    ) -> Callable[[InputT], InputT]:
        """Return a decorator that makes the class's `tool` of what is declared; see `Tool` for each part."""

        def declare(model: InputT) -> InputT:
            model.tool = Tool(
                name=name,
                description=inspect.cleandoc(model.__doc__ or "").replace("\n", " "),
                toolset=self.name,
                method=method,
                path=path,
                scopes=frozenset(scopes),
                fields=None if method == "DELETE" else fields,
                read_only=read_only,
                destructive=destructive,
                idempotent=idempotent,
                visible_to_others=visible_to_others,
                undo=undo,
                asks=asks,
                looks=looks,
                file=file,
                untrusted=untrusted,
                untrusted_parts=untrusted_parts,
                always_asked=always_asked,
                success_message=success_message,
                error_hints=error_hints or {},
                input_model=model,
            )
            check_declaration(model.tool)
            self.tools.append(model.tool)
            return model

        return declare


def check_declaration(tool: Tool) -> None:
    """Look for mistakes in a declaration.

    Raises:
        ConfigurationError: there is one.
    """
    unknown = tool.wire.placeholders - set(tool.input_model.model_fields) - FROM_ACCOUNT
    if unknown:
        raise ConfigurationError(f"{tool.name}: the path has {sorted(unknown)}, which are not inputs.")
    if not NAME.fullmatch(tool.name):
        raise ConfigurationError(f"{tool.name!r} is not a name that models' providers accept.")
    if not tool.read_only and "?" not in tool.asks:
        raise ConfigurationError(f"{tool.name}: `asks` does not ask a person whether they agree.")
    if not 0 < len(tool.description) <= MAX_DESCRIPTION:
        raise ConfigurationError(f"{tool.name}: the description is missing or too long.")
