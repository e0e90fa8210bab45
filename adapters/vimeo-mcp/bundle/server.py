"""Start the server of a desktop bundle: what `vimeo-mcp` does."""

from vimeo_toolkit.cli import mcp

if __name__ == "__main__":
    mcp()
