"""Make the documentation's pages into files, and let the site generator build them.

uv run --group docs python -m scripts.docs              build/docs, then the site in site/
uv run --group docs python -m scripts.docs --pages      only build/docs, which any generator can read
uv run --group docs python -m scripts.docs --serve      and show it on this machine
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.docs.reference import ROOT, generated

__all__ = ["build", "main", "write_pages"]

PAGES = ROOT / "build" / "docs"


def write_pages(folder: Path = PAGES) -> Path:
    """Write all pages, those of `docs/` and those that are made of the code; returns the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "docs", folder)
    for name, content in generated().items():
        page = folder / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(content, encoding="utf-8")
    return folder


def build(work: Path) -> subprocess.CompletedProcess[str]:
    """Build the site in `work/site` from pages in `work/docs`, with every warning an error."""
    write_pages(work / "docs")
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").replace("build/docs", "docs")
    # Where mkdocstrings finds the code; the other paths count from the configuration's own folder.
    config = config.replace("paths: [.,", f"paths: [{ROOT},").replace(" adapters/", f" {ROOT}/adapters/")
    (work / "mkdocs.yml").write_text(config, encoding="utf-8")
    return _zensical("build", "--strict", folder=work, quiet=True)


def _zensical(*arguments: str, folder: Path, quiet: bool) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zensical", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=quiet, text=True, check=False)  # noqa: S603


def main() -> None:
    """Write the pages and run the generator."""
    parser = argparse.ArgumentParser(prog="python -m scripts.docs", description="Build the documentation.")
    parser.add_argument("--pages", action="store_true", help="only the pages, in build/docs")
    parser.add_argument("--serve", action="store_true", help="show the site on this machine")
    asked = parser.parse_args()
    write_pages()
    if asked.pages:
        return
    arguments = ["serve"] if asked.serve else ["build", "--clean", "--strict"]
    sys.exit(_zensical(*arguments, folder=ROOT, quiet=False).returncode)


if __name__ == "__main__":
    main()
