"""Read the settings of the environment and of a file, and refuse those that would be dangerous."""

from __future__ import annotations

import io
import logging
import os
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from vimeo_toolkit.errors import ConfigurationError
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.settings.places import IN_STORE, is_local_store, is_vimeo_or_local
from vimeo_toolkit.settings.showing import OTHER_NAMES, mistyped
from vimeo_toolkit.settings.table import SETTINGS, Setting, Settings

__all__ = ["ENV_FILE", "read_settings", "variables_of"]

ENV_FILE: Final = "VIMEO_ENV_FILE"
"""The variable that names the file; set and empty, no file is read."""

_PREFIX: Final = "VIMEO_"
_OWN_PREFIX: Final = "VIMEO_TOOLKIT_"
_MUST_BE_FULL: Final = {"VIMEO_TOOLKIT_STORE": "the store's URL", "VIMEO_TOOLKIT_KEY": "the encryption key"}
"""Settings that must not be empty: an empty one would mean another place or another key than the operator
wanted."""
_ASSIGNED: Final = re.compile(r"\s*(?:export[ \t]+)?['\"]?(VIMEO_[A-Z_]+)\b")
_LARGEST: Final = 1_000_000
"""Bytes of a file that are read."""
_USUAL: Final = 16_384
"""Bytes that are read first: making room for the most takes longer than everything else here."""

_log = logging.getLogger("vimeo_toolkit.settings")
_told: set[str] = set()
_parsed_before: dict[bytes, tuple[Mapping[str, Secret], str]] = {}
"""Digest of the content that was parsed last → what came of it."""


def variables_of(environ: Mapping[str, str] | None) -> dict[str, Secret] | None:
    """Return the variables that may be settings, so that no frame needs to hold the others; None for None."""
    if environ is None:
        return None
    return {name: Secret.of(value) for name, value in environ.items() if name.startswith(_PREFIX)}


def read_settings(
    variables: Mapping[str, Secret] | None = None, *, env_file: str | os.PathLike[str] | None = None
) -> Settings:
    """Return the settings of the environment and of a file; a variable of the environment goes first.

    Args:
        variables: instead of the process's own (see `variables_of`): then the working folder's `.env` is not read.
        env_file: the file to read. Without it the variable VIMEO_ENV_FILE names one, or is empty for none;
            without that it is `.env` of the working folder, if that is there.

    Raises:
        ConfigurationError: the file is not there or cannot be read, a setting is empty that must not be, or a
            file that nobody named would send tokens to another machine.
    """
    given = variables if variables is not None else variables_of(os.environ) or {}
    named = os.fspath(env_file) if env_file is not None else _revealed(given.get(ENV_FILE))
    file = _named(named) if named else None
    if named is None and variables is None:
        file = _found()
    settings = _merged(given, file, named is not None)
    for name, meaning in _MUST_BE_FULL.items():
        setting = settings.of(name)
        if setting is not None and not setting.value.reveal().strip():
            raise ConfigurationError(
                f"{name} is empty {setting.place}: {meaning} is empty.",
                hint=f"Give it its value, or remove it (in a shell: unset {name}). No new key was made: it would "
                "not open what another one sealed.",
            )
    if file is not None and named is None:
        _refuse_strangers(settings)
    _tell(settings)
    return settings


def _revealed(value: Secret | None) -> str | None:
    return None if value is None else value.reveal()


def _found() -> Path | None:
    """Return the working folder's `.env`. A folder of this name, as some name a virtual environment, is not one."""
    try:
        path = Path(".env").absolute()
        owner = path.stat().st_uid if path.is_file() else None
    except OSError:  # the working folder was deleted, or may not be read
        return None
    if owner is None:
        return None
    if hasattr(os, "geteuid") and owner not in (os.geteuid(), 0):
        raise ConfigurationError(
            f"{path} belongs to another user of this machine, so it was not read.",
            hint=f"If its settings are yours, name it: --env-file .env, or {ENV_FILE}=.env. Otherwise work in "
            f"another folder, or set {ENV_FILE} to nothing.",
        )
    return path


