"""How much a user may upload.

On many plans Vimeo counts videos and not bytes, so that a number means nothing without its `unit`. Figures of the
plans that count: recordings of 2023. `space` repeats what `showing` names.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from vimeo_toolkit.sandbox.shapes.parts import iso
from vimeo_toolkit.sandbox.state import User

__all__ = ["quota", "videos_left"]


def _videos_since(user: User, begin: datetime | None) -> int:
    return sum(begin is None or video.created >= begin for video in user.videos)


def _period(user: User, days: int) -> tuple[datetime, datetime]:
    """The running period of a plan that counts videos, reckoned from the day on which the user joined."""
    now = user.clock.now()
    begin = user.created + timedelta(days=(now - user.created).days // days * days)
    return begin, begin + timedelta(days=days)


def videos_left(user: User) -> tuple[int, int | None] | None:
    """Return how many videos may still be uploaded in this period, and in all (None: as many as one likes).

    None for a user whose plan counts bytes.
    """
    plan = user.video_quota
    if plan is None:
        return None
    used = _videos_since(user, _period(user, plan.days)[0])
    most = plan.lifetime
    return max(0, plan.most - used), None if most is None else max(0, most - _videos_since(user, None))


def quota(user: User) -> dict[str, Any]:
    """Return the representation `upload_quota`."""
    plan, left = user.video_quota, videos_left(user)
    if plan is None or left is None:
        most, used = user.quota_bytes, user.space_used
        space = {"free": max(0, most - used), "max": most, "used": used, "unit": "video_size"}
        return {
            "space": {**space, "showing": "lifetime"},
            "periodic": dict.fromkeys(("period", "unit", "free", "max", "used", "reset_date")),
            "lifetime": space,
        }
    begin, end = _period(user, plan.days)
    period = {
        "unit": "video_count",
        "free": left[0],
        "max": plan.most,
        "used": _videos_since(user, begin),
    }
    lifetime = {
        "unit": "video_count",
        "free": left[1],
        "max": plan.lifetime,
        "used": _videos_since(user, None),
    }
    return {
        "space": {**period, "showing": "periodic"},
        "periodic": {"period": plan.period, **period, "reset_date": iso(end)},
        "lifetime": lifetime if plan.lifetime is not None else dict.fromkeys(lifetime),
    }
