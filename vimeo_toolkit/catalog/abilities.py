"""What an agent can do and what it cannot, and why: by its own tools, the scopes, the plan, the upload quota."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

__all__ = ["ABILITIES", "UPLOADS", "Ability", "plans_of", "why_not"]

_EDIT: Final = frozenset({"private", "edit"})
_INTERACT: Final = frozenset({"private", "interact"})
_UPLOAD: Final = frozenset({"private", "upload"})
_FREE: Final = frozenset({"free", "basic"})


@dataclass(frozen=True, slots=True)
class Ability:
    """One thing that people want done."""

    tools: tuple[str, ...]
    """Each of which can do it."""
    scopes: frozenset[str]
    only_plans: frozenset[str] = frozenset()
    """The only plans that have it; empty for all."""
    not_plans: frozenset[str] = frozenset()
    """Plans that do not have it."""
    which: str = ""
    """Which plans have it, in words."""

    def lacks_plan(self, plan: str | None) -> bool:
        """Return whether a user's plan is known not to have it."""
        if plan is None:
            return False
        return plan in self.not_plans or (bool(self.only_plans) and plan not in self.only_plans)


ABILITIES: Final[Mapping[str, Ability]] = {
    "edit videos": Ability(("vimeo_video_edit", "vimeo_videos_change"), _EDIT),
    "delete videos": Ability(("vimeo_video_delete", "vimeo_videos_change"), frozenset({"private", "delete"})),
    "tag videos": Ability(("vimeo_video_tags_add", "vimeo_videos_change"), _EDIT),
    "fill showcases": Ability(
        ("vimeo_showcase_video_add", "vimeo_showcase_videos_add", "vimeo_videos_change"), _EDIT
    ),
    "fill folders": Ability(
        ("vimeo_folder_video_add", "vimeo_folder_videos_add", "vimeo_videos_change"), _INTERACT
    ),
    "choose sites that may embed videos": Ability(("vimeo_embed_domain_add", "vimeo_videos_change"), _EDIT),
    "like videos and keep them in Watch Later": Ability(
        ("vimeo_video_like", "vimeo_watchlater_add", "vimeo_videos_change"), _INTERACT
    ),
    "follow people": Ability(("vimeo_user_follow",), _INTERACT),
    "make showcases": Ability(("vimeo_showcase_create",), frozenset({"private", "create"})),
    "make folders": Ability(("vimeo_folder_create",), frozenset({"private", "create"})),
    "delete showcases and folders": Ability(
        ("vimeo_showcase_delete", "vimeo_folder_delete"), frozenset({"private", "delete"})
    ),
    "write comments and replies": Ability(("vimeo_video_comment_add", "vimeo_comment_reply_add"), _INTERACT),
    "add captions": Ability(("vimeo_video_captions_add",), _UPLOAD | {"edit"}),
    "add chapters and thumbnails": Ability(
        ("vimeo_video_chapter_create", "vimeo_video_picture_create"), _UPLOAD
    ),
    # What was moved or liked needs another scope; without this one nearly nothing comes back.
    "take changes back": Ability(("vimeo_changes_undo",), _EDIT),
    "upload from a link": Ability(("vimeo_video_create", "vimeo_video_version_add"), _UPLOAD),
    "upload local files": Ability(("vimeo_video_upload", "vimeo_video_version_add"), _UPLOAD),
    # By one account, 2026, an app needs a capability that Vimeo gives.
    "webhooks (if Vimeo has switched them on for the app)": Ability(
        ("vimeo_webhook_create",), frozenset({"private"})
    ),
    # By one account, 2026: only these, once Vimeo's support has switched it on; a Free plan gets 404.
    "analytics": Ability(
        ("vimeo_analytics_get",),
        frozenset({"private", "stats"}),
        only_plans=frozenset({"enterprise"}),
        which="reportedly Enterprise only",
    ),
    # Vimeo refuses `privacy.download` to Free members with 400/2204 (recorded).
    "change who may download videos": Ability(
        ("vimeo_video_edit",), _EDIT, not_plans=_FREE, which="paid plans only"
    ),
}
"""What people ask for most, and what it takes."""

UPLOADS: Final = ("upload from a link", "upload local files")


def plans_of(tool: str) -> str:
    """Return which plans have what a tool is for, in words; "" where it is for all, or for something else, too."""
    which = [ability.which for ability in ABILITIES.values() if tool in ability.tools]
    return which[0] if which and all(which) else ""


def why_not(
    name: str, tools: Collection[str], granted: Collection[str], plan: str | None, blocked: Mapping[str, str]
) -> str:
    """Return why an agent cannot do this, or why nobody knows, in a few words; "" where nothing hinders it.

    Args:
        name: one of `ABILITIES`.
        tools: the names of the agent's tools.
        granted: the scopes that the user has granted.
        plan: the user's plan as Vimeo calls it; None where it is not known.
        blocked: abilities that something else hinders → what.
    """
    ability = ABILITIES[name]
    if ability.lacks_plan(plan):
        return f"not in this plan ({ability.which})"
    if not any(tool in tools for tool in ability.tools):
        return "this agent has no tool for it"
    if missing := sorted(ability.scopes.difference(granted)):
        return f"not granted: {', '.join(missing)}"
    if plan is None and ability.which:
        return f"not known now: it depends on the plan ({ability.which})"
    return blocked.get(name, "")
