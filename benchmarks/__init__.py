"""What the toolkit costs, as ratios to a floor that is measured in the same run: `uv run python -m benchmarks`."""
