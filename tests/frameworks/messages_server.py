"""A server on this machine in the place of Anthropic's API, whose model makes the calls that it is given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.frameworks.driving import Calls
from tests.json_server import Json, json_server

__all__ = ["Served", "messages_server"]


@dataclass
class Served:
    """Where it is, and the bodies of what it was asked."""

    url: str = ""
    asked: list[Json] = field(default_factory=list)


@contextmanager
def messages_server(calls: Calls) -> Iterator[Served]:
    """Run the server on a free port."""
    served, turns = Served(), [*calls]

    def answer(path: str, body: Json) -> Json:
        served.asked.append(body)
        said: Json = {"type": "text", "text": "Done."}
        if turns:
            name, given = turns.pop(0)
            said = {"type": "tool_use", "id": f"t{len(turns)}", "name": name, "input": given}
        return {
            "id": "m",
            "type": "message",
            "role": "assistant",
            "model": "m",
            "content": [said],
            "stop_reason": "end_turn" if said["type"] == "text" else "tool_use",
            "stop_sequence": None,
            "usage": {"input_tokens": 1, "output_tokens": 1},
        }

    with json_server(answer) as served.url:
        yield served
