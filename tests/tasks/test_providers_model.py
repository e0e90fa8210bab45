"""A model of a provider is scored through the provider's own client, which here talks to this machine."""

from __future__ import annotations

import json

import pytest

from tests.adapters.model_server import model_server
from tests.cli.conftest import Run, run

__all__ = ["run"]

KEY = "sk-of-nobody"


@pytest.mark.slow
def test_a_model_of_a_provider_is_scored(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("langchain_openai")
    from vimeo_toolkit.sandbox.tasks import open_library

    (talk,) = open_library().named("Studio Talk: Glaze")
    with model_server() as server:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        server.messages = [
            _calling("vimeo_my_videos_find", name_contains="Chemestry"),
            _calling("vimeo_video_edit", video_id=talk.uri, name="Studio Talk: Glaze Chemistry"),
            {"content": "The title is corrected."},
            {"content": "All is done."},
        ]
        outcome = run(
            "eval", "--model", "openai:m", "--task", "change-typo", "--task", "find-by-tag", "--json"
        )
    assert outcome.exit_code == 1, "the second task was not done"
    told = json.loads(outcome.stdout)
    assert [each["done"] for each in told["outcomes"]] == [True, False]
    assert (told["agent"], told["framework"], told["calls"]) == ("openai:m", "langchain", 2)
    sent = {tool["function"]["name"] for tool in server.asked[0]["tools"]}
    assert {"vimeo_my_videos_find", "vimeo_video_edit"} <= sent
    assert "2026-09-15" in json.dumps(server.asked[0]["messages"]), "a model has no clock"


@pytest.mark.slow
def test_a_model_that_cannot_be_reached_has_failed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("langchain_openai")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1")
    outcome = run("eval", "--model", "openai:m", "--task", "change-typo")
    assert outcome.exit_code == 1
    assert "stopped with" in outcome.stderr
    assert KEY not in outcome.output


@pytest.mark.slow
def test_a_missing_key_is_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("langchain_openai")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    outcome = run("eval", "--model", "openai:m", "--task", "change-typo")
    assert outcome.exit_code == 1
    assert "OPENAI_API_KEY" in outcome.stderr


def _calling(tool: str, **arguments: str) -> dict[str, object]:
    function = {"name": tool, "arguments": json.dumps(arguments)}
    return {"tool_calls": [{"id": f"call_{tool}", "type": "function", "function": function}]}
