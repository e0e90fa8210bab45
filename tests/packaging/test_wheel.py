"""The built wheel, not only the source tree."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.packaging.building import ROOT, build


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    [made] = build(tmp_path_factory.mktemp("wheel"), "--wheel")
    return made


def in_the_tree() -> set[str]:
    """Every file of the packages in this checkout, by its name in a wheel."""
    found: set[str] = set()
    for base in (ROOT, *ROOT.glob("adapters/*")):
        for package in ("vimeo_toolkit", "langchain_vimeo", "llama_index", "vimeo_mcp", "vimeo_agents"):
            for path in (base / package).rglob("*"):
                if path.is_file() and "__pycache__" not in path.parts:
                    found.add(path.relative_to(base).as_posix())
    return found


def test_what_is_in_it(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    metadata = f"{'-'.join(wheel.name.split('-')[:2])}.dist-info/"
    assert {name for name in names if not name.startswith(metadata)} == in_the_tree()
    assert f"{metadata}licenses/LICENSE" in names
    roots = (
        "langchain_vimeo",
        "llama_index/readers/vimeo",
        "llama_index/tools/vimeo",
        "vimeo_agents",
        "vimeo_mcp",
    )
    for root in ("vimeo_toolkit", *roots):
        assert f"{root}/__init__.py" in names
        assert f"{root}/py.typed" in names
    for page in ("base.html", "status.html", "message.html", "style.css"):
        assert f"vimeo_toolkit/web/pages/{page}" in names
    # Either of these would hide the framework itself.
    assert "llama_index/__init__.py" not in names
    assert "llama_index/tools/__init__.py" not in names
    assert "llama_index/readers/__init__.py" not in names
    assert not [name for name in names if name.startswith(("tests/", "adapters/", "notebooks/", "examples/"))]


@pytest.mark.slow
def test_it_works_installed(wheel: Path, tmp_path: Path) -> None:
    """Unpacked in front of the path, as installed, beside the real frameworks."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = (
        "import vimeo_toolkit, langchain_vimeo, vimeo_mcp, llama_index.tools.vimeo as v, llama_index.core\n"
        "from vimeo_toolkit import Connection, VimeoToolkit\n"
        "toolkit = VimeoToolkit([Connection()], store='sqlite:///:memory:')\n"
        "print(len(langchain_vimeo.get_tools(identifier='u', toolkit=toolkit)))\n"
        "print(len(v.get_tools(identifier='u', toolkit=toolkit)))\n"
        "vimeo_mcp.create_server('u', toolkit=toolkit)\n"
        "print(vimeo_toolkit.__file__, langchain_vimeo.__file__, v.__file__, vimeo_mcp.__file__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, second, files = done.stdout.splitlines()
    assert int(first) == int(second) >= 31
    assert files.count(str(tmp_path / "site")) == 4
