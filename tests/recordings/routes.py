"""Which tools make a recorded request, and with which input."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.unit.inputs import minimal
from vimeo_toolkit import InvalidInput, Tool
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.declaring import Toolset
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["asking", "whatever"]

ALIASES = (
    (r"^/me/folders", "/me/projects"),
    (r"^/users/[^/]+/folders", "/me/projects"),
    (r"^/me/videos/(?=\d)", "/videos/"),
    (r"^/users/[^/]+/(projects|albums|likes|following|groups|channels|feed|watchlater)", r"/me/\1"),
)
"""Other names of what a tool asks for, so that its answer is read by that tool, too."""


def asking(method: str, target: str) -> list[tuple[Tool, dict[str, Any], str]]:
    """Tools that make this request first: tool, input, and the path that it goes to."""
    parts = urlsplit(target)
    paths = [parts.path]
    paths += [re.sub(old, new, parts.path) for old, new in ALIASES if re.search(old, parts.path)]
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    found = []
    for tool in catalog().values():
        if tool.local or tool.method != method:
            continue
        for path in paths:
            match = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", tool.path), path)
            if match is None:
                continue
            given = {name: unquote(value) for name, value in match.groupdict().items()}
            fields = tool.input_model.model_fields
            values = {
                **minimal(tool.name),
                **{name: value for name, value in query.items() if name in fields and name != "fields"},
                **{name: value for name, value in given.items() if name in fields},
            }
            try:
                tool.validate(values)
            except InvalidInput:
                continue
            found.append((tool, values, path))
            break
    return found


def whatever(method: str, path: str) -> Tool:
    """A tool that makes just this request: what no tool asks for is read by the same code."""

    class Anything(ToolInput):
        """Anything."""

        def request(self, account: Any) -> ApiRequest:
            return ApiRequest(method, path)

    declare = getattr(Toolset("recordings", "Whatever was recorded."), method.lower())
    declare(path, name="anything", fields=None, **({} if method == "GET" else {"asks": "Do it?"}))(Anything)
    return Anything.tool
