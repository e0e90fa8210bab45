"""Parts of an earlier result that was too large to be shown as a whole."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from vimeo_toolkit.catalog.api import Api, ResultSlice
from vimeo_toolkit.catalog.marks import Help
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import library
from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.tables import names_of
from vimeo_toolkit.units import without_unit

__all__ = ["ResultRead"]

TEXT_PART = 3_500
"""Characters of one text that are shown at once."""


@library.local(name="vimeo_result_read")
class ResultRead(ToolInput):
    """Show more: the rest of a list or result that was cut off, the next page."""

    unlisted_inputs: ClassVar[frozenset[str]] = frozenset({"offset"})

    result: Annotated[
        str,
        Field(min_length=1, max_length=64),
        Help("Which earlier result to read: the name that it showed where it was cut."),
    ]
    start: Annotated[
        int | None,
        Field(ge=0, le=1_000_000),
        Help(
            "The first item of the list to show, counted from 0.",
            "The list is read from 0 when it is left out.",
        ),
    ] = None
    count: Annotated[
        int | None,
        Field(ge=1, le=1000),
        Help("How many items to show, 1,000 at most.", "All that follow are shown when it is left out."),
    ] = None
    fields: Annotated[
        list[Annotated[str, Field(max_length=200)]] | None,
        Field(min_length=1, max_length=50),
        Help(
            "Only these parts of each item, such as description or user.name, 50 at most; long texts come "
            "whole then.",
            "All parts are shown when it is left out.",
        ),
    ] = None
    """Such as description; texts then come whole."""
    offset: Annotated[
        int | None,
        Field(ge=0, le=100_000_000),
        Help(
            "The first character of a long text to show, counted from 0.",
            "A text is shown from its beginning when it is left out.",
        ),
    ] = None
    """First character of a text."""

    async def run(self, api: Api) -> Any:
        """Answer from memory; the account was looked at before, so that a revoked user reads nothing."""
        kept = api.cached_result(self.result)
        items = kept.data.get("data")
        if not isinstance(items, list):
            return ResultSlice(self._chosen(kept.data), kept, self.result)
        start = self.start or 0
        if start >= len(items) and items:
            raise InvalidInput(f"start: the result has {len(items)} items, counted from 0.")
        end = None if self.count is None else start + self.count
        part = [self._chosen(item) for item in items[start:end]]
        return ResultSlice({"total": len(items), "start": start, "data": part}, kept, self.result, start)

    def _chosen(self, item: Any) -> Any:
        if self.fields is None or not isinstance(item, dict):
            return item
        chosen: dict[str, Any] = {}
        for name in dict.fromkeys(["uri", *self.fields]):
            value = next((each for path in names_of(name) if (each := _at(item, path)) is not None), None)
            if isinstance(value, str) and len(value) > TEXT_PART:
                begin = self.offset or 0
                end = begin + TEXT_PART
                more = f" [{len(value) - end} more characters: offset={end}]" if end < len(value) else ""
                value = value[begin:end] + more
            if value is not None:
                chosen[name] = value
        return chosen


def _at(item: Any, path: str) -> Any:
    """Return what is under a name that a model reads, dots for nesting; None for nothing."""
    value = item
    for step in path.split("."):
        found = value if isinstance(value, dict) else {}
        value = found[step] if step in found else found.get(without_unit(step))
    return value
