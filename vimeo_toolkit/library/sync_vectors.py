"""A sync's last step: the passages that have no vector get one, where there is an embedding model.

Each batch is kept by itself: a sync that was ended at any moment goes on from there, and one with a model goes
through what was indexed without.
"""

from __future__ import annotations

from typing import Final

from vimeo_toolkit.errors import InvalidInput
from vimeo_toolkit.library.embedding import BATCH, Embedding, NoVectors
from vimeo_toolkit.library.index import Unembedded
from vimeo_toolkit.library.sync_run import TIME, Run

__all__ = ["make_vectors"]

_MOST_IN_A_ROW: Final = 2
"""So many batches in a row that the model fails for end the work for now."""


async def make_vectors(run: Run, embedding: Embedding) -> None:
    """Make the vectors that are missing, as far as the call has time and the model answers. Nothing is raised for a
    model that fails: the words are there."""
    # To look for passages without one reads all of them: most syncs leave none.
    if not await run.call(_lacking, run, embedding):
        return
    after = in_a_row = 0
    while in_a_row < _MOST_IN_A_ROW:
        listed = await run.call(run.index.vectors_missing, embedding.name, BATCH, after)
        if not listed:
            break
        if run.api.time_left() < TIME:
            run.why = run.why or "The call's time is over."
            break
        after = listed[-1].key
        in_a_row = 0 if await run.call(_make, run, embedding, listed) else in_a_row + 1
        await run.api.progress(len(run.listed) - run.left, len(run.listed))
    run.counts.unembedded = await run.call(_lacking, run, embedding)


def _lacking(run: Run, embedding: Embedding) -> int:
    """Return how many passages have no vector of this model."""
    kept = run.index.vectors()
    return kept.passages - kept.having_of(embedding.name)


def _make(run: Run, embedding: Embedding, listed: list[Unembedded]) -> bool:
    """Make and keep the vectors of some passages; return False where the model gave none."""
    try:
        vectors = embedding.passages(listed)
        keys = [each.key for each in listed]
        kept = run.index.put_vectors(embedding.name, list(zip(keys, vectors, strict=True)))
    except NoVectors as error:
        run.why = str(error)
        return False
    except InvalidInput as error:
        run.why = error.message
        return False
    run.counts.embedded += kept
    return True
