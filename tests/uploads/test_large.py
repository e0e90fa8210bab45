"""300 MB over a line that breaks five times, with the process killed once."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.uploads.cutting import CuttingProxy
from vimeo_toolkit import Connection, VimeoToolkit, generate_key
from vimeo_toolkit.sandbox import Sandbox

SIZE = 300_000_000
CHUNK = 16_000_000
CUTS = 5


def _upload(url: str, store: str, key: str, path: str) -> None:
    connection = Connection(client_id="x", client_secret="x", api_url=url)
    with VimeoToolkit([connection], store=store, key=key) as toolkit:
        toolkit.upload_video(path, identifier="u", chunk_size=CHUNK)


@pytest.mark.slow
def test_300_mb_arrive_whatever_breaks(vimeo: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    dice, digest = random.Random(1), hashlib.sha256()
    with path.open("wb") as file:
        for _ in range(SIZE // 1_000_000):
            part = dice.randbytes(1_000_000)
            digest.update(part)
            file.write(part)
    store, key = f"sqlite:///{tmp_path / 'accounts.db'}", generate_key()
    vimeo.user.quota_bytes = 2**50
    spawn = multiprocessing.get_context("spawn")
    cuts = [SIZE * part // 7 + dice.randrange(5_000_000) for part in range(1, CUTS + 1)]
    with CuttingProxy(vimeo.url, cuts) as proxy:
        with VimeoToolkit(
            [Connection(client_id="x", client_secret="x", api_url=proxy.url)], store=store, key=key
        ) as toolkit:
            toolkit.import_token(identifier="u", access_token=vimeo.issue_token().access_token)
        arguments = (proxy.url, store, key, str(path))
        first = spawn.Process(target=_upload, args=arguments)
        first.start()
        until = time.monotonic() + 120
        while proxy.passed < SIZE // 2:
            assert first.is_alive()
            assert time.monotonic() < until
            time.sleep(0.005)
        os.kill(first.pid or 0, signal.SIGKILL)
        first.join()
        second = spawn.Process(target=_upload, args=arguments)
        second.start()
        second.join(300)
        assert second.exitcode == 0
        assert proxy.left == []
    video = vimeo.user.videos[-1]
    assert video.incoming
    assert video.incoming.received == SIZE
    assert video.incoming.sha256 == digest.hexdigest()
    assert sum(request.method == "POST" for request in vimeo.requests) == 1
    # A break or a kill costs a chunk at most.
    assert proxy.passed <= SIZE + (CUTS + 1) * CHUNK
