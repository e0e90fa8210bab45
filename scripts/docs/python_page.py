"""The pages of the Python reference: every public name, from the modules' own `__all__`."""

from __future__ import annotations

import inspect
from importlib import import_module
from types import ModuleType

import vimeo_toolkit
from vimeo_toolkit import errors

__all__ = ["MODULES", "SECTIONS", "errors_entries", "python_page"]

SECTIONS: dict[str, tuple[str, ...]] = {
    "The toolkit": (
        "VimeoToolkit",
        "Connection",
        "AuthorizationLink",
        "DeviceAuthorization",
        "default_toolkit",
        "generate_key",
    ),
    "Accounts": (
        "ConnectedAccount",
        "ConnectedAccounts",
        "Unreadable",
        "AccountStatus",
        "Disconnected",
        "Identity",
    ),
    "Libraries": (
        "Library",
        "Found",
        "Hit",
        "Passage",
        "IndexedVideo",
        "Filters",
        "Coverage",
        "LibraryStatus",
        "SyncReport",
        "Change",
        "Segments",
        "Segment",
    ),
    "Results": ("ToolResult", "RateLimit", "Pages", "PlannedCall", "UploadProgress"),
    "Tools": (
        "BoundTool",
        "Reply",
        "ApprovalRequest",
        "ToolChoice",
        "ToolOptions",
        "Tool",
        "invalid_input",
        "tools_on_demand",
    ),
    "Tools of your own": (
        "Toolset",
        "ToolInput",
        "Help",
        "BodyPath",
        "Shown",
        "Look",
        "Api",
        "ApiRequest",
        "Paged",
        "VideoId",
        "VideoNumber",
        "VideoUri",
        "FolderId",
        "ShowcaseId",
        "ChannelId",
        "GroupId",
        "CommentId",
        "UserId",
        "UserOrMe",
    ),
}
"""Heading → names of `vimeo_toolkit`; those that stand nowhere here come under "More"."""

MODULES = {
    "vimeo_toolkit.web": "Pages to connect by and the receiver of webhooks, for an ASGI app.",
    "vimeo_toolkit.observe": "What operators see of calls and accounts.",
    "vimeo_toolkit.catalog": "The tools as they are declared.",
    "vimeo_toolkit.testing": "Tests of what you write for the toolkit; needs pytest.",
    "vimeo_toolkit.sandbox": "A Vimeo to test against.",
    "vimeo_toolkit.sandbox.tasks": "Tasks in people's words, and checkers of their end states.",
    "vimeo_toolkit.evaluation": "Scores any agent on these tasks.",
    "vimeo_toolkit.display": "What shows itself in notebooks.",
}
"""Public modules beside the package itself, and what they are for."""

WITH_INHERITED = {"Library", "VimeoToolkit"}


def python_page() -> str:
    """Return the page with every public name but the errors, which have a page of their own."""
    lines = [
        "# Python",
        "",
        "Everything here is imported from `vimeo_toolkit`, or from the module in the heading.",
        "",
    ]
    listed = {name for names in SECTIONS.values() for name in names}
    more = [
        name
        for name in vimeo_toolkit.__all__
        if name not in listed and name not in errors.__all__ and name != "__version__"
    ]
    for heading, names in {**SECTIONS, "More": tuple(more)}.items():
        lines += [f"## {heading}", ""]
        for name in names:
            lines += _entry(vimeo_toolkit, name)
    for path, about in MODULES.items():
        module = import_module(path)
        lines += [f"## {path}", "", about, ""]
        for name in module.__all__:
            lines += _entry(module, name)
    return "\n".join(lines)


def errors_entries() -> str:
    """Return an entry for each error, with what it carries."""
    return "\n".join(line for name in errors.__all__ for line in _entry(errors, name))


def _entry(module: ModuleType, name: str) -> list[str]:
    value = getattr(module, name)
    home = value.__module__ if inspect.isclass(value) or inspect.isfunction(value) else module.__name__
    if home == module.__name__ and hasattr(module, "_ELSEWHERE") and name in module._ELSEWHERE:
        home = f"{module.__name__}.{module._ELSEWHERE[name]}"
    options = ["    options:", "      inherited_members: true"] if name in WITH_INHERITED else []
    return [f"::: {home}.{name}", *options, ""]
