"""Pages that are made of the catalogue, the errors and the exports, so that they cannot lag behind."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

from scripts.docs.python_page import errors_entries, python_page
from vimeo_toolkit import errors
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.input_help import type_words
from vimeo_toolkit.catalog.tool import Tool
from vimeo_toolkit.catalog.toolsets import CHOICES, TOOLSETS

ROOT = Path(__file__).resolve().parents[2]


def generated() -> dict[str, str]:
    """Return every generated page: its path below the documentation, and its Markdown."""
    return {
        "reference/tools.md": tools_page(),
        "reference/effects.md": effects_page(),
        "reference/errors.md": errors_page(),
        "reference/python.md": python_page(),
        "security.md": (ROOT / "SECURITY.md").read_text(encoding="utf-8"),
        "changelog.md": (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"),
    }


def tools_page() -> str:
    """Every tool, by toolset."""
    lines = [
        "# Tools",
        "",
        (
            f"{len(catalog())} tools in {len(TOOLSETS)} toolsets. Those marked *default* are given to an agent "
            "when nothing is chosen. An input that is not marked *required* may be left out. An id may be "
            "a number, a Vimeo URI or a Vimeo link. What is said of the inputs is for people: a model is sent a "
            "few words of it or nothing, because it pays for each (`BoundTool.schema`). "
            "`BoundTool.described_schema` has all of it."
        ),
        "",
        "| Tool | What it does | Scope | |",
        "|---|---|---|---|",
        *(_row(tool) for toolset in TOOLSETS.values() for tool in toolset.tools),
        "",
    ]
    for toolset in TOOLSETS.values():
        lines += [f"## {toolset.name}", "", toolset.description, ""]
        for tool in toolset.tools:
            lines += _tool(tool)
    return "\n".join(lines)


def _row(tool: Tool) -> str:
    name = f"[`{tool.name}`](#{tool.name})"
    return f"| {name} | {_cell(tool.description)} | {_scopes(tool)} | {tool.effect} |"


def _scopes(tool: Tool) -> str:
    return ", ".join(f"`{scope}`" for scope in sorted(tool.scopes)) or "any token"


def _tool(tool: Tool) -> Iterator[str]:
    marks = [tool.effect, *(["default"] if tool.name in CHOICES["default"] else [])]
    marks += ["where libraries are indexed"] if tool.input_model.needs_library else []
    yield from (f"### {tool.name}", "", tool.description, "", f"*{', '.join(marks)}*", "")
    yield from (f"Scope: {_scopes(tool)}.", "")
    if tool.path:
        yield from (f"Vimeo: `{tool.method} {tool.path}`.", "")
    if tool.undo:
        yield from (f"To undo it: {tool.undo}", "")
    schema = tool.whole_schema
    if schema["properties"]:
        yield from ("| Input | |", "|---|---|")
        for name, described in schema["properties"].items():
            # In one cell: three columns do not fit a phone.
            kind = type_words(described, "`") + (", required" if name in schema.get("required", []) else "")
            yield f"| `{name}` | *{kind}*<br>{_cell(tool.input_help[name])} |"
        yield ""


EFFECTS = {
    "reads": "changes nothing",
    "private": "changes only what the user sees",
    "visible": "adds something that other people see or are told of; a folder's others are the team",
    "destructive": "takes away or replaces what other people see, or cannot be taken back",
}


def effects_page() -> str:
    """What every tool does to people: the class that consent goes by."""
    held = {
        "destructive": "every rule",
        "visible": "`outward`, `writes`",
        "private": "`writes`",
        "reads": "none",
    }
    lines = [
        "# What tools do",
        "",
        (
            "The class of each tool comes from what Vimeo does, not from the HTTP method, and is that of the worst "
            "that its inputs can do. It is checked against the sandbox's state before and after each call."
        ),
        "",
        "| Class | A tool that | Held back by `approval` |",
        "|---|---|---|",
        *(f"| {name} | {about} | {held[name]} |" for name, about in EFFECTS.items()),
        "",
        "| Tool | Class | A person is shown | To undo it |",
        "|---|---|---|---|",
    ]
    for toolset in TOOLSETS.values():
        for tool in toolset.tools:
            seen = [f"`GET {look.path}`" for look in tool.looks]
            seen += ["the file" for _ in [tool.file] if tool.file]
            undo = tool.undo or ("" if tool.read_only else "no tool does")
            cells = [f"`{tool.name}`", tool.effect, ", ".join(seen), _cell(undo)]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def errors_page() -> str:
    """Every error, with its code and what it means."""
    lines = [
        "# Errors",
        "",
        (
            "Every error has a `message`, a `hint` that says what to do next, a `code`, and `to_dict()`, which is "
            "what a model gets. All are `VimeoToolkitError`s."
        ),
        "",
        "| Error | Code | Is a | When |",
        "|---|---|---|---|",
    ]
    for name, cls in inspect.getmembers(errors, inspect.isclass):
        if issubclass(cls, errors.VimeoToolkitError) and cls.__module__ == errors.__name__:
            doc = inspect.cleandoc(cls.__doc__ or "").split("\n\n")[0]
            parent = "" if cls is errors.VimeoToolkitError else f"`{cls.__bases__[0].__name__}`"
            lines.append(f"| `{name}` | `{cls.code}` | {parent} | {_cell(doc)} |")
    return "\n".join([*lines, "", errors_entries()])
