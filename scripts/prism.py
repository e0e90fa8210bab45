"""Run every tool's example request through Prism, which checks it against the API's OpenAPI document.

    uv run python scripts/prism.py ../path/to/openapi.json [tool …]

Prism (`@stoplight/prism-cli`, which `npx` fetches) stands as a proxy before a sandbox, so that tools of several
requests work. Only requests are judged: the wire's answers differ from the document (`tests/contract/wire.py`).
Ends with 1 if a request breaks the document in a way that is not in `EXPECTED`. Prism takes a minute to start.
"""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.examples import REMOTE, UPLOADS, example_input, keep_example
from vimeo_toolkit import Connection, VimeoError, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox
from vimeo_toolkit.uploads import tus

PRISM = "@stoplight/prism-cli@5"
EXPECTED = (
    (r".*", r"request\.path\.channel_id .* must be number"),  # slugs, as in vimeo.com/channels/staffpicks
    (r".*", r"request\.path\.(follow_)?user_id .* must be number"),  # names, as in vimeo.com/staff
    (
        r".*_find|.*_list",
        r"request\.query\.filter .* allowed values: (?!.*cold_).*",
    ),  # cold_*: the document of 2026
    (
        r"vimeo_video_tags_add|vimeo_videos_change",
        r"request\S* .*body.*",
    ),  # its list of tags is in the guide alone
    (r"vimeo_webhook.*", r"request Selected route not found"),  # of 2026
)
"""Tools and violations that are known, each with the reason."""

_TOOL = re.compile(r"/\?version=(vimeo_\w+)")
"""The request before each tool's own, so that the log says whose they are."""
_VIOLATION = re.compile(r"Violation: (request\S* .*)")


class _Log:
    """What Prism writes: violations, by the tool that was running."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.found: defaultdict[str, set[str]] = defaultdict(set)
        self.ready = threading.Event()
        self.tool = ""
        self._process = process
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        for line in self._process.stdout:
            if "Prism is listening" in line:
                self.ready.set()
            if match := _TOOL.search(line):
                self.tool = match[1]
            elif match := _VIOLATION.search(line):
                self.found[self.tool].add(match[1].strip())
        self.ready.set()


@contextmanager
def _prism(document: str, upstream: str) -> Iterator[tuple[str, _Log]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["npx", "--yes", PRISM, "proxy", document, upstream, "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603
    log = _Log(process)
    try:
        if not log.ready.wait(300) or process.poll() is not None:
            raise SystemExit("Prism did not start: npx and the npm registry are needed.")
        yield f"http://127.0.0.1:{port}", log
    finally:
        process.terminate()
        process.wait(10)


def main(document: str, tools: list[str]) -> int:
    """Run the tools; print what breaks the document; return the exit status."""
    failed: dict[str, str] = {}
    tools = sorted(tools, key=lambda name: ("delete" in name, name))  # what one deletes, another reads
    # The sandbox's upload links lead to it and past Prism: to a host that is not the API's, and not encrypted.
    tus._usable = lambda link, api_url: True
    with Sandbox() as vimeo, _prism(document, vimeo.url) as (address, log):
        connection = Connection(api_url=address)
        for tool in tools:
            headers = {"Authorization": f"Bearer {vimeo.issue_token().access_token}"}
            httpx.get(f"{address}/?version={tool}", headers=headers, trust_env=False)
            fresh = VimeoToolkit([connection], store="sqlite:///:memory:", upload_folders=[UPLOADS])
            with fresh as toolkit:
                toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
                keep_example(toolkit, "u")  # a plan to take back
                try:
                    toolkit.execute_tool(
                        identifier="u", tool_name=tool, tool_input=example_input(tool, vimeo)
                    )
                except VimeoError as error:
                    failed[tool] = f"{type(error).__name__}: {error}"
        time.sleep(1)  # the log's last lines
    wrong = 0
    for tool in tools:
        for violation in sorted(log.found[tool]):
            known = any(re.fullmatch(who, tool) and re.fullmatch(what, violation) for who, what in EXPECTED)
            wrong += not known
            print(f"{'expected' if known else 'WRONG   '} {tool}: {violation}")  # noqa: T201
        if tool in failed:
            print(f"failed   {tool}: {failed[tool]}")  # noqa: T201
    print(f"{len(tools)} tools, {wrong} unexpected violations, {len(failed)} failed")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    raise SystemExit(main(sys.argv[1], sys.argv[2:] or REMOTE))
