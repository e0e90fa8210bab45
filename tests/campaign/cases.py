"""What one run does, drawn from its store, its kind and its seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

__all__ = ["FLOWS", "KINDS", "PAIRS", "STORES", "Case", "chosen", "draw"]

STORES: Final = ("memory", "sqlite", "postgres", "redis")
KINDS: Final = ("kill", "cancel", "lost")
PAIRS: Final = [(store, kind) for store in STORES for kind in KINDS if (store, kind) != ("memory", "kill")]
"""Of a store in memory, a kill would leave nothing to look at."""
FLOWS: Final = {
    "authorize": ("first", "again", "change"),
    "refresh": ("ended", "early"),
    "upload": ("same", "settings", "account"),
    "approval": ("once",),
}
"""Each flow and its variants."""


@dataclass(frozen=True, slots=True)
class Case:
    """One run. `share` becomes the number of the effect when it is known how many there are."""

    store: str
    kind: str
    seed: int
    flow: str
    variant: str
    asynchronous: bool
    expiring: bool
    """The app's tokens expire and come with refresh tokens."""
    share: float
    when: str
    """Before, during or after the effect; for a lost answer "late": a write that is done after it was given up."""
    times: int
    """Answers that are lost in a row."""
    pause: float
    """Seconds until a strike in the midst of an effect, or until a late write."""
    loop_closes: bool
    """The cancelled caller's event loop is closed at once."""
    restart: bool
    """What was interrupted is followed up by another toolkit."""
    replay: bool
    """The callback is brought once more."""
    crowd: bool
    """Two calls find out at once that the token has to be renewed."""
    twice: float
    """Where the process after one that was killed is killed, too: a share of its effects; 0: it is not."""

    @property
    def combination(self) -> tuple[str, str, str, bool, bool, bool]:
        """What the number of effects depends on."""
        return self.store, self.flow, self.variant, self.asynchronous, self.expiring, self.crowd

    @property
    def again(self) -> str:
        """The command that repeats this run alone."""
        return f"scripts/long --store {self.store} --kind {self.kind} --seed {self.seed} --runs 1"


def draw(store: str, kind: str, seed: int) -> Case:
    """Return the case that this seed stands for."""
    dice = random.Random(f"{store} {kind} {seed}")
    flow = dice.choice(list(FLOWS))
    when = dice.choice(["before", "during", "after"])
    if kind == "lost":
        when = dice.choice(["after", "after", "late"])
    return Case(
        store=store,
        kind=kind,
        seed=seed,
        flow=flow,
        variant=dice.choice(FLOWS[flow]),
        asynchronous=dice.random() < 0.5,
        expiring=flow == "refresh" or dice.random() < 0.5,
        share=dice.random(),
        when=when,
        times=dice.choice([1, 1, 2, 3]),
        pause=dice.random() * (0.3 if kind == "lost" else 0.004),
        loop_closes=dice.random() < 0.5,
        restart=kind == "kill" or dice.random() < 0.5,
        replay=dice.random() < 0.5,
        crowd=dice.random() < 0.3,
        twice=dice.random() if kind == "kill" and dice.random() < 0.4 else 0.0,
    )


def chosen(effects: list[str], share: float) -> int:
    """Return the number of one of these effects: those that matter most come up more often."""
    weights = [_weight(each) for each in effects]
    left = share * sum(weights)
    for number, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return number
    return len(effects) - 1


def _weight(effect: str) -> int:
    if "oauth/access_token" in effect or effect.startswith(("put account", "put approval", "POST")):
        return 6
    return 1 if effect.startswith(("get", "scan")) or effect.endswith("budget") else 2
