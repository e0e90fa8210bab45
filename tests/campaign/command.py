"""`scripts/long`: run many cases on each store, go on where the last run stopped, and write a report.

    scripts/long                                              500 of each kind on each store
    scripts/long --minutes 30                                 as many as fit; the next run goes on
    scripts/long --store sqlite --kind kill --seed 133 --runs 1     one case again

What was run is kept, for one commit, in `.long/results.jsonl`. Ends with 1 when a case failed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.campaign.cases import KINDS, PAIRS, STORES, draw
from tests.campaign.ledger import Ledger
from tests.campaign.report import report
from tests.campaign.running import Campaign, Result
from tests.servers import postgres_running, redis_running

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".long" / "results.jsonl"
REPORT = ROOT / "benchmarks" / "results" / "interruptions.md"


def main() -> int:
    """Run the command; returns its exit status."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are stopped
    commit = _commit()
    until = time.monotonic() + 60 * options.minutes
    alone = options.seed is not None
    done = [] if alone else _done(commit)
    seen = {(each["store"], each["kind"], each["seed"]) for each in done}
    seeds = range(options.seed or 0, (options.seed or 0) + options.runs)
    for store in options.store or STORES:
        with _url(store) as (url, folder), Ledger() as ledger:
            campaign = Campaign(ledger, url, folder)
            for kind in options.kind or KINDS:
                if (store, kind) not in PAIRS:
                    continue
                cases = [draw(store, kind, seed) for seed in seeds if (store, kind, seed) not in seen]
                for result in campaign.run(cases, options.jobs, lambda: time.monotonic() < until):
                    _show(result)
                    line = _line(commit, result)
                    done.append(line)
                    if not alone:
                        STATE.parent.mkdir(exist_ok=True)
                        with STATE.open("a") as file:
                            file.write(json.dumps(line) + "\n")
    failed = [each for each in done if each["faults"]]
    text = report(done, commit, options.runs)
    print(text)  # noqa: T201 - a command
    if options.report:
        REPORT.write_text(text)
    return 1 if failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/long", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--store", action="append", choices=STORES)
    parser.add_argument("--kind", action="append", choices=KINDS)
    parser.add_argument("--seed", type=int, help="the first case; nothing is kept, so that it runs again")
    parser.add_argument("--runs", type=int, default=500, help="of each kind on each store")
    parser.add_argument("--minutes", type=float, default=24 * 60.0, help="no case begins after this time")
    parser.add_argument("--jobs", type=int, default=4, help="cases at once")
    parser.add_argument("--report", action="store_true", help=f"write {REPORT.relative_to(ROOT)}")
    return parser.parse_args()


def _commit() -> str:
    """The commit, and whether what runs is another."""
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=12"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip() or "unknown"


def _done(commit: str) -> list[dict[str, Any]]:
    found = []
    with contextlib.suppress(FileNotFoundError):
        for line in STATE.read_text().splitlines():
            with contextlib.suppress(ValueError):  # the last line of a run that was killed
                found.append(json.loads(line))
    return [each for each in found if each["commit"] == commit]


@contextmanager
def _url(store: str) -> Iterator[tuple[str, Path]]:
    with tempfile.TemporaryDirectory(prefix="vimeo-toolkit-long-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        match store:
            case "memory":
                url = "sqlite:///:memory:"
            case "sqlite":
                url = f"sqlite:///{folder / 'accounts.db'}"
            case "postgres":
                url = str(stack.enter_context(postgres_running()).get_uri())
            case _:
                url = f"unix://{stack.enter_context(redis_running()).unix_socket_path}?prefix=long"
        yield url, folder


def _line(commit: str, result: Result) -> dict[str, Any]:
    case = result.case
    return {
        "commit": commit,
        "store": case.store,
        "kind": case.kind,
        "seed": case.seed,
        "flow": case.flow,
        "struck": result.struck,
        "outcome": result.outcome,
        "unknown": result.unknown,
        "interrupted": result.interrupted,
        "waited": round(result.waited, 2),
        "faults": result.faults,
        "again": case.again,
    }


def _show(result: Result) -> None:
    for fault in result.faults:
        print(f"{fault}\n    {result.case}\n    {result.case.again}\n{result.trace}", flush=True)  # noqa: T201
