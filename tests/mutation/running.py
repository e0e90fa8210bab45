"""Run the tests of a mutant in a fork of a process that has everything imported already.

A change inside a function is put in place of the function's code, in a fork of a pytest session that has collected
the tests. What runs at import (tables, fields, defaults) needs its module imported anew: such a mutant gets a fork
of this process, which has imported the libraries and nothing of the package. Either runs the tests that reach the
changed lines, by what coverage.py measured of the unchanged code, until the first failure.
"""

from __future__ import annotations

import contextlib
import gc
import importlib.machinery
import importlib.util
import json
import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from hypothesis import Phase, settings

from tests.mutation.mutants import Mutant, build
from tests.relevant import ROOT

__all__ = [
    "ANEW",
    "FORK",
    "HUNG",
    "KILLED",
    "SURVIVED",
    "Job",
    "measure",
    "servers",
    "try_anew",
    "try_swapped",
]

KILLED, SURVIVED, HUNG, ANEW = "killed", "survived", "hung", "anew"

FORK = multiprocessing.get_context("fork")

_LIBRARIES = (
    "cryptography.hazmat.primitives.ciphers.aead",
    "httpx",
    "hypothesis.strategies",
    "psycopg",
    "pydantic",
    "redis.asyncio",
    "sqlitedict",
    "starlette.applications",
    "uvicorn",
)
_ALIVE = 90.0
"""Seconds that a mutant may sleep beyond the time that its tests take."""

Measured = tuple[dict[str, dict[int, list[str]]], dict[str, float]]


@dataclass(frozen=True, slots=True)
class Job:
    """A mutant with the tests to try on it, in that order."""

    mutant: Mutant
    tests: list[str]
    seconds: float
    """The processor time that the tests take on the unchanged module."""


