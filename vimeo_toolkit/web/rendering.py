"""HTML pages and their headers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

from starlette.responses import HTMLResponse, Response

from vimeo_toolkit.errors import ConfigurationError, MissingExtra

__all__ = ["HEADERS", "PageTemplates"]

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_OWN: Final = Path(__file__).with_name("pages")


class PageTemplates:
    """The templates, with the operator's folder in front of the package's own.

    Raises:
        ConfigurationError: the folder does not exist.
        MissingExtra: jinja2 is not installed.
    """

    def __init__(self, folder: str | os.PathLike[str] | None, brand: str) -> None:
        try:
            import jinja2  # the webhook receiver does without
        except ImportError:
            raise MissingExtra("connect_app", "jinja2", "web") from None
        if folder is not None and not Path(folder).is_dir():
            raise ConfigurationError(
                "The templates folder of connect_app does not exist.",
                hint="Give a folder with files named as those of vimeo_toolkit/web/pages, or leave it out.",
            )
        places = [_OWN] if folder is None else [Path(folder), _OWN]
        self._jinja = jinja2.Environment(
            loader=jinja2.FileSystemLoader(places), autoescape=True, undefined=jinja2.StrictUndefined
        )
        self._brand = brand
        style = next(place / "style.css" for place in places if (place / "style.css").is_file())
        self._style = style.read_bytes()

    def html(self, template: str, status: int = 200, **values: Any) -> Response:
        text = self._jinja.get_template(template).render(brand=self._brand, **values)
        return HTMLResponse(text, status, headers=HEADERS)

    def style(self) -> Response:
        headers = {**HEADERS, "Cache-Control": "no-cache"}
        return Response(self._style, media_type="text/css", headers=headers)

    def words(self, text: str) -> str:
        return text.replace("{brand}", self._brand)
