"""`python -m vimeo_toolkit.cli` is the same as `vimeo-toolkit`."""

from vimeo_toolkit.cli import main

main()
