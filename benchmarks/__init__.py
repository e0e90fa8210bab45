"""What the toolkit costs, as ratios to a floor that is measured in the same run.

uv run --group benchmarks python -m benchmarks --help
"""
