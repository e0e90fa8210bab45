"""`vimeo-toolkit eval`: score an agent on the tasks."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from vimeo_toolkit.cli.evaluation_lines import close_names, table_of
from vimeo_toolkit.cli.imported import imported
from vimeo_toolkit.cli.output import emit_json, err, notice, out
from vimeo_toolkit.cli.session import session
from vimeo_toolkit.errors import ConfigurationError, InvalidInput, MissingExtra

if TYPE_CHECKING:
    from vimeo_toolkit.evaluation.frameworks import Framework
    from vimeo_toolkit.evaluation.outcomes import Outcome
    from vimeo_toolkit.evaluation.running import AgentFor

__all__ = ["evaluate"]

FIRST: Final = 3


def evaluate(
    model: Annotated[
        str | None,
        typer.Option(help='A chat model to score, such as "openai:gpt-5-mini"; needs its provider\'s key.'),
    ] = None,
    agent: Annotated[
        str | None,
        typer.Option(
            metavar="MODULE:FUNCTION",
            help="An agent of your own to score: a function of a request, the tools and the user's identifier, "
            "plain or async, that returns the last text.",
        ),
    ] = None,
    task: Annotated[
        list[str] | None, typer.Option(help="Only this task, by its id; may be repeated.")
    ] = None,
    framework: Annotated[
        str | None,
        typer.Option(
            help="In which form the agent takes its tools: core (the default), langchain, llama-index or mcp. "
            "A model runs in LangChain's agent."
        ),
    ] = None,
    tools: Annotated[
        str, typer.Option(help='Which tools: "default", "on-demand", "all", "hosted59" or another toolset.')
    ] = "default",
    report: Annotated[
        Path | None,
        typer.Option(help="Write the whole report to this file, as JSON.", dir_okay=False, writable=True),
    ] = None,
    timeout: Annotated[
        float, typer.Option(help="Seconds after which an agent that has not answered is given up.", min=1)
    ] = 600,
) -> None:
    """Score an agent on tasks in people's words, in a sandbox; without --model and --agent a script does them."""
    if model is not None and agent is not None:
        raise InvalidInput("There are two agents.", hint="Give --model or --agent.")
    _require()
    from vimeo_toolkit.evaluation.outcomes import Report
    from vimeo_toolkit.evaluation.running import outcomes_of
    from vimeo_toolkit.evaluation.tokens import counter
    from vimeo_toolkit.sandbox.tasks import TASKS

    chosen = _chosen(TASKS, task)
    form = _framework(framework, model)
    agent_for = _agent_for(model, agent, form, tools)
    name = model or agent or "scripted (no language model; name one with --model)"
    outcomes: list[Outcome] = []
    made = Report(name, form, tools, counter()[1], ())
    if report is not None:
        _require_writable(report)
    for outcome in outcomes_of(agent_for, chosen, form, tools, timeout):
        notice(_line(outcome))
        outcomes.append(outcome)
        made = replace(made, outcomes=tuple(outcomes))
        if report is not None:
            _write(report, made.to_dict())  # each time: an hour with a model is not lost by Ctrl-C
        _require_sign_of_life(outcomes)
    if report is not None:
        err.print(f"The report is in {report}.", style="dim", markup=False, soft_wrap=True)
    if session().as_json:
        emit_json(made.to_dict())
    else:
        out.print(table_of(made))
    raise typer.Exit(0 if made.all_done else 1)


def _require() -> None:
    """Raises:
    MissingExtra: the sandbox is not installed.
    """
    try:
        import vimeo_toolkit.sandbox.tasks  # noqa: F401
    except ImportError as missing:
        raise MissingExtra("vimeo-toolkit eval", missing.name or "starlette", "demo") from None


def _chosen(known: dict[str, Any], wanted: list[str] | None) -> list[Any]:
    for name in wanted or ():
        if name not in known:
            raise InvalidInput(
                f"There is no task {name[:64]!r}.", hint=f"Near to it: {', '.join(close_names(name, known))}."
            )
    return [known[name] for name in dict.fromkeys(wanted)] if wanted else list(known.values())


def _framework(framework: str | None, model: str | None) -> Framework:
    from vimeo_toolkit.evaluation.frameworks import FRAMEWORKS

    found = next((each for each in FRAMEWORKS if each == framework), None)
    if framework is not None and found is None:
        raise InvalidInput(
            f"There is no framework {framework[:64]!r}.", hint=f"Give one of {', '.join(FRAMEWORKS)}."
        )
    if model is not None and found not in (None, "langchain"):
        raise InvalidInput(
            f"--model runs in LangChain's agent, and --framework says {framework}.",
            hint="Leave --framework out, or give an agent of that framework with --agent MODULE:FUNCTION.",
        )
    return found or ("core" if model is None else "langchain")


def _agent_for(model: str | None, agent: str | None, framework: Framework, tools: str) -> AgentFor:
    if agent is not None:
        own = imported(agent, "--agent")
        return lambda task: own
    if model is None:
        from vimeo_toolkit.evaluation.frameworks import require_framework
        from vimeo_toolkit.evaluation.scripted import scripted_agent

        require_framework(framework)
        return lambda task: scripted_agent(task, framework, tools)
    try:
        from vimeo_toolkit.evaluation.langchain_agents import agent_of_model, chat_model

        made = agent_of_model(chat_model(model))
    except ImportError as missing:
        raise MissingExtra("--model", (missing.name or "langchain").partition(".")[0], "demo") from None
    return lambda task: made


def _require_sign_of_life(outcomes: list[Outcome]) -> None:
    """Refuse to go on with an agent that has raised at each of the first tasks and called nothing: its key is
    wrong, or nothing answers.

    Raises:
        ConfigurationError: it is so.
    """
    if len(outcomes) == FIRST and all(outcome.error and not outcome.calls for outcome in outcomes):
        raise ConfigurationError(
            f"The agent stopped with {outcomes[-1].error} at each of the first {FIRST} tasks.",
            hint="Look whether its provider's key is right, and whether it answers to a single request.",
        )


def _line(outcome: Outcome) -> str:
    mark = "✓" if outcome.done else "✗"
    took = f"{outcome.calls} calls, {outcome.requests} requests, {outcome.characters:,} characters"
    why = "" if outcome.done else f"  {'; '.join(outcome.reasons[:2])[:300]}"
    return f"{mark} {outcome.task}  {took}{why}"


def _require_writable(path: Path) -> None:
    """Raises:
    ConfigurationError: a report cannot be written there.
    """
    try:
        path.open("a", encoding="utf-8").close()
    except OSError as error:
        raise _unwritable(path, error) from None


def _write(path: Path, report: dict[str, Any]) -> None:
    try:
        path.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError(
        f"The report cannot be written to {path} ({error.strerror}).", hint="Name another file with --report."
    )
