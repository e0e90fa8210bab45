"""The README's table of differences, with the figures of the last measurement."""

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
    ("Files, transcripts, chapters, many videos at once", "none", "tools"),
    ("Tests", "against the service", "against a sandbox, offline"),
)


def differences() -> str:
    """Return the table in Markdown; raises KeyError for a figure that the report does not have."""
    text = REPORT.read_text(encoding="utf-8")
    found = {
        re.sub(r" \(\d+\)(, o200k_base)?$|, o200k_base$", "", what): figure.strip()
        for what, figure in re.findall(r"^\| ([^|]+?) \| ([\d,.]+ [^|]*?) \|", text, re.MULTILINE)
    }
    measured = re.search(r"^Measured on (.+)\.$", text, re.MULTILINE)
    filled = [[re.sub("{(.+?)}", lambda name: found[name[1]], cell) for cell in row] for row in ROWS]
    lines = ["", "| | elsewhere | vimeo-toolkit |", "|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in filled]
    where = measured[1] if measured else "one machine"
    note = f"Measured against the sandbox on {where}: [the whole report](benchmarks/results/report.md)."
    return "\n".join([*lines, "", note, ""])
