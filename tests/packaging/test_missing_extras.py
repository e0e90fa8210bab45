"""Without the packages of an extra, whatever needs them says which extra to install, and is an ImportError."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.packaging.building import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]

TOOLKIT = "from vimeo_toolkit import Connection, VimeoToolkit\n"


class Use(NamedTuple):
    extra: str
    absent: str
    """The package that is not there, by the name it is imported by."""
    code: str


USES = [
    Use("langchain", "langchain_core", "import langchain_vimeo"),
    Use("langchain", "langchain", "from langchain_vimeo import VimeoToolsOnDemand"),
    Use("llama-index", "llama_index.core", "import llama_index.tools.vimeo"),
    Use("llama-index", "llama_index.core", "import llama_index.readers.vimeo"),
    Use("mcp", "mcp", "import vimeo_mcp"),
    Use("mcp", "mcp_types", "import vimeo_mcp"),
    Use("postgres", "psycopg", f"{TOOLKIT}VimeoToolkit([Connection()], store='postgresql://h/d')"),
    Use("redis", "redis", f"{TOOLKIT}VimeoToolkit([Connection()], store='redis://h')"),
    Use("sandbox", "starlette", "from vimeo_toolkit.sandbox import Sandbox"),
    Use("sandbox", "uvicorn", "from vimeo_toolkit.sandbox import Sandbox"),
    Use("otel", "opentelemetry", "from vimeo_toolkit.observe import OpenTelemetryHook; OpenTelemetryHook()"),
    Use("web", "starlette", "import vimeo_toolkit.web"),
    Use("web", "jinja2", "from vimeo_toolkit.web.rendering import PageTemplates; PageTemplates(None, 'x')"),
    Use("cli", "rich", "import vimeo_toolkit.uploads.bar"),
    Use(
        "keyring",
        "keyring",
        "from vimeo_toolkit.stores.desktop_keyring import read_key; read_key('name')",
    ),
    Use(
        "library-embeddings",
        "numpy",
        f"{TOOLKIT}class Model:\n    model = 'm'\n    embed_documents = embed_query = print\n"
        "VimeoToolkit([Connection()], store='sqlite:///:memory:', library='sqlite:///words', embed=Model())",
    ),
    Use("demo", "langchain", "from vimeo_toolkit.cli.demo import _require; _require()"),
]


def test_every_extra_is_here() -> None:
    # without h2 everything goes by HTTP/1.1: tests/faults/test_http2.py
    assert {use.extra for use in USES} == set(EXTRAS) - {"all", "h2"}


DECIDE = ("redis", "typer", "mcp")
"""What is away in the default run; the slow one has all, each in a process of its own."""


@pytest.mark.parametrize(
    "use",
    [
        pytest.param(
            use, id=f"{use.extra}-{use.absent}", marks=[pytest.mark.slow] * (use.absent not in DECIDE)
        )
        for use in USES
    ],
)
def test_what_needs_it_names_the_extra(use: Use, tmp_path: Path) -> None:
    code = (
        f"import sys\nsys.modules[{use.absent!r}] = None\n"
        f"try:\n    exec({use.code!r})\nexcept ImportError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert f'pip install "vimeo-toolkit[{use.extra}]"' in done.stdout, done.stderr
    assert not [made for made in tmp_path.iterdir() if made.suffix == ".key"]


@pytest.mark.parametrize("absent", ["typer", "rich"])
def test_the_command_line_names_its_extra(absent: str) -> None:
    code = f"import sys; sys.modules[{absent!r}] = None\nfrom vimeo_toolkit.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == 'The command line needs its extra: pip install "vimeo-toolkit[cli]"\n'


def test_every_package_of_all_comes_with_one_of_the_extras() -> None:
    """And the MCP SDK does not: what many have beside it needs another one."""
    [everything] = EXTRAS["all"]
    named = set(re.findall(r"[\w-]+", everything.removeprefix("vimeo-toolkit")))
    assert named == set(EXTRAS) - {"all", "mcp"}
