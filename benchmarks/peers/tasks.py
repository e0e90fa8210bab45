"""The four tasks, and who does them in which way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.peers import hosted, ours, pyvimeo
from benchmarks.peers.run import Answer, Right, Solve
from benchmarks.peers.stage import Facts, Seen

__all__ = ["BY_HAND", "HOSTED", "OURS", "TASKS", "Task"]

OURS: Final = "vimeo-toolkit"
HOSTED: Final = "hosted connector's tools"
BY_HAND: Final = "PyVimeo by hand"
"""Whom the others are compared with, and by whom."""
SUMMARY: Final = "PyVimeo, own summary"
TWENTY: Final = f"{HOSTED}, 20 calls a turn"


@dataclass(frozen=True, slots=True)
class Task:
    """Something that people ask for."""

    name: str
    library: str
    least: int
    """The fewest requests that Vimeo's routes allow."""
    why: str
    """What these are, a sentence's end."""
    right: Right
    ways: Mapping[str, Solve]
    """Who does it, and how."""
    changes: int = 0
    """Changes that are single calls by the hosted connector's tools."""


def _in_showcase(facts: Facts, seen: Seen, answer: Answer) -> bool:
    return seen.showcases == (facts.this_month,)


def _tagged(facts: Facts, seen: Seen, answer: Answer) -> bool:
    return seen.tagged == facts.newest


def _found(facts: Facts, seen: Seen, answer: Answer) -> bool:
    return bool(answer == [facts.said_in])


def _reported(facts: Facts, seen: Seen, answer: Answer) -> bool:
    return {month: (count, round(hours, 2)) for month, (count, hours) in answer.items()} == facts.months


TASKS: Final = (
    Task(
        "this month's 100 videos into a new showcase",
        "films",
        5,
        "two pages of videos, of which the second tells that no more are of this month, the showcase, one list of "
        "what is in it, and a look: Vimeo was seen to take such a list and to leave the showcase empty",
        _in_showcase,
        {
            OURS: ours.showcase,
            f"{OURS}, by one call": ours.showcase_by_one_call,
            HOSTED: hosted.one_a_turn(hosted.showcase),
            TWENTY: hosted.twenty_a_turn(hosted.showcase),
            BY_HAND: pyvimeo.by_hand(pyvimeo.showcase),
            SUMMARY: pyvimeo.summed_up(pyvimeo.showcase),
            f"{SUMMARY}, one list": pyvimeo.summed_up(pyvimeo.showcase_by_one_list),
        },
        changes=101,
    ),
    Task(
        "tag 50 videos",
        "films",
        51,
        "a page of videos, and one request for each, because Vimeo has none that tags several",
        _tagged,
        {
            OURS: ours.tags,
            HOSTED: hosted.one_a_turn(hosted.tags),
            TWENTY: hosted.twenty_a_turn(hosted.tags),
            BY_HAND: pyvimeo.by_hand(pyvimeo.tags),
            SUMMARY: pyvimeo.summed_up(pyvimeo.tags),
        },
        changes=50,
    ),
    Task(
        "find the sentence in 60 videos, 20 with captions",
        "talks",
        41,
        "a page of videos, and of each with captions the tracks and the words of one",
        _found,
        {
            OURS: ours.sentence,
            f"{OURS}, library indexed": ours.sentence_in_library,
            BY_HAND: pyvimeo.by_hand(pyvimeo.sentence),
            SUMMARY: pyvimeo.summed_up(pyvimeo.sentence),
        },
    ),
    Task(
        "report on 1,000 videos by month",
        "films",
        10,
        "ten pages of a hundred videos, Vimeo's most",
        _reported,
        {
            OURS: ours.report,
            HOSTED: hosted.one_a_turn(hosted.report),
            BY_HAND: pyvimeo.by_hand(pyvimeo.report),
            SUMMARY: pyvimeo.summed_up(pyvimeo.report),
        },
    ),
)
