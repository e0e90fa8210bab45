"""How videos are changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vimeo_toolkit.evaluation.scripted.script import Solution, Steps, call, uris

__all__ = ["CHANGING"]


def typo(request: str) -> Steps:
    """Correct a title."""
    found = yield call("my_videos_list", query="Chemestry")
    (video,) = uris(found)
    yield call("video_edit", video_id=video, name="Studio Talk: Glaze Chemistry")
    return "The title is now Studio Talk: Glaze Chemistry."


CHANGING: Final[Mapping[str, Solution]] = {"change-typo": typo}
