"""What models and servers send does not pile up in memory."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import vimeo_toolkit
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.search import fitting_tools
from vimeo_toolkit.wire.format import http_date

OWN_WORDS = {
    "vimeo_toolkit.catalog.docstrings._of_module",  # this package's modules
    "vimeo_toolkit.catalog.ids._compiled",  # kinds of ids
    "vimeo_toolkit.catalog.objects.ids_of_inputs",  # the catalogue's models
    "vimeo_toolkit.library.terms._stemmer",  # its table of languages
}
"""Caches without a limit that are asked for a fixed set of things."""


def _caches() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for module in pkgutil.walk_packages(vimeo_toolkit.__path__, "vimeo_toolkit."):
        if ".sandbox" in module.name or module.name.endswith("__main__"):
            continue
        try:
            loaded = importlib.import_module(module.name)
        except ImportError:  # an extra that is not installed
            continue
        for value in vars(loaded).values():
            if callable(getattr(value, "cache_parameters", None)):
                found[f"{value.__module__}.{value.__qualname__}"] = value
    return {name: cache for name, cache in found.items() if name.startswith("vimeo_toolkit.")}


def test_each_cache_that_takes_words_from_outside_has_a_limit() -> None:
    caches = _caches()
    assert "vimeo_toolkit.catalog.search_reading._root" in caches
    unlimited = {
        name
        for name, cache in caches.items()
        if cache.cache_parameters()["maxsize"] is None and cache.__wrapped__.__code__.co_argcount
    }
    assert unlimited <= OWN_WORDS


def test_long_words_are_not_remembered() -> None:
    cache = _caches()["vimeo_toolkit.catalog.search_reading._root"]
    fitting_tools("list my videos", catalog(), 5)
    before = cache.cache_info().currsize
    fitting_tools("x" * 250, catalog(), 5)
    assert cache.cache_info().currsize == before
    assert http_date("x" * 10_000) is None
