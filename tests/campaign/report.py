"""What came of a campaign, as a page."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.campaign.cases import FLOWS, PAIRS

__all__ = ["report"]

_HEAD = """# Interrupted at random

Authorization, refresh, upload and approval, over real processes, HTTP and stores, at commit {commit}. Each run
chooses a flow, one of its effects (a request, or a use of the store), and what happens there:

- kill: the process is ended by SIGKILL before, during or after the effect, and another one goes on;
- cancel: the task is cancelled, its event loop closed, or a blocking call ended by a signal;
- lost: the effect is carried out, and its answer does not come, up to three times in a row; a write of the store
  may also be carried out only after it was given up.

After each run the next use must work, and these must hold: every token that lives at Vimeo is in the store, as an
account's own or as one to be revoked, and is revoked when the account is deleted; nothing was done for another
account; a lease that nobody holds ended within its lifetime; no approval or callback was used twice; every upload
is whole, in the account and with the settings that it was asked for. `scripts/long` writes this page.

| store | kind | runs | {flows} | struck | failed | known to Vimeo alone | told as interrupted |
|---|---|---:|{columns}---:|---:|---:|---:|
"""

_FOOT = """
Known to Vimeo alone: a token whose answer was lost, or whose receiver was killed before it could write it down; no
client can revoke it. Told as interrupted: a refresh used up its token that way, and the account said so and was
connected again.

Of {wanted} runs of each kind on each store {ran}.
"""


def report(lines: list[dict[str, Any]], commit: str, wanted: int) -> str:
    """The page, from what `command` keeps of each case."""
    flows = list(FLOWS)
    text = _HEAD.format(commit=commit, flows=" | ".join(flows), columns="---:|" * len(flows))
    short = []
    for store, kind in PAIRS:
        mine = [each for each in lines if (each["store"], each["kind"]) == (store, kind)]
        if len(mine) < wanted:
            short.append(f"{len(mine)} of {store} and {kind}")
        by_flow = Counter(each["flow"] for each in mine)
        figures = [
            len(mine),
            *(by_flow[flow] for flow in flows),
            sum(bool(each["struck"]) for each in mine),
            sum(bool(each["faults"]) for each in mine),
            sum(each["unknown"] for each in mine),
            sum(each["interrupted"] for each in mine),
        ]
        text += f"| {store} | {kind} | " + " | ".join(str(each) for each in figures) + " |\n"
    ran = f"only these ran: {', '.join(short)}" if short else "all ran"
    text += _FOOT.format(wanted=wanted, ran=ran)
    failed = [f"- `{each['again']}`: {'; '.join(each['faults'])}" for each in lines if each["faults"]]
    return text + ("\nFailed:\n\n" + "\n".join(failed) + "\n" if failed else "")
