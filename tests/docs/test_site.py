"""The site builds strictly, and holds what it promises."""

from __future__ import annotations

import os
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

import vimeo_toolkit
from tests.docs.blocks import ROOT
from vimeo_toolkit import errors
from vimeo_toolkit.catalog import catalog

pytestmark = pytest.mark.slow

LOADING = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src")}


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if values.get("id"):
            self.ids.add(str(values["id"]))
        if tag == "a" and values.get("href"):
            self.links.append(str(values["href"]))
        for name, value in attrs:
            if (tag, name) in LOADING and value and values.get("rel") not in ("canonical", "next", "prev"):
                self.loaded.append(value)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, _Page]:
    """Path below the site → page."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {path.relative_to(folder).as_posix(): _Page(path.read_text()) for path in folder.rglob("*.html")}


def _text_of(page: _Page) -> str:
    return " ".join(" ".join(page.texts).split())


def test_links_lead_somewhere(site: dict[str, _Page]) -> None:
    checked = 0
    for place, page in site.items():
        if place == "404.html":
            continue
        for link in page.links:
            target, fragment = urldefrag(urljoin(f"/{place}", link))
            if urlsplit(target).scheme:
                continue
            path = target.lstrip("/") or "index.html"
            path = f"{path}index.html" if path.endswith("/") else path
            assert path in site, f"{place}: {link}"
            assert not fragment or fragment == "__skip" or fragment in site[path].ids, f"{place}: {link}"
            checked += 1
    assert checked > 100


def test_nothing_is_loaded_from_elsewhere(site: dict[str, _Page]) -> None:
    for place, page in site.items():
        for address in page.loaded:
            assert not urlsplit(address).netloc, f"{place} loads {address}"


def test_everything_public_has_its_entry(site: dict[str, _Page]) -> None:
    tools = site["reference/tools/index.html"]
    assert set(catalog()) <= tools.ids
    effects = _text_of(site["reference/effects/index.html"])
    for tool in catalog().values():
        assert f"{tool.name} {tool.effect} " in effects
    python = site["reference/python/index.html"].ids
    documented = {name.rpartition(".")[2] for name in python}
    known = set(vimeo_toolkit.__all__) - {"__version__"}
    listed = {name for name in known if name in vars(errors)}
    assert known - listed <= documented
    text = (ROOT / "docs" / "hooks.py").read_text()
    assert "inspect.getmembers(errors" in text  # the errors' page lists all of them
