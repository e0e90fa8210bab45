"""Measure, print, and write `benchmarks/results/report.md`."""

from __future__ import annotations

import argparse
import ast
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from benchmarks.measure import Section

HERE: Final = Path(__file__).parent

SECTIONS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "calls": ("calls", {"rounds": 3, "calls": 10}),
    "users": ("users", {"users": 300, "calls": 300, "rounds": 1}),
    "processes": ("processes", {"users": 200, "processes": 2, "calls": 200, "rounds": 1}),
    "fairness": ("fairness", {"rounds": 1, "seconds": 1.0, "scenes": 1, "demand": 3.0}),
    "tools": ("tools", {"rounds": 1}),
    "stores": ("stores", {"sizes": (100, 1_000), "most": 2_000, "rounds": 3}),
    "churn": ("churn", {"accounts": 50, "loops": 100, "fewer": 2}),
    "large": ("large", {"rounds": 1, "items": 1_000}),
    "latency": ("latency", {"rounds": 1, "latency": 0.03}),
    "connections": ("connections", {"rounds": 1, "seconds": (0.5,), "rtt": 0.02}),
    "peers": ("peers", {"rounds": 1, "latency": 0.01, "free": False}),
    "hottest": ("hottest", {"calls": 200}),
    "library": ("library", {"hours": 20, "others": 10, "asked": 10}),
    "meaning": ("library_meaning", {"hours": 20, "others": 10, "asked": 10}),
    "growth": ("library_growth", {"hours": (10, 20), "others": 10, "asked": 10}),
}
"""Name → the module whose `measure` makes the section, and what that is given for a quick look."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 when every target was met; targets of a quick look do not count."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if unknown := sorted(set(asked.sections) - set(SECTIONS)):
        parser.error(f"there is no section {', '.join(unknown)}; choose of {', '.join(SECTIONS)}")
    if asked.list:
        sys.stdout.write(f"{_listed()}\n")
        return 0
    chosen = [name for name in SECTIONS if name in (asked.sections or SECTIONS)]
    done = [_measured(name, quick=asked.quick) for name in chosen]
    if asked.quick:
        sys.stdout.write("Quick figures: too rough to be kept, so the report stays as it is.\n")
        return 0
    from benchmarks import report

    sys.stdout.write(f"Written: {report.write(done, HERE / 'results')}\n")
    return 0 if all(row.met is not False for section in done for row in section.rows) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="uv run --group benchmarks python -m benchmarks",
        description=f"{__doc__} Sections of the report that are not measured stay as they are.",
        epilog=f"sections:\n{_listed()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("sections", nargs="*", metavar="SECTION", help="which to measure, all by default")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="a look in about two minutes: little of everything, and no report",
    )
    parser.add_argument("--list", action="store_true", help="only list the sections")
    return parser


def _listed() -> str:
    """Return a line for each section: its name, and what its module says of itself. No module is imported for that:
    they need what only the group `benchmarks` installs."""
    return "\n".join(f"  {name:<9} {_about(module)}" for name, (module, _) in SECTIONS.items())


def _about(module: str) -> str:
    paths = (HERE / f"{module}.py", HERE / module / "__init__.py")
    text = next(path for path in paths if path.exists()).read_text(encoding="utf-8")
    return " ".join((ast.get_docstring(ast.parse(text)) or "").partition("\n\n")[0].split())


def _measured(name: str, *, quick: bool) -> Section:
    """Measure a section and print it."""
    module, parameters = SECTIONS[name]
    start = time.perf_counter()
    section: Section = import_module(f"benchmarks.{module}").measure(**parameters if quick else {})
    _print(section)
    sys.stdout.write(f"{name}: {time.perf_counter() - start:.0f} s\n\n")
    return section


def _print(section: Section) -> None:
    from rich.console import Console

    console = Console(width=150)
    if section.table:
        head, *lines = section.table
        console.print(_table(section.title, head, lines))
    if section.rows:
        head = ("What", "Figure", "Ratio", "Compared with", "")
        marks = {True: "[green]met[/]", False: "[red]missed[/]", None: ""}
        rows = [
            (
                row.what,
                f"{row.value:,.2f} {row.unit}",
                "" if row.ratio is None else f"{row.ratio:.3f}",
                row.floor,
                marks[row.met],
            )
            for row in section.rows
        ]
        console.print(_table(section.title, head, rows))


def _table(title: str, head: Iterable[str], lines: Iterable[Iterable[str]]) -> Any:
    from rich.table import Table

    table = Table(*head, title=title, title_justify="left")
    for line in lines:
        table.add_row(*line)
    return table


if __name__ == "__main__":
    raise SystemExit(main())
