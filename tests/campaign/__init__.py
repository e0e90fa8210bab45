"""Flows over real stores that are killed, cancelled or robbed of an answer at random effects.

`uv run pytest -m slow tests/campaign` runs 50 of each kind on each store, `scripts/long` 500 (see `command`).
"""
