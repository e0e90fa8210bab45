"""A small product with two customers: each connects their own Vimeo and asks questions about their own videos.

    uv run python examples/fastapi_app/main.py

It uses a sandbox unless VIMEO_CLIENT_ID and the other variables are set; README.md beside it tells of them.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

try:
    import itsdangerous  # noqa: F401 - of SessionMiddleware
    import jinja2  # noqa: F401 - of pages
    import python_multipart  # noqa: F401 - of forms
    import uvicorn
    from fastapi import FastAPI, Form, Request
    from fastapi.responses import HTMLResponse, RedirectResponse, Response
    from fastapi.staticfiles import StaticFiles
    from fastapi.templating import Jinja2Templates
    from keyword_model import SUGGESTED, KeywordModel
    from langchain.agents import create_agent
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage, HumanMessage, ToolMessage
    from langchain_vimeo import get_tools
    from starlette.middleware.sessions import SessionMiddleware
    from starting import chat_model, listening, sandbox_toolkit

    from vimeo_toolkit import (
        AccountError,
        AccountStatus,
        ConnectedAccount,
        MissingScope,
        NotConnected,
        VimeoToolkit,
        VimeoToolkitError,
    )
    from vimeo_toolkit.sandbox import Sandbox
    from vimeo_toolkit.web import connect_app
except ModuleNotFoundError as missing:
    sys.exit(
        f"This example needs {missing.name}. In a clone of the repository: uv run python {sys.argv[0]}\n"
        'Elsewhere: pip install "vimeo-toolkit[all]" fastapi itsdangerous python-multipart uvicorn'
    )

HERE = Path(__file__).parent
CUSTOMERS = {"ana": "Ana's Studio", "ben": "Ben's Films"}

pages = Jinja2Templates(HERE / "templates")


def current_customer(request: Request) -> str | None:
    """Who is signed in, from the signed session cookie: never from what the URL says."""
    customer = request.session.get("customer")
    return customer if customer in CUSTOMERS else None


def page(request: Request, name: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page for whoever is signed in, which nobody else finds in a cache."""
    customer = current_customer(request)
    values |= {"customer": CUSTOMERS.get(customer or ""), "customers": CUSTOMERS, "suggested": SUGGESTED}
    answer = pages.TemplateResponse(request, f"{name}.html", values, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def explained(request: Request, error: Exception) -> Response:
    """What the user can do when a page could not ask Vimeo: where it is their account, connect it again.

    The texts of the errors are for operators and language models; a product has words of its own.
    """
    if isinstance(error, MissingScope):
        return page(request, "problem", 403, connect=True, problem="You have not allowed this at Vimeo yet.")
    if isinstance(error, AccountError):
        problem = "Videodesk can no longer use your Vimeo account."
        return page(request, "problem", 409, connect=True, problem=problem)
    return page(request, "problem", 503, problem="Vimeo could not be asked just now. Try again in a minute.")


def wants_connecting(messages: Sequence[BaseMessage]) -> bool:
    """Whether a tool failed for want of the user's account or of a scope: then connecting again mends it."""
    failed = (each for each in messages if isinstance(each, ToolMessage) and each.status == "error")
    return any("authorization_link" in each.text for each in failed)


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
    app.add_exception_handler(VimeoToolkitError, explained)

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

    @app.get("/videos")
    async def videos(request: Request) -> Response:
        customer = current_customer(request)
        if customer is None:
            return RedirectResponse("/", 303)
        # Code calls the same tools as an agent. What goes wrong is raised, and `explained` above shows it.
        newest = await toolkit.aexecute_tool(
            identifier=customer,
            tool_name="vimeo_my_videos_list",
            tool_input={"sort": "date", "direction": "desc", "per_page": 10},
        )
        return page(request, "videos", videos=newest["data"], total=newest["total"])

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
        return page(
            request,
            "ask",
            question=question,
            answer=messages[-1].text,
            used=used,
            connect=wants_connecting(messages),
        )

    return app


def main() -> None:
    with ExitStack() as stack:
        listener = stack.enter_context(listening(os.environ.get("PORT", "8000")))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        model = chat_model()
        try:
            if "VIMEO_CLIENT_ID" in os.environ:
                toolkit = VimeoToolkit.from_env()
            else:
                vimeo = stack.enter_context(Sandbox())
                toolkit = sandbox_toolkit(vimeo, f"{url}/vimeo/callback")
            stack.enter_context(toolkit)
            https = toolkit.connection().redirect_uri.startswith("https:")
            password = os.environ.get("DEMO_PASSWORD", "demo")
            app = create_app(toolkit, model=model, password=password, https=https)
        except VimeoToolkitError as error:
            sys.exit(str(error))
        print(  # noqa: T201
            f"Open {url} and sign in with the password {password!r}. Ctrl-C ends it.", flush=True
        )
        uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("Ended.")  # noqa: T201
