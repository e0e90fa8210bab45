"""How the tools are driven by Anthropic's tool runner, against a server on this machine."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from typing import Any

from anthropic import Anthropic
from anthropic.lib.tools import ToolError

from tests.frameworks.driving import Calls, Decide, Declared
from tests.frameworks.messages_server import messages_server

USER: ContextVar[str] = ContextVar("USER")


def identify(run: Any) -> str:
    return USER.get()


def declared(tools: list[Any]) -> Declared:
    sent = [tool.to_dict() for tool in tools]
    return {each["name"]: (each["description"], each["input_schema"]) for each in sent}


async def call(tool: Any, given: dict[str, Any], who: str = "") -> str:
    USER.set(who)
    try:
        text = tool.call(given)
        return str(await text if asyncio.iscoroutine(text) else text)
    except ToolError as error:
        return str(error.content)


def client(server: Any) -> Anthropic:
    return Anthropic(api_key="k", base_url=server.url, max_retries=0)


async def converse(tools: list[Any], calls: Calls, who: str = "", decide: Decide | None = None) -> list[str]:
    USER.set(who)
    with messages_server(calls) as server:
        runner = client(server).beta.messages.tool_runner(
            max_tokens=100, model="m", tools=tools, messages=[{"role": "user", "content": "Hello"}]
        )
        await asyncio.to_thread(runner.until_done)
    said = [part for message in server.asked[-1]["messages"] for part in message["content"]]
    results = [part for part in said if isinstance(part, dict) and part["type"] == "tool_result"]
    return [each["content"] for each in results]
