"""The notebooks are kept as they ran, and run again from top to bottom, offline, in this very environment."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.chromium import LAUNCH, needs_chromium

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


SCRIPT = runpy.run_path(str(Path(__file__).parents[2] / "scripts" / "run_notebooks.py"))
_execute = SCRIPT["execute"]


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[str]:
    """The name of a kernel that is the interpreter of these tests."""
    with SCRIPT["own_kernel"](tmp_path / "kernel") as name:
        yield name


def read(path: Path) -> Any:
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    return notebook


def outputs_of(notebook: Any) -> list[Any]:
    return [output for cell in notebook.cells for output in cell.get("outputs", ())]


def told(notebook: Any) -> str:
    """All that is shown but pictures."""
    found = []
    for output in outputs_of(notebook):
        found.append(output.get("text", ""))
        found += [text for kind, text in output.get("data", {}).items() if kind.startswith("text/")]
    return "\n".join(found)


def test_there_are_notebooks() -> None:
    assert len(NOTEBOOKS) == 5


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
async def test_another_run_shows_the_same(path: Path, kernel: str, tmp_path: Path) -> None:
    """From top to bottom, offline; pictures alone may differ with the release that draws them."""
    before, notebook = read(path), read(path)
    await _execute(notebook, kernel, tmp_path)
    assert told(SCRIPT["kept"](notebook)) == told(before)
    assert [sorted(output.get("data", ())) for output in outputs_of(notebook)] == [
        sorted(output.get("data", ())) for output in outputs_of(before)
    ]


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
async def test_both_worlds_in_one_cell(kernel: str, tmp_path: Path) -> None:
    """A notebook's cells run inside a running event loop: blocking calls work there, too."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])  # type: ignore[no-untyped-call]
    await _execute(notebook, kernel, tmp_path)


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
def test_is_kept_as_it_ran(path: Path) -> None:
    """Its code is what ran, in order, without an error; run scripts/run_notebooks.py after a change."""
    notebook = read(path)
    assert notebook.metadata["code_that_ran"] == SCRIPT["code_digest"](notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert {output.output_type for output in outputs_of(notebook)} <= {
        "execute_result",
        "display_data",
        "stream",
    }
    assert all(output.get("name") != "stderr" for output in outputs_of(notebook))


OF_A_MACHINE = re.compile(
    r"/(home|root|tmp|usr|work|Users)/|[A-Z]:\\|127\.0\.0\.1|localhost|site-packages|ipykernel|\bobject at 0x"
)
SECRET = re.compile(r"(?<![\w/])[A-Za-z0-9_-]{28,}(?![\w/])")
OUR_HOSTS = {"vimeo.com", "api.vimeo.com", "developer.vimeo.com", "i.vimeocdn.com", "player.vimeo.com"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_shows_nothing_of_the_machine_and_no_secret(path: Path) -> None:
    shown = told(read(path))
    assert OF_A_MACHINE.findall(shown) == []
    assert SECRET.findall(shown) == []
    assert set(re.findall(r"https?://([^/\s\"<']+)", shown)) <= OUR_HOSTS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_tables_begin_with_the_name_and_have_no_long_times(path: Path) -> None:
    shown = told(read(path))
    heads = re.findall(r"<thead>\s*<tr[^>]*>\s*<th[^>]*>([^<]*)</th>", shown)
    assert set(heads) <= {"name", "Tool", "User", ""}  # pandas leaves the corner above its index empty
    assert re.findall(r"\d{4}-\d\d-\d\dT\d\d", shown) == []
    assert "<img" not in shown  # what the sandbox links to has no picture


def test_accounts_and_lists_are_tables_and_plots_are_pictures() -> None:
    for path in NOTEBOOKS:
        first = next(cell for cell in read(path).cells if cell.cell_type == "code")
        assert "Not granted" in first.outputs[0].data["text/html"]
    assert any("2 accounts" in told(read(path)) for path in NOTEBOOKS)
    for path in NOTEBOOKS[3:]:
        assert [output.data for output in outputs_of(read(path)) if "image/png" in output.get("data", {})]


def test_the_moment_that_was_found_is_in_vimeos_player() -> None:
    """At its second; the sandbox's numbers may be a stranger's videos at Vimeo, so nothing is loaded there."""
    [frame] = re.findall(r"<iframe .*?>", told(read(NOTEBOOKS[-1])))
    assert re.search(r' src="https://player\.vimeo\.com/video/\d+#t=[1-9]\d*s"', frame)
    assert " srcdoc=" in frame


@pytest.mark.slow
@needs_chromium
def test_tables_fit_a_window_of_1000_pixels(tmp_path: Path) -> None:
    """In a column as wide as a notebook's, with a notebook's font and padding."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the group `browser`")
    parts = [
        f'<div class="cell">{output.data["text/html"]}</div>'
        for path in NOTEBOOKS
        for output in outputs_of(read(path))
        if "text/html" in output.get("data", {})
    ]
    page_file = tmp_path / "tables.html"
    page_file.write_text(f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{''.join(parts)}")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(**LAUNCH)
        page = browser.new_page(viewport={"width": 1000, "height": 800})
        page.goto(page_file.as_uri())
        wide = page.evaluate(
            "[...document.querySelectorAll('.cell')].filter(cell => cell.scrollWidth > cell.clientWidth)"
            ".map(cell => cell.innerText.slice(0, 80))"
        )
        browser.close()
    assert wide == []


STYLE = """
body { margin: 0 32px 0 90px; font: 13px/1.4 sans-serif; }
.cell { overflow: auto; margin: 1em 0; }
table { border-collapse: collapse; }
td, th { padding: 0.5em; text-align: right; }
"""
