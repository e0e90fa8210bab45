"""What hypothesis draws keys and values from."""

from __future__ import annotations

from hypothesis import strategies as st

from vimeo_toolkit.stores import Key

__all__ = ["KEYS", "TEXTS", "VALUES"]

TEXTS = st.one_of(
    st.sampled_from(
        ["", "a", "/", "a/b", "\x00", "%", "%2F", "é", "😀", "\ud800", "a b", "A", "a\n", "\r\n", "!"]
    ),
    st.text(st.characters(), max_size=12),
)
KEYS = st.builds(Key, st.sampled_from(["account", "state", "budget", "a/b", ""]), TEXTS, TEXTS)
VALUES = st.binary(max_size=60)
