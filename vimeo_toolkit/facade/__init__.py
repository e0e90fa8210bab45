"""The public methods of `VimeoToolkit`: each is written once, asynchronously; `_blocking.py` is generated."""
