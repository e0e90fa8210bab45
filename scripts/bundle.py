"""Pack the desktop bundle: uv run python scripts/bundle.py vimeo.mcpb

A bundle is a zip archive with a manifest; a desktop client installs it by a double click, and uv brings the rest.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PARTS = {
    "manifest.json": ROOT / "adapters/vimeo-mcp/bundle/manifest.json",
    "pyproject.toml": ROOT / "adapters/vimeo-mcp/bundle/pyproject.toml",
    "server.py": ROOT / "adapters/vimeo-mcp/bundle/server.py",
    "README.md": ROOT / "adapters/vimeo-mcp/README.md",
    "LICENSE": ROOT / "LICENSE",
}


def main() -> None:
    with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, path in PARTS.items():
            # The same bytes at every build: no times of this machine.
            bundle.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), path.read_bytes())


if __name__ == "__main__":
    main()
