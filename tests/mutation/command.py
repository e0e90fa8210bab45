"""`scripts/mutation`: change the code in small ways, one at a time, and see whether a test fails.

    scripts/mutation                                  a quarter of the mutants of calls, accounts and stores
    scripts/mutation --share 1 --minutes 60           all of them, as many as fit; the next run goes on
    scripts/mutation vimeo_toolkit/calls/window.py    every mutant of one module
    scripts/mutation vimeo_toolkit/calls/window.py --tests tests/unit/test_window.py     what one file finds
    scripts/mutation --report                         write the report of what was tried
    scripts/mutation vimeo_toolkit/stores --report    of one package; the other packages' rows stay

What was tried is kept in `.mutation/` and holds as long as the function's text stays, of a survivor the tests' too;
`--fresh` forgets it. Mutants that no test can notice are listed, with the reason, in `equivalent.toml`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import re
import signal
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.mutation.mutants import Mutant, mutants
from tests.mutation.report import Tried, report
from tests.mutation.running import ANEW, FORK, SURVIVED, Job, measure, servers, try_anew, try_swapped
from tests.relevant import ROOT, relevant_tests

__all__ = ["equivalent", "main"]

PACKAGES = ("vimeo_toolkit/calls", "vimeo_toolkit/accounts", "vimeo_toolkit/stores")
STATE = ROOT / ".mutation"
REPORT = ROOT / "benchmarks" / "results" / "mutation.md"
_MOST = 4.0
"""Seconds of processor time that one mutant gets: the quickest tests of those that reach it."""
Lines = dict[str, dict[int, list[str]]]
"""By module and line, the tests that reach it."""


def main() -> int:
    """Run the command; returns its exit status: 1 when a mutant survived."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are stopped
    modules = _modules(options.path or PACKAGES)
    share = options.share or (1.0 if options.path else 0.25)
    sample = [each for path in modules for each in _sample(path, share, options.seed)]
    results = {} if options.fresh else _known(modules)
    if not options.report:
        _try(sample, modules, results, options)
    known = equivalent()
    names = {each.name for path in modules for each in _mutants(path)}
    for name in known:
        if name.partition("::")[0] in modules and name not in names:
            _say(f"listed as equivalent and not there any more: {name}")
    tried = [
        Tried(each, results[each.name]["verdict"], known.get(each.name))
        for each in sample
        if each.name in results
    ]
    for each in tried:
        if each.verdict == SURVIVED and not each.reason:
            _say(f"survived {_shown(each.mutant)}")
    if options.tests:
        return 0
    before = REPORT.read_text() if REPORT.exists() else ""
    page = report(tried, sample, {path: len(_mutants(path)) for path in modules}, options.seed, before)
    sys.stdout.write(page)
    if options.report:
        REPORT.write_text(page)
    return int(any(each.verdict == SURVIVED and not each.reason for each in tried))


def equivalent() -> dict[str, str]:
    """Return the mutants that no test can notice, by name, with the reason."""
    listed = tomllib.loads((Path(__file__).parent / "equivalent.toml").read_text())
    return {
        f"{path}::{change}": reason for path, changes in listed.items() for change, reason in changes.items()
    }


