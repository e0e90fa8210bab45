"""Set the version everywhere it stands: uv run python scripts/set_version.py 0.2.0

`tests/packaging/test_release_kit.py` finds a place that was left out.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACES = {
    "vimeo_toolkit/_version.py": r'(__version__ = ")[^"]+',
    "pyproject.toml": r'(?m)(^version = ")[^"]+',
    **{
        f"adapters/{name}/pyproject.toml": r'(?m)(^version = "|\]==)[^"]+'
        for name in ("langchain-vimeo", "llama-index-readers-vimeo", "llama-index-tools-vimeo", "vimeo-mcp")
    },
    "adapters/vimeo-mcp/bundle/pyproject.toml": r'(?m)(^version = "|mcp==)[^"]+',
    "adapters/vimeo-mcp/bundle/manifest.json": r'("version": ")[^"]+',
    "server.json": r'("version": ")[^"]+',
}
"""What stands before the version, for each file."""


def main() -> None:
    version = sys.argv[1] if len(sys.argv) == 2 else ""
    if not re.fullmatch(r"\d+\.\d+\.\d+((a|b|rc)\d+)?", version):
        raise SystemExit("Give one version, such as 0.2.0 or 0.2.0rc1.")
    for name, pattern in PLACES.items():
        path = ROOT / name
        text, count = re.subn(pattern, rf"\g<1>{version}", path.read_text())
        if not count:
            raise SystemExit(f"{name} has no version where it is looked for.")
        path.write_text(text)


if __name__ == "__main__":
    main()
