"""The report: a table and a plot a section, in Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from pathlib import Path

import matplotlib as mpl

from benchmarks.measure import Row, Section

mpl.use("Agg")
from matplotlib import pyplot as plt

__all__ = ["write"]

MARKS = {True: "met", False: "**missed**", None: ""}


def write(sections: Iterable[Section], folder: Path) -> Path:
    """Write `report.md` and its plots there; gives back the report's path. Sections of the report that is there and
    are not measured now stay as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "report.md"
    parts = _parts(path.read_text()) if path.exists() else {}
    parts |= {section.title: _part(section, folder) for section in sections}
    head = [
        "# What the toolkit costs",
        "",
        f"Measured on {machine()}.",
        "",
        (
            "A ratio compares with the floor that the same run measured; each is the median of interleaved rounds. "
            "Made by `uv run --group benchmarks python -m benchmarks`, which takes the names of sections, too."
        ),
    ]
    path.write_text("\n\n".join(["\n".join(head), *parts.values()]) + "\n")
    return path


def _parts(text: str) -> dict[str, str]:
    """The sections of a report by their titles, in their order."""
    found = ("## " + part.rstrip() for part in text.split("\n## ")[1:])
    return {part.partition("\n")[0].removeprefix("## "): part for part in found}


def _part(section: Section, folder: Path) -> str:
    lines = [f"## {section.title}", ""]
    if section.table:
        head, *rest = section.table
        marks = ["---", "---", *["---:"] * (len(head) - 2)]
        lines += [f"| {' | '.join(line)} |" for line in (head, marks, *rest)] + [""]
    if section.rows:
        lines += ["| What | Figure | Ratio | Compared with | Target | |", "|---|---:|---:|---|---:|---|"]
        lines += [_line(row) for row in section.rows]
        lines.append("")
        plot = _plot(section, folder)
        if plot is not None:
            lines += [f"![Ratios: {section.title}]({plot.name})", ""]
    lines += [*section.notes, ""] if section.notes else []
    if section.text:
        lines += ["```", section.text, "```", ""]
    return "\n".join(lines).rstrip()


def machine() -> str:
    """In general terms."""
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def _line(row: Row) -> str:
    shown = f"{row.value:,.0f}" if row.value >= 100 else f"{row.value:.2f}"
    target = f"≤ {row.at_most:.3g}" if row.at_most is not None else ""
    target = f"≥ {row.at_least:.3g}" if row.at_least is not None else target
    ratio = "" if row.ratio is None else f"{row.ratio:.3f}"
    return f"| {row.what} | {shown} {row.unit} | {ratio} | {row.floor} | {target} | {MARKS[row.met]} |"


def _plot(section: Section, folder: Path) -> Path | None:
    rows = [row for row in section.rows if row.ratio is not None]
    if not rows:
        return None
    figure, axes = plt.subplots(figsize=(9, 0.45 * len(rows) + 1.2), layout="constrained")
    places = range(len(rows))
    axes.barh(places, [row.ratio or 0.0 for row in rows], color="#4a6fa5", height=0.6)
    for place, row in zip(places, rows, strict=True):
        target = row.at_most if row.at_most is not None else row.at_least
        if target is not None:
            axes.plot([target, target], [place - 0.4, place + 0.4], color="#b03a2e", linewidth=2)
    axes.axvline(1.0, color="#888888", linewidth=1, linestyle=":")
    axes.set_yticks(list(places), [f"{row.what}\nto {row.floor}" for row in rows], fontsize=8)
    axes.invert_yaxis()
    axes.set_xlabel("ratio to the floor; the red mark is the target")
    path = folder / f"{section.title.lower().replace(' ', '-')}.svg"
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
    return path
