"""LangChain's own standard tests, for every tool; those that call one run by default for the default tools."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from langchain_core.tools import BaseTool
from langchain_tests.integration_tests import ToolsIntegrationTests
from langchain_tests.unit_tests import ToolsUnitTests
from langchain_vimeo import get_tools

from tests.examples import UPLOADS, example_input, keep_example
from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.toolsets import DEFAULT
from vimeo_toolkit.sandbox import Sandbox


class _Offered:
    """What the standard tests ask for of a tool."""

    tool_name: str
    sandbox: Sandbox
    toolkit: VimeoToolkit

    @property
    def tool_constructor(self) -> BaseTool:
        return get_tools(identifier="u", toolkit=self.toolkit, include=[self.tool_name])[0]

    @property
    def tool_invoke_params_example(self) -> dict[str, Any]:
        return example_input(self.tool_name, self.sandbox)


@contextmanager
def _world() -> Iterator[tuple[Sandbox, VimeoToolkit]]:
    with Sandbox() as vimeo:
        connection = Connection(api_url=vimeo.url)
        with VimeoToolkit([connection], store="sqlite:///:memory:", upload_folders=[UPLOADS]) as toolkit:
            toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
            keep_example(toolkit, "u")
            yield vimeo, toolkit


@pytest.fixture(scope="module")
def lasting() -> Iterator[tuple[Sandbox, VimeoToolkit]]:
    with _world() as made:
        yield made


class _Unit(_Offered):
    """These tests call nothing: one sandbox does for all."""

    @pytest.fixture(autouse=True)
    def _give(self, lasting: tuple[Sandbox, VimeoToolkit]) -> None:
        type(self).sandbox, type(self).toolkit = lasting


class _Integration(_Offered):
    """A sandbox for each test, held where the standard tests' properties can reach it."""

    @pytest.fixture(autouse=True)
    def _give(self) -> Iterator[None]:
        with _world() as (vimeo, toolkit):
            type(self).sandbox, type(self).toolkit = vimeo, toolkit
            yield


def _declare(name: str) -> None:
    for mine, base in ((_Unit, ToolsUnitTests), (_Integration, ToolsIntegrationTests)):
        words = "".join(word.title() for word in name.split("_"))
        cls = type(f"Test{words}{mine.__name__[1:]}", (mine, base), {"tool_name": name})
        if mine is _Integration and name not in DEFAULT:
            cls = pytest.mark.slow(cls)
        globals()[cls.__name__] = cls


for _name in catalog():
    _declare(_name)
