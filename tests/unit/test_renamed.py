"""Former names of public attributes go on working for one version, and say so."""

import pytest

from vimeo_toolkit import PlannedCall, Tool, ToolResult
from vimeo_toolkit.catalog import catalog


@pytest.mark.parametrize(
    ("former", "name"),
    [
        ("outward", "visible_to_others"),
        ("done", "success_message"),
        ("explain", "error_hints"),
        ("of_others", "untrusted"),
        ("spoken", "untrusted_parts"),
        ("others_text", "untrusted_fields"),
        ("others_text_in", "untrusted_fields_in"),
    ],
)
def test_a_tools_former_names(former: str, name: str) -> None:
    for tool in catalog().values():
        with pytest.warns(DeprecationWarning, match=f"Tool.{former} is called {name}"):
            assert getattr(tool, former) == getattr(tool, name)


def test_a_results_former_name() -> None:
    result = ToolResult({"a": 1}, untrusted_fields=("data.name",))
    with pytest.warns(DeprecationWarning, match="ToolResult.others_text is called untrusted_fields"):
        assert result.others_text == ("data.name",)


def test_a_result_is_made_with_its_former_parameter() -> None:
    with pytest.warns(DeprecationWarning, match="untrusted_fields="):
        result = ToolResult({"a": 1}, others_text=("data.name",))
    assert result.untrusted_fields == ("data.name",)


@pytest.mark.parametrize("cls", [Tool, ToolResult, PlannedCall])
def test_a_former_name_says_what_it_is_called_now(cls: type) -> None:
    former = [getattr(cls, name) for name in ("outward", "others_text") if hasattr(cls, name)]
    assert former
    assert all("The former name of" in each.__doc__ for each in former)
