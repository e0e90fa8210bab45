"""From the option `library=` to the indexes it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.settings.places import IN_STORE, store_file
from vimeo_toolkit.stores.protocol import Store

if TYPE_CHECKING:
    from vimeo_toolkit.library.embedding import Embedding
    from vimeo_toolkit.library.index import Libraries

__all__ = ["FORMS", "open_embedding", "open_libraries"]

FORMS: Final = '"sqlite:///FOLDER", or "store" where the store is a PostgreSQL database'


def open_libraries(library: str | Libraries | None, store: Store) -> Libraries | None:
    """Return the indexes that the option names; None where it is None. Nothing is opened yet.

    Args:
        library: a folder's URL, "store", or an object of one's own.
        store: where the accounts are.

    Raises:
        ConfigurationError: there cannot be any there.
    """
    if library is None or (not isinstance(library, str) and hasattr(library, "discard")):
        return library
    if not isinstance(library, str):
        raise ConfigurationError(
            f"library= is not a URL: it is a {type(library).__name__}.",
            hint=f"Use library={FORMS}: the words of each user are in a file of that folder.",
        )
    if library == IN_STORE:
        return _in_store(store)
    path = store_file(library)
    # It may be a connection string with a password in it, and a traceback's locals are often logged.
    del library
    if path is None:
        raise ConfigurationError(
            "The library's place is not the URL of a folder.",
            hint=f"Use library={FORMS}: the words of each user are in a file of that folder.",
        )
    if path.is_file():
        raise ConfigurationError(
            f"The library's place is a file: {path}.",
            hint='Name a folder, such as library="sqlite:///vimeo_library"; it is made if it is not there.',
        )
    from vimeo_toolkit.library.sqlite_libraries import SqliteLibraries

    return SqliteLibraries(path)


def open_embedding(model: Any, name: str | None, libraries: Libraries | None) -> Embedding | None:
    """Return the model that the options `embed` and `embed_name` give; None where there is none.

    Args:
        model: an object of LangChain's or LlamaIndex's; see `embedding.embedding_of`.
        name: of the model.
        libraries: where its vectors are kept.

    Raises:
        ConfigurationError: it is something else, or there is no library to keep its vectors.
    """
    if model is None and name is None:
        return None
    if libraries is None:
        raise ConfigurationError(
            "embed= compares what is in users' libraries, and this toolkit keeps none.",
            hint=f"Pass library=, too: {FORMS}.",
        )
    from vimeo_toolkit.library.embedding import embedding_of

    return embedding_of(model, name)


def _in_store(store: Store) -> Libraries:
    try:
        from vimeo_toolkit.library.postgres_libraries import PostgresLibraries
        from vimeo_toolkit.stores.postgres import PostgresStore
    except ImportError:  # without its driver there is no such store
        pass
    else:
        if isinstance(store, PostgresStore):
            return PostgresLibraries(store)
    raise ConfigurationError(
        'Libraries in the store ("store") need a PostgreSQL store.',
        hint='Use library="sqlite:///FOLDER", a folder in which each user has a file.',
    )
