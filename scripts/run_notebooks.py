"""Run the notebooks from top to bottom, offline, and keep them with what they showed.

    uv run --group notebooks python scripts/run_notebooks.py [notebooks/01_quickstart.ipynb …]

Each runs in an empty folder, in this very interpreter. Their sandbox stands on a fixed day, so that another run
changes nothing but what a new release of matplotlib draws in another way.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat

FOLDER = Path(__file__).parents[1] / "notebooks"
KERNEL = "vimeo-toolkit-notebooks"


def code_digest(notebook: Any) -> str:
    """Return what tells whether the code is still that which was run."""
    code = "\0".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return hashlib.sha256(code.encode()).hexdigest()[:16]


@contextmanager
def own_kernel(folder: Path) -> Iterator[str]:
    """Give the name of a kernel that is this interpreter, whatever kernels and settings the machine has."""
    place = folder / "jupyter" / "kernels" / KERNEL
    place.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": command, "display_name": KERNEL, "language": "python"}
    (place / "kernel.json").write_text(json.dumps(spec))
    # Neither the user's own set-up of IPython nor settings of the toolkit come into it.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VIMEO_")} | {
        "JUPYTER_PATH": str(folder / "jupyter"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "IPYTHONDIR": str(folder / "ipython"),
    }
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    try:
        yield KERNEL
    finally:
        os.environ.clear()
        os.environ.update(before)


async def execute(notebook: Any, kernel: str, folder: Path) -> None:
    """Run a notebook in this folder; its cells get their outputs.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell failed.
    """
    from nbclient import NotebookClient

    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name=kernel,
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        coalesce_streams=True,  # or the moments at which a cell wrote would show
    )
    await client.async_execute()


def kept(notebook: Any) -> Any:
    """Return the notebook as it is kept: without what says which machine ran it and when."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "code_that_ran": code_digest(notebook),
    }
    for cell in notebook.cells:
        cell.metadata = {}
        for output in cell.get("outputs", ()):
            if len(output.get("data", ())) > 1:
                del output.data["text/plain"]  # the table or picture says it, in the same order at each run
    return notebook


def main(paths: list[Path]) -> None:
    """Run these notebooks and write them."""
    for path in paths:
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name, "run")
            folder.mkdir()
            with own_kernel(Path(name)) as kernel:
                asyncio.run(execute(notebook, kernel, folder))
        nbformat.write(kept(notebook), path)  # type: ignore[no-untyped-call]
        print(path.name)  # noqa: T201


if __name__ == "__main__":
    main([Path(given) for given in sys.argv[1:]] or sorted(FOLDER.glob("*.ipynb")))
