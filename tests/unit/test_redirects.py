"""Answers go to a client's address as it is written."""

from __future__ import annotations

import pytest

from vimeo_toolkit.grants.redirects import problem_of, with_query


@pytest.mark.parametrize(
    ("uri", "sent"),
    [
        ("https://client.example/cb", "https://client.example/cb?code=a+b&iss=c"),
        ("https://client.example/cb?", "https://client.example/cb?code=a+b&iss=c"),
        ("https://client.example/cb?x=%7E1", "https://client.example/cb?x=%7E1&code=a+b&iss=c"),
        ("HTTPS://Client.example/cb", "HTTPS://Client.example/cb?code=a+b&iss=c"),
        ("app:///cb", "app:///cb?code=a+b&iss=c"),
        ("com.example.app:/cb", "com.example.app:/cb?code=a+b&iss=c"),
        ("app:cb", "app:cb?code=a+b&iss=c"),
    ],
)
def test_an_answer_is_added_and_the_rest_stays(uri: str, sent: str) -> None:
    assert problem_of(uri) == ""
    assert with_query(uri, {"code": "a b", "state": None, "iss": "c"}) == sent
