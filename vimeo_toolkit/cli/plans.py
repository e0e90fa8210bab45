"""`vimeo-toolkit plans …`: plans of many videos' changes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from vimeo_toolkit import PlanSummary
from vimeo_toolkit.cli.accounts import Identifier
from vimeo_toolkit.cli.consenting import require_yes
from vimeo_toolkit.cli.output import emit_json, err, notice, say
from vimeo_toolkit.cli.session import ConnectionName, command, session

__all__ = ["plans"]

PlanId = Annotated[str, typer.Argument(help="The plan's id.")]

plans = typer.Typer(no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})


@command(plans, "list")
def list_plans(identifier: Identifier = "me", connection: ConnectionName = "vimeo") -> None:
    """List a user's plans of many videos' changes: how far each is, and until when it is kept."""
    found = session().toolkit().list_plans(connection, identifier=identifier)
    if session().as_json:
        emit_json([plan.to_dict() for plan in found])
        return
    for plan in found:
        say(f"{plan.id}: {plan.asks}")
        say(f"  {_state(plan)}; kept until {datetime.fromtimestamp(plan.ends, UTC):%Y-%m-%d}")
    if not found:
        notice("There is no plan of this user.")


def _state(plan: PlanSummary) -> str:
    if plan.state == "planned":
        return "not applied"
    return ", ".join(f"{count} {name}" for name, count in sorted(plan.counts.items())) or "done"


@command(plans)
def apply(
    plan_id: PlanId,
    identifier: Identifier = "me",
    connection: ConnectionName = "vimeo",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask: do what the plan says.")] = False,
) -> None:
    """Apply a plan to its end, or go on with one. Ctrl-C ends it for now: run it again to go on."""
    used = session().toolkit()
    plan = used.get_plan(plan_id, identifier=identifier, connection_name=connection)
    if not plan.agreed:
        require_yes(f"{plan.asks} Do it?", yes)

    def told(settled: int, of: int) -> None:
        if not session().as_json:
            err.print(f"{settled} of {of}", highlight=False)

    result = used.apply_plan(plan_id, identifier=identifier, connection_name=connection, progress=told)
    if session().as_json:
        emit_json(dict(result))
        return
    say(result["message"])
    for outcome in result.data.get("videos", []):
        if outcome.get("why"):
            say(f"  {outcome['count']} {outcome['state']}: {outcome['why']}")


@command(plans)
def forget(plan_id: PlanId, identifier: Identifier = "me", connection: ConnectionName = "vimeo") -> None:
    """Delete a plan with the former texts in it. What was done by it can then not be taken back."""
    session().toolkit().forget_plan(plan_id, identifier=identifier, connection_name=connection)
    if session().as_json:
        emit_json({"plan_id": plan_id, "forgotten": True})
    else:
        say("The plan is forgotten. Nothing was changed at Vimeo.")
