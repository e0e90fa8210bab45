"""Measure, print, and write `benchmarks/results/report.md`.

uv run --group benchmarks python -m benchmarks [SECTION …]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import (
    calls,
    fairness,
    hottest,
    large,
    latency,
    library,
    library_growth,
    library_meaning,
    report,
    stores,
    tools,
    users,
)
from benchmarks.measure import Section

SECTIONS: dict[str, Callable[[], Section]] = {
    "calls": calls.measure,
    "users": users.measure,
    "fairness": fairness.measure,
    "tools": tools.measure,
    "stores": stores.measure,
    "large": large.measure,
    "latency": latency.measure,
    "hottest": hottest.measure,
    "library": library.measure,
    "meaning": library_meaning.measure,
    "growth": library_growth.measure,
}


def main(chosen: list[str]) -> int:
    """0 when every target was met."""
    unknown = set(chosen) - set(SECTIONS)
    if unknown:
        sys.stderr.write(
            f"There is no section {', '.join(sorted(unknown))}: choose of {', '.join(SECTIONS)}.\n"
        )
        return 2
    console, done = Console(width=150), []
    for name, measure in SECTIONS.items():
        if chosen and name not in chosen:
            continue
        section = measure()
        done.append(section)
        table = Table(
            "What", "Figure", "Ratio", "Compared with", "", title=section.title, title_justify="left"
        )
        for row in section.rows:
            ratio = "" if row.ratio is None else f"{row.ratio:.3f}"
            mark = {True: "[green]met[/]", False: "[red]missed[/]", None: ""}[row.met]
            table.add_row(row.what, f"{row.value:,.2f} {row.unit}", ratio, row.floor, mark)
        if section.rows:
            console.print(table)
    console.print(f"Written: {report.write(done, Path(__file__).parent / 'results')}")
    return 0 if all(row.met is not False for section in done for row in section.rows) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
