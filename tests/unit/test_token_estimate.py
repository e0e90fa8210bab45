"""The estimate of tokens against o200k, and results that stay within what was set."""

from __future__ import annotations

import pytest

from tests.conftest import Connect
from tests.examples import example_input
from vimeo_toolkit import Connection, VimeoToolkit, VimeoToolkitError
from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.evaluation.tokens import counter
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.token_estimate import fits, tokens_in

COUNT, HOW = counter()


def test_it_is_counted_with_the_vocabulary() -> None:
    assert HOW == "o200k_base"


@pytest.mark.parametrize(
    "text",
    [
        '["/videos/100058:8f3ea146ba","Launch Teaser (Draft)",31,"2026-11-16T02:29:40Z",null,0],' * 40,
        "The harbour lights were asked about in the interview, and nobody knew them. " * 40,
        "Die Verantwortlichen überprüften die außergewöhnlichen Veröffentlichungen. " * 40,
        "港の灯りについての短い映画です。字幕と説明を確認してください。" * 40,
        "🎉🔥🚢✨" * 60,
        '{"total":3,"link":"https://vimeo.com/showcase/100062","privacy":{"view":"anybody"}}' * 30,
    ],
)
def test_kinds_of_texts(text: str) -> None:
    assert 0.95 <= tokens_in(text) / COUNT(text) <= 1.35


def test_what_surely_fits_is_not_counted_and_what_cannot_neither() -> None:
    assert fits("a" * 100, 100)
    assert not fits("a" * 10_000, 100)
    assert tokens_in("ab " * 100_000) == pytest.approx(100_000, rel=0.01)


@pytest.mark.parametrize("most", [500, 1_500, 6_000])
def test_results_are_within_what_was_set_and_use_it(
    most: int, vimeo: Sandbox, connection: Connection, connect: Connect
) -> None:
    big = vimeo.add_user("Big", videos=300)
    for number, video in enumerate(big.videos):
        video.description = (
            f"Clip {number} über https://example.com/{number}?a=b, 2026-11-{number % 28 + 1:02}. " * 8
        )
    with VimeoToolkit([connection], store="sqlite:///:memory:", max_result_tokens=most) as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token(big).access_token)
        for tool, given in (
            ("vimeo_my_videos_list", {"per_page": 100}),
            ("vimeo_my_videos_find", {}),
            ("vimeo_videos_get", {"videos": [video.uri for video in big.videos[:60]]}),
            ("vimeo_videos_search", {"query": "a", "per_page": 100}),
        ):
            result = toolkit.execute_tool(identifier="u", tool_name=tool, tool_input=given)
            tokens = COUNT(result.to_text())
            assert tokens <= 1.05 * most
            assert tokens >= 0.7 * most or "cut" not in result.for_model()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(catalog()))
def test_every_tools_result(name: str, vimeo: Sandbox, connection: Connection) -> None:
    with VimeoToolkit([connection], store="sqlite:///:memory:") as toolkit:
        toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        given = example_input(name, vimeo)
        try:
            result = toolkit.execute_tool(identifier="u", tool_name=name, tool_input=given)
        except VimeoToolkitError:
            return
        text = result.to_text()
        tokens = COUNT(text)
        assert tokens / 1.05 - 5 <= tokens_in(text) <= 1.35 * tokens + 5
