"""A small product with two customers: each connects their own Vimeo and asks questions about their own videos.

    uv run python examples/fastapi_app/main.py

It uses a sandbox unless VIMEO_CLIENT_ID and the other variables are set; README.md beside it tells of them.
"""

from __future__ import annotations

import os
import secrets
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from keyword_model import KeywordModel
from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_vimeo import get_tools
from starlette.middleware.sessions import SessionMiddleware

from vimeo_toolkit import AccountStatus, ConnectedAccount, Connection, NotConnected, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.web import connect_app

HERE = Path(__file__).parent
CUSTOMERS = {"ana": "Ana's Studio", "ben": "Ben's Films"}
SCOPES = ("public", "private", "stats")

pages = Jinja2Templates(HERE / "templates")


def current_customer(request: Request) -> str | None:
    """Who is signed in, from the signed session cookie: never from what the URL says."""
    customer = request.session.get("customer")
    return customer if customer in CUSTOMERS else None


def create_app(
    toolkit: VimeoToolkit,
    *,
    model: BaseChatModel | None = None,
    password: str = "demo",  # noqa: S107 - a demonstration's, shown on the page itself
    https: bool = False,
) -> FastAPI:
    """The product. `model` answers questions; a keyword matcher does without one."""
    app = FastAPI(openapi_url=None)
    # A real product keeps this key, or its users are signed out at every start.
    key = os.environ.get("SESSION_KEY") or secrets.token_urlsafe(32)
    app.add_middleware(
        SessionMiddleware, secret_key=key, session_cookie="session", same_site="lax", https_only=https
    )
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    app.mount("/vimeo", connect_app(toolkit, identify=current_customer, after="/"))

    def page(request: Request, name: str, status: int = 200, **values: Any) -> HTMLResponse:
        customer = current_customer(request)
        values |= {"customer": CUSTOMERS.get(customer or ""), "customers": CUSTOMERS}
        answer = pages.TemplateResponse(request, f"{name}.html", values, status)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    async def account_of(customer: str) -> ConnectedAccount | None:
        """Their account while it works."""
        try:
            account = await toolkit.aget_connected_account(identifier=customer)
        except NotConnected:
            return None
        return account if account.status is AccountStatus.ACTIVE else None

    @app.get("/")
    async def home(request: Request) -> Response:
        customer = current_customer(request)
        if customer is None:
            return page(request, "sign_in")
        return page(request, "home", account=await account_of(customer))

    @app.post("/sign-in")
    async def sign_in(
        request: Request, customer: str = Form(), given: str = Form(alias="password")
    ) -> Response:
        right = secrets.compare_digest(given.encode(), password.encode())
        if customer not in CUSTOMERS or not right:
            return page(request, "sign_in", 403, problem="That password is not right.")
        request.session.clear()
        request.session["customer"] = customer
        return RedirectResponse("/", 303)

    @app.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        request.session.clear()
        return RedirectResponse("/", 303)

    @app.get("/ask")
    async def ask(request: Request) -> Response:
        customer = current_customer(request)
        if customer is None or await account_of(customer) is None:
            return RedirectResponse("/", 303)  # where they sign in, or connect
        return page(request, "ask")

    @app.post("/ask")
    async def answer(request: Request, question: str = Form(max_length=500)) -> Response:
        customer = current_customer(request)
        if customer is None or await account_of(customer) is None:
            return RedirectResponse("/", 303)
        # The tools are this customer's and no argument of a model can make them another's. They only read.
        tools = get_tools(identifier=customer, toolkit=toolkit, read_only=True)
        agent: Any = create_agent(
            model or KeywordModel(),
            tools,
            system_prompt="Answer questions about the user's own Vimeo library with the tools. Be brief.",
        )
        try:
            state = await agent.ainvoke({"messages": [HumanMessage(question)]}, {"recursion_limit": 20})
        except Exception as error:  # each provider has errors of its own, whose texts may quote a key
            problem = f"The model stopped with {type(error).__name__}."
            return page(request, "ask", 502, question=question, problem=problem)
        messages = state["messages"]
        used = [message.name for message in messages if isinstance(message, ToolMessage)]
        return page(request, "ask", question=question, answer=messages[-1].text, used=used)

    return app


def sandbox_toolkit(vimeo: Sandbox, redirect_uri: str) -> VimeoToolkit:
    """A toolkit over a sandbox in which each customer has a Vimeo account of their own."""
    vimeo.add_user("Ana Lind", videos=[{"name": "Harbour at dawn"}, {"name": "Making of the harbour film"}])
    vimeo.add_user("Ben Okoye", videos=[{"name": "Night trains"}, {"name": "Interview with a conductor"}])
    vimeo.app.redirect_uris.append(redirect_uri)
    connection = Connection(
        client_id=vimeo.app.client_id,
        client_secret=vimeo.app.client_secret,
        redirect_uri=redirect_uri,
        scopes=SCOPES,
        api_url=vimeo.url,
    )
    return VimeoToolkit([connection], store="sqlite:///:memory:")


def chat_model() -> BaseChatModel | None:
    """The model that CHAT_MODEL names, such as `openai:gpt-5`."""
    name = os.environ.get("CHAT_MODEL")
    if not name:
        return None
    from langchain.chat_models import init_chat_model

    return init_chat_model(name)


def main() -> None:
    port = int(os.environ.get("PORT", "8000"))
    with ExitStack() as stack:
        if "VIMEO_CLIENT_ID" in os.environ:
            toolkit = VimeoToolkit.from_env()
        else:
            vimeo = stack.enter_context(Sandbox())
            toolkit = sandbox_toolkit(vimeo, f"http://127.0.0.1:{port}/vimeo/callback")
        stack.enter_context(toolkit)
        https = toolkit.connection().redirect_uri.startswith("https:")
        password = os.environ.get("DEMO_PASSWORD", "demo")
        app = create_app(toolkit, model=chat_model(), password=password, https=https)
        print(f"Open http://127.0.0.1:{port} and sign in with the password {password!r}.")  # noqa: T201
        uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()
