"""Tables that the API publishes: content ratings, languages, licences."""

from __future__ import annotations

from vimeo_toolkit.sandbox.endpoints import Answer, Call, endpoint
from vimeo_toolkit.sandbox.listing import choice, page_of

RATINGS = {
    "advertisement": "Contains an advertisement",
    "drugs": "Drug/alcohol use",
    "language": "Profanity/sexually suggestive content",
    "nudity": "Nudity",
    "safe": "All audiences",
    "unrated": "Not yet rated",
    "violence": "Violence",
}
LICENSES = {
    "by": "Attribution",
    "by-nc": "Attribution-NonCommercial",
    "by-nc-nd": "Attribution-NonCommercial-NoDerivs",
    "by-nc-sa": "Attribution-NonCommercial-ShareAlike",
    "by-nd": "Attribution-NoDerivs",
    "by-sa": "Attribution-ShareAlike",
    "cc0": "Public Domain Dedication",
}
LANGUAGES = {
    "de-DE": "German",
    "en-US": "English",
    "es-ES": "Spanish",
    "fr-FR": "French",
    "it-IT": "Italian",
    "ja-JP": "Japanese",
    "pl-PL": "Polish",
    "pt-BR": "Portuguese (Brazil)",
    "sv-SE": "Swedish",
}


def _table(call: Call, name: str, table: dict[str, str], kind: str) -> Answer:
    items = list(table)
    return page_of(
        call, items, lambda code: {"uri": f"/{name}/{code}", "code": code, "name": table[code]}, kind
    )


@endpoint("GET", "/contentratings")
def list_ratings(call: Call) -> Answer:
    return _table(call, "contentratings", RATINGS, "content.rating")


@endpoint("GET", "/creativecommons")
def list_licenses(call: Call) -> Answer:
    return _table(call, "creativecommons", LICENSES, "creative.commons")


@endpoint("GET", "/languages")
def list_languages(call: Call) -> Answer:
    choice(call, "filter", ("audiotracks", "texttracks"))
    return _table(call, "languages", LANGUAGES, "language")
