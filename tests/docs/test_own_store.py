"""The store of the guide keeps every promise, in the class of tests that the guide shows."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.docs.blocks import ROOT, blocks_of
from tests.store_promises import QuickPromises
from vimeo_toolkit.stores import Store
from vimeo_toolkit.testing import StorePromises

PAGE = ROOT / "docs" / "guides" / "own-store.md"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the guide's store locks with fcntl")


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The guide's code as a module that other processes can import, without the example of its use."""
    store, _, tests = [block.code for block in blocks_of(PAGE) if block.language == "python"]
    folder = tmp_path_factory.mktemp("guide")
    (folder / "guide_own_store.py").write_text(f"{store}\n{tests}")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield importlib.import_module("guide_own_store")
        sys.modules.pop("guide_own_store")


def test_the_guides_class_of_tests(guide: Any) -> None:
    assert issubclass(guide.TestJsonStore, StorePromises)
    assert "make_store" in vars(guide.TestJsonStore)


class TestTheGuidesStore(QuickPromises):
    @pytest.fixture
    def make_store(self, guide: Any, tmp_path: Path) -> Callable[[], Store]:
        return partial(guide.JsonStore, tmp_path / "rows.json")
