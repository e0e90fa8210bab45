"""The sandbox's server beside a product's own in one process."""

from __future__ import annotations

import logging

import httpx
import pytest

from vimeo_toolkit.sandbox import Sandbox

LOGGERS = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")


def test_the_logs_of_a_products_server_stay_as_they_are(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "uvicorn.access")
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(each.level, list(each.handlers), each.propagate) for each in loggers]
    with Sandbox() as vimeo:
        httpx.get(f"{vimeo.url}/me")
        assert [(each.level, list(each.handlers), each.propagate) for each in loggers] == before
    assert not [record for record in caplog.records if record.name == "uvicorn.access"]
