"""Change many videos by one call: choose them, say what becomes of them, get the plan, apply it."""

import math
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.change_checks import CHOOSING, adds_up, check_combinations, conditions_given
from vimeo_toolkit.catalog.domains import Domain
from vimeo_toolkit.catalog.effects import last_part
from vimeo_toolkit.catalog.ids import FolderOrNone, ShowcaseId, VideoUri
from vimeo_toolkit.catalog.inputs import Description, Name, at_most
from vimeo_toolkit.catalog.marks import Help
from vimeo_toolkit.catalog.plan_input import PlanInput
from vimeo_toolkit.catalog.toolsets import publish
from vimeo_toolkit.catalog.video_choice import Choice, Chosen
from vimeo_toolkit.catalog.video_conditions import VideoConditions
from vimeo_toolkit.catalog.video_order import SortName
from vimeo_toolkit.catalog.videos import TagWord
from vimeo_toolkit.changes.account import account_of
from vimeo_toolkit.changes.applying import apply
from vimeo_toolkit.changes.embedding import sites_of
from vimeo_toolkit.changes.kinds import scopes_of
from vimeo_toolkit.changes.model import Edit, Plan
from vimeo_toolkit.changes.planning import asked_digest, plan_of
from vimeo_toolkit.changes.view import unchanged_of, view_of
from vimeo_toolkit.changes.wishes import wishes_of

__all__ = ["VideosChange"]

MOST: Final = 1_000
"""Videos that one input can name."""
MOST_WORDS: Final = 20
"""Tags, or sites, that one input can have; checked and, as that of showcases, not told to models."""
MOST_PLACES: Final = 10
GOES_ON: Final = 3_600.0
"""Seconds in which the same input goes on with what it has begun."""
REPEATED: Final = 600.0
"""Seconds in which the same input, where it would do more, is taken for a repetition: its answer may be lost."""


