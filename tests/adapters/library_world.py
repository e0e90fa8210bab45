"""A user whose library is indexed, and what LangChain and LlamaIndex make of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox

__all__ = ["OTHER", "USER", "indexed_world"]

USER, OTHER = "user-marker-7731", "other-marker-5520"


@contextmanager
def indexed_world(folder: Path) -> Iterator[tuple[Sandbox, VimeoToolkit]]:
    """Give a sandbox with talks of its main user, and a toolkit in which these are indexed; another user has a
    library of three videos, indexed, too."""
    with (
        Sandbox(seed_library=False) as vimeo,
        VimeoToolkit(
            [Connection(api_url=vimeo.url)], store="sqlite:///:memory:", library=f"sqlite:///{folder}"
        ) as toolkit,
    ):
        vimeo.add_talks()
        other = vimeo.add_user("Other", videos=0)
        vimeo.add_library(other, videos=3, hours=0.2)
        for identifier, user in ((USER, vimeo.user), (OTHER, other)):
            toolkit.import_token(identifier=identifier, access_token=vimeo.issue_token(user).access_token)
            toolkit.library.sync(identifier=identifier)
        yield vimeo, toolkit
