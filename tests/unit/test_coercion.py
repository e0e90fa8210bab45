"""What models send for an input, and what is validated in its place."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

import pytest

from tests.hostile.world import call
from tests.unit.inputs import described, minimal
from vimeo_toolkit import InvalidInput
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.coercion import EMPTY
from vimeo_toolkit.secret import Secret

NAMES = list(catalog(library=True))


def _sent(name: str, given: Mapping[str, Any]) -> tuple[Any, ...]:
    """The input as it was understood, and the requests that it made."""
    understood = catalog(library=True)[name].validate(given)
    _, requests = call(name, given)
    return (understood, *((sent.method, sent.url, sent.content) for sent in requests))


def _optional(name: str) -> list[str]:
    fields = catalog(library=True)[name].input_model.model_fields
    return [field for field in fields if not fields[field].is_required() and field not in minimal(name)]


# ---- left out ----


@pytest.mark.parametrize("name", NAMES)
def test_every_optional_input_may_be_filled_with_nothing(name: str) -> None:
    """As models in strict mode do, which have to give every input, and as careless ones do in words."""
    plain = _sent(name, minimal(name))
    for nothing in (None, "null", "None", "none", " undefined ", "'null'"):
        left_out = [field for field in _optional(name) if not _may_be_a_value(name, field, nothing)]
        given = {**minimal(name), **dict.fromkeys(left_out, nothing)}
        before = copy.copy(given)
        assert _sent(name, given) == plain, nothing
        assert given == before
    blanks: list[Any] = ["", "  ", '""', []]
    for blank in blanks:
        filled = catalog(library=True)[name].arguments(
            {**minimal(name), **dict.fromkeys(_optional(name), blank)}
        )
        assert filled == minimal(name)


def test_an_empty_list_as_a_text_is_nothing_where_a_list_may_be_left_out_and_an_object_is_refused() -> None:
    given = {"video_id": "123", "name": "A name"}
    edit, tags = catalog(library=True)["vimeo_video_edit"], catalog(library=True)["vimeo_video_tags_add"]
    for nothing in ("[]", " [ ] ", "```json\n[]\n```"):
        assert edit.validate({**given, "content_rating": nothing}) == edit.validate(given)
        with pytest.raises(InvalidInput, match="tags: List should have at least 1 item"):
            tags.validate({"video_id": "123", "tags": nothing})
    for written in ('{"items": ["sea"]}', '```json\n{"0": "sea"}\n```', "{sea, fog}"):
        with pytest.raises(InvalidInput, match="tags: Input should be a valid list"):
            tags.validate({"video_id": "123", "tags": written})


def _may_be_a_value(name: str, field: str, nothing: str | None) -> bool:
    """Of an enumeration, "none" may be a value in another case, or mean nobody; of a folder, it means no folder."""
    if field == "move_to_folder":
        return nothing in ("none", "None")
    values = described(name, field).get("enum")
    if (name, field) == ("vimeo_library_search", "privacy"):  # its schema leaves out words that others have
        values = described("vimeo_video_edit", "privacy_view")["enum"]
    return values is not None and (nothing == "none" or (nothing == "None" and "none" in values))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_required_cannot_be_nothing(name: str) -> None:
    tool = catalog(library=True)[name]
    for field in tool.input_schema.get("required", ()):
        for nothing in (None, "null", "None", "undefined", ""):
            with pytest.raises(InvalidInput) as raised:
                tool.validate(tool.arguments({**minimal(name), field: nothing}))
            assert field in {problem["field"] for problem in raised.value.problems}


# ---- clearing ----


def _clearable(name: str) -> list[str]:
    """The inputs that Vimeo may be told to empty."""

    def takes_none(field: str) -> bool:
        try:
            catalog(library=True)[name].validate({**minimal(name), field: ""})
        except InvalidInput:
            return False
        return True

    return [field for field in catalog(library=True)[name].input_model.model_fields if takes_none(field)]


CLEARABLE = [
    (name, field)
    for name in NAMES
    if catalog(library=True)[name].method == "PATCH"
    for field in _clearable(name)
]


@pytest.mark.parametrize(("name", "field"), CLEARABLE)
def test_clearing_a_text_is_explicit(name: str, field: str) -> None:
    """`(empty)` from a model, as the schema says; "" from code. "" from a model leaves the text as it is."""
    tool, given = catalog(library=True)[name], minimal(name)
    assert EMPTY in tool.input_schema["properties"][field]["description"]
    cleared = _sent(name, {**given, field: ""})
    assert cleared != _sent(name, given)
    for written in (EMPTY, " (Empty)", '"(empty)"'):
        assert _sent(name, tool.arguments({**given, field: written})) == cleared
        assert _sent(name, tool.arguments(tool.arguments({**given, field: written}))) == cleared
    assert _sent(name, tool.arguments({**given, field: ""})) == _sent(name, given)


def test_what_cannot_be_empty_is_not_named_so() -> None:
    assert set(CLEARABLE) == {
        ("vimeo_video_edit", "description"),
        ("vimeo_showcase_edit", "description"),
        ("vimeo_live_event_edit", "description"),
        ("vimeo_user_update", "bio"),
        ("vimeo_user_update", "location"),
        ("vimeo_user_update", "custom_url"),
    }
    with pytest.raises(InvalidInput, match="name: "):
        catalog(library=True)["vimeo_video_edit"].validate({"video_id": "1", "name": EMPTY})


# ---- single values ----


@pytest.mark.parametrize(
    ("tool", "field", "written", "meant"),
    [
        ("vimeo_video_edit", "privacy_view", "Nobody", "nobody"),
        ("vimeo_video_edit", "privacy_view", " ANYBODY ", "anybody"),
        ("vimeo_video_edit", "privacy_view", "'unlisted'", "unlisted"),
        ("vimeo_video_edit", "privacy_view", "private", "nobody"),
        ("vimeo_video_edit", "privacy_view", "Public", "anybody"),
        ("vimeo_video_edit", "privacy_embed", "private", "private"),
        ("vimeo_video_edit", "privacy_embed", "Public", "public"),
        ("vimeo_video_edit", "privacy_comments", "private", "nobody"),
        ("vimeo_video_edit", "license", "BY_NC", "by-nc"),
        ("vimeo_showcase_edit", "privacy", "embed-only", "embed_only"),
        ("vimeo_showcase_edit", "privacy", "embedOnly", "embed_only"),
        ("vimeo_video_edit", "content_rating", '["Drugs", "nudity"]', ["drugs", "nudity"]),
        ("vimeo_video_edit", "content_rating", "Safe", ["safe"]),
        ("vimeo_my_videos_list", "direction", "Descending", "desc"),
        ("vimeo_my_videos_list", "per_page", "5", 5),
        ("vimeo_my_videos_list", "per_page", " '5.0' ", 5),
        ("vimeo_my_videos_list", "per_page", 5.0, 5),
        ("vimeo_video_transcript_get", "start", '"90"', 90),
        ("vimeo_video_transcript_get", "start", " 1:30 ", "1:30"),
        ("vimeo_video_edit", "privacy_add", "yes", True),
        ("vimeo_video_edit", "privacy_add", " False ", False),
        ("vimeo_video_edit", "privacy_add", 0, False),
        ("vimeo_video_edit", "name", 2024, "2024"),
        ("vimeo_video_edit", "name", "Sea, sand, sun", "Sea, sand, sun"),
        ("vimeo_video_edit", "name", '["a", "b"]', '["a", "b"]'),
        ("vimeo_video_edit", "name", "Null", "Null"),
        ("vimeo_video_edit", "description", "null and void", "null and void"),
        ("vimeo_my_videos_list", "query", "harbour, fog", "harbour, fog"),
        ("vimeo_video_tags_add", "tags", "deep sea, harbour", ["deep sea", "harbour"]),
        ("vimeo_video_tags_add", "tags", '["deep sea", "fog"]', ["deep sea", "fog"]),
        ("vimeo_video_tags_add", "tags", "['deep sea', 'fog',]", ["deep sea", "fog"]),
        ("vimeo_video_tags_add", "tags", "[deep sea, fog]", ["deep sea", "fog"]),
        ("vimeo_video_tags_add", "tags", "'deep sea', 'fog'", ["deep sea", "fog"]),
        ("vimeo_video_tags_add", "tags", "- deep sea\n- fog", ["deep sea", "fog"]),
        ("vimeo_video_tags_add", "tags", [2024, "fog"], ["2024", "fog"]),
        ("vimeo_video_tags_add", "tags", '"[\\"deep sea\\"]"', ["deep sea"]),
        ("vimeo_video_tags_add", "tags", ['["deep sea", "fog"]'], ["deep sea", "fog"]),
        ("vimeo_video_tags_add", "tags", '"Bridge, foggy", harbour', ["Bridge, foggy", "harbour"]),
        ("vimeo_video_tags_add", "tags", 'fog, 12" vinyl', ["fog", '12" vinyl']),
        ("vimeo_video_tags_add", "tags", "'90s, fog", ["'90s", "fog"]),
        ("vimeo_video_tags_add", "tags", ("deep sea", "fog"), ["deep sea", "fog"]),
        ("vimeo_videos_get", "videos", "[https://vimeo.com/123, 4]", ["/videos/123", "/videos/4"]),
        (
            "vimeo_videos_get",
            "videos",
            "[A film](https://vimeo.com/123), [B](/videos/4)",
            ["/videos/123", "/videos/4"],
        ),
        ("vimeo_videos_get", "videos", "[123 4]", ["/videos/123", "/videos/4"]),
        ("vimeo_folder_create", "name", "none", "none"),
        ("vimeo_folder_create", "name", 10**18 - 1, "9" * 18),
        ("vimeo_my_videos_list", "direction", "ascending", "asc"),
        ("vimeo_videos_get", "videos", "[123, 4.0]", ["/videos/123", "/videos/4"]),
        ("vimeo_videos_get", "videos", 123.0, ["/videos/123"]),
        ("vimeo_result_read", "fields", '["uri","name"]', ["uri", "name"]),
        ("vimeo_result_read", "fields", "uri, name", ["uri", "name"]),
        *(("vimeo_user_update", "user_id", written, "me") for written in ("me", "ME", "'me'", " /me ")),
        *(
            ("vimeo_video_get", "video_id", written, "123")
            for written in (123, 123.0, "123.0", "'123'", '"123"', "<123>", "https://vimeo.com/123", " 123 ")
        ),
    ],
)
def test_a_value_is_read_as_its_input_asks_for(tool: str, field: str, written: Any, meant: Any) -> None:
    values = catalog(library=True)[tool].validate({**minimal(tool), field: written})
    assert getattr(values, field) == meant
    assert type(getattr(values, field)) is type(meant)
    again = catalog(library=True)[tool].validate(values.model_dump(exclude_none=True))
    assert again == values


@pytest.mark.parametrize(
    ("tool", "field", "written"),
    [
        ("vimeo_video_edit", "privacy_view", "none"),
        ("vimeo_analytics_get", "time_interval", "None"),
        ("vimeo_video_edit", "privacy_view", "everyone"),
        ("vimeo_video_edit", "privacy_view", "privat"),
        ("vimeo_video_edit", "privacy_view", ["nobody", "anybody"]),
        ("vimeo_my_videos_list", "per_page", "5.5"),
        ("vimeo_my_videos_list", "per_page", 5.5),
        ("vimeo_my_videos_list", "per_page", True),
        ("vimeo_my_videos_list", "per_page", "five"),
        ("vimeo_video_edit", "privacy_add", "maybe"),
        ("vimeo_video_edit", "privacy_add", 2),
        ("vimeo_video_edit", "name", 1.5),
        ("vimeo_video_edit", "name", ["a"]),
        ("vimeo_video_edit", "name", 10**18),
        ("vimeo_video_edit", "name", True),
        ("vimeo_video_tags_add", "tags", "[deep sea, 'fog'"),
        ("vimeo_video_tags_add", "tags", "['deep sea' 'fog']"),
        ("vimeo_videos_get", "videos", "['1' '2']"),
        ("vimeo_videos_get", "videos", "['1'\n '2']"),
        ("vimeo_videos_get", "videos", "[123, 4"),
        ("vimeo_video_edit", "password", 1234),
        ("vimeo_video_tags_add", "tags", '["deep sea", "fo'),
        ("vimeo_video_tags_add", "tags", ["null"]),
        ("vimeo_video_tags_add", "tags", "[null]"),
        ("vimeo_video_get", "video_id", 123.5),
        ("vimeo_video_get", "video_id", True),
        ("vimeo_video_get", "video_id", "1.23e8"),
    ],
)
def test_a_value_with_no_one_meaning_is_refused_by_name(tool: str, field: str, written: Any) -> None:
    with pytest.raises(InvalidInput) as raised:
        catalog(library=True)[tool].validate({**minimal(tool), field: written})
    assert {problem["field"].partition(".")[0] for problem in raised.value.problems} == {field}


@pytest.mark.parametrize("name", NAMES)
def test_no_two_values_are_one_in_another_spelling(name: str) -> None:
    for told in catalog(library=True)[name].input_schema["properties"].values():
        values = told.get("enum") or told.get("items", {}).get("enum", [])
        assert len({re.sub(r"[\s_-]", "", value).casefold() for value in values}) == len(values)


def test_what_is_left_out_ends_nothing() -> None:
    tool = catalog(library=True)["vimeo_my_videos_list"]
    values = tool.validate({"query": None, "sort": "null", "per_page": "5", "direction": None})
    assert values.model_dump(exclude_none=True) == {"per_page": 5}


SECRETS = [(name, field) for name in NAMES for field in catalog(library=True)[name].secret_inputs]


@pytest.mark.parametrize(("name", "field"), SECRETS)
def test_no_error_quotes_a_password(name: str, field: str) -> None:
    for written in (["hunter2"], {"x": "hunter2"}, "hunter2" * 9, 9182736455):
        for spelled in (field, field.upper(), "passphrase"):
            with pytest.raises(InvalidInput) as raised:
                catalog(library=True)[name].validate({**minimal(name), spelled: written})
            told = f"{raised.value} {raised.value.to_dict()} {raised.value!r} {raised.value.__context__}"
            assert "hunter2" not in told
            assert "9182736455" not in told


def test_a_password_that_the_operators_code_has_seen_is_left_out_as_well() -> None:
    """A modifier has it as a `Secret`."""
    tool = catalog(library=True)["vimeo_video_edit"]
    values: Any = tool.validate({**minimal("vimeo_video_edit"), "password": Secret("null")})
    assert values.password is None


def test_a_number_is_taken_under_the_name_that_results_have_for_it() -> None:
    tool = catalog()["vimeo_video_chapter_create"]
    given = {"video_id": "1", "title": "A", "timecode_seconds": 90}
    assert tool.coerced(given) == tool.coerced({"video_id": "1", "title": "A", "timecode": 90})
    assert tool.validate(tool.arguments(given)).timecode == 90  # type: ignore[attr-defined]
    both = {**given, "timecode": 30}
    with pytest.raises(InvalidInput, match="timecode_seconds"):
        tool.validate(tool.arguments(both))
