"""A tool's input, from what a caller wrote to checked values, or to a text that says what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.secret import Secret

__all__ = ["invalid_input", "showable", "validated"]

ModelT = TypeVar("ModelT", bound=BaseModel)

MOST_PROBLEMS = 8
"""How many a text for a model lists."""


def validated(tool: str, model: type[ModelT], arguments: Mapping[str, Any] | None) -> ModelT:
    """Return the arguments of the tool of this name as its model.

    Raises:
        InvalidInput: names each wrong field.
    """
    try:
        return model.model_validate({} if arguments is None else arguments)
    except ValidationError as error:
        given = arguments.keys() if isinstance(arguments, Mapping) else ()
        failure = invalid_input(tool, error, model.model_fields.keys(), given)
    finally:
        del arguments
    # Here, so that pydantic's error, which has the values, is not in the chain of this one.
    raise failure


def invalid_input(
    tool: str, error: ValidationError, inputs: Collection[str], given: Collection[str] = ()
) -> InvalidInput:
    """Say which fields are wrong and why, without the values, which may be secrets or megabytes.

    Args:
        inputs: names of all inputs of the tool. given: names that the caller wrote.
    """
    problems: list[dict[str, str]] = []
    lists_inputs = False
    for problem in error.errors(include_url=False, include_input=False, include_context=False):
        # The other texts of a place are names of pydantic's for the types that an input may have.
        first, *more = problem["loc"] or ("input",)
        where = (
            _line(".".join([str(first), *(str(part) for part in more if isinstance(part, int))]), 64)
            or "input"
        )
        text = problem["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
        if problem["type"] == "extra_forbidden":
            text = "this tool has no such input"
            meant = _meant(where, inputs) if len(problems) < MOST_PROBLEMS else []
            lists_inputs = lists_inputs or not meant
            if meant:
                both = ", which is given too" if meant[0] in given else ""
                text += f", did you mean {_either(meant)}{both}?"
        if problem["type"] == "bool_parsing":
            text = "give true or false"
            # A model that is asked for a folder writes its name where a yes or no is meant.
            if where.startswith("in_") and (which := f"{where[3:]}_id") in inputs:
                text += f"; for a certain one give {which}"
        problems.append({"field": where, "problem": _line(text, 800)})
    listed = "; ".join(f"{problem['field']}: {problem['problem']}" for problem in problems[:MOST_PROBLEMS])
    if len(problems) > MOST_PROBLEMS:
        listed += f"; and {len(problems) - MOST_PROBLEMS} more"
    hint = "Correct the named inputs and call it again."
    if lists_inputs:
        hint += f" The tool takes {', '.join(inputs)}." if inputs else " The tool takes no inputs."
    end = "" if listed.endswith("?") else "."
    return InvalidInput(f"{tool} was not called: {listed}{end}", hint=hint, problems=problems)


def _meant(name: str, inputs: Collection[str]) -> list[str]:
    """Return the inputs that a name may be meant for: one that is spelled otherwise, or those that it is a part
    of."""
    spelled = {_letters(each): each for each in inputs}
    letters = _letters(name)
    if letters in spelled:
        return [spelled[letters]]
    if parts := [each for each in inputs if each.startswith(f"{name}_") or each.endswith(f"_{name}")]:
        return parts
    return [spelled[each] for each in get_close_matches(letters, spelled, 1, 0.75)]


def _either(names: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name)).casefold()


def showable(arguments: Mapping[str, Any], public: Collection[str]) -> dict[str, Any]:
    """Return the arguments as they may be shown and logged.

    What is not among the names in `public` is hidden: it is a secret, or it may be one under a mistaken name.
    """
    return {
        name: _written(value) if name in public or value is None else str(Secret(""))
        for name, value in arguments.items()
    }


def _line(text: str, most: int) -> str:
    """Return a text, which may quote what a caller wrote, printable and short."""
    text = "".join(character if character.isprintable() else " " for character in text[: most + 1])
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _written(value: Any) -> Any:
    """Return a value that can be written out: one that nests too deeply, or a number of too many digits, cannot."""
    try:
        repr(value)
    except (RecursionError, ValueError):
        return f"<{type(value).__name__}>"
    return value
