"""The endpoints, one module per resource. Importing this package declares them all."""

from vimeo_toolkit.sandbox.resources import (
    activity,
    channels,
    chapters,
    comments,
    discovery,
    embedding,
    folders,
    groups,
    lookups,
    relations,
    showcases,
    uploads,
    users,
    videoparts,
    videos,
    webhooks,
)

__all__ = [
    "activity",
    "channels",
    "chapters",
    "comments",
    "discovery",
    "embedding",
    "folders",
    "groups",
    "lookups",
    "relations",
    "showcases",
    "uploads",
    "users",
    "videoparts",
    "videos",
    "webhooks",
]
