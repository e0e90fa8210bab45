"""The site builds strictly, and holds what it promises."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from threading import Thread
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from scripts.docs.__main__ import build
from scripts.docs.python_page import MODULES
from tests.chromium import LAUNCH, needs_chromium
from tests.docs.blocks import ROOT, blocks_of
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
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site."""
    work = tmp_path_factory.mktemp("docs")
    done = build(work)
    assert done.returncode == 0, done.stdout + done.stderr
    return work / "site"


@pytest.fixture(scope="module")
def site(built: Path) -> dict[str, _Page]:
    """Path below the site → page."""
    return {path.relative_to(built).as_posix(): _Page(path.read_text()) for path in built.rglob("*.html")}


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


@pytest.mark.parametrize("module", ["vimeo_toolkit", *MODULES])
def test_every_public_name_has_its_entry(site: dict[str, _Page], module: str) -> None:
    ids = site["reference/python/index.html"].ids | site["reference/errors/index.html"].ids
    documented = {each.rpartition(".")[2] for each in ids}
    assert set(import_module(module).__all__) - {"__version__"} <= documented


def test_the_frameworks_are_in_the_navigation(site: dict[str, _Page]) -> None:
    for name in ("langchain", "llamaindex", "mcp", "notebooks"):
        assert any(f"guides/{name}/" in link for link in site["index.html"].links)


def test_what_is_copied_can_be_pasted() -> None:
    """A copy button takes the whole block: no prompt, and no output among commands."""
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    blocks = [block for page in pages for block in blocks_of(page)]
    assert "console" not in {block.language for block in blocks}
    prompts = [
        line
        for block in blocks
        for line in block.code.splitlines()
        if line.startswith(("$ ", ">>> ", "(venv)", "In ["))
    ]
    assert not prompts


SEARCHES = {
    "langchain": "guides/langchain/",
    "llamaindex": "guides/llamaindex/",
    "mcp": "guides/mcp/",
    "notebook": "guides/notebooks/",
    "webhook privacy": "guides/webhooks/",
    "rate limit": "concepts/limits/",
    "wrongkey": "guides/troubleshooting/",
    "not connected": "guides/troubleshooting/",
    "empty list": "guides/troubleshooting/",
    "upload": "guides/uploads/",
    "docker": "guides/operating/",
    "backup": "guides/operating/",
    "proxy": "guides/operating/",
    "audit log": "guides/observing/",
    "approval": "concepts/approval/",
    "scope": "concepts/scopes/",
    "connected account": "concepts/accounts/",
    "vimeo_my_videos_find": "reference/tools/",
    "storeddeliveries": "reference/python/",
}


@pytest.mark.parametrize(("typed", "page"), SEARCHES.items())
def test_search_finds_what_people_type(built: Path, typed: str, page: str) -> None:
    """One section of the page has all words, and one of them in the title of the section or of what is above."""
    index = json.loads((built / "search.json").read_text())["items"]
    words = typed.split()
    found = [
        each
        for each in index
        if all(word in f"{each['title']} {' '.join(each['path'])} {each['text']}".lower() for word in words)
        and any(word in f"{each['title']} {' '.join(each['path'])}".lower() for word in words)
    ]
    assert page in {each["location"].partition("#")[0] for each in found}


@pytest.fixture(scope="module")
def address(built: Path) -> Iterator[str]:
    handler = partial(SimpleHTTPRequestHandler, directory=str(built))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


OUTSIDE = """() => [...document.querySelectorAll("table, pre")].filter(each => {
    let shown = each;
    while (shown && shown.getBoundingClientRect().right > innerWidth) shown = shown.parentElement;
    return !shown || getComputedStyle(shown).overflowX === "visible" && each !== shown && shown === document.body;
}).length"""


@needs_chromium
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_and_load_nothing_from_elsewhere(address: str, width: int) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    elsewhere: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(**LAUNCH)
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.on("request", lambda asked: elsewhere.append(asked.url))
        for path in (
            "",
            "reference/tools/",
            "reference/effects/",
            "guides/moving/",
            "guides/troubleshooting/",
        ):
            page.goto(f"{address}/{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert page.evaluate(OUTSIDE) == 0, path
        page.goto(address)
        assert page.locator("pre button, pre nav").count() >= 2  # to copy by
        browser.close()
    assert all(url.startswith((address, "data:", "blob:")) for url in elsewhere)
