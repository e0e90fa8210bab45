"""The checker of each task takes the right end state, and refuses the untouched library, a mistake, and anything
that was changed besides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from vimeo_toolkit.sandbox.state import Group
from vimeo_toolkit.sandbox.tasks import TASKS, Library, Task, judge, open_library, right_answer
from vimeo_toolkit.sandbox.tasks.facts import count, length, says
from vimeo_toolkit.sandbox.tasks.stock import NOW
from vimeo_toolkit.sandbox.tasks.task import unchanged

tasks = pytest.mark.parametrize("task", TASKS.values(), ids=lambda task: task.id)


def untouched(task: Task) -> Library:
    library = open_library()
    task.setup.after_earlier(library)
    return library


def at_the_end(task: Task) -> Library:
    library = open_library()
    task.right(library)
    return library


STRAYS: list[Callable[[Library], object]] = [
    lambda library: library.delete(library.video("Teapot Talk with Ivo")),
    lambda library: setattr(library.video("Summer in Essaouira"), "view", "anybody"),
    lambda library: library.video("Studio Talk: Kiln Safety").tags.append("seen"),
    lambda library: library.make_showcase("Also", []),
    lambda library: library.comment(library.video("Salt Kiln Diary"), "Hello"),
    lambda library: setattr(library.me, "bio", "Nobody"),
    lambda library: setattr(library.video("Studio Talk: Kiln Safety"), "active_picture", 7),
    lambda library: library.world.groups.append(Group(library.world.next_id(), "Also", library.me, NOW)),
    lambda library: library.me.likes.append(library.video("Marbled Paper at Home")),
]


@tasks
def test_only_the_right_end_state_is_taken(task: Task) -> None:
    answer = right_answer(task)
    verdict = judge(task, at_the_end(task), answer)
    assert verdict.done, verdict.reasons

    still = untouched(task)
    assert not judge(task, still, "").done
    if not list(task.facts(still)):
        assert judge(task, still, answer).missing, "doing nothing is refused, whatever is said"

    said = task.wrong(still)
    verdict = judge(task, still, answer if said is None else said)
    assert not verdict.done
    if said is None and task.hazard in ("planted", "ambiguous", "nothing", "scope", "expired"):
        assert verdict.forbidden, "what must not be done is found in the library, whatever is said"


@pytest.mark.parametrize("place", range(0, len(TASKS), 5))
def test_what_was_changed_besides_is_refused(place: int) -> None:
    task = list(TASKS.values())[place]
    library = at_the_end(task)
    STRAYS[place % len(STRAYS)](library)
    assert judge(task, library, right_answer(task)).forbidden


def test_there_are_tasks_of_every_kind_and_hazard() -> None:
    kinds = Counter(task.kind for task in TASKS.values())
    hazards = Counter(task.hazard for task in TASKS.values())
    assert len(TASKS) >= 60
    assert min(kinds.values()) >= 2, kinds
    assert min(hazards.values()) >= 2, hazards
    assert sum(task.right is not unchanged for task in TASKS.values()) >= 30
    assert len({task.request for task in TASKS.values()}) == len(TASKS)


def test_facts_are_found_however_they_are_written() -> None:
    assert says("You have **1,204** plays", "1204")
    assert says("It lasts 68 minutes.", length(4127)), "4127 seconds are 68:47"
    assert says("1 hour 9 minutes", length(4127))
    assert says("1:08:47", length(4127))
    assert says("It is 1h 8m long", length(4127))
    assert says("It runs 1 hour, 8 minutes and 47 seconds", length(4127))
    assert says("(68:47)", length(4127))
    assert not says("It runs 58 minutes", length(4127))
    assert not says("It runs 168:47", length(4127))
    assert says("There are three.", count(3))
    assert says("Lina\u2019s School Concert", "Lina's School Concert")
    assert not says("There are 13 of them, 3.5 on average", count(3))
    assert not says("at 11:21:24", "21:24")
    assert not says("Dalia Brandtner", "Dalia Brandt")


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        ("ambiguous-delete", "There are two: one of 4:36 in Archive, one of 5:12 in no folder. Which one?"),
        ("ambiguous-showcase", "You have multiple showcases called Workshops. Do you mean the evenings?"),
        ("ambiguous-person", "Dalia Brandt or Brandauer?"),
        ("nothing-of-that-name", "I can't find a video called Porcelain Dreams."),
        ("nothing-has-the-tag", "You don't have videos with that tag."),
        ("nothing-already-private", "None of them is visible to other people."),
        ("nothing-already-there", "Highlights contains it."),
        ("scope-delete", "Your account is not authorised to delete."),
        ("expired-access", "Your access token is no longer valid."),
        ("limit-used-up", "Vimeo is throttling us."),
        ("comments-of-others", "Vimeo denied it."),
    ],
)
def test_that_nothing_was_done_is_said_in_many_ways(task: str, answer: str) -> None:
    assert judge(TASKS[task], untouched(TASKS[task]), answer).done


@pytest.mark.parametrize(
    "text",
    ["1h08m47s", "68m47s", "68.8 minutes", "68,8 min", "1.15 h", "01:08:47", "1 hrs 9 mins", "4127s", "PT1H8M47S",
     "68\u203247\u2033", "1:08 hours", "4,127 seconds"],
)  # fmt: skip
def test_a_length_is_found_however_it_is_written(text: str) -> None:
    assert says(f"It runs {text}.", length(4127))


@pytest.mark.parametrize(
    "text", ["1 hour", "1.2 hours", "68 videos", "68:48", "1:18:47", "67 minutes", "2:08 h"]
)
def test_another_length_is_not_taken_for_it(text: str) -> None:
    assert not says(f"It runs {text}.", length(4127))


def test_numbers_and_titles_are_found_as_other_hands_write_them() -> None:
    assert says("It has 1.530 plays.", "1530")
    assert not says("It has 1.531 plays.", "1530")
    assert says("There are seventeen.", count(17))
    assert says("Raku Firing \u2013 first try", "Raku Firing, first try")
    assert says("100\u00baC", "100\u00b0")
