from __future__ import annotations

import pytest

from tests.changes.library import Library
from tests.conftest import Connect
from vimeo_toolkit import VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox


@pytest.fixture
def library(vimeo: Sandbox, toolkit: VimeoToolkit, connect: Connect) -> Library:
    vimeo.user.plan = "enterprise"
    connect()
    return Library(vimeo, toolkit)
