"""A server on this machine in the place of the providers' APIs: it keeps what their own clients send."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.json_server import Json, json_server

__all__ = ["ModelServer", "model_server"]

_OPENAI: Json = {"id": "1", "object": "chat.completion", "created": 1, "model": "m"}
_RESPONSES: Json = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1,
    "model": "m",
    "output": [
        {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": "Done.", "annotations": []}],
        }
    ],
    "parallel_tool_calls": True,
    "tool_choice": "auto",
    "tools": [],
    "status": "completed",
    "usage": {
        "input_tokens": 1,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": 1,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 2,
    },
}
_ANTHROPIC: Json = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "m",
    "content": [{"type": "text", "text": "Done."}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {"input_tokens": 1, "output_tokens": 1},
}
_GEMINI: Json = {
    "candidates": [{"content": {"role": "model", "parts": [{"text": "Done."}]}, "finishReason": "STOP"}]
}


def openai_answer(message: Json) -> Json:
    """A chat completion with this message of the assistant."""
    finish = "tool_calls" if message.get("tool_calls") else "stop"
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": None, **message},
        "finish_reason": finish,
    }
    return {**_OPENAI, "choices": [choice]}


@dataclass
class ModelServer:
    """What was asked, and what OpenAI's chat completions will answer, in turn."""

    url: str = ""
    asked: list[Json] = field(default_factory=list)
    """The bodies of all requests that make a model speak."""
    messages: list[Json] = field(default_factory=list)
    """The assistant's next messages; with none left it says that it is done."""

    def answer(self, path: str) -> Json:
        """Return the answer to a POST, in the form of the API that the path belongs to."""
        if path.endswith("/chat/completions"):
            return openai_answer(self.messages.pop(0) if self.messages else {"content": "Done."})
        if path.endswith("/responses"):
            return _RESPONSES
        return _ANTHROPIC if path.endswith("/messages") else _GEMINI


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """Run the server on a free port of this machine."""
    kept = ModelServer()

    def answer(path: str, body: Json) -> Json:
        kept.asked.append(body)
        return kept.answer(path)

    about = {"name": "models/m", "inputTokenLimit": 100_000, "outputTokenLimit": 1_000}
    with json_server(answer, about) as kept.url:
        yield kept
