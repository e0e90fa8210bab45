"""What connections cost at 100 ms of distance: a process's first call, one after thinking, twenty at once."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.accounts import connected
from benchmarks.connections.client import BURST
from benchmarks.connections.network import far_away
from benchmarks.measure import Row, Section
from tests.faults.tls import make_certificate
from vimeo_toolkit import Connection, VimeoToolkit, generate_key

__all__ = ["measure"]

RTT = 0.1
WAYS = ("blocking", "http/1.1", "http/2")
"""Blocking calls, which go by HTTP/1.1, and asynchronous ones by either."""
SHOWN = {"blocking": "blocking", "http/1.1": "asynchronous, HTTP/1.1", "http/2": "asynchronous, HTTP/2"}

Found = dict[tuple[str, str], list[dict[str, float]]]
"""Whose, of what: the steps of each round."""


def measure(rounds: int = 3, seconds: Sequence[float] = (25.0, 90.0), rtt: float = RTT) -> Section:
    """Milliseconds beside bare httpx's in the same rounds."""
    section = Section("Connections at a distance")
    with TemporaryDirectory() as folder, ExitStack() as servers:
        stage = _Stage(Path(folder), servers, rtt)
        cold = stage.rounds("first", rounds, warm=False)
        warm = stage.rounds("first", rounds, warm=True)
        bursts = stage.rounds("bursts", rounds, ways=("http/1.1", "http/2"))
        idle = stage.rounds("idle", 1, ways=WAYS, seconds=list(seconds), at_once=True)
    section.rows += _of_first(cold, warm)
    for after in seconds:
        section.rows += _of_idle(idle, after)
    section.rows += _of_bursts(bursts)
    section.notes.append(
        "A server of TLS on loopback that speaks HTTP/1.1 or both, behind a forwarder that makes a round trip take "
        f"{rtt * 1e3:.0f} ms, TCP's handshake included. Each figure is of a process of its own. Bare httpx keeps "
        "an idle connection for five seconds. The waits are real, all at the same time, once."
    )
    return section


class _Stage:
    """The servers, a store with a connected account for each, and the processes that call."""

    def __init__(self, folder: Path, servers: ExitStack, rtt: float) -> None:
        certificate = make_certificate(folder / "both.pem")
        self._environment = {**os.environ, "SSL_CERT_FILE": str(certificate)}
        self._specs: dict[str, dict[str, Any]] = {}
        for protocols in (["http/1.1"], ["h2", "http/1.1"]):
            url = servers.enter_context(far_away(certificate, protocols, rtt))
            spec = {"url": url, "store": f"sqlite:///{folder / protocols[0][:2]}.db", "key": generate_key()}
            with VimeoToolkit([Connection(api_url=url)], store=spec["store"], key=spec["key"]) as toolkit:
                connected(toolkit, "user_0")
            self._specs[protocols[0]] = spec

    def rounds(
        self, scene: str, rounds: int, *, ways: Sequence[str] = WAYS, at_once: bool = False, **more: Any
    ) -> Found:
        """Run a scene in each way, ours and bare, in turns or all at once."""
        jobs = [
            (whose, way) for way in ways for whose in ("ours", "bare") if (whose, way) != ("bare", "blocking")
        ]
        found: Found = {job: [] for job in jobs}
        for _ in range(rounds):
            with ThreadPoolExecutor(len(jobs) if at_once else 1) as pool:
                running = [(job, pool.submit(self._run, scene, *job, more)) for job in jobs]
                for job, steps in running:
                    found[job].append(steps.result())
        return found

    def _run(self, scene: str, whose: str, way: str, more: dict[str, Any]) -> dict[str, float]:
        spec = self._specs["h2" if way == "http/2" else "http/1.1"]
        asked = {**spec, **more, "scene": scene, "bare": whose == "bare", "how": way}
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "benchmarks.connections.client", json.dumps(asked)],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        steps: dict[str, float] = json.loads(done.stdout)
        return steps


def _values(found: Found, whose: str, way: str, step: str) -> list[float]:
    return [steps[step] for steps in found["ours" if whose == "ours" else "bare", way]]


def _row(
    what: str, ours: Iterable[float], floor: str, beside: Iterable[float], at_most: float | None = None
) -> Row:
    times = list(ours)
    ratios = [a / b for a, b in zip(times, beside, strict=True)]
    return Row(what, statistics.median(times), "ms", floor, statistics.median(ratios), at_most)


def _floor(way: str) -> str:
    """Whose figures of httpx a way is compared with: there is no bare blocking client here."""
    return "http/1.1" if way == "blocking" else way


def _of_first(cold: Found, warm: Found) -> list[Row]:
    rows = []
    for way in WAYS:
        bare = _values(cold, "bare", _floor(way), "first")
        again = _values(warm, "bare", _floor(way), "first")
        rows.append(
            _row(f"first call, {SHOWN[way]}", _values(cold, "ours", way, "first"), "httpx's first", bare)
        )
        rows.append(
            _row(
                f"first call after `warm_up`, {SHOWN[way]}",
                _values(warm, "ours", way, "first"),
                "httpx's second",
                again,
                at_most=1.1,
            )
        )
    return rows


def _of_idle(found: Found, after: float) -> list[Row]:
    rows = [
        _row(
            f"call after {after:g} s, {SHOWN[way]}",
            _values(found, "ours", way, f"after {after:g}"),
            "the call after it",
            _values(found, "ours", way, f"warm {after:g}"),
            at_most=1.1,
        )
        for way in WAYS
    ]
    bare = [_values(found, "bare", "http/2", f"{when} {after:g}") for when in ("after", "warm")]
    rows.append(_row(f"httpx after {after:g} s", bare[0], "its next", bare[1]))
    return rows


def _of_bursts(found: Found) -> list[Row]:
    best = _values(found, "bare", "http/2", "all warm")
    floor = "httpx on a warm one, HTTP/2"
    rows = []
    for step, what in (("one warm", "one warm connection"), ("all warm", "warm ones"), ("cold", "none yet")):
        for way in ("http/1.1", "http/2"):
            protocol = way.upper()
            target = 1.1 if way == "http/2" and step != "cold" else None
            ours = _values(found, "ours", way, step)
            rows.append(_row(f"{BURST} calls at once, {what}, {protocol}", ours, floor, best, target))
            bare = _values(found, "bare", way, step)
            rows.append(_row(f"the same by httpx, {what}, {protocol}", bare, floor, best))
    return rows
