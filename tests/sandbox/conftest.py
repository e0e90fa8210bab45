"""A client of the sandbox that speaks plain HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.servers import NO_TLS
from vimeo_toolkit.sandbox import Sandbox, User

Api = Callable[..., httpx.Client]


@pytest.fixture
def api(vimeo: Sandbox) -> Iterator[Api]:
    """Makes a client with a token of this user; the rest is what `issue_token` takes."""
    made: list[httpx.Client] = []

    def client(user: User | None = None, **token: Any) -> httpx.Client:
        headers = {"Authorization": f"bearer {vimeo.issue_token(user, **token).access_token}"}
        made.append(httpx.Client(base_url=vimeo.url, headers=headers, trust_env=False, verify=NO_TLS))
        return made[-1]

    yield client
    for each in made:
        each.close()
