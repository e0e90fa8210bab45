"""The videos of the library that the tasks are about: a pottery and bookbinding studio, its clients, a family.

A row says when a video was uploaded and what it is called; what a whole shelf has in common stands above its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

__all__ = ["LOOSE", "NOW", "SHELVES", "Row", "Shelf", "rows"]

NOW: Final = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
"""When the tasks begin, by the sandbox's clock."""


@dataclass(frozen=True, slots=True)
class Row:
    """One video."""

    day: str
    """Of the upload."""
    name: str
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Videos of one kind."""

    folder: str | None
    common: Mapping[str, Any]
    rows: tuple[Row, ...]


def _row(day: str, name: str, **more: Any) -> Row:
    return Row(day, name, more)


def _series(
    first: str, days: int, name: str, titles: tuple[str, ...], seconds: int, plays: int
) -> tuple[Row, ...]:
    """Return numbered lessons, one every so many days; each is a little longer and a little less played."""
    begin = datetime.fromisoformat(first)
    return tuple(
        _row(
            f"{begin + timedelta(days=days * place):%Y-%m-%d}",
            f"{name} {place + 1:02}: {title}",
            duration=seconds + 37 * place,
            plays=plays - 31 * place,
        )
        for place, title in enumerate(titles)
    )


_WHEEL = (
    "Preparing the Clay", "Centring", "Opening the Form", "Pulling a Cylinder", "Bowls", "Plates",
    "Mugs and Handles", "Lids", "Bottles", "Trimming", "Decorating Wet Clay", "Repairing Cracks",
)  # fmt: skip
_BINDING = (
    "Paper and Grain", "Folding Signatures", "The Pamphlet Stitch", "Coptic Binding", "Case Binding",
    "Endpapers", "Covering in Cloth", "Finishing",
)  # fmt: skip

SHELVES: Final = (
    Shelf(
        "Wheel Throwing",
        {"tags": ["pottery", "course"], "license": "by-nc"},
        _series("2026-01-12", 7, "Wheel Throwing", _WHEEL, 540, 910),
    ),
    Shelf(
        "Bookbinding",
        {"tags": ["bookbinding", "course"], "license": "by"},
        _series("2026-04-06", 9, "Bookbinding", _BINDING, 615, 640),
    ),
    Shelf(
        "Halden Bakery",
        {"view": "nobody", "tags": ["client"]},
        (
            _row("2025-11-03", "Halden Bakery Spring Ad, draft v1", duration=34, tags=["client", "wip"]),
            _row("2025-11-10", "Halden Bakery Spring Ad, draft v2", duration=32, tags=["client", "wip"]),
            _row("2025-11-21", "Halden Bakery Spring Ad, draft v3", duration=30, tags=["client", "wip"]),
            _row("2025-12-02", "Halden Bakery Spring Ad", duration=30, view="anybody", plays=2210),
            _row("2025-12-02", "Halden Bakery Spring Ad, square", duration=30, view="unlisted", plays=64),
        ),
    ),
    Shelf(
        "Okafor and Sons",
        {"view": "nobody", "tags": ["client"]},
        (
            _row("2026-02-17", "Okafor Brand Film, rough cut", duration=248, tags=["client", "wip"]),
            _row("2026-03-05", "Okafor Brand Film", duration=181, comments_by="anybody"),
            _row("2026-03-05", "Okafor Brand Film, trailer", duration=45),
        ),
    ),
    Shelf(
        "Studio Talks",
        {"view": "unlisted", "tags": ["talk"]},
        (
            _row("2025-10-08", "Studio Talk: Kiln Safety", duration=3312, plays=288, view="anybody"),
            _row("2025-11-05", "Studio Talk: Glaze Chemestry", duration=3605, plays=174),
            _row("2025-12-03", "Studio Talk: Pricing Your Work", duration=2990, plays=351),
            _row("2026-01-14", "Studio Talk: Tools from Scrap", duration=3120, plays=120),
            _row("2026-02-11", "Studio Talk: Selling at Fairs", duration=4127, plays=96),
            _row("2026-03-11", "Studio Talk: Photographing Pots", duration=2755, plays=143),
            _row("2026-05-13", "Studio Talk: Teaching Children", duration=3480, plays=77),
        ),
    ),
    Shelf(
        "Family",
        {"view": "nobody", "comments_by": "nobody"},
        (
            _row("2023-07-22", "Summer in Essaouira", duration=402),
            _row("2024-03-16", "Lina's Fifth Birthday", duration=655),
            _row("2024-12-24", "Grandad Carves the Goose", duration=128),
            _row("2025-06-13", "Lina's School Concert", duration=917, view="anybody", plays=41),
            _row("2026-05-30", "Lina Learns to Ride", duration=73),
        ),
    ),
    Shelf(
        "Archive",
        {"tags": ["archive"]},
        (
            _row("2019-05-04", "Opening Night", duration=611, plays=380),
            _row("2019-09-28", "Market Day", duration=204, plays=22),
            _row("2020-02-15", "Wood Firing Diary", duration=1290, plays=47, tags=["archive", "pottery"]),
            _row("2020-11-07", "Lockdown Pots", duration=333, plays=31, tags=["archive", "pottery"]),
            _row("2021-06-19", "Studio Tour", duration=276, plays=149),
            _row("2022-08-20", "Repair Cafe", duration=480, plays=39),
        ),
    ),
    Shelf(
        "B-roll",
        {"view": "nobody", "download": False},
        tuple(
            _row(f"2026-06-{place + 2:02}", f"B-roll {place + 1:02}, {what}", duration=seconds)
            for place, (what, seconds) in enumerate(
                (
                    ("hands", 8), ("wheel", 14), ("kiln door", 9), ("steam", 21), ("shelves", 12),
                    ("rain", 7), ("street", 18), ("brushes", 11), ("clay bag", 6), ("window", 25),
                    ("apron", 10), ("cat", 16), ("thread", 13), ("paper", 19),
                )
            )
        ),
    ),
)  # fmt: skip

LOOSE: Final = Shelf(
    None,
    {},
    (
        _row("2024-09-12", "Teapot Talk with Ivo", duration=1504, plays=205, tags=["talk"]),
        _row("2025-03-29", "Studio Tour", duration=312, plays=518, tags=["pottery"]),
        _row("2025-09-19", "Workshop Weekend, recap", duration=199, plays=87,
             description="Longer than the trailer, shorter than the weekend."),
        _row("2026-01-05", "Wheel Throwing Trailer", duration=58, plays=1530, tags=["pottery", "course"],
             embed="whitelist", embed_domains=["tidewater.example"],
             description="What the course is about."),
        _row("2026-03-30", "Bookbinding Trailer", duration=52, plays=760, tags=["bookbinding", "course"],
             description="What the course is about."),
        _row("2026-04-24", "How We Made the Film", duration=431, plays=64,
             description="The trailer was cut in one night; this is how."),
        _row("2026-06-24", "Raku Firing, first try", duration=688, plays=93, tags=["raku", "pottery"]),
        _row("2026-07-08", "Raku Firing, second try", duration=702, plays=81, tags=["raku", "pottery"]),
        _row("2026-07-22", "Raku Glazes Compared", duration=845, plays=117, tags=["raku", "pottery"]),
        _row("2026-08-14", "Summer School, day one", duration=388, plays=52),
        _row("2026-08-15", "Summer School, day two", duration=401, plays=49),
        _row("2026-09-01", "Autumn Term: What to Expect", duration=95, plays=33, tags=["news"]),
        _row("2026-09-03", "New Kiln, Unboxed", duration=530, plays=140, tags=["news", "pottery"]),
        _row("2026-09-07", "Celadon Test Tiles", duration=274, plays=28, tags=["pottery"]),
        _row("2026-09-09", "Open Studio, invitation", duration=41, plays=61, tags=["news"]),
        _row("2026-09-12", "Student Show: Setting Up", duration=167, plays=12, view="unlisted"),
        _row("2026-09-14", "Student Show: Walkthrough", duration=620, plays=7),
    ),
)  # fmt: skip


def rows() -> Iterator[tuple[str | None, Row, dict[str, Any]]]:
    """Yield the folder's name, the row and all attributes of each video, in the order in which they are made."""
    for shelf in (*SHELVES, LOOSE):
        for row in shelf.rows:
            yield shelf.folder, row, {"description": None, **shelf.common, **row.more}