class _Session:
    """What every run of pytest here has: no shrinking of examples, for the first failure is enough."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        quick = settings(settings.get_profile("few"), phases=[Phase.explicit, Phase.generate])
        settings.register_profile("first failure", quick)
        settings.load_profile("first failure")


def measure(files: Sequence[str], modules: Sequence[str], processes: int) -> Measured:
    """Run test files; which tests reach each line of which module, and the seconds of each test that passed.

    The test "" of a line stands for what ran while modules were imported.
    """
    lines: dict[str, dict[int, list[str]]] = {}
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        answers = [Path(folder) / str(number) for number in range(processes)]
        started = [
            FORK.Process(target=_measure, args=(files[number::processes], modules, answer))
            for number, answer in enumerate(answers)
        ]
        for process in started:
            process.start()
        for process in started:
            process.join()
        if not all(answer.exists() for answer in answers):
            raise SystemExit("The tests do not run on the unchanged modules.")
        for answer in answers:
            found = json.loads(answer.read_text())
            seconds |= found["seconds"]
            for path, by_line in found["lines"].items():
                for line, tests in by_line.items():
                    lines.setdefault(path, {}).setdefault(int(line), []).extend(tests)
    return lines, seconds


def _measure(files: Sequence[str], modules: Sequence[str], answer: Path) -> None:
    _silence()
    coverage = import_module("coverage")
    measured = coverage.Coverage(data_file=None, include=[str(ROOT / path) for path in modules])
    seconds: dict[str, float] = {}  # of processor time: what else the machine does must not count
    bad: set[str] = set()

    class Watching(_Session):
        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
            measured.switch_context(item.nodeid)
            before = time.process_time()
            try:
                return (yield)
            finally:
                seconds[item.nodeid] = time.process_time() - before
                measured.switch_context("")

        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            if not report.passed:
                bad.add(report.nodeid)

    measured.start()
    _pytest(files, Watching())
    measured.stop()
    data = measured.get_data()
    answer.write_text(
        json.dumps(
            {
                "lines": {
                    str(Path(path).relative_to(ROOT)): data.contexts_by_lineno(path)
                    for path in data.measured_files()
                },
                "seconds": {test: taken for test, taken in seconds.items() if test not in bad},
            }
        )
    )


def try_swapped(
    jobs: Sequence[Job],
    files: Sequence[str],
    done: Callable[[Job, str, str], None],
    going: Callable[[], bool],
) -> None:
    """Try changes inside functions, all in one session of pytest; `ANEW` for one that cannot be put in place."""

    class Trying(_Session):
        failed = ""

        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            if report.failed:
                self.failed = self.failed or report.nodeid

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtestloop(self, session: pytest.Session) -> bool:
            by_id = {item.nodeid: item for item in session.items}
            import_module("vimeo_toolkit.catalog").catalog()
            for path in sorted({job.mutant.path for job in jobs}):
                import_module(_module(path))  # one that a test imports later would come without its change
            functions = [each for each in gc.get_objects() if isinstance(each, FunctionType)]
            gc.collect()
            gc.freeze()
            for job in jobs:
                if not going():
                    break
                filename = str(ROOT / job.mutant.path)
                mine = [each for each in functions if each.__code__.co_filename == filename]
                items = [by_id[test] for test in job.tests if test in by_id]
                done(job, *_tried(partial(self.attempt, job.mutant, mine, items), job))
            return True

        def attempt(self, mutant: Mutant, functions: list[FunctionType], items: list[pytest.Item]) -> str:
            _swap(mutant, functions)
            for item, following in zip(items, [*items[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if self.failed:
                    return self.failed
            return ""

    _forked(lambda: _pytest(files, Trying()), 1e6, 1e6, quiet=False)


def try_anew(job: Job) -> tuple[str, str]:
    """Try a change of what runs when the module is imported: `KILLED` by which test, `SURVIVED` or `HUNG`."""
    wanted = {test: place for place, test in enumerate(job.tests)}

    class Chosen(_Session):
        failed = ""

        @pytest.hookimpl(trylast=True)
        def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
            mine = [item for item in items if item.nodeid in wanted]
            items[:] = sorted(mine, key=lambda item: wanted[item.nodeid])

        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            if report.failed:
                self.failed = self.failed or report.nodeid

    def attempt() -> str:
        filename = str(ROOT / job.mutant.path)
        _load(job.mutant.path, build(job.mutant, Path(filename).read_text(), filename))
        chosen = Chosen()
        status = _pytest(list(dict.fromkeys(test.partition("::")[0] for test in job.tests)), chosen, "-x")
        return chosen.failed or ("" if status == pytest.ExitCode.OK else "import")

    return _tried(attempt, job, 10.0)


def _tried(attempt: Callable[[], str], job: Job, more: float = 0.0) -> tuple[str, str]:
    return _forked(attempt, 10 * job.seconds + 4 + more, 10 * job.seconds + _ALIVE)


def _pytest(files: Sequence[str], plugin: object, *options: str) -> int | pytest.ExitCode:
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        alone = ["-n", "0", "-p", "no:randomly", "-p", "no:cacheprovider", "-q", "-s"]
        return pytest.main([*alone, f"--basetemp={folder}/t", *options, *files], plugins=[plugin])


def _swap(mutant: Mutant, functions: Sequence[FunctionType]) -> None:
    """Give each function of the module its code of the changed module."""
    filename = str(ROOT / mutant.path)
    changed = {_place(code): code for code in _codes(build(mutant, Path(filename).read_text(), filename))}
    try:
        for function in functions:
            function.__code__ = changed.get(_place(function.__code__), function.__code__)
    except ValueError:  # another number of free variables
        os._exit(3)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)


def _place(code: CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _load(path: str, code: CodeType) -> None:
    """Let the module at a path be imported with other code."""
    module = _module(path)

    class Loader(importlib.machinery.SourceFileLoader):
        def get_code(self, fullname: str) -> CodeType:
            return code

    class Finder:
        def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
            if name != module:
                return None
            return importlib.util.spec_from_file_location(name, filename, loader=Loader(name, filename))

    filename = str(ROOT / path)
    sys.meta_path.insert(0, Finder())


def _forked(act: Callable[[], Any], processor: float, wall: float, *, quiet: bool = True) -> tuple[str, str]:
    """Run something in a fork of this process: what came of it, and the test that it named."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _act(act, processor, writing, quiet=quiet)
    os.close(writing)
    until = time.monotonic() + wall
    try:
        while not (ended := os.waitpid(child, os.WNOHANG))[0] and time.monotonic() < until:
            time.sleep(0.005)
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)  # it and what it started
    if not ended[0]:
        ended = os.waitpid(child, 0)
    os.set_blocking(reading, False)
    with os.fdopen(reading, "rb") as pipe:
        test = (pipe.read() or b"").decode()
    if os.WIFSIGNALED(ended[1]):
        return HUNG, ""
    return {0: SURVIVED, 3: ANEW}.get(os.WEXITSTATUS(ended[1]), KILLED), test


def _act(act: Callable[[], Any], processor: float, writing: int, *, quiet: bool) -> None:
    status = 1
    try:
        os.setsid()
        if processor < 1e6:
            resource.setrlimit(resource.RLIMIT_CPU, (int(processor) + 1, int(processor) + 2))
        if quiet:
            _silence()
        named = act()
        if isinstance(named, str) and named:
            os.write(writing, named.encode())
        else:
            status = 0
    finally:
        os._exit(status)


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


@contextlib.contextmanager
def servers() -> Iterator[None]:
    """Start the stores' servers once for all that is tried, and import the libraries once."""
    for name in _LIBRARIES:
        with contextlib.suppress(ImportError):
            import_module(name)
    module: ModuleType = import_module("tests.servers")
    with contextlib.ExitStack() as stack:
        for name in ("postgres_running", "redis_running"):
            with contextlib.suppress(Exception):
                running = stack.enter_context(getattr(module, name)())
                setattr(module, name, partial(contextlib.nullcontext, running))
        yield
