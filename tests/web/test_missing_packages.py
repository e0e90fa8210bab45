"""What is said when the extra is not installed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.web.conftest import signed_in
from vimeo_toolkit import ConfigurationError, VimeoToolkit
from vimeo_toolkit.web import connect_app


def test_without_starlette_the_import_names_the_extra() -> None:
    code = (
        "import sys\n"
        "sys.modules['starlette'] = None\n"
        "from vimeo_toolkit import ConfigurationError\n"
        "try:\n"
        "    import vimeo_toolkit.web\n"
        "except ConfigurationError as error:\n"
        "    print(error.hint)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "vimeo-toolkit[web]" in done.stdout, done.stderr


def test_the_receiver_needs_only_starlette() -> None:
    code = (
        "import sys\n"
        "sys.modules['jinja2'] = None\n"
        "from vimeo_toolkit.web import webhook_app\n"
        "webhook_app(print, 'secret')\n"
        "print('made')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "made\n", done.stderr


def test_without_jinja2_the_pages_name_the_extra(
    toolkit: VimeoToolkit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(ConfigurationError) as raised:
        connect_app(toolkit, signed_in)
    assert "vimeo-toolkit[web]" in raised.value.hint
