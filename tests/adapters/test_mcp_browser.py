"""Sign in to the MCP server in a real browser, with the SDK's own client: two people, denials, a sent link."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tests.adapters.mcp_clients import served, text_of
from tests.adapters.signing_in import Site, connected, link_of, query_of, registered, site
from tests.chromium import LAUNCH, needs_chromium
from vimeo_toolkit.sandbox import Sandbox

pytest.importorskip(
    "playwright.async_api", reason="needs the group `browser`: uv run --all-groups pytest -m slow"
)

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect

pytestmark = [pytest.mark.slow, needs_chromium, pytest.mark.timeout(400)]

PATIENCE = 45_000


@dataclass
class Listener:
    """Where clients of this machine wait for their browser."""

    url: str = ""
    came: list[str] = field(default_factory=list)

    async def callback(self, request: Request) -> PlainTextResponse:
        self.came.append(str(request.url))
        return PlainTextResponse("Back to the app")


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    with served(Starlette(routes=[Route("/{who}", made.callback)])) as url:
        made.url = url.removesuffix("/mcp")
        yield made


@pytest.fixture
def here(vimeo: Sandbox) -> Iterator[Site]:
    for name in "Ana Lind", "Ben Okoye":
        vimeo.add_user(name)
    with site(vimeo) as made:
        yield made


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(**LAUNCH)
        expect.set_options(timeout=PATIENCE)
        yield launched
        await launched.close()


async def a_page(browser: Browser, **options: Any) -> Page:
    context = await browser.new_context(**options)
    context.set_default_timeout(PATIENCE)
    return await context.new_page()


async def at_vimeo(page: Page, person: str, decision: str = "Allow") -> None:
    """Choose who one is at the sandbox, and decide."""
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "Sandbox App wants to use your Vimeo account"
    )
    choice = page.get_by_label("Logged in as")
    labels = await choice.locator("option").all_inner_texts()
    await choice.select_option(label=next(text for text in labels if text.startswith(person)))
    await page.get_by_role("button", name=decision).click()


@dataclass
class InBrowser:
    """A person whose client opens their browser, both of whom wait at Vimeo for the other."""

    page: Page
    name: str
    who: str
    listener: Listener
    both: asyncio.Barrier
    scripts: bool

    async def visit(self, url: str) -> str:
        page = self.page
        await page.goto(url)
        await expect(page.get_by_role("heading", level=1)).to_have_text("Allow access to your Vimeo account?")
        await expect(page.get_by_role("main")).to_contain_text("Test client")
        if self.scripts:
            report = await Axe().run(page)
            assert report.violations_count == 0, report.generate_report()
        await page.get_by_role("button", name="Continue to Vimeo").click()
        await expect(page.get_by_role("button", name="Allow")).to_be_visible()
        await self.both.wait()
        await at_vimeo(page, self.name)
        await page.wait_for_url(f"{self.listener.url}/{self.who}?**")
        return next(each for each in self.listener.came if f"/{self.who}?" in each)


@pytest.mark.parametrize("scripts", [True, False])
async def test_two_people_at_once(
    scripts: bool, browser: Browser, here: Site, listener: Listener, vimeo: Sandbox
) -> None:
    both = asyncio.Barrier(2)

    async def work(name: str, who: str) -> str:
        page = await a_page(browser, java_script_enabled=scripts)
        person = InBrowser(page, name, who, listener, both, scripts)
        async with connected(here, person, redirect=f"{listener.url}/{who}") as client:
            return str(json.loads(text_of(await client.call_tool("vimeo_me_get")))["name"])

    names = await asyncio.gather(work("Ana Lind", "ana"), work("Ben Okoye", "ben"))
    assert [*names] == ["Ana Lind", "Ben Okoye"]
    assert len(here.toolkit.list_connected_accounts()) == 2


@pytest.mark.parametrize("where", ["here", "at Vimeo"])
async def test_who_declines(where: str, browser: Browser, here: Site, listener: Listener) -> None:
    redirect = f"{listener.url}/ana"
    async with httpx2.AsyncClient() as http:
        client_id = await registered(here, http, redirect_uris=[redirect])
    page = await a_page(browser)
    await page.goto(link_of(here, client_id, redirect_uri=redirect))
    if where == "here":
        await page.get_by_role("button", name="Cancel").click()
    else:
        await page.get_by_role("button", name="Continue to Vimeo").click()
        await at_vimeo(page, "Ana Lind", "Deny")
    await page.wait_for_url(f"{redirect}?**")
    assert query_of(listener.came[0])["error"] == "access_denied"
    assert here.toolkit.list_connected_accounts() == []


async def test_a_page_that_was_sent_on(browser: Browser, here: Site, listener: Listener) -> None:
    """An attacker allows their own client, and sends the link of Vimeo's page to somebody else."""
    redirect = f"{listener.url}/attacker"
    async with httpx2.AsyncClient() as http:
        client_id = await registered(here, http, redirect_uris=[redirect])
    attacker, victim = await a_page(browser), await a_page(browser)
    await attacker.goto(link_of(here, client_id, redirect_uri=redirect))
    consent = attacker.url
    await attacker.get_by_role("button", name="Continue to Vimeo").click()
    await expect(attacker.get_by_role("button", name="Allow")).to_be_visible()
    await victim.goto(attacker.url)
    await at_vimeo(victim, "Ben Okoye")
    await expect(victim.get_by_role("heading", level=1)).to_have_text("This sign-in is not yours")
    assert "code=" not in victim.url
    await attacker.goto(consent)
    await expect(attacker.get_by_role("heading", level=1)).to_have_text("There is nothing to decide here")
    assert not [each for each in listener.came if "favicon" not in each]
    assert here.toolkit.list_connected_accounts() == []


async def test_more_is_allowed_later(browser: Browser, here: Site) -> None:
    page = await a_page(browser)
    await page.goto(f"{here.url}/sign-in/connect?scopes=upload")
    await expect(page.get_by_role("main")).to_contain_text("upload")
    await page.get_by_role("button", name="Continue to Vimeo").click()
    await at_vimeo(page, "Ana Lind")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Vimeo is connected")
    (account,) = here.toolkit.list_connected_accounts()
    assert "upload" in account.granted_scopes
