"""A small product with two customers: each connects their own Vimeo and talks with an agent about their own videos.

    uv run python examples/fastapi_app/main.py

It uses a sandbox unless VIMEO_CLIENT_ID and the other variables are set; README.md beside it tells of them.
"""

from __future__ import annotations

import os
import secrets
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

try:
    import itsdangerous  # noqa: F401 - of SessionMiddleware
    import jinja2  # noqa: F401 - of pages
    import python_multipart  # noqa: F401 - of forms
    import uvicorn
    from conversations import Conversations, ModelFailed
    from fastapi import FastAPI, Form, Request
    from fastapi.responses import HTMLResponse, RedirectResponse, Response
    from fastapi.staticfiles import StaticFiles
    from fastapi.templating import Jinja2Templates
    from keyword_model import CHANGES, SUGGESTED, KeywordModel
    from langchain_core.language_models import BaseChatModel
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


def thread_of(request: Request) -> str:
    """The customer's present conversation, of the same cookie. A thread belongs to the customer who began it."""
    thread: str = request.session.setdefault("thread", secrets.token_urlsafe(16))
    return thread


def page(request: Request, name: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page for whoever is signed in, which nobody else finds in a cache."""
    customer = current_customer(request)
    values |= {"customer": CUSTOMERS.get(customer or ""), "customers": CUSTOMERS}
    values |= {"suggested": SUGGESTED, "changes": CHANGES}
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


async def stopped(request: Request, error: Exception) -> Response:
    """What is half said cannot be continued: the next question begins anew."""
    request.session.pop("thread", None)
    return page(request, "problem", 502, problem=str(error), again=True)


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
    app.add_exception_handler(ModelFailed, stopped)
    talks = Conversations(toolkit, model or KeywordModel())

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
        if await talks.can_go_on(customer, thread_of(request)):
            return RedirectResponse("/ask", 303)  # they are back from Vimeo
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
        if customer is None:
            return RedirectResponse("/", 303)
        return page(request, "ask", talk=await talks.look(customer, thread_of(request)))

    @app.post("/ask")
    async def answer(request: Request, question: str = Form(max_length=500)) -> Response:
        customer = current_customer(request)
        if customer is not None:
            await talks.ask(customer, thread_of(request), question)
        return RedirectResponse("/ask", 303)

    @app.post("/ask/decide")
    async def decide(request: Request, about: str = Form(), decision: str = Form()) -> Response:
        customer = current_customer(request)
        if customer is not None:
            await talks.decide(customer, thread_of(request), about, yes=decision == "yes")
        return RedirectResponse("/ask", 303)

    @app.post("/ask/anew")
    async def anew(request: Request) -> Response:
        request.session.pop("thread", None)
        return RedirectResponse("/ask", 303)

    return app


def main() -> None:
    with ExitStack() as stack:
        listener = stack.enter_context(listening(os.environ.get("PORT", "8000")))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        model = chat_model()
        try:
            if "VIMEO_CLIENT_ID" in os.environ:
                toolkit = VimeoToolkit.from_env(approval="destructive")
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
