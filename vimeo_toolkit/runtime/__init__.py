"""The only code that does I/O: one blocking and one asynchronous driver for the same flows."""
