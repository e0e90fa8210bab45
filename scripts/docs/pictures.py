"""The picture of the demo and the badges, which the README shows.

uv run python -m scripts.docs.pictures        run the demo and draw it anew, and the badges
"""

from __future__ import annotations

import io
import re
import tomllib
from html import unescape
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from vimeo_toolkit.cli.demo import run_demo

__all__ = ["BADGES", "DEMO", "badge", "badges", "draw_demo", "steps_of"]

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "docs" / "images" / "demo.svg"
BADGES = ROOT / "docs" / "images"
_FONT_FACE = re.compile(r"@font-face \{\{.*?\}\}\s*", re.DOTALL)
_STEP = re.compile(r"\b(vimeo_\w+)|(A user connects|The agent|What it took|read back from the sandbox)\b")


def draw_demo() -> str:
    """Run `vimeo-toolkit demo` and return what it shows, as an SVG that loads nothing from another host."""
    console = Console(record=True, width=118, file=io.StringIO(), force_terminal=True)
    if not run_demo(None, console):
        raise RuntimeError("the demo did not reach its end")
    svg = console.export_svg(
        title="vimeo-toolkit demo",
        code_format=_FONT_FACE.sub("", CONSOLE_SVG_FORMAT).replace("Fira Code", "ui-monospace"),
        unique_id="demo",
    )
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def steps_of(svg: str) -> list[str]:
    """Return what a drawn demo does, in order: its headings and the tools that are called."""
    lines = [unescape(re.sub(r"<[^>]+>", "", line)) for line in re.findall(r"<text .*?</text>", svg)]
    found = [match[1] or match[2] for match in _STEP.finditer("\n".join(lines).replace("\xa0", " "))]
    return list(dict.fromkeys(found))


def badges() -> dict[str, str]:
    """Return each badge's file name and SVG, made of what pyproject.toml declares."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "badge-python.svg": badge("python", project["requires-python"].replace(">=", "") + "+", "#3572a5"),
        "badge-licence.svg": badge("licence", project["license"], "#2c7a3f"),
        "badge-typed.svg": badge("typed", "mypy --strict", "#5b4b8a"),
    }


def badge(left: str, right: str, colour: str) -> str:
    """Return a small picture of two words."""
    first, second = (len(text) * 7 + 12 for text in (left, right))
    return f"""<svg xmlns="http://www.w3.org/2000/svg" width="{first + second}" height="20" role="img"\
 aria-label="{left}: {right}">
<rect width="{first + second}" height="20" rx="3" fill="#444"/>
<path d="M{first} 0h{second - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{second - 3}z" fill="{colour}"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
<text x="{first / 2:g}" y="14">{left}</text><text x="{first + second / 2:g}" y="14">{right}</text>
</g>
</svg>
"""


def main() -> None:
    """Write the pictures."""
    DEMO.parent.mkdir(exist_ok=True)
    DEMO.write_text(draw_demo(), encoding="utf-8")
    for name, svg in badges().items():
        (BADGES / name).write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
