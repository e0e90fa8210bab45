"""`python -m tests.mutation`: see `command`."""

from tests.mutation.command import main

if __name__ == "__main__":
    raise SystemExit(main())
