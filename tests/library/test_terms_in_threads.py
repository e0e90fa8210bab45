"""Threads that read the words of texts at the same time get the same terms as one alone."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from vimeo_toolkit.library.terms import stem

WORDS = [
    f"{begins}{ends}"
    for begins in ("nation", "relat", "communic", "hope", "gener", "direct", "activ")
    for ends in ("ational", "ization", "fulness", "ousness", "ed", "ing", "ers")
]


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_stems_of_threads_are_not_mixed_up(language: str) -> None:
    uncached = stem.__wrapped__
    alone = [uncached(word, language) for word in WORDS]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            made = list(pool.map(lambda _: [uncached(word, language) for word in WORDS], range(24)))
    finally:
        sys.setswitchinterval(interval)
    assert all(each == alone for each in made)
