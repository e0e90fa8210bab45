"""Bring the index of a user's library up to date.

First the library is listed, a request for each hundred videos, and what the list shows is in the index at once
(`sync_taking`). Then the words are read of those videos whose stamp says that they may be others, the newest first
(`sync_reading`). `sync_run` is what a sync knows while it is at work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.ids import normalized
from vimeo_toolkit.errors import InvalidInput, RateLimited, VimeoUnavailable
from vimeo_toolkit.library.embedding import Embedding
from vimeo_toolkit.library.index import Index
from vimeo_toolkit.library.sync_reading import asked_meanwhile, due, read_words, to_recheck
from vimeo_toolkit.library.sync_report import SyncOptions, SyncReport
from vimeo_toolkit.library.sync_run import Pause, Run
from vimeo_toolkit.library.sync_taking import list_library, look_up
from vimeo_toolkit.library.sync_vectors import make_vectors
from vimeo_toolkit.runtime.ports import IO

__all__ = ["sync"]

_FULL_FOR: Final = 86_400.0
"""Seconds after which a full sync that was broken off begins anew."""
_WAITS: Final = 4
"""Seconds to wait for another caller: one that died loses its lease within three."""

DEFAULTS: Final = SyncOptions()


async def sync(
    api: Api,
    io: IO,
    index: Index,
    options: SyncOptions = DEFAULTS,
    embedding: Embedding | None = None,
) -> SyncReport:
    """Bring an index up to date, as far as the call's time and the user's limit allow.

    Listing is one request for each hundred videos; each whose words may be others, two more. Only one caller works
    on a library; to the others it is reported how far that one is.

    Args:
        api: sends for the user whose library it is, and is told the progress (`progress`).
        io: what is acted through.
        index: of that user's library.
        options: what is looked at.
        embedding: makes vectors of the passages, after their words are there.

    Raises:
        InvalidInput: one of the options is wrong.
        AccountError: the account cannot be used (any more).
        VimeoUnavailable: Vimeo does not answer, and nothing was done.
        StoreError: the index cannot be written, or was deleted meanwhile.
    """
    uris = _checked(options)
    identity = api.account.identity
    name = f"library {identity.connection_name} {identity.digest}"
    for waited in range(_WAITS + 1):
        async with io.lease(name) as mine:
            if mine:
                return await _synced(Run(api, io, index, options), uris, embedding)
        if waited < _WAITS:
            await api.sleep(1.0)

    def asked() -> Mapping[str, Any]:
        if uris is not None:  # the one that works looks at its end whether something was asked for meanwhile
            index.checked(uris, 0.0)
        return index.state()

    state = await io.call(asked)
    return SyncReport(
        elsewhere=True,
        done=state.get("done", 0),
        of=state.get("of", 0),
        why="Another call is bringing this library up to date right now.",
    )


def _checked(options: SyncOptions) -> list[str] | None:
    if not 0.0 <= options.recheck <= 1.0:
        raise InvalidInput(
            "recheck must be 0 to 1.", hint="It is a share of the library: 0.05 is one in twenty."
        )
    if options.videos is None:
        return None
    try:
        numbers = [normalized("video", video).partition(":")[0] for video in options.videos]
    except ValueError as error:
        raise InvalidInput(f"videos: {error}", hint="Pass numbers, URIs or links of videos.") from None
    return list(dict.fromkeys(f"/videos/{number}" for number in numbers))


async def _synced(run: Run, uris: Sequence[str] | None, embedding: Embedding | None) -> SyncReport:
    """Do the work, and note how far it came.

    Args:
        run: the sync.
        uris: the only videos that are looked at.
        embedding: makes vectors of the passages.
    """
    started = run.io.monotonic()
    run.known, run.state = await run.call(lambda: (run.index.stamps(), dict(run.index.state())))
    complete = False
    try:
        await (_whole_library(run) if uris is None else _those(run, uris))
        complete = True
    except Pause as pause:
        run.why = str(pause)
    except RateLimited as error:
        run.why = f"{error.message} {error.hint}"
    except VimeoUnavailable as error:
        if run.counts.requests <= 1:
            raise
        run.why = error.message
    finally:
        run.ended = True
    await run.note(ended=complete)
    if embedding is not None:
        await make_vectors(run, embedding)
    return run.report(complete=complete, seconds=run.io.monotonic() - started)


async def _whole_library(run: Run) -> None:
    first, since, now = run.first, run.state.get("full"), run.api.now()
    if run.options.full and not (since and now - since < _FULL_FOR):
        since = run.state["full"] = now
    await list_library(run)
    asked = due(run, since)
    again = [] if first else to_recheck(run, asked)
    run.left = len(asked)
    await run.note()
    await run.api.progress(len(run.listed) - run.left, len(run.listed))
    await read_words(run, asked)
    run.counts.rechecked = len(again)
    await read_words(run, again)
    while asked := await run.call(asked_meanwhile, run):
        await read_words(run, asked)


async def _those(run: Run, uris: Sequence[str]) -> None:
    """Look at some videos alone, and read them again."""
    unknown = [uri for uri in uris if uri not in run.known]
    await look_up(run, uris, again=True)
    run.unread([uri for uri in unknown if uri not in run.listed], "It is not one of the user's videos.")
    asked = due(run)
    run.left = len(asked)
    await read_words(run, asked)
