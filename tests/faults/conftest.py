"""A sandbox for all tests of a module, and a proxy in front of it that breaks what passes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.tls import make_certificate
from vimeo_toolkit import Connection
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.sandbox.fault_proxy import FaultProxy


@pytest.fixture(scope="module")
def lasting() -> Iterator[Sandbox]:
    """One sandbox for many tests: each takes a user of its own, so none uses up another's budget."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def proxy(lasting: Sandbox) -> Iterator[FaultProxy]:
    with FaultProxy(lasting) as running:
        yield running


@pytest.fixture
def proxied(lasting: Sandbox, proxy: FaultProxy) -> Connection:
    return Connection(api_url=proxy.url)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate of 127.0.0.1's, in one file."""
    return make_certificate(tmp_path_factory.mktemp("tls") / "both.pem")
