"""The input of a tool that changes many things by a plan: a person's consent is for the whole plan."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.changes.view import OTHERS_TITLES, for_models, view_of

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.api import Api
    from vimeo_toolkit.changes.model import Plan

__all__ = ["PlanInput"]


class PlanInput(ToolInput):
    """Base of the inputs of such tools. The call makes or finds the plan (`planned`), asks where that is needed,
    and then applies it or shows it (`applied`)."""

    plans: ClassVar[bool] = True

    @property
    def applies(self) -> bool:
        """Whether the call applies the plan, or only shows it."""
        return True

    @property
    def seen(self) -> bool:
        """Whether an earlier answer has shown the plan."""
        return False

    @property
    def untrusted_parts(self) -> tuple[str, ...]:
        """The titles of videos that may be other people's, as a plan for likes and Watch Later has them."""
        return OTHERS_TITLES

    def hidden_in(self, body: Any) -> tuple[tuple[str, ...], str]:
        """Return what a model is not shown of the plan or the account, because other parts say the same."""
        return for_models(body, seen=self.seen), ""

    def only_shown(self, plan: Plan) -> bool:
        """Return whether a plan is shown in place of being applied where nobody is asked for consent: whoever calls
        has not seen it, and it cannot be taken back."""
        return False

    @abstractmethod
    async def planned(self, api: Api, *, since: float = math.inf, keep: bool = True) -> Plan:
        """Return the plan of this input.

        Args:
            api: as for `run`. Nothing may be changed.
            since: a plan of the same input that nothing was applied of is used again if it was made then or later.
            keep: whether it is kept, so that it can be found again.
        """

    @abstractmethod
    async def applied(self, api: Api, plan: Plan) -> Any:
        """Apply what `planned` returned, or as much of it as fits into the call, or show it; return its JSON."""

    async def shown(self, api: Api, plan: Plan) -> Any:
        """Return what `planned` returned as JSON, without applying it."""
        return view_of(plan, api.rate_limit)
