"""A category."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.shapes.parts import connections, iso, key_of, picture
from vimeo_toolkit.sandbox.state import Category

__all__ = ["category_shape"]


def category_shape(category: Category) -> dict[str, Any]:
    uri = category.uri
    return {
        "uri": uri,
        "name": category.name,
        "link": f"https://vimeo.com/categories/{category.slug}",
        "top_level": category.parent is None,
        "is_deprecated": False,
        "pictures": picture(f"{uri}/pictures/1"),
        "last_video_featured_time": iso(category.last_featured),
        "parent": None
        if category.parent is None
        else {
            "uri": category.parent.uri,
            "name": category.parent.name,
            "link": f"https://vimeo.com/categories/{category.parent.slug}",
        },
        "metadata": {
            "connections": connections(uri, {}, ("channels", "groups", "users", "videos")),
            "interactions": {"follow": {"added": False, "added_time": None, "uri": f"/me{uri}"}},
        },
        "subcategories": [
            {
                "uri": below.uri,
                "name": below.name,
                "link": f"https://vimeo.com/categories/{category.slug}/{below.slug}/videos",
            }
            for below in category.subcategories
        ],
        "icon": picture(f"{uri}/icon", play=False),
        "resource_key": key_of(uri),
    }
