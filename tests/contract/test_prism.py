"""Every tool's example request through Prism, which reads the API's document in its own way."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT.parent / "shared" / "vimeo-api" / "openapi-3.4.json"


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(
    not (shutil.which("npx") and DOCUMENT.exists()), reason="needs npx and the API's document"
)
def test_no_request_breaks_the_document() -> None:
    script = [sys.executable, "scripts/prism.py", str(DOCUMENT)]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, timeout=580, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 unexpected violations" in done.stdout
