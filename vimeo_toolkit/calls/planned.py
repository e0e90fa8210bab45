"""A call that is ready to be sent and was not: what a person, a product's code or a dry run is shown of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from vimeo_toolkit.calls.showing import visible
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.renamed import renamed

__all__ = ["PlannedCall"]

MOST_ARGUMENT: Final = 12_000
"""Characters of an argument that a person is shown: more than any text but captions may have."""


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A call that is ready to be sent and was not. No token and no secret is in it."""

    tool_name: str
    description: str
    """The tool's own, as a model reads it."""
    arguments: Mapping[str, Any]
    """As validated; a password is `***`."""
    identity: Identity
    requests: tuple[Mapping[str, Any], ...]
    """`{"method": …, "path": …, "query": …, "body": …}` for each request that is known beforehand."""
    complete: bool
    """False: more requests may follow, which depend on what Vimeo answers."""
    scopes: tuple[str, ...]
    read_only: bool
    destructive: bool
    visible_to_others: bool
    """Other people see what it does, or are told of it."""
    undo: str | None
    """By which tool it is taken back; None when it cannot be, or there is nothing to take back."""
    question: str = ""
    """What it does, in a person's words, with the names of things as they stand now and what changes from what to
    what, on one line; "" where nobody is asked."""
    changes: tuple[Mapping[str, Any], ...] = ()
    """`{"input": …, "label": …, "before": …, "after": …, "from": …, "to": …, "same": …}` for each thing that it
    sets and the question does not name: the tool's input and what people call it, the values as Vimeo has them, the
    same in words, and whether nothing changes. "from" is "" where nothing is there yet."""
    kind: str = ""
    """What it changes, such as `video`; "" where it makes something new or nobody is asked."""
    title: str = ""
    """The title of that thing as it stands now: somebody's text, so show it as such."""
    in_full: tuple[str, ...] = ()
    """A line for each long text or list that the question cuts."""
    looks: int = 0
    """Requests that looking at what stands there takes, each time: when it is asked, and when it is done."""
    undo_needs: tuple[str, ...] = ()
    """The scopes that taking it back needs and the user has not granted: they can do it at Vimeo."""
    plan: Mapping[str, Any] = field(default_factory=dict)
    """Of a call that applies a plan: `plan_id`, how many `videos` change, the `requests` that this takes at most,
    and whether a part of it cannot be taken back (`partly`); empty for any other."""

    outward = renamed("outward", "visible_to_others")

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict without the identity. `quota_cost` is the least number of requests when not
        `complete`, with the looks that come before a call that needs approval."""
        return copy.deepcopy(
            {
                "tool": self.tool_name,
                "arguments": dict(self.arguments),
                "requests": [dict(request) for request in self.requests],
                "complete": self.complete,
                "quota_cost": len(self.requests) + self.looks + int(self.plan.get("requests", 0)),
                "scopes": list(self.scopes),
                "read_only": self.read_only,
                "destructive": self.destructive,
                "visible_to_others": self.visible_to_others,
                "outward": self.visible_to_others,  # its former name, for one version
                "can_be_undone": self.undo is not None,
                **({} if self.undo is None else {"undo": self.undo}),
                **({"question": self.question} if self.question else {}),
                **({"changes": [dict(change) for change in self.changes]} if self.changes else {}),
                **({"kind": self.kind, "title": self.title} if self.kind else {}),
                **({"approval_looks": self.looks} if self.looks else {}),
                **({"plan": dict(self.plan)} if self.plan else {}),
            }
        )

    def describe(self) -> str:
        """Return the question and what else a person should know, a few lines. Text that a model or a stranger
        wrote cannot pose as a line of its own."""
        lines = [self.question or self._called()]
        if self.visible_to_others:
            lines.append("Other people may see the change or be told of it.")
        if not self.read_only:
            elsewhere = "It can be undone at Vimeo, but not from here."
            never = elsewhere if self.undo_needs else "It cannot be undone."
            back = "The rest can be undone." if self.plan.get("partly") else "It can be undone."
            lines.append(back if self.undo is not None else never)
        return "\n".join([lines[0], *self.in_full, *filter(None, [" ".join(lines[1:])])])

    def _called(self) -> str:
        """The call as a program writes it, where nobody was asked in words."""
        inputs = ", ".join(f"{name}={_plain(value)}" for name, value in self.arguments.items())
        return f"{self.tool_name}({inputs})"


def _plain(value: Any) -> str:
    """As JSON on one line; what does not print, such as a sign that turns the text around, is escaped."""
    return visible(json.dumps(value, ensure_ascii=False), MOST_ARGUMENT)
