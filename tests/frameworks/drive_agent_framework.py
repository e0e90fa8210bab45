"""How the tools are driven in Microsoft's Agent Framework."""

from __future__ import annotations

from typing import Any

from agent_framework import (
    Agent,
    BaseChatClient,
    ChatResponse,
    Content,
    FunctionInvocationContext,
    FunctionInvocationLayer,
    Message,
)

from tests.frameworks.driving import Calls, Decide, Declared


def identify(run: Any) -> str:
    return str(run.kwargs["user"])


def declared(tools: list[Any]) -> Declared:
    sent = [tool.to_json_schema_spec()["function"] for tool in tools]
    return {each["name"]: (each["description"], each["parameters"]) for each in sent}


async def call(tool: Any, given: dict[str, Any], who: str = "") -> str:
    run = FunctionInvocationContext(function=tool, arguments=given, kwargs={"user": who})
    (content,) = await tool.invoke(arguments=given, context=run)
    return str(content.text)


class Scripted(FunctionInvocationLayer[Any], BaseChatClient[Any]):
    """Makes the calls, and then says that it is done."""

    def __init__(self, calls: Calls) -> None:
        super().__init__()
        self.turns = [*calls]

    def _inner_get_response(self, **more: Any) -> Any:
        async def answered() -> ChatResponse[Any]:
            if self.turns:
                name, given = self.turns.pop(0)
                said = Content.from_function_call(f"c{len(self.turns)}", name, arguments=given)
            else:
                said = Content.from_text("Done.")
            return ChatResponse(messages=[Message(role="assistant", contents=[said])], response_id="r")

        return answered()


def scripted(calls: Calls) -> Any:
    return Scripted(calls)


async def converse(tools: list[Any], calls: Calls, who: str = "", decide: Decide | None = None) -> list[str]:
    agent: Any = Agent(client=scripted(calls), tools=tools)
    session = agent.create_session()
    given = {"user": who}
    result = await agent.run("Hello", session=session, function_invocation_kwargs=given)
    read = [result]
    while result.user_input_requests and decide is not None:
        answers = [
            asked.to_function_approval_response(
                decide(asked.function_call.name, asked.function_call.parse_arguments(), "")
            )
            for asked in result.user_input_requests
        ]
        said = Message(role="user", contents=answers)
        result = await agent.run(said, session=session, function_invocation_kwargs=given)
        read.append(result)
    contents = [part for each in read for message in each.messages for part in message.contents]
    return [str(part.result) for part in contents if part.type == "function_result"]
