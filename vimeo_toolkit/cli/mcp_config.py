"""The configuration that starts the MCP server from any folder, to be pasted into a client."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from vimeo_toolkit.cli.session import Session
from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.settings import ENV_FILE, IN_KEYRING
from vimeo_toolkit.settings.places import absolute_store, shown_store

__all__ = ["client_config"]

_SECRET = ("VIMEO_TOOLKIT_KEY", "VIMEO_CLIENT_SECRET")


def client_config(session: Session, identifier: str, *options: str) -> dict[str, Any]:
    """Return the configuration of an MCP client (`mcpServers`) that serves this user with these settings.

    Command and file are absolute: a desktop client starts it in a folder of its own, with an environment of its
    own. No secret is in it.

    Raises:
        ConfigurationError: a secret that is needed is in this environment alone.
    """
    settings = session.settings
    command, arguments = _command()
    variables: dict[str, str] = {}
    if settings.file is not None:
        arguments += ["--env-file", str(settings.file)]
    else:
        variables[ENV_FILE] = ""  # a `.env` in the client's folder is not ours
    for setting in settings.found:
        if setting.file is None and setting.name not in _SECRET:
            variables[setting.name] = setting.value.reveal()
    if settings.file is None or "VIMEO_TOOLKIT_STORE" in variables:
        store = absolute_store(settings.store(), Path.cwd())
        if shown_store(store) != store:
            raise _in_the_environment_alone("VIMEO_TOOLKIT_STORE")
        variables["VIMEO_TOOLKIT_STORE"] = store
    key = settings.of("VIMEO_TOOLKIT_KEY")
    if key is not None and key.file is None:
        if not all(part.startswith(IN_KEYRING) for part in key.value.reveal().split()):
            raise _in_the_environment_alone("VIMEO_TOOLKIT_KEY")
        variables[key.name] = key.value.reveal()
    entry: dict[str, Any] = {
        "command": command,
        "args": [*arguments, "mcp", "--identifier", identifier, *options],
    }
    if variables:
        entry["env"] = variables
    return {"mcpServers": {"vimeo": entry}}


def _command() -> tuple[str, list[str]]:
    """Return what starts this program, whatever the folder and the search path are.

    `-P` keeps modules of the client's folder out. An environment of uvx is thrown away some day, so there uvx
    itself is the command.
    """
    runner = shutil.which("uvx")
    if runner is not None and any(
        part.startswith(("archive-v", "environments-v")) for part in Path(sys.prefix).parts
    ):
        return runner, ["--from", "vimeo-toolkit[cli,mcp]", "vimeo-toolkit"]
    return sys.executable, ["-P", "-m", "vimeo_toolkit.cli"]


def _in_the_environment_alone(name: str) -> ConfigurationError:
    return ConfigurationError(
        f"{name} is in this shell's environment alone, and is a secret: an MCP client would not have it, and it is "
        "not printed.",
        hint=f"Write the line {name}=… into a file, and name it: vimeo-toolkit mcp --print-config --env-file FILE",
    )
