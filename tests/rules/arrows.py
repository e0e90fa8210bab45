"""The arrows of ARCHITECTURE.md, drawn from the imports: `python -m tests.rules.arrows` writes them."""

from __future__ import annotations

import re
from collections import defaultdict

from tests.rules.imports import PACKAGE, ROOT, When, imports, room

__all__ = ["Arrows", "drawn", "real", "stated"]

BLOCK = re.compile(r"```arrows\n(.*?)```", re.DOTALL)
LINE = re.compile(r"(\S+) +(->|~>|\.\.>) +(\S+(?: \S+)*)")

KINDS: dict[When, str] = {"at import": "->", "later": "~>", "types": "..>"}
"""From the strongest; a weaker arrow is not drawn beside a stronger one between the same two."""

Arrows = dict[tuple[str, str], set[str]]
"""A room and the kind of arrow → what it imports: rooms, or single modules where two rooms know of each other."""


def stated() -> Arrows:
    """Return the arrows of ARCHITECTURE.md."""
    found = BLOCK.search((ROOT / "ARCHITECTURE.md").read_text())
    assert found is not None, "ARCHITECTURE.md has no block of arrows"
    arrows: Arrows = {}
    for line in found[1].splitlines():
        read = LINE.fullmatch(line)
        assert read is not None, f"not an arrow: {line!r}"
        arrows[read[1], read[2]] = set(read[3].split())
    return arrows


def real() -> Arrows:
    """Return the arrows of the source."""
    found: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    drawn: set[tuple[str, str]] = set()
    for when, kind in KINDS.items():
        now = [each for each in imports() if each.when == when and room(each.source) != room(each.target)]
        for each in now:
            if (room(each.source), room(each.target)) not in drawn:
                found[room(each.source), kind][room(each.target)].add(each.target.removeprefix(f"{PACKAGE}."))
        drawn |= {(room(each.source), room(each.target)) for each in now}
    arrows: Arrows = defaultdict(set)
    for (source, kind), targets in found.items():
        for target, names in targets.items():
            mutual = kind == "->" and source in found.get((target, "->"), ())
            arrows[source, kind] |= names if mutual else {target}
    return {arrow: names for arrow, names in arrows.items() if names}


def drawn() -> str:
    """Return the arrows of the source as ARCHITECTURE.md has them."""
    order = list(KINDS.values())
    arrows = sorted(real().items(), key=lambda arrow: (arrow[0][0], order.index(arrow[0][1])))
    return "".join(f"{source:<23} {kind:>3} {' '.join(sorted(names))}\n" for (source, kind), names in arrows)


if __name__ == "__main__":
    page = ROOT / "ARCHITECTURE.md"
    page.write_text(BLOCK.sub(lambda _: f"```arrows\n{drawn()}```", page.read_text()))
