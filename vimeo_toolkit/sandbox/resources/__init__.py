"""The endpoints, one module per resource. Importing this package declares them all."""

from vimeo_toolkit.sandbox.resources import (
    channels,
    comments,
    discovery,
    folders,
    groups,
    lookups,
    relations,
    showcases,
    transcripts,
    uploads,
    users,
    videoparts,
    videos,
    webhooks,
)

__all__ = [
    "channels",
    "comments",
    "discovery",
    "folders",
    "groups",
    "lookups",
    "relations",
    "showcases",
    "transcripts",
    "uploads",
    "users",
    "videoparts",
    "videos",
    "webhooks",
]
