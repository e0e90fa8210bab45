"""Every notebook runs from top to bottom, offline, in this very environment."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


async def _execute(notebook: Any, kernel: str, folder: Path | None = None) -> None:
    from nbclient import NotebookClient

    resources = {"metadata": {"path": str(folder)}} if folder else {}
    await NotebookClient(notebook, timeout=90, kernel_name=kernel, resources=resources).async_execute()


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a kernel that is the interpreter of these tests, whatever kernels the machine has."""
    name = "vimeo-toolkit-tests"
    folder = tmp_path / "jupyter" / "kernels" / name
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(
        json.dumps(
            {
                "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
                "display_name": name,
                "language": "python",
            }
        )
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    # Neither the user's own set-up of IPython nor connection files of other kernels come into it.
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    return name


def test_there_are_notebooks() -> None:
    assert len(NOTEBOOKS) == 4


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
async def test_runs_from_top_to_bottom(path: Path, kernel: str, tmp_path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    await _execute(notebook, kernel, tmp_path)


CELL = """
from langchain_vimeo import get_tools as langchain_tools
from llama_index.tools.vimeo import get_tools as llama_tools
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox

vimeo = Sandbox().start()
toolkit = VimeoToolkit([Connection(api_url=vimeo.url)], store="sqlite:///:memory:")
await toolkit.aimport_token(identifier="u", access_token=vimeo.issue_token().access_token)
(lang,) = langchain_tools(identifier="u", toolkit=toolkit, include=["vimeo_me_get"])
(llama,) = llama_tools(identifier="u", toolkit=toolkit, include=["vimeo_me_get"])
names = {
    toolkit.execute_tool(identifier="u", tool_name="vimeo_me_get")["name"],
    (await toolkit.aexecute_tool(identifier="u", tool_name="vimeo_me_get"))["name"],
}
assert names == {vimeo.user.name}
for text in (lang.invoke({}), await lang.ainvoke({}), llama.call().content, (await llama.acall()).content):
    assert vimeo.user.name in text
assert [video async for video in toolkit.aiterate("vimeo_my_videos_list", identifier="u", max_items=3)]
assert list(toolkit.iterate("vimeo_my_videos_list", identifier="u", max_items=3))
await toolkit.aclose()
vimeo.stop()
"""


@pytest.mark.slow
async def test_both_worlds_in_one_cell(kernel: str) -> None:
    """A notebook's cells run inside a running event loop: blocking calls work there, too."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])  # type: ignore[no-untyped-call]
    await _execute(notebook, kernel)


UPLOAD = """
from pathlib import Path
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.uploads.bar import ProgressBar

vimeo = Sandbox().start()
toolkit = VimeoToolkit([Connection(api_url=vimeo.url)], store="sqlite:///:memory:")
toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
Path("film.mp4").write_bytes(b"a film" * 1000)
with ProgressBar("film.mp4") as bar:
    toolkit.upload_video("film.mp4", identifier="u", on_progress=bar)
toolkit.close()
vimeo.stop()
"""


@pytest.mark.slow
async def test_an_upload_shows_its_progress(kernel: str, tmp_path: Path) -> None:
    """One bar that is redrawn, not a new line for each part."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(UPLOAD)])  # type: ignore[no-untyped-call]
    await _execute(notebook, kernel, tmp_path)
    (bar,) = notebook.cells[0].outputs
    assert "film.mp4" in bar.data["text/plain"]
    assert "6.0/6.0 kB" in bar.data["text/plain"]
    assert "film.mp4" in bar.data["text/html"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_is_kept_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) >= (4, 5)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