@publish.put(
    "/me/videos",
    name="vimeo_videos_change",
    scopes={"private"},
    destructive=True,
    visible_to_others=True,
    undo="vimeo_changes_undo takes it back, as far as the plan of vimeo_videos_change says.",
    asks="Change many videos?",
)
class VideosChange(VideoConditions, PlanInput):
    """Make all my videos private at once, or edit several: replace a word in all titles, remove a tag, take
    them out of a showcase, every film of a year, watch later, unlike.
    """

    longest_shown: ClassVar[int] = 1_500
    may_need: ClassVar[frozenset[str]] = frozenset({"create", "edit", "interact", "delete"})
    known_inputs: ClassVar[frozenset[str]] = CHOOSING | {"set_license"}
    unlisted_inputs: ClassVar[frozenset[str]] = known_inputs - {
        "captions",
        "folder_id",
        "in_folder",
        "in_showcase",
        "max_plays",
        "name_contains",
        "period",
        "privacy",
        "set_license",  # whose words vimeo_video_edit has
        "showcase_id",
        "tag",
        "sort",
        "limit",
    }

    sort: Annotated[
        SortName | None,
        Help(
            "In which order they are taken, and come into a showcase.",
            "The oldest come first, and of a limit the newest are meant, when it is left out.",
        ),
    ] = None
    limit: Annotated[
        int | None,
        Field(ge=1, le=MOST),
        Help(f"How many of them are meant, {MOST:,} at most.", "All are meant when it is left out."),
    ] = None
    videos: Annotated[
        list[VideoUri] | None,
        Field(min_length=1, max_length=MOST),
        Help(
            f"The videos, each by its id, URI or link, {MOST:,} at most.",
            "Those that meet the conditions are changed when it is left out.",
        ),
    ] = None
    """Or conditions: any that vimeo_my_videos_find has."""
    set_name: Annotated[
        str | None,
        Field(min_length=1, max_length=500),
        Help(
            "The new title; {name} is that of now, {name:old->new} that with new in place of old, {date} the "
            "upload's day (2026-11-30), {year} (2026), {month} (11), {n} counts."
        ),
    ] = None
    """Pattern: {name}, {name:old->new}, {n}, {date}, {year}, {month} (11)."""
    set_description: Annotated[
        Description | None,
        Help(
            "The new text, 5,000 characters at most, with the same words in braces; {description} is the text of "
            "now; (empty) clears it."
        ),
    ] = None
    """{description}: the present one; (empty) clears it."""
    set_privacy: Annotated[
        Literal["anybody", "contacts", "disable", "nobody", "unlisted", "users"] | None,
        Help(
            "Who may watch: anybody, nobody (but the owner), unlisted (by its link), contacts (followers), users "
            "(Vimeo members), disable (embedded only)."
        ),
    ] = None
    set_license: Annotated[
        Literal["by", "by-nc", "by-nc-nd", "by-nc-sa", "by-nd", "by-sa", "cc0"] | None,
        Help(
            "The Creative Commons license: by (credit the author), nc (not commercial), nd (no changes), sa "
            "(share alike), cc0 (public domain)."
        ),
    ] = None
    add_tags: Annotated[
        list[TagWord] | None,
        Field(min_length=1),
        at_most(MOST_WORDS),
        Help("Tags to add, 128 characters at most and without slashes; a video can have 20."),
    ] = None
    remove_tags: Annotated[
        list[TagWord] | None,
        Field(min_length=1),
        at_most(MOST_WORDS),
        Help("Tags to take away, 20 at most."),
    ] = None
    move_to_folder: Annotated[
        FolderOrNone | None,
        Help('The folder to move them into, by its name, id, URI or link; "none" takes them out of theirs.'),
    ] = None
    """Or its name, or none."""
    new_folder: Annotated[
        Name | None,
        Help(
            "The name of a folder that is made outside of all others, and they are moved into it, 128 characters "
            "at most."
        ),
    ] = None
    """Made outside of all folders."""
    new_showcase: Annotated[
        Name | None,
        Help("The name of a public showcase that is made, and they are put into it, 128 characters at most."),
    ] = None
    """Public."""
    add_to_showcases: Annotated[
        list[ShowcaseId] | None,
        Field(min_length=1),
        at_most(MOST_PLACES),
        Help("Showcases to put them into, each by its name, id, URI or link, 10 at most."),
    ] = None
    remove_from_showcases: Annotated[
        list[ShowcaseId] | None,
        Field(min_length=1),
        at_most(MOST_PLACES),
        Help(
            "Showcases to take them out of, each by its name, id, URI or link, 10 at most; the videos stay."
        ),
    ] = None
    add_embed_domains: Annotated[
        list[Domain] | None,
        Field(min_length=1),
        at_most(MOST_WORDS),
        Help(
            "Sites that may embed them, each by its domain, such as example.com, 20 at most; only sites on their "
            "lists may embed them then."
        ),
    ] = None
    """Then only listed sites may; those listed before stay."""
    remove_embed_domains: Annotated[
        list[Domain] | None,
        Field(min_length=1),
        at_most(MOST_WORDS),
        Help("Sites that may not embed them any more, each by its domain, 20 at most."),
    ] = None
    like: Annotated[
        bool | None,
        Help("Whether the user likes them, other people's videos, (true) or not any more (false)."),
    ] = None
    """Others' videos."""
    watch_later: Annotated[
        bool | None, Help("Whether they are in the user's Watch Later (true) or not any more (false).")
    ] = None
    delete: Annotated[
        bool | None, Help("Whether they are deleted for ever: true does it, together with no other change.")
    ] = None
    apply: Annotated[
        bool | None,
        Help(
            "Whether it is done at once (true); a deletion only with the id of its plan.",
            "Only the plan is shown when it is left out.",
        ),
    ] = None
    """true: do it now, and say what cannot be undone. Else a plan, as delete needs."""
    plan_id: Annotated[
        str | None,
        Field(pattern=r"^p[0-9a-f]{8}$"),
        Help(
            "The id of a plan that an earlier answer gave, to carry it out or go on with it; only apply may stand "
            "beside it.",
            "A new plan is made when it is left out.",
        ),
    ] = None
    """Of an earlier answer."""

    @model_validator(mode="after")
    def _combinations(self) -> Self:
        check_combinations(self)
        return self

    @property
    def applies(self) -> bool:
        """Whether the plan is carried out, too."""
        return bool(self.apply)

    def needed_scopes(self) -> frozenset[str]:
        """Return what applying needs; for a plan that is only shown, missing ones are said in it."""
        if not self.applies or self.plan_id is not None:
            return self.tool.scopes
        edits = (Edit(wish.kind, not wish.after, wish.after, wish.of) for wish in wishes_of(self, str))
        made = {"create"} if self.new_folder or self.new_showcase else set()
        return self.tool.scopes.union(made, *map(scopes_of, edits))

    async def chosen(self, api: Api, fields: str) -> Chosen:
        """Return the videos that are meant: those that are named, or those that meet the conditions.

        Args:
            api: of the call.
            fields: what is asked for of each video that is looked for.

        Raises:
            InvalidInput: they are more than one plan can have.
        """
        if self.videos is not None:
            return Chosen(list({last_part(uri): uri for uri in self.videos}.values()))
        choice = Choice(self, self.sort, self.limit, conditions_given(self))
        return await choice.videos(api, fields)

    @property
    def seen(self) -> bool:
        """Whether it names the plan."""
        return self.plan_id is not None

    def only_shown(self, plan: Plan) -> bool:
        """Return whether it deletes, and the plan was not named by its id."""
        return bool(self.delete)

    async def planned(self, api: Api, *, since: float = math.inf, keep: bool = True) -> Plan:
        """Return the plan: the one that is named, one of before for the same input, or a new one. One that the
        same input has begun a short while ago is gone on with, and one that it has just done is not done again: a
        title must not get its new part twice because a model repeats its call, or never got its answer."""
        if self.plan_id is not None:
            return await api.plans.load(self.plan_id)
        if self.applies and keep and (before := await self._before(api)) is not None:
            return before
        if since < math.inf:
            found = await api.plans.find(asked_digest(self), since=since)
            if found is not None and found.open:
                return found
        plan = await plan_of(api, self)
        if keep:
            await api.plans.save(plan)
        return plan

    async def _before(self, api: Api) -> Plan | None:
        asked, more = asked_digest(self), adds_up(self)
        plans = await api.plans.list()
        taken_back = {each.undoes for each in plans if each.state != "planned"}
        for each in plans:
            past = api.now() - each.changed
            if each.asked != asked:
                continue
            if each.state == "begun" and past <= GOES_ON:
                return await api.plans.load(each.id)
            again = more and each.state == "done" and past <= REPEATED
            if again and each.counts.get("done") and each.id not in taken_back:
                api.note(
                    f"The same call did this {max(1, round(past))} seconds ago, so nothing was done now. If it is "
                    "meant once more: leave out apply, and apply the plan that comes."
                )
                return await api.plans.load(each.id)
        return None

    async def applied(self, api: Api, plan: Plan) -> Any:
        """Carry the plan out as far as the call's time and the user's limit allow, or show it."""
        if plan.agreed and not self.applies:
            return account_of(plan, None) | unchanged_of(plan)
        if not self.applies or not any(video.edits for video in plan.videos):
            return view_of(plan, api.rate_limit)
        account = await apply(api, plan.id, seen=plan.seen) | unchanged_of(plan)
        if sites := await sites_of(api, plan):
            account["may_be_embedded_on"] = sites
        return account

    @property
    def untrusted_parts(self) -> tuple[str, ...]:
        """The titles of videos that may be other people's: only likes and Watch Later are for such, and a plan of
        before may have them."""
        of_own = (self.like, self.watch_later, self.plan_id) == (None, None, None)
        return () if of_own else (*super().untrusted_parts, "data.name")
