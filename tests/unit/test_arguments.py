"""How a model may write the arguments of a call as a whole: their names, and what is put around them."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.unit.inputs import minimal
from vimeo_toolkit import InvalidInput
from vimeo_toolkit.catalog import catalog

NAMES = list(catalog(library=True))

# ---- names ----


@pytest.mark.parametrize("written", ["perpage", "perPage", "per-page", "per page", "PER_PAGE", "perpages"])
def test_another_spelling_of_a_name_is_asked_about(written: str) -> None:
    tool = catalog(library=True)["vimeo_my_videos_list"]
    with pytest.raises(InvalidInput, match="did you mean per_page\\?") as raised:
        tool.validate({written: 5})
    assert [problem["field"] for problem in raised.value.problems] == [written]
    with pytest.raises(InvalidInput, match="did you mean per_page, which is given too\\?"):
        tool.validate({written: 5, "per_page": 5})


@pytest.mark.parametrize("name", NAMES)
def test_every_input_in_another_spelling(name: str) -> None:
    for field in catalog(library=True)[name].input_model.model_fields:
        for written in {field.upper(), field.title().replace("_", ""), field.replace("_", "-")} - {field}:
            with pytest.raises(InvalidInput) as raised:
                catalog(library=True)[name].validate({**minimal(name), written: "x"})
            told = {problem["field"]: problem["problem"] for problem in raised.value.problems}[written]
            assert f"did you mean {field}" in told


@pytest.mark.parametrize(
    ("tool", "written", "told"),
    [
        ("vimeo_video_get", "id", "did you mean video_id?"),
        ("vimeo_video_get", "video id", "did you mean video_id?"),
        ("vimeo_video_upload", "privacy", "did you mean privacy_view?"),
        ("vimeo_video_edit", "title", "The tool takes video_id, name, "),
        ("vimeo_me_get", "user_id", "The tool takes no inputs."),
    ],
)
def test_another_word_for_a_name_is_told_what_there_is(tool: str, written: str, told: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        catalog(library=True)[tool].validate({written: "1"})
    assert told in str(raised.value)


# ---- arguments within arguments ----

GET = {"video_id": "123"}


@pytest.mark.parametrize(
    "given",
    [
        *({name: GET} for name in ("input", "args", "kwargs", "arguments", "parameters", "tool_input")),
        {"args": [], "kwargs": GET},
        {"input": {"kwargs": GET}},
        {"arguments": '{"video_id": "123"}'},
        {"name": "vimeo_video_get", "arguments": GET},
        {"action": "vimeo_video_get", "action_input": '{"video_id": "123"}'},
        '{"name": "vimeo_video_get", "parameters": {"video_id": "123"}}',
        {"input": "123"},
        {"__arg1": "123"},
        [GET],
        '"\\"{\\\\\\"video_id\\\\\\": \\\\\\"123\\\\\\"}\\""',
        "{'video_id': '123',}",
    ],
)
def test_arguments_are_found_within_what_a_model_put_around_them(given: Any) -> None:
    before = copy.deepcopy(given)
    assert catalog(library=True)["vimeo_video_get"].arguments(given) == GET
    assert given == before


@pytest.mark.parametrize(
    "given",
    [
        {"input": GET, "video_id": "9"},
        {"input": GET, "args": {"video_id": "9"}},
        {"name": "vimeo_video_delete", "arguments": GET},
        {"anything": GET},
    ],
)
def test_what_may_mean_two_things_is_refused_by_name(given: dict[str, Any]) -> None:
    tool = catalog(library=True)["vimeo_video_get"]
    with pytest.raises(InvalidInput) as raised:
        tool.validate(tool.arguments(given))
    assert {problem["field"] for problem in raised.value.problems} & given.keys()


@pytest.mark.parametrize(
    "given", [None, "", "None", "null", "{}", [], {"input": ""}, {"args": [], "kwargs": {}}]
)
def test_no_arguments_in_words(given: Any) -> None:
    assert catalog(library=True)["vimeo_me_get"].arguments(given) == {}
    assert catalog(library=True)["vimeo_my_videos_list"].arguments(given) == {}


def test_the_name_of_an_input_is_not_put_around_others() -> None:
    folder = catalog(library=True)["vimeo_folder_create"]
    assert folder.arguments({"name": "vimeo_folder_create"}) == {"name": "vimeo_folder_create"}
    python = "{'video_id': '1', 'privacy_add': true, 'name': None, 'description': null}"
    assert catalog(library=True)["vimeo_video_edit"].arguments(python) == {
        "video_id": "1",
        "privacy_add": True,
    }


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("'123'", {"video_id": "'123'"}),
        ('"123"', {"video_id": '"123"'}),
        ('"\\"123\\""', {"video_id": '"\\"123\\""'}),
        (["123"], {"video_id": ["123"]}),
        (123, {"video_id": 123}),
        ("{'video_id': other}", {"input": "{'video_id': other}"}),
        ("{'video_id': '1', 2: 3}", {"input": "{'video_id': '1', 2: 3}"}),
        ('{"video_id": "1"', {"input": '{"video_id": "1"'}),
        ("```\n123\n```\nObservation: none", {"video_id": "123"}),
    ],
)
def test_a_value_without_a_name_is_that_of_the_only_input_that_is_required(
    given: Any, named: dict[str, Any]
) -> None:
    assert catalog(library=True)["vimeo_video_get"].arguments(given) == named


def test_a_value_without_a_name_where_several_are_required_is_not_one_of_them() -> None:
    assert catalog(library=True)["vimeo_showcase_video_add"].arguments("123") == {"input": "123"}
    assert catalog(library=True)["vimeo_my_videos_list"].arguments("sea") == {"input": "sea"}
    python = "{'privacy_add': false, 'privacy_download': True}"
    edit = catalog(library=True)["vimeo_video_edit"]
    assert edit.arguments(python) == {"privacy_add": False, "privacy_download": True}
