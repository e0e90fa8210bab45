"""What the example is started with: a sandbox with two people's libraries, a model, a port."""

from __future__ import annotations

import os
import socket
import sys
from datetime import timedelta

from langchain_core.language_models import BaseChatModel

from vimeo_toolkit import Connection, VimeoToolkit
from vimeo_toolkit.sandbox import Sandbox

__all__ = ["chat_model", "listening", "sandbox_toolkit"]

SCOPES = ("public", "private", "stats")
PEOPLE = {
    "Ana Lind": (
        "Harbour at dawn",
        "Making of the harbour film",
        "Ice on the quay",
        "Nets and knots",
        "Three lighthouses",
        "The last ferry",
    ),
    "Ben Okoye": (
        "Night trains",
        "Interview with a conductor",
        "Platform nine",
        "Signals in the fog",
        "Timetable",
    ),
}
"""Who has an account at the sandbox beside its own users, and their videos, the newest first."""


def sandbox_toolkit(vimeo: Sandbox, redirect_uri: str) -> VimeoToolkit:
    """A toolkit over a sandbox in which each customer has a Vimeo account of their own."""
    for person, names in PEOPLE.items():
        vimeo.add_user(
            person,
            videos=[
                {
                    "name": name,
                    "plays": 640 // place,
                    "created": vimeo.clock.now() - timedelta(days=20 * place),
                }
                for place, name in enumerate(names, 1)
            ],
        )
    vimeo.app.redirect_uris.append(redirect_uri)
    connection = Connection(
        client_id=vimeo.app.client_id,
        client_secret=vimeo.app.client_secret,
        redirect_uri=redirect_uri,
        scopes=SCOPES,
        api_url=vimeo.url,
    )
    return VimeoToolkit([connection], store="sqlite:///:memory:", approval="destructive")


def chat_model() -> BaseChatModel | None:
    """The model that CHAT_MODEL names, such as `openai:gpt-5`."""
    name = os.environ.get("CHAT_MODEL")
    if not name:
        return None
    from langchain.chat_models import init_chat_model

    try:
        return init_chat_model(name)
    except ImportError as missing:
        sys.exit(f"CHAT_MODEL is {name}: install {(missing.name or 'its package').replace('_', '-')}.")
    except Exception as error:  # each provider has errors of its own, whose texts may quote a key
        sys.exit(
            f"The model {name} could not be made ({type(error).__name__}). CHAT_MODEL is PROVIDER:NAME, such as "
            "openai:gpt-5, and the provider's key has to be set."
        )


def listening(given: str) -> socket.socket:
    """A socket on this port of this machine, before anything else is started."""
    if not given.isascii() or not given.isdigit() or not 0 <= int(given) < 65536:
        sys.exit(f"PORT is {given!r}. Give a number between 1 and 65535, or 0 for any free port.")
    try:
        return socket.create_server(("127.0.0.1", int(given)))
    except OSError as error:
        sys.exit(
            f"Port {given} cannot be used: {(error.strerror or 'it is taken').lower()}. "
            "Stop what uses it, or take another one: PORT=8001, or PORT=0 for any free one."
        )
