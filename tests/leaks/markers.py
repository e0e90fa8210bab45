"""Secrets that can be recognised in any form, and the places where they are looked for."""

from __future__ import annotations

import base64
import copy
import dataclasses
import json
import logging
import pickle
import traceback
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

__all__ = ["PASSWORD", "TOKEN", "Evidence", "forms"]

TOKEN = "LeakMarker7Q"
"""Part of every planted token, code, verifier, client secret, webhook secret and encryption key."""

PASSWORD = "LeakPassw0rd"
"""Part of the passwords, which a model passes itself: frameworks hold its message, we must not repeat it."""


def forms(marker: str) -> list[str]:
    """The marker in clear, in hex, and in base64 at each of the three places that it can have in a triple
    (which covers the pair of HTTP Basic)."""
    found = [marker, marker.encode().hex()]
    for shift in range(3):
        text = base64.b64encode(b"x" * shift + marker.encode()).decode().rstrip("=")
        found.append(text[4 if shift else 0 : -2])
    # An encryption key is base64 itself: its bytes.
    raw = base64.b64decode(marker)
    found += [repr(raw)[2:-1], raw.decode("latin-1")]
    return found


_FORMS = {marker: forms(marker) for marker in (TOKEN, PASSWORD)}


class Evidence(logging.Handler):
    """Collects texts by the place where they were seen."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.leaks: list[str] = []
        self.seen: dict[str, int] = {}

    def look(self, where: str, value: object, *markers: str) -> None:
        """Search `value`, text or bytes or anything with a `repr`."""
        text = (
            value
            if isinstance(value, str)
            else value.decode("latin-1")
            if isinstance(value, bytes)
            else repr(value)
        )
        kind = where.split(":")[0]
        self.seen[kind] = self.seen.get(kind, 0) + 1
        for marker in markers or (TOKEN, PASSWORD):
            for form in _FORMS[marker]:
                if form in text:
                    place = text.index(form)
                    self.leaks.append(f"{where}: …{text[max(0, place - 80) : place + 40]!r}")

    def emit(self, record: logging.LogRecord) -> None:
        self.look(f"log:{record.name}", record.getMessage())
        self.look(f"log:{record.name}", repr(record.args))
        if record.exc_info and record.exc_info[1]:
            self.exception(f"log:{record.name}", record.exc_info[1])

    def exception(self, where: str, error: BaseException) -> None:
        """The error, its whole chain (suppressed links, too), and the locals of all frames."""
        for link in _chain(error):
            for view in (repr(link), str(link), vars(link), link.args):
                self.look(f"exception:{where}", view)
            shown = traceback.TracebackException.from_exception(link, capture_locals=True)
            for frame in shown.stack:
                if "/tests/" in frame.filename or "/_pytest/" in frame.filename:
                    continue  # the caller's own, which has to know what it passes
                if frame.filename.endswith("/typer/testing.py") or "/click/" in frame.filename:
                    continue  # what was typed on a command line is on it already
                # By the package: an environment may lie in a folder with "vimeo" in its name.
                foreign = "/site-packages/" in frame.filename or "/cli/" in frame.filename
                ours = "vimeo" in frame.filename and not foreign
                for name, text in (frame.locals or {}).items():
                    place = f"frame:{where} {frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}.{name}"
                    self.look(place, text, *(() if ours else (TOKEN,)))

    def thing(self, where: str, value: Any) -> None:
        """A public object: what it shows, and what copies and dumps of it show."""
        self.look(f"object:{where}", repr(value))
        self.look(f"object:{where}", str(value))
        self.look(f"object:{where}", format(value))
        if hasattr(value, "__dict__"):
            self.look(f"object:{where}", repr(vars(value)))
        for name in getattr(type(value), "__slots__", ()) or ():
            if not name.startswith("_") and hasattr(value, name):
                self.look(f"object:{where}", repr(getattr(value, name)))
        if isinstance(value, BaseModel):
            self.look(f"dump:{where}", repr(value.model_dump()))
            self.look(f"dump:{where}", repr(dict(value)))
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            self.look(f"dump:{where}", repr(_or_refused(dataclasses.asdict, value)))
        if hasattr(value, "to_dict"):
            self.look(f"dump:{where}", json.dumps(value.to_dict()))
        self.look(f"copy:{where}", repr(_or_refused(copy.deepcopy, value)))
        self.look(f"pickle:{where}", _or_refused(pickle.dumps, value) or b"")


def _or_refused(function: Any, value: Any) -> Any:
    try:
        return function(value)
    except (TypeError, AttributeError, pickle.PicklingError):
        return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        link = waiting.pop()
        if link is None or id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        waiting += [link.__cause__, link.__context__]
