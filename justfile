# What contributors run, by `uv run just RECIPE`: the program comes with the development environment.

# List what there is
default:
    @just --list

# Run all default tests, or those of the paths given, in this process
test *paths:
    uv run pytest {{ if paths == "" { "" } else { "-n 0 " + paths } }}

# Run the tests of a module, by the table in CONTRIBUTING.md
test-for +modules:
    uv run pytest -n 0 $(uv run python -m tests.relevant {{ modules }})

# Run the slow tests, or those of the paths given
slow *paths:
    uv run --all-groups pytest -m slow {{ paths }}

# Run lint, format and types
check:
    uv run ruff check .
    uv run ruff format --check .
    uv run mypy
    uv run python scripts/generate_blocking.py --check

# Mend what lint and format can mend, and write the blocking methods anew
fix:
    uv run python scripts/generate_blocking.py
    uv run ruff check --fix .
    uv run ruff format .

# Build the documentation into site/
docs:
    uv run --group docs python -m scripts.docs

# Run the notebooks, all or those of the paths given, and keep what they show
notebooks *paths:
    uv run --group notebooks python scripts/run_notebooks.py {{ paths }}

# Measure, all or some sections; `just bench --help` lists them
bench *sections:
    uv run --group benchmarks python -m benchmarks {{ sections }}

# Run all default tests so many times, each in another order, and stop at the first failure
shuffled times="20":
    for run in $(seq {{ times }}); do uv run pytest -q -p randomly || exit 1; done
