"""What a process waits for, from its beginning: run in one of its own, it prints the milliseconds of each step."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

BURST: Final = 20
Steps = dict[str, float]
Ask = Callable[[], Awaitable[object]]


async def timed(ask: Ask) -> float:
    start = time.perf_counter()
    await ask()
    return (time.perf_counter() - start) * 1e3


class Ours:
    """The toolkit over an account that is connected."""

    def __init__(self, spec: dict[str, Any]) -> None:
        from vimeo_toolkit import Connection, VimeoToolkit

        self._blocking = spec["how"] == "blocking"
        connection = Connection(api_url=spec["url"])
        self.toolkit = VimeoToolkit([connection], store=spec["store"], key=spec["key"], reuse_reads=False)

    async def ask(self) -> object:
        call: Any = {
            "identifier": "user_0",
            "tool_name": "vimeo_video_get",
            "tool_input": {"video_id": "123456789"},
        }
        if self._blocking:
            return await asyncio.to_thread(lambda: self.toolkit.execute_tool(**call))
        return await self.toolkit.aexecute_tool(**call)

    async def warm(self) -> None:
        if self._blocking:
            await asyncio.to_thread(self.toolkit.warm_up)
        else:
            await self.toolkit.awarm_up()

    async def close(self) -> None:
        await self.toolkit.aclose()


class Bare:
    """httpx as it is."""

    def __init__(self, spec: dict[str, Any]) -> None:
        import httpx

        self._url = f"{spec['url']}/videos/123456789"
        self._client = httpx.AsyncClient(http2=spec["how"] == "http/2")

    async def ask(self) -> object:
        answer = await self._client.get(self._url, headers={"Authorization": "bearer token-user_0"})
        return answer.raise_for_status().json()

    async def warm(self) -> None:
        await self.ask()

    async def close(self) -> None:
        await self._client.aclose()


async def first(spec: dict[str, Any], made: Callable[[dict[str, Any]], Any]) -> Steps:
    """The first calls of a process, with or without a warm-up."""
    one = made(spec)
    if spec["warm"]:
        await one.warm()
    steps = {"first": await timed(one.ask), "second": await timed(one.ask)}
    await one.close()
    return steps


async def bursts(spec: dict[str, Any], made: Callable[[dict[str, Any]], Any]) -> Steps:
    """Many calls at once: on one warm connection, then on all that these needed, then on none."""
    one = made(spec)

    async def burst() -> None:
        await asyncio.gather(*(one.ask() for _ in range(BURST)))

    await one.warm()
    await one.ask()
    steps = {"one warm": await timed(burst), "all warm": await timed(burst)}
    await one.close()
    one = made(spec)
    steps["cold"] = await timed(burst)
    await one.close()
    return steps


async def idle(spec: dict[str, Any], made: Callable[[dict[str, Any]], Any]) -> Steps:
    """A call after each time of thinking, and one right after it. The waits run side by side."""

    async def wait(seconds: float) -> Steps:
        one = made(spec)
        await one.ask()
        await one.ask()
        await asyncio.sleep(seconds)
        steps = {f"after {seconds:g}": await timed(one.ask), f"warm {seconds:g}": await timed(one.ask)}
        await one.close()
        return steps

    found: Steps = {}
    for steps in await asyncio.gather(*(wait(seconds) for seconds in spec["seconds"])):
        found |= steps
    return found


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    scene = {"first": first, "bursts": bursts, "idle": idle}[asked["scene"]]
    sys.stdout.write(json.dumps(asyncio.run(scene(asked, Bare if asked["bare"] else Ours))))
