"""The built wheel, not only the source tree."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("needs uv")
    folder = tmp_path_factory.mktemp("wheel")
    command = [uv, "build", "--wheel", "--out-dir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


def test_what_is_in_it(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for root in ("vimeo_toolkit", "langchain_vimeo", "llama_index/tools/vimeo", "vimeo_mcp"):
        assert f"{root}/__init__.py" in names
        assert f"{root}/py.typed" in names
    for page in ("base.html", "status.html", "message.html", "style.css"):
        assert f"vimeo_toolkit/web/pages/{page}" in names
    # Either of these would hide the framework itself.
    assert "llama_index/__init__.py" not in names
    assert "llama_index/tools/__init__.py" not in names
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
