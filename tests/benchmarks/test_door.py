"""`python -m benchmarks`: what it tells, what it refuses, and that each section's quick form runs."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from benchmarks import __main__ as door
from benchmarks.measure import Row, Section
from tests.rules.imports import ROOT

MISSED = Section("A section", rows=[Row("what is too slow", 2.0, "s", at_most=1.0)])


def source_of(module: str) -> Path:
    plain = ROOT / "benchmarks" / f"{module}.py"
    return plain if plain.exists() else ROOT / "benchmarks" / module / "__init__.py"


def inputs_of_measure(module: str) -> set[str]:
    body = ast.parse(source_of(module).read_text(encoding="utf-8")).body
    (measure,) = (each for each in body if isinstance(each, ast.FunctionDef) and each.name == "measure")
    return {each.arg for each in (*measure.args.args, *measure.args.kwonlyargs)}


@pytest.mark.parametrize("way", ["--help", "--list"])
def test_each_section_is_listed_with_what_it_is_about(way: str, capsys: pytest.CaptureFixture[str]) -> None:
    if way == "--help":
        with pytest.raises(SystemExit) as end:
            door.main([way])
        assert end.value.code == 0
    else:
        assert door.main([way]) == 0
    lines = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()]
    about = {line[0]: line[1] for line in lines if len(line) == 2}
    for name in door.SECTIONS:
        assert about[name].endswith(".")


def test_a_section_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        door.main(["calls", "nothing"])
    assert end.value.code == 2
    assert "there is no section nothing; choose of calls, " in capsys.readouterr().err


@pytest.mark.parametrize("name", door.SECTIONS)
def test_a_quick_form_gives_what_its_section_takes(name: str) -> None:
    module, quick = door.SECTIONS[name]
    assert quick
    assert quick.keys() <= inputs_of_measure(module)


def test_a_quick_run_leaves_the_report_as_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[str, bool]] = []

    def measured(name: str, *, quick: bool) -> Section:
        asked.append((name, quick))
        return MISSED

    monkeypatch.setattr(door, "_measured", measured)
    report = ROOT / "benchmarks" / "results" / "report.md"
    before = report.stat()
    assert door.main(["--quick", "large", "calls"]) == 0
    assert asked == [("calls", True), ("large", True)]
    assert report.stat() == before
    assert "the report stays as it is" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", door.SECTIONS)
def test_the_quick_form_of_a_section_runs(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert door.main(["--quick", name]) == 0
    assert f"{name}: " in capsys.readouterr().out
