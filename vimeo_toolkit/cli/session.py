"""What one command runs with: its settings, its toolkit, and whether it prints JSON."""

from __future__ import annotations

import functools
import inspect
import shlex
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar, get_type_hints

import typer

from vimeo_toolkit import NotConnected, VimeoToolkit
from vimeo_toolkit.cli.failures import shown_failures
from vimeo_toolkit.cli.output import notice
from vimeo_toolkit.settings import Settings, read_settings
from vimeo_toolkit.settings.places import shown_store, store_file
from vimeo_toolkit.settings.showing import mistyped

__all__ = ["As", "AsJson", "ConnectionName", "EnvFile", "Options", "Session", "command", "session"]

Function = TypeVar("Function", bound=Callable[..., Any])

EnvFile = Annotated[
    Path | None,
    typer.Option("--env-file", help="Read the settings from this file instead of .env.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output, for errors too.")]
As = Annotated[str, typer.Option("--as", help="The user who calls.")]
ConnectionName = Annotated[str, typer.Option("--connection", help="The connection's name.")]


class Options(NamedTuple):
    """What was given before the command's name: the same options may stand there."""

    env_file: Path | None = None
    as_json: bool = False


_current: ContextVar[Session] = ContextVar("session")


def session() -> Session:
    """Return the session of the command that runs."""
    return _current.get()


class Session:
    """One command's settings and toolkit. The toolkit is closed when the command ends."""

    def __init__(self, env_file: Path | None = None, as_json: bool = False) -> None:
        self.env_file = env_file
        self.as_json = as_json
        self._ends = ExitStack()
        self._settings: Settings | None = None

    @property
    def settings(self) -> Settings:
        """The settings, read at the first use.

        Raises:
            ConfigurationError: they cannot be read, or one cannot work.
        """
        if self._settings is None:
            self._settings = read_settings(env_file=self.env_file)
            for sentence in mistyped(self._settings.unknown):
                notice(sentence)
        return self._settings

    def toolkit(self, *, new_store: bool = False, **rules: Any) -> VimeoToolkit:
        """Return a toolkit of these settings, with these rules, if any.

        Args:
            new_store: a store that is not there yet is made.

        Raises:
            NotConnected: the store is a file that is not there.
            ConfigurationError: something of the settings cannot work.
        """
        settings = self.settings
        url = settings.store()
        if not new_store:
            self.require_store(url)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            made = VimeoToolkit(
                [settings.connection()],
                store=url,
                key=settings.key(),
                library=settings.library(),
                **rules,
            )
        for warning in caught:
            if issubclass(warning.category, UserWarning):
                # Only the sentence: the line of code is useless to a user of the command line.
                notice(str(warning.message))
        return self._ends.enter_context(made)

    def require_store(self, url: str) -> None:
        """Refuse a store that is a file and is not there: to look into a new one makes no sense.

        Raises:
            NotConnected: it is so.
        """
        file = store_file(url)
        if file is not None and not file.exists():
            raise NotConnected(
                f"No account is connected: there is no account store at {file}.",
                hint=f"Connect one, which makes the store: {self.quoted('connect', '--token')}. If there is one "
                "elsewhere, name it in VIMEO_TOOLKIT_STORE.",
            )

    def command(self, *arguments: str) -> str:
        """Return a command line that works with the same settings as this one."""
        named = [] if self.env_file is None else ["--env-file", str(self.env_file)]
        return shlex.join(["vimeo-toolkit", *named, *arguments])

    def quoted(self, *arguments: str) -> str:
        """Return a command line as part of a sentence."""
        return f"`{self.command(*arguments)}`"

    def where(self) -> str:
        """Return a sentence about the settings and the store that are used."""
        return f"{self.settings.summary()} Accounts are in {shown_store(self.settings.store())}."

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._ends.close()


def command(app: typer.Typer, name: str | None = None, **more: Any) -> Callable[[Function], Function]:
    """Declare a command that also takes `--env-file` and `--json`, and whose errors are shown, not raised."""

    def declare(function: Function) -> Function:
        app.command(name, **more)(_with_session(function))
        return function

    return declare


def _with_session(function: Callable[..., Any]) -> Callable[..., Any]:
    hints = get_type_hints(function, include_extras=True)
    hints.pop("return", None)

    @functools.wraps(function)
    def run(*, ctx: typer.Context, env_file: Path | None, as_json: bool, **given: Any) -> None:
        before = ctx.find_root().obj or Options()
        made = Session(env_file or before.env_file, as_json or before.as_json)
        token = _current.set(made)
        try:
            with shown_failures(made), made:
                function(**given)
        finally:
            _current.reset(token)

    parameters = [
        inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context),
        *(
            parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[parameter.name])
            for parameter in inspect.signature(function).parameters.values()
        ),
        inspect.Parameter("env_file", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=EnvFile),
        inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=AsJson),
    ]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del run.__wrapped__
    return run