def _try(sample: list[Mutant], modules: list[str], results: dict[str, dict[str, Any]], options: Any) -> None:
    until = time.monotonic() + 60 * options.minutes
    files = options.tests or _test_files(modules)
    missing = sorted((each for each in sample if each.name not in results), key=_by_chance(options.seed))
    if not missing:
        return
    STATE.mkdir(exist_ok=True)
    with servers():
        lines, seconds = _measured(files, modules, options.jobs)
        killers = Counter(each["test"] for each in results.values())
        jobs = [_job(each, lines, seconds, killers) for each in missing]
        _say(f"{len(jobs)} mutants to try; {sum(not job.tests for job in jobs)} of them no test reaches")

        def done(job: Job, verdict: str, test: str) -> None:
            line = {
                "name": job.mutant.name,
                "text": job.mutant.text,
                "verdict": verdict,
                "test": test,
                "tests": _tests_digest(job.mutant.path),
            }
            if verdict != SURVIVED or not options.tests:
                with (STATE / "results.jsonl").open("a") as file:
                    file.write(json.dumps(line) + "\n")
            _say(f"{verdict:9}{_shown(job.mutant)}")

        def going() -> bool:
            return bool(time.monotonic() < until)

        anew = [job for job in jobs if job.tests and _runs_at_import(job.mutant, lines)]
        swapped = [job for job in jobs if job.tests and job not in anew]
        for job in jobs:
            if not job.tests:
                done(job, SURVIVED, "")
        if swapped:
            _side_by_side(options.jobs, swapped, lambda part: try_swapped(part, files, done, going))
        again = {name for name, each in _known(modules).items() if each["verdict"] == ANEW}
        anew += [job for job in swapped if job.mutant.name in again]

        def each_anew(part: list[Job]) -> None:
            for job in part:
                if not going():
                    return
                done(job, *try_anew(job))

        _side_by_side(options.jobs, anew, each_anew)
    results.update(_known(modules))


def _side_by_side(processes: int, jobs: list[Job], run: Any) -> None:
    parts = [part for start in range(processes) if (part := jobs[start::processes])]
    started = [FORK.Process(target=run, args=(part,)) for part in parts]
    for process in started:
        process.start()
    for process in started:
        process.join()


def _job(mutant: Mutant, lines: Lines, seconds: dict[str, float], killers: Counter[str]) -> Job:
    """The tests that reach a mutant: first those that have found others, then the quick ones."""
    reaching = {test for test in _reaching(mutant, lines) if test in seconds}
    chosen: list[str] = []
    total = 0.0
    for test in sorted(reaching, key=lambda test: (-min(killers[test], 3), seconds[test], test)):
        if total + seconds[test] <= _MOST or not chosen:
            chosen.append(test)
            total += seconds[test]
    return Job(mutant, chosen, total)


def _reaching(mutant: Mutant, lines: Lines) -> set[str]:
    """The tests of a mutant's lines; of a table or a field, those of the lines, anywhere, that name it."""
    if not mutant.at_import:
        mine = lines.get(mutant.path, {})
        return {test for line in range(mutant.first, mutant.last + 1) for test in mine.get(line, ())}
    source = (ROOT / mutant.path).read_text().splitlines()
    name = re.match(r"\s*(\w+)\s*[:=]", source[mutant.first - 1])
    found: set[str] = set()
    for path, by_line in lines.items():
        text = (ROOT / path).read_text().splitlines() if name else []
        for number, line in enumerate(text, 1):
            if name and re.search(rf"\b{name[1]}\b", line):
                found |= {test for test in by_line.get(number, ()) if test}
    return found or {test for tests in lines.get(mutant.path, {}).values() for test in tests}


def _runs_at_import(mutant: Mutant, lines: Lines) -> bool:
    reached = lines.get(mutant.path, {})
    places = range(mutant.first, mutant.last + 1)
    return mutant.at_import or any("" in reached.get(line, ()) for line in places)


def _measured(files: list[str], modules: list[str], processes: int) -> tuple[Lines, dict[str, float]]:
    """What `measure` finds, file by file from `.mutation/reached.json` as long as nothing has changed."""
    cache = STATE / "reached.json"
    kept: dict[str, Any] = json.loads(cache.read_text()) if cache.exists() else {}
    sources = _digest(_modules(PACKAGES) + modules)
    digests = {file: _digest([file, "tests/conftest.py"]) + sources for file in files}
    stale = [file for file, digest in digests.items() if digest not in kept]
    if stale:
        _say(f"measuring {len(stale)} test files")
        lines, seconds = measure(stale, sorted({*_modules(PACKAGES), *modules}), processes)
        for file in stale:
            mine = f"{file}::"
            kept[digests[file]] = {
                "lines": {
                    path: {
                        line: some
                        for line, tests in by.items()
                        if (some := [test for test in tests if not test or test.startswith(mine)])
                    }
                    for path, by in lines.items()
                },
                "seconds": {test: taken for test, taken in seconds.items() if test.startswith(mine)},
            }
        cache.write_text(json.dumps(kept))
    all_lines: Lines = {}
    all_seconds: dict[str, float] = {}
    for digest in digests.values():
        for path, by in kept[digest]["lines"].items():
            for line, tests in by.items():
                known = all_lines.setdefault(path, {}).setdefault(int(line), [])
                known += [test for test in tests if test or test not in known]
        all_seconds |= kept[digest]["seconds"]
    return all_lines, all_seconds


