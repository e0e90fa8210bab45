from __future__ import annotations

import functools
import io
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from rich.console import Console
from rich.text import Text

from tests.cli.conftest import Run
from vimeo_toolkit.cli.demo_lines import line
from vimeo_toolkit.cli.scripted_model import ScriptedOrganizer
from vimeo_toolkit.sandbox import Sandbox

MOMENTS = [
    pytest.param(datetime(2026, 3, 1, 0, 0, 30, tzinfo=UTC), id="half a minute into a month"),
    pytest.param(datetime(2027, 1, 1, 3, 0, tzinfo=UTC), id="new year"),
    pytest.param(datetime(2028, 2, 29, 23, 30, tzinfo=UTC), id="leap day"),
    pytest.param(datetime(2026, 11, 15, 12, 0, tzinfo=UTC), id="mid-month"),
]


@pytest.mark.parametrize("moment", MOMENTS)
def test_works_on_any_day(run: Run, monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr("vimeo_toolkit.sandbox.Sandbox", functools.partial(Sandbox, now=moment))
    outcome = run("demo")
    assert outcome.exit_code == 0, outcome.output
    assert "scripted" in outcome.stdout
    assert f"{moment:%B %Y}" in outcome.stdout
    for tool in ("vimeo_my_videos_find", "vimeo_showcase_create"):
        assert tool in outcome.stdout
    assert "requests to Vimeo" in outcome.stdout
    assert "tokens of tool results" in outcome.stdout
    assert "holds exactly the 7 videos" in outcome.stdout


def test_fails_when_the_agent_does_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def idle(self: ScriptedOrganizer, *args: Any, **kwargs: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage("All is done."))])

    monkeypatch.setattr(ScriptedOrganizer, "_generate", idle)
    assert run("demo").exit_code == 1


def test_fails_when_a_video_is_missing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    decide = ScriptedOrganizer._generate

    def forgetful(self: ScriptedOrganizer, *args: Any, **kwargs: Any) -> ChatResult:
        result = decide(self, *args, **kwargs)
        message = result.generations[0].message
        assert isinstance(message, AIMessage)
        for call in message.tool_calls:
            if "videos" in call["args"]:
                call["args"]["videos"].pop()
        return result

    monkeypatch.setattr(ScriptedOrganizer, "_generate", forgetful)
    outcome = run("demo")
    assert outcome.exit_code == 1
    assert "1 of this month's are missing" in outcome.stdout


def test_model_that_cannot_be_made_is_a_sentence(run: Run) -> None:
    outcome = run("demo", "--model", "no_such_provider:model")
    assert outcome.exit_code == 1
    assert "no_such_provider:model" in outcome.stderr


def test_in_a_process_of_its_own(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VIMEO_")}
    done = subprocess.run(
        [sys.executable, "-m", "vimeo_toolkit.cli", "demo"],
        cwd=tmp_path,
        env={**kept, "COLUMNS": "200", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "holds exactly the 7 videos" in done.stdout
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("columns", [40, 80])
def test_a_long_line_goes_on_below_its_beginning_on_a_terminal(columns: int) -> None:
    out = Console(width=columns, file=io.StringIO(), force_terminal=True, no_color=True)
    words = [f"word{place}" for place in range(30)]
    line(out, Text(" 1 "), Text(" ".join(words)))
    first, *others = out.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert others
    assert max(map(len, (first, *others))) <= columns
    assert first.startswith(" 1 word0")
    assert all(other.startswith("   word") for other in others)
    assert " ".join((first, *others)).split()[1:] == words


def test_a_line_in_a_file_stays_whole() -> None:
    out = Console(width=40, file=io.StringIO())
    line(out, Text(" 1 "), Text("word " * 30))
    assert out.file.getvalue() == f" 1 {'word ' * 30}\n"  # type: ignore[attr-defined]
