"""Reads beside a change, for what its result says. They never fail the call: the change is made, or will be. While
a call is only planned they are left out, so that the plan shows the change itself, and where the user's limit is
used up, so that what is done need not wait for it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.pages import read_list
from vimeo_toolkit.errors import VimeoToolkitError
from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["try_get", "try_list"]


async def try_get(
    api: Api, path: str, fields: str, query: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any] | None:
    """Return what Vimeo shows of a thing; None where it cannot be read, or the answer does not name it."""
    if _left_out(api):
        return None
    try:
        answer = await api.send(ApiRequest("GET", path, dict(query), fields=fields))
    except VimeoToolkitError:
        return None
    return answer if isinstance(answer, dict) and answer.get("uri") else None


async def try_list(api: Api, path: str, fields: str, most: int = 10) -> list[dict[str, Any]] | None:
    """Return the objects of a list, of at most so many pages of a hundred; None where it cannot be read."""
    if _left_out(api):
        return None
    try:
        listed = await read_list(api, ApiRequest("GET", path, {"per_page": "100"}, fields=fields), most)
    except VimeoToolkitError:
        return None
    return [each for each in listed.items if isinstance(each, dict)]


def _left_out(api: Api) -> bool:
    return api.planning or api.rate_limit.remaining == 0
