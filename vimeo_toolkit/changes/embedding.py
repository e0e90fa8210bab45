"""Which sites may embed the videos of a plan once it was applied: their lists may have had others before."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.effects import last_part
from vimeo_toolkit.catalog.extra_reads import try_list
from vimeo_toolkit.changes.cost import LISTS_READ
from vimeo_toolkit.changes.model import Plan

__all__ = ["sites_of"]


async def sites_of(api: Api, plan: Plan) -> list[dict[str, Any]]:
    """Return the sites of the first videos whose lists an applied plan has changed; without one whose list cannot
    be read now.

    Args:
        api: the call's.
        plan: as it was before it was applied.

    Raises:
        StoreError: the plan cannot be read.
    """
    if not any(edit.kind == "embed_domain" for video in plan.videos for edit in video.edits):
        return []
    plan = await api.plans.load(plan.id)
    changed = [
        video.uri
        for video in plan.videos
        if any(edit.kind == "embed_domain" and edit.done for edit in video.edits)
    ]
    found: list[dict[str, Any]] = []
    for uri in changed[:LISTS_READ]:
        listed = await try_list(api, f"/videos/{last_part(uri)}/privacy/domains", "uri,domain")
        if listed is not None:
            found.append({"uri": uri, "sites": [str(each.get("domain")) for each in listed]})
    return found