def _known(modules: list[str]) -> dict[str, dict[str, Any]]:
    """Results that still hold."""
    file = STATE / "results.jsonl"
    if not file.exists():
        return {}
    found = {}
    texts = {each.name: each.text for path in modules for each in _mutants(path)}
    for line in file.read_text().splitlines():
        result = json.loads(line)
        if texts.get(result["name"]) != result["text"]:
            continue
        if result["verdict"] != SURVIVED or result["tests"] == _tests_digest(
            result["name"].partition("::")[0]
        ):
            found[result["name"]] = result
        else:
            found.pop(result["name"], None)
    return found


_all: dict[str, list[Mutant]] = {}


def _mutants(path: str) -> list[Mutant]:
    if path not in _all:
        _all[path] = mutants(path, (ROOT / path).read_text())
    return _all[path]


def _sample(path: str, share: float, seed: str) -> list[Mutant]:
    """A random part of a module's mutants; a larger share of the same seed holds the smaller one."""
    ordered = sorted(_mutants(path), key=_by_chance(seed))
    return ordered[: math.ceil(share * len(ordered))]


def _by_chance(seed: str) -> Callable[[Mutant], bytes]:
    """An order in which any beginning is a fair sample."""
    return lambda each: hashlib.sha256(f"{seed} {each.name}".encode()).digest()


def _modules(paths: tuple[str, ...] | list[str]) -> list[str]:
    found: list[str] = []
    for path in paths:
        place = ROOT / path
        found += (
            [str(each.relative_to(ROOT)) for each in sorted(place.rglob("*.py"))]
            if place.is_dir()
            else [path]
        )
    return found


def _test_files(modules: list[str]) -> list[str]:
    found: set[str] = set()
    for path in dict.fromkeys(test for module in modules for test in relevant_tests(module, every_row=True)):
        place = ROOT / path
        found |= (
            {str(each.relative_to(ROOT)) for each in place.rglob("test_*.py")} if place.is_dir() else {path}
        )
    return sorted(found)


_digests: dict[str, str] = {}


def _tests_digest(path: str) -> str:
    if path not in _digests:
        _digests[path] = _digest(_test_files([path]))
    return _digests[path]


def _digest(paths: list[str]) -> str:
    return hashlib.sha256(b"\0".join((ROOT / path).read_bytes() for path in paths)).hexdigest()[:16]


def _shown(mutant: Mutant) -> str:
    return f"{mutant.path}:{mutant.first} {mutant.where}: {mutant.change}"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/mutation", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("path", nargs="*", help="modules or folders")
    parser.add_argument(
        "--share", type=float, help="of each module's mutants (1 for one that is named, else 0.25)"
    )
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--jobs", type=int, default=1, help="processes side by side")
    parser.add_argument(
        "--tests", nargs="+", help="only these files; that a mutant survives them is not kept"
    )
    parser.add_argument("--seed", default="1")
    parser.add_argument("--fresh", action="store_true", help="try again what was tried")
    parser.add_argument(
        "--report", action="store_true", help="try nothing; write the report of what was tried"
    )
    options = parser.parse_args()
    options.path = [str(Path(path).resolve().relative_to(ROOT)) for path in options.path]
    if options.report and not all((ROOT / path).is_dir() for path in options.path):
        parser.error("the report has whole packages: name folders, or none")
    return options


if __name__ == "__main__":
    sys.exit(main())
