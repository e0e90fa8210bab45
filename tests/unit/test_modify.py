"""The operator's code before and after a call."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.world import USER
from vimeo_toolkit import ConfigurationError, ToolResult
from vimeo_toolkit.calls.modify import Modifier, Modifiers
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.identity import Identity
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.secret import Secret

READS = "vimeo_me_get"


def test_which_tools_a_modifier_concerns() -> None:
    def none(*_: Any) -> None:
        return None

    every = Modifier(before=none)
    assert (every.names, every.concerns("x")) == (("*",), True)
    one = Modifier(tools="x", after=none)
    assert (one.names, one.concerns("x"), one.concerns("y")) == (("x",), True, False)
    some = Modifier(tools=["x", "y"], after=none)
    assert (some.names, some.concerns("y"), some.concerns("z")) == (("x", "y"), True, False)
    assert Modifiers([one])
    assert not Modifiers()


@pytest.mark.parametrize("values", [{}, {"before": 7}, {"before": print, "after": 7}])
def test_a_modifier_has_something_to_run(values: Any) -> None:
    with pytest.raises(ConfigurationError):
        Modifier(**values)


def test_what_is_no_modifier_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="function is not one"):
        Modifiers([lambda: None])  # type: ignore[list-item]


def test_modifiers_change_copies_in_order_and_back() -> None:
    calls: list[str] = []

    def before(word: str, given: Any) -> Any:
        def run(tool: str, arguments: dict[str, Any], identity: Identity) -> Any:
            assert (tool, identity) == (READS, USER)
            calls.append(word)
            arguments[word] = 1
            return given

        return run

    def after(word: str, given: Any) -> Any:
        def run(tool: str, result: ToolResult, identity: Identity) -> Any:
            assert (tool, identity) == (READS, USER)
            calls.append(word)
            return given

        return run

    other = ToolResult({"b": 1})
    modifiers = Modifiers(
        [
            Modifier(before=before("first", None), after=after("outer", None)),
            Modifier(tools="other", before=before("never", None), after=after("never", None)),
            Modifier(before=before("second", {"new": 1}), after=after("inner", other)),
            Modifier(before=before("third", None)),
        ]
    )
    written = {"list": [1], "unset": None}
    changed = run_sync(modifiers.arguments(catalog()[READS], written, USER))
    assert changed == {"new": 1, "third": 1}
    assert written == {"list": [1], "unset": None}
    assert run_sync(modifiers.result(READS, ToolResult({"a": 1}), USER)) is other
    assert calls == ["first", "second", "third", "inner", "outer"]


def test_what_a_modifier_is_given() -> None:
    seen: list[dict[str, Any]] = []
    modifiers = Modifiers([Modifier(before=lambda tool, arguments, identity: seen.append(arguments))])
    edit = catalog()["vimeo_video_edit"]
    secret = next(iter(edit.secret_inputs))
    run_sync(modifiers.arguments(edit, {"name": "n", secret: "pw", "tags": ["a"]}, USER))
    assert seen == [{"name": "n", secret: Secret("pw"), "tags": ["a"]}]
    assert run_sync(modifiers.arguments(edit, None, USER)) == {}
    assert run_sync(modifiers.arguments(edit, "text", USER)) == "text"  # type: ignore[arg-type]
    assert run_sync(Modifiers().arguments(edit, None, USER)) is None


def test_a_modifier_sees_what_will_be_understood() -> None:
    """Code that refuses an audience or a deletion is not passed by another spelling of it."""
    seen: list[dict[str, Any]] = []
    modifiers = Modifiers([Modifier(before=lambda tool, arguments, identity: seen.append(arguments))])
    written = {"privacy_view": "Public", "privacy_add": "yes", "name": "null", "content_rating": "Drugs"}
    run_sync(modifiers.arguments(catalog()["vimeo_video_edit"], written, USER))
    run_sync(modifiers.arguments(catalog()["vimeo_my_videos_list"], {"per_page": "'50'"}, USER))
    assert seen == [
        {"privacy_view": "anybody", "privacy_add": True, "content_rating": ["drugs"]},
        {"per_page": 50},
    ]


def test_what_a_modifier_may_not_give() -> None:
    wrong = Modifiers([Modifier(before=lambda *_: 7, after=lambda *_: {})])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="gave back int and no arguments"):
        run_sync(wrong.arguments(catalog()[READS], {}, USER))
    with pytest.raises(TypeError, match="gave back dict and no ToolResult"):
        run_sync(wrong.result(READS, ToolResult({}), USER))


def test_an_asynchronous_modifier_is_refused_where_it_would_run() -> None:
    async def later(*_: Any) -> None:
        return None

    modifiers = Modifiers([Modifier(tools=READS, after=later)])
    modifiers.require_sync("other")
    with pytest.raises(ConfigurationError):
        modifiers.require_sync(READS)
    with pytest.raises(ConfigurationError):
        Modifiers([Modifier(before=later)]).require_sync(READS)
