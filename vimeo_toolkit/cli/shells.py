"""How shells set variables."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from vimeo_toolkit.cli.env_file import assignment

__all__ = ["SHELLS", "Shell", "assignments"]


class Shell(StrEnum):
    """A shell, or `dotenv` for a file of settings."""

    bash = "bash"
    zsh = "zsh"
    fish = "fish"
    powershell = "powershell"
    cmd = "cmd"
    dotenv = "dotenv"


class _Way(NamedTuple):
    line: Callable[[str, str], str]
    use: str
    """How a command's output is taken in; `{}` is the command."""


def _fish(value: str) -> str:
    # Within single quotes fish reads \\ and \' (fish-shell's documentation, "Quotes").
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


SHELLS: Final[Mapping[Shell, _Way]] = {
    Shell.bash: _Way(lambda name, value: f"export {name}={shlex.quote(value)}", 'eval "$({})"'),
    Shell.zsh: _Way(lambda name, value: f"export {name}={shlex.quote(value)}", 'eval "$({})"'),
    Shell.fish: _Way(lambda name, value: f"set -gx {name} {_fish(value)}", "{} | source"),
    Shell.powershell: _Way(
        lambda name, value: f"$Env:{name} = '{value.replace(chr(39), chr(39) * 2)}'",
        "{} | Out-String | Invoke-Expression",
    ),
    # Quotes around the whole keep the value from running into what follows it.
    Shell.cmd: _Way(lambda name, value: f'set "{name}={value}"', "for /f \"delims=\" %i in ('{}') do @%i"),
    Shell.dotenv: _Way(assignment, "{} > .env"),
}


def assignments(values: Mapping[str, str], shell: Shell) -> list[str]:
    """Return a line for each variable that sets it in this shell."""
    return [SHELLS[shell].line(name, value) for name, value in values.items()]
