"""`vimeo-toolkit demo`: an agent organises a user's library, over real HTTP, against the sandbox.

Nothing here knows what the agent will do: it is given tools and a task, what it does is shown as it happens, and
the result is judged by the sandbox's own state.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from vimeo_toolkit.cli.demo_lines import arguments_of, line, summary
from vimeo_toolkit.cli.output import NARROW
from vimeo_toolkit.cli.output import out as console
from vimeo_toolkit.errors import MissingExtra

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

    from vimeo_toolkit.sandbox import Sandbox
    from vimeo_toolkit.toolkit import VimeoToolkit

__all__ = ["run_demo"]

IDENTIFIER = "user_vimeo_456"
SCOPES = ("public", "private", "create", "edit")
MAX_STEPS = 80
"""Turns of model and tools after which a model that goes in circles is stopped."""


def run_demo(model: str | None, out: Console = console) -> bool:
    """Watch an agent put a user's videos of this month into a new showcase. Needs no account and no network.

    Args:
        model: `provider:name` of the chat model that drives the agent; None takes the scripted one.
        out: where it is shown.

    Returns:
        True when the sandbox's showcase holds exactly this month's videos.

    Raises:
        ConfigurationError: a package or the model is missing.
    """
    _require()
    with _connected(out) as (vimeo, toolkit):
        now = vimeo.clock.now()
        title = f"{now:%B %Y}"
        driver = _chat_model(model, month=f"{now:%Y-%m}", showcase=title)
        task = (
            f"Find all my videos uploaded this month and organize them into a new showcase called '{title}'"
        )
        out.print(Rule("The agent", align="left", style="dim"))
        line(out, Text("Model  ", style="dim"), Text(_who(model), style="bold"))
        line(out, Text("Task   ", style="dim"), Text(task, style="bold"))
        out.print()
        before = len(vimeo.requests)
        run = _Run(out)
        _drive(driver, toolkit, task, now, run, scripted=model is None)
        requests = len(vimeo.requests) - before
        if run.answer:
            out.print(Panel(Text(run.answer), title="The agent's answer", title_align="left"))
        _count(out, run, requests)
        return _read_back(out, vimeo, title, now)


def _who(model: str | None) -> str:
    if model is not None:
        return model
    return "scripted (rules that read the tool results; no language model. Name one with --model)"


def _require() -> None:
    """Raises:
    MissingExtra: a package is missing, and which.
    """
    try:
        import langchain.agents
        import langchain_vimeo

        import vimeo_toolkit.sandbox  # noqa: F401
    except ImportError as missing:
        raise MissingExtra("The demo", (missing.name or "of an extra").partition(".")[0], "demo") from None
    del langchain, langchain_vimeo


def _chat_model(name: str | None, *, month: str, showcase: str) -> BaseChatModel:
    """Return the model of this name, or the scripted one.

    Raises:
        ConfigurationError: its package or its key is missing.
    """
    if name is None:
        from vimeo_toolkit.cli.scripted_model import ScriptedOrganizer

        return ScriptedOrganizer(month=month, showcase=showcase)
    from vimeo_toolkit.evaluation.langchain_agents import chat_model

    return chat_model(name)


@contextmanager
def _connected(out: Console) -> Iterator[tuple[Sandbox, VimeoToolkit]]:
    """Run a sandbox and yield it with a toolkit that has one user connected; both are gone afterwards."""
    from vimeo_toolkit import Connection, VimeoToolkit, generate_key
    from vimeo_toolkit.sandbox import Sandbox

    out.print(Rule("A user connects", align="left", style="dim"))
    with tempfile.TemporaryDirectory(prefix="vimeo-toolkit-demo-") as folder, Sandbox() as vimeo:
        _done(out, f"Sandbox on {vimeo.url}, with the library of {vimeo.user.name}")
        connection = Connection(
            name="vimeo",
            client_id=vimeo.app.client_id,
            client_secret=vimeo.app.client_secret,
            redirect_uri=vimeo.app.redirect_uri,
            scopes=SCOPES,
            api_url=vimeo.url,
        )
        database = Path(folder, "accounts.db")
        with VimeoToolkit([connection], store=f"sqlite:///{database}", key=generate_key()) as toolkit:
            link = toolkit.get_authorization_link("vimeo", identifier=IDENTIFIER).link
            _done(out, f"Authorization link made for {IDENTIFIER}")
            callback = vimeo.authorize(link, user=vimeo.user)
            _done(out, "Consent given in the browser (played over HTTP), sent back with a code")
            account = toolkit.complete_authorization(callback, identifier=IDENTIFIER)
            _done(
                out,
                f"{account.status.value}: {account.vimeo_name} granted {', '.join(sorted(account.granted_scopes))};"
                " the token is encrypted in a temporary SQLite store",
            )
            yield vimeo, toolkit


def _done(out: Console, text: str) -> None:
    line(out, Text("✓ ", style="green"), Text(text))


@dataclass
class _Run:
    """The visible part of an agent's run: prints it as it happens and keeps what the summary needs."""

    out: Console
    calls: int = 0
    results: list[str] = field(default_factory=list)
    answer: str = ""
    _names: dict[str, str] = field(default_factory=dict)

    def see(self, message: BaseMessage) -> None:
        from langchain_core.messages import AIMessage, ToolMessage

        if isinstance(message, AIMessage):
            for call in message.tool_calls:
                self.calls += 1
                self._names[call["id"] or ""] = f"{self.calls:>2}"
                called = Text(call["name"], style="cyan").append(
                    f" {arguments_of(call['args'])}", style="default"
                )
                line(self.out, Text(f"{self.calls:>2} ", style="dim"), called)
            if not message.tool_calls:
                self.answer = message.text
        elif isinstance(message, ToolMessage):
            text = str(message.content)
            self.results.append(text)
            mark, style = ("✗", "red") if message.status == "error" else ("✓", "green")
            number = self._names.get(message.tool_call_id, " ?")
            line(
                self.out, Text(f"{number} ", style="dim").append(f"{mark} ", style=style), Text(summary(text))
            )


