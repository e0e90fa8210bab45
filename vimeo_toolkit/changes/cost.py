"""How many requests applying a plan takes at most, by the routes that `applying` uses."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Final

from vimeo_toolkit.catalog.effects import last_part
from vimeo_toolkit.catalog.showcase_filling import ONE_BY_ONE
from vimeo_toolkit.changes.current import Current
from vimeo_toolkit.changes.kinds import AT_ONCE, KINDS
from vimeo_toolkit.changes.model import PlannedVideo

__all__ = ["LISTS_READ", "requests_for"]

LISTS_READ: Final = 5
"""Videos whose lists of sites are read when they were changed, one request each."""


def requests_for(videos: Iterable[PlannedVideo], now: Current) -> int:
    """Return how many requests making these edits takes, the looks before and after them included.

    Args:
        videos: of a plan.
        now: what stood there when it was made: a showcase's list is read as long as it is.
    """
    changing = [video for video in videos if video.edits]
    others = [video for video in changing if any(edit.kind != "showcase" for edit in video.edits)]
    count = math.ceil(len(others) / AT_ONCE)
    listed = sum(any(edit.kind == "embed_domain" for edit in video.edits) for video in changing)
    count += min(listed, LISTS_READ)
    moved: Counter[str] = Counter()
    deleted = 0
    filled: Counter[tuple[str, bool]] = Counter()
    for video in changing:
        domains = 0
        for edit in video.edits:
            if edit.kind == "video":
                deleted += 1
            elif edit.kind == "folder" and edit.after:
                moved[str(edit.after)] += 1
            elif edit.kind == "showcase":
                filled[edit.of, bool(edit.after)] += 1
            elif edit.kind == "embed_domain":
                domains += 1
            elif KINDS[edit.kind].body is None and not (edit.kind == "tag" and edit.after):
                count += 1
        count += any(
            KINDS[edit.kind].body is not None and edit.kind != "embed_domain" for edit in video.edits
        )
        count += any(edit.kind == "tag" and edit.after for edit in video.edits)
        # The list of its sites is read before, and after several were set at once.
        count += 2 if domains == 1 else max(4, domains + 1) if domains else 0
    count += sum(map(_together, (deleted, *moved.values())))
    for (place, into), those in filled.items():
        found = now.showcases.get(last_part(place))
        held = len(found.videos) if found is not None else 0
        # It is read before each step and afterwards, and once more where the list lags behind.
        count += 2 * (1 + held // AT_ONCE) + 2 * (1 + (held + those) // AT_ONCE)
        # One list is one request; the last videos are taken out singly, because no list is empty.
        count += those if those <= ONE_BY_ONE or (not into and those >= held) else 1
    return count


def _together(count: int) -> int:
    """Return the requests for one change of many videos: one for each hundred, and a look afterwards."""
    return 2 * math.ceil(count / AT_ONCE) if count > 1 else count