def _named(path: str) -> Path:
    file = Path(path).expanduser().absolute()
    if file.is_dir() or not file.exists():
        what = "is a folder" if file.is_dir() else "does not exist"
        # `init` makes no folder.
        made = file if file.parent.is_dir() and not file.is_dir() else "vimeo.env"
        raise ConfigurationError(
            f"The file of settings {file} {what}.",
            hint=f"Name another with --env-file or {ENV_FILE}, or make one: vimeo-toolkit init --file {made}",
        )
    return file


def _merged(given: Mapping[str, Secret], file: Path | None, named: bool) -> Settings:
    inside = _of_file(file) if file is not None else {}
    found = []
    for name in SETTINGS:
        if name in given:
            setting = Setting(name, given[name], None)
        elif name in inside:
            setting = Setting(name, inside[name], file)
        else:
            continue
        if name in _MUST_BE_FULL or setting.value.reveal().strip():
            found.append(setting)
    known = {*SETTINGS, *OTHER_NAMES}
    unknown = sorted(name for name in {*given, *inside} if name.startswith(_OWN_PREFIX) and name not in known)
    return Settings(tuple(found), file, named, tuple(unknown))


def _of_file(file: Path) -> Mapping[str, Secret]:
    found: Mapping[str, Secret] = {}
    problem = ""
    try:
        found, problem = _parsed(file)
    except UnicodeError:
        problem = "is not UTF-8"
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
    if problem:
        raise ConfigurationError(
            f"The file of settings {file} {problem}.",
            hint='Write lines such as VIMEO_SCOPES="public private", in UTF-8, readable by this process.',
        )
    return found


def _parsed(file: Path) -> tuple[Mapping[str, Secret], str]:
    """Return the variables of a file that may be settings, and what is wrong with the file, or an empty text.

    Raises:
        OSError: it cannot be read.
        UnicodeError: it is not UTF-8.
    """
    with file.open("rb") as opened:
        content = opened.read(_USUAL)
        if len(content) == _USUAL:
            content += opened.read(_LARGEST - _USUAL)
    # `get_tools()` asks at each call. The content and not the file's time says whether it has changed: two changes
    # may have the same time, and some network drives tell times late.
    digest = sha256(content).digest()
    before = _parsed_before.get(digest)
    if before is None:
        before = _parsed_text(content.decode("utf-8-sig"))
        _parsed_before.clear()
        _parsed_before[digest] = before
    return before


def _parsed_text(text: str) -> tuple[dict[str, Secret], str]:
    from dotenv.parser import parse_stream

    found: dict[str, Secret] = {}
    # As a file that is opened as text has its lines.
    for binding in parse_stream(io.StringIO(text, newline=None)):
        if binding.error or (binding.key in SETTINGS and binding.value is None):
            broken = _ASSIGNED.match(binding.original.string)
            if broken is not None and broken[1] in SETTINGS:
                return {}, f"has a line that is not NAME=value: line {binding.original.line}, {broken[1]}"
        elif binding.key is not None and binding.key.startswith(_PREFIX) and binding.value is not None:
            found[binding.key] = Secret(binding.value)
    return found, ""


def _refuse_strangers(settings: Settings) -> None:
    """Refuse settings of a found `.env` that say where tokens go: a `.env` comes with any folder, a downloaded
    one too."""
    for name, allowed in (
        ("VIMEO_API_URL", is_vimeo_or_local),
        ("VIMEO_TOOLKIT_STORE", is_local_store),
        ("VIMEO_TOOLKIT_LIBRARY", lambda url: url == IN_STORE or is_local_store(url)),
    ):
        setting = settings.of(name)
        if setting is not None and setting.file is not None and not allowed(setting.value.reveal()):
            raise ConfigurationError(
                f"{name} of {setting.file} leads to another machine, and nobody named that file: it was only found "
                "in the working folder. Tokens could go to strangers, so nothing was done.",
                hint=f"If the file is yours, name it: --env-file .env, or {ENV_FILE}=.env; or set {name} in the "
                "environment.",
            )


def _tell(settings: Settings) -> None:
    """Log which settings are used, and names that look mistyped: each sentence once a process."""
    for level, sentence in [
        (logging.INFO, settings.summary()),
        *((logging.WARNING, each) for each in mistyped(settings.unknown)),
    ]:
        if sentence not in _told:
            _told.add(sentence)
            _log.log(level, "%s", sentence)