def _drive(
    driver: BaseChatModel, toolkit: VimeoToolkit, task: str, now: datetime, run: _Run, *, scripted: bool
) -> None:
    """Run the agent to its end; what it says and does goes to `run`.

    Raises:
        ConfigurationError: a provider's model failed.
    """
    from langchain.agents import create_agent
    from langchain_core.messages import HumanMessage
    from langchain_vimeo import get_tools

    agent: Any = create_agent(
        driver,
        get_tools(connection_name="vimeo", identifier=IDENTIFIER, toolkit=toolkit),
        system_prompt=(
            "You look after one user's Vimeo library with the tools that you are given. "
            f"Today is {now:%Y-%m-%d} (UTC). Lists come in pages: read on as long as the next page can matter. "
            "When you have changed something, read it back before you answer."
        ),
    )
    try:
        for update in agent.stream(
            {"messages": [HumanMessage(task)]}, {"recursion_limit": MAX_STEPS}, stream_mode="updates"
        ):
            for change in update.values():
                for message in (change or {}).get("messages", ()):
                    run.see(message)
    except Exception as error:
        if scripted:
            raise
        # Each provider has errors of its own, and their texts may quote a key. What was done so far is judged.
        run.answer = ""
        run.out.print(Text(f"The model stopped with {type(error).__name__}.", style="red"))


def _count(out: Console, run: _Run, requests: int) -> None:
    from vimeo_toolkit.evaluation.tokens import counter

    count, how = counter()
    tokens = sum(map(count, run.results))
    out.print(Rule("What it took", align="left", style="dim"))
    out.print(
        Text(
            f"{run.calls} tool calls, {requests} requests to Vimeo, {tokens:,} tokens of tool results ({how})"
        ),
        soft_wrap=True,
    )


def _read_back(out: Console, vimeo: Sandbox, title: str, now: datetime) -> bool:
    """Show the showcase as the sandbox has it; True when it holds exactly this month's videos."""
    expected = {
        video.id
        for video in vimeo.user.videos
        if (video.created.year, video.created.month) == (now.year, now.month)
    }
    named = [showcase for showcase in vimeo.user.showcases if showcase.name == title]
    narrow = out.width < NARROW
    out.print(
        Rule(
            f"'{title}', read back" if narrow else f"The showcase '{title}', read back from the sandbox",
            align="left",
            style="dim",
        )
    )
    if len(named) != 1:
        out.print(Text(f"✗ There are {len(named)} showcases of this name, not one.", style="bold red"))
        return False
    videos = named[0].videos
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Uploaded", no_wrap=True)
    table.add_column("Video")
    table.add_column("Privacy", no_wrap=True)
    # Newest first, whatever the order in which calls that ran at once came to their end.
    for video in sorted(videos, key=lambda video: video.created, reverse=True):
        style = "" if video.id in expected else "red"
        table.add_row(
            f"{video.created:%Y-%m-%d}" if narrow else f"{video.created:%Y-%m-%d %H:%M}",
            Text(video.name, style=style),
            video.view,
        )
    out.print(table)
    held = [video.id for video in videos]
    if set(held) == expected and len(held) == len(expected):
        out.print(
            Text(f"✓ It holds exactly the {len(expected)} videos uploaded in {title}.", style="bold green")
        )
        return True
    out.print(
        Text(
            f"✗ It holds {len(held)} videos: {len(expected - set(held))} of this month's are missing, "
            f"{len(set(held) - expected)} are of other months.",
            style="bold red",
        ),
        soft_wrap=True,
    )
    return False
