"""What a call gives back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Pages", "RateLimit", "ToolResult"]


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The user's request budget, as the answer's headers told it. Any part can be unknown (None)."""

    limit: int | None = None
    """Requests per window."""
    remaining: int | None = None
    reset_at: float | None = None
    """When the window ends, seconds since the epoch by this machine's clock."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Where a list stands."""

    page: int
    per_page: int
    total: int | None
    next: int | None
    """The next page's number; None on the last."""


class ToolResult(Mapping[str, Any]):
    """The JSON of Vimeo's answer, readable like a dict: `result["data"][0]["uri"]`.

    Attributes:
        data: the JSON itself, a dict. An answer without a body is `{"success": True, "message": …}`.
        rate_limit: the user's budget after this call.
        pages: where a list stands, None for what is no list.
        requests: how many requests the call sent to Vimeo.
        notes: sentences that the caller should know, such as an input that Vimeo has no counterpart for.
    """

    __slots__ = ("data", "notes", "pages", "rate_limit", "requests")

    def __init__(
        self,
        data: dict[str, Any],
        *,
        rate_limit: RateLimit | None = None,
        pages: Pages | None = None,
        requests: int = 0,
        notes: tuple[str, ...] = (),
    ) -> None:
        self.data = data
        self.rate_limit = rate_limit or RateLimit()
        self.pages = pages
        self.requests = requests
        self.notes = notes

    def __getitem__(self, name: str) -> Any:
        return self.data[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)

    def __repr__(self) -> str:
        text = self.to_text()
        return f"ToolResult({text[:200]}{'…' if len(text) > 200 else ''})"

    def for_model(self) -> dict[str, Any]:
        """The result as a model should see it: without nulls and paging links, with the notes."""
        shown = dict(self.data)
        if self.pages is not None:
            shown.pop("paging", None)
            shown.pop("per_page", None)
            if self.pages.next is not None:
                shown["next_page"] = self.pages.next
        if self.notes:
            shown["notes"] = list(self.notes)
        cleaned = _without_nulls(shown)
        return cleaned if isinstance(cleaned, dict) else {}

    def to_text(self) -> str:
        """`for_model` as compact JSON."""
        return json.dumps(self.for_model(), ensure_ascii=False, separators=(",", ":"))


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value
