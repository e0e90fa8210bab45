"""The README's tables of differences and of the same tasks, with the figures of the last measurement."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["differences"]

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "benchmarks" / "results" / "report.md"

ROWS = (
    (
        "A page of 25 videos for a model",
        "{a page of 25 videos, unprojected} as Vimeo sends it",
        "{a page of 25 videos}: only the fields that matter are asked for",
    ),
    (
        "Definitions of tools",
        "the hosted connector's have no enumerations",
        "{definitions of the default tools} by default, {definitions of all tools} for all, enumerations included",
    ),
    (
        "Tools for one more user, LangChain",
        "{the hosted connector's LangChain conversion of 59} for its 59, the network call left out",
        "{all tools bound again, LangChain} for all",
    ),
    (
        "One blocking call",
        "{PyVimeo, blocking} by PyVimeo, {bare httpx, blocking} by bare httpx",
        "{core, blocking}; {LangChain, blocking} as a LangChain tool",
    ),
    (
        "200 calls in flight, stall of the event loop (99th percentile)",
        "{stall of the event loop, 99th percentile, bare httpx} by bare httpx",
        "{stall of the event loop, 99th percentile, core}; asynchronous down to the socket",
    ),
    (
        "An idle user of many",
        "a client each",
        "{memory for each connected user who is idle} of memory",
    ),
    (
        "Where tokens live",
        "a hosted connector's service",
        "your own process and store, encrypted with your key",
    ),
    (
        "A missing scope",
        "Vimeo's answer, perhaps an empty list",
        "named before anything is sent, with a link",
    ),
    ("Consent before a deletion", "the framework's, if any", "enforced in the core, in every framework"),
)

PEERS = ("hosted connector's tools", "PyVimeo by hand", "vimeo-toolkit")
UNABLE = "none of its tools gives the words"
"""Of a peer that is not among those who do a task."""
TASKS_BEGIN = "\n## The same tasks by peers\n"


def differences() -> str:
    """Return the tables in Markdown; raises KeyError for a figure that the report does not have."""
    text = REPORT.read_text(encoding="utf-8")
    found = {
        re.sub(r" \(\d+\)(, o200k_base)?$|, o200k_base$", "", what): figure.strip()
        for what, figure in re.findall(r"^\| ([^|]+?) \| ([\d,.]+ [^|]*?) \|", text, re.MULTILINE)
    }
    measured = re.search(r"^Measured on (.+)\.$", text, re.MULTILINE)
    filled = [[re.sub("{(.+?)}", lambda name: found[name[1]], cell) for cell in row] for row in ROWS]
    lines = ["", "| | elsewhere | vimeo-toolkit |", "|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in filled]
    lines += ["", *_tasks(text)]
    where = measured[1] if measured else "one machine"
    note = f"Measured against the sandbox on {where}: [the whole report](benchmarks/results/report.md)."
    return "\n".join([*lines, "", note, ""])


def _tasks(report: str) -> list[str]:
    """Return the lines of the table of the same tasks: seconds, requests and tokens of each, by peers and by us."""
    section = report.partition(TASKS_BEGIN)[2].partition("\n## ")[0]
    head, _, *rest = (line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|"))
    table = [dict(zip(head, line, strict=True)) for line in rest if len(line) == len(head)]
    tokens = next(name for name in head if name.startswith("Tokens"))
    tasks: dict[str, dict[str, str]] = {}
    for row in table:
        tasks.setdefault(f"{row['Task']} (at least {row['At least']} requests)", {})[row["By"]] = (
            f"{float(row['Seconds']):.1f} s, on a Free plan {row['Seconds on a Free plan']} s; "
            f"{row['Requests']} requests, {row[tokens]} tokens"
        )
    lines = [
        f"| The same task, 150 ms a request | {' | '.join(PEERS)} |",
        f"|---{'|---' * len(PEERS)}|",
    ]
    for task, by in tasks.items():
        lines.append(f"| {' | '.join([task, *(by.get(each, UNABLE) for each in PEERS)])} |")
    return lines
