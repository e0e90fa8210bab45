"""The groups that tools come in, by what a user wants to do."""

from __future__ import annotations

from typing import Final

from vimeo_toolkit.catalog.tool import Toolset

library = Toolset("library", "See one's own profile and videos.")
publish = Toolset("publish", "Change and delete one's own videos.")
organize = Toolset("organize", "Showcases and folders.")
engage = Toolset("engage", "Likes, comments, follows and Watch Later.")
discover = Toolset("discover", "Search Vimeo; look at other users, channels and categories.")
webhooks = Toolset("webhooks", "Tell another system when something happens.")

TOOLSETS: Final = {
    toolset.name: toolset for toolset in (library, publish, organize, engage, discover, webhooks)
}
