"""Every request of every tool is one that the API's own document describes."""

from __future__ import annotations

import pytest

from tests.conftest import Connect
from tests.contract.openapi import problems_of_answer, problems_of_request, tools_59
from tests.examples import REMOTE, example_input, keep_example
from tests.servers import NO_TLS
from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.toolsets import DEFAULT
from vimeo_toolkit.sandbox import Sandbox

TOOLS = REMOTE


@pytest.mark.parametrize("name", TOOLS)
def test_requests_are_in_the_document(
    name: str, vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect
) -> None:
    keep_example(toolkit, connect())
    toolkit.execute_tool(identifier="user_1", tool_name=name, tool_input=example_input(name, vimeo))
    assert vimeo.requests
    for request in vimeo.requests:
        assert request.status < 300
        assert problems_of_request(request.method, request.path, request.query, request.body) == []
        assert ("fields" in request.query) == (request.method != "DELETE")
        assert request.headers["accept"] == "application/vnd.vimeo.*+json;version=3.4"
        assert request.headers["user-agent"].startswith("vimeo-toolkit/")


def test_the_31_names_and_inputs() -> None:
    known = {tool["tool"]: tool["input"] for tool in tools_59() if tool["set"] == "core31"}
    assert set(known) <= set(catalog())
    for name, inputs in known.items():
        schema = catalog()[name].input_schema
        assert set(schema["properties"]) >= set(inputs), name
        required = {each for each, kind in inputs.items() if kind.endswith("*")}
        assert set(schema.get("required", [])) == required, name
        for each, kind in inputs.items():
            assert schema["properties"][each]["type"] == kind.rstrip("*"), (name, each)


@pytest.mark.parametrize(
    "name", [name if name in DEFAULT else pytest.param(name, marks=pytest.mark.slow) for name in TOOLS]
)
def test_whole_answers_of_the_sandbox_are_in_the_document(
    name: str, vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same calls without a projection: the sandbox's representations are whole and valid."""
    import httpx

    token = vimeo.issue_token()
    keep_example(toolkit, connect())
    toolkit.execute_tool(identifier="user_1", tool_name=name, tool_input=example_input(name, vimeo))
    sent = [request for request in vimeo.requests if "{" not in request.path]
    with Sandbox(now=vimeo.clock.now()) as fresh, httpx.Client(base_url=fresh.url, verify=NO_TLS) as client:
        example_input(name, fresh)
        token = fresh.issue_token()
        client.headers.update({"authorization": f"bearer {token.access_token}"})
        for request in sent:
            query = {key: value for key, value in request.query.items() if key != "fields"}
            body = _with_secrets(request.body)
            answer = client.request(request.method, request.path, params=query, json=body)
            assert answer.status_code < 300, answer.text
            value = answer.json() if answer.content else None
            problems = problems_of_answer(request.method, request.path, answer.status_code, value)
            assert problems == []


def _with_secrets(body: object) -> object:
    if isinstance(body, dict):
        return {key: "hunter-22" if value == "***" else value for key, value in body.items()}
    return body
