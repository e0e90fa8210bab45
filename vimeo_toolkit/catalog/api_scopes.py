"""Which scopes a method and path of the API need, as far as its OpenAPI document says so.

Where the document names none for an operation, nothing is known: Vimeo decides. A test compares the table with the
document's facts (`tests/contract/facts.json`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

__all__ = ["scopes_of_route"]

_TABLE: Final = """
/channels POST=create
/channels/* DELETE=delete PATCH=edit
/channels/*/categories/* DELETE,PUT=edit
/channels/*/moderators DELETE,PATCH,PUT=edit
/channels/*/moderators/* DELETE,PUT=edit
/channels/*/privacy/users PUT=edit
/channels/*/privacy/users/* DELETE,PUT=edit
/channels/*/tags PUT=edit
/channels/*/tags/* DELETE,PUT=edit
/channels/*/videos DELETE,PUT=edit
/channels/*/videos/* DELETE,PUT=edit
/channels/*/videos/*/comments POST=interact
/channels/*/videos/*/pictures POST=upload
/channels/*/videos/*/privacy/users PUT=edit
/channels/*/videos/*/texttracks POST=upload
/destination/* DELETE,GET,PATCH=public
/groups POST=create
/groups/* DELETE=delete
/groups/*/videos/* DELETE,PUT=edit
/live_events POST=create DELETE=delete
/live_events/* DELETE=delete+private PATCH=edit+private GET=private
/live_events/*/activate POST=create+private
/live_events/*/auto_cc PATCH=private
/live_events/*/end POST=create+private
/live_events/*/low_latency PATCH=private
/live_events/*/pictures GET=private POST=private+upload
/live_events/*/pictures/* DELETE=delete+private PATCH=edit+private GET=private
/live_events/*/privacy/domains PUT=edit+private GET=private
/live_events/*/videos DELETE,POST=edit+private GET=private
/live_events/*/videos/* GET=private
/me/albums POST=create
/me/ondemand/purchases/* GET=purchased
/me/payment_methods/* GET=public
/me/projects/*/items DELETE=interact
/me/watched/videos DELETE=delete GET=private
/me/watched/videos/* DELETE=delete
/ondemand/pages/* DELETE=delete PATCH=edit
/ondemand/pages/*/backgrounds POST=upload
/ondemand/pages/*/backgrounds/* DELETE,PATCH=edit
/ondemand/pages/*/genres/* DELETE,PUT=edit
/ondemand/pages/*/pictures POST=upload
/ondemand/pages/*/pictures/* PATCH=edit
/ondemand/pages/*/promotions POST=create+promo_codes GET=promo_codes
/ondemand/pages/*/promotions/* DELETE=delete+promo_codes GET=promo_codes
/ondemand/pages/*/promotions/*/codes GET=promo_codes
/ondemand/pages/*/regions DELETE,PUT=edit
/ondemand/pages/*/regions/* DELETE,PUT=edit
/ondemand/pages/*/videos/* DELETE,PUT=edit
/users/*/albums POST=create PATCH=edit
/users/*/albums/*/custom_thumbnails POST=upload
/users/*/albums/*/custom_thumbnails/* DELETE,PATCH=edit
/users/*/albums/*/logos POST=upload
/users/*/albums/*/logos/* DELETE,PATCH=edit
/users/*/live_events/*/ott_destination/* DELETE=private
/users/*/live_events/*/ott_destinations GET,POST=private
/users/*/uploads/* DELETE,GET=upload
/videos/* DELETE=delete PATCH=edit
/videos/*/animated_thumbsets POST=create
/videos/*/animated_thumbsets/* DELETE=delete
/videos/*/categories PUT=edit
/videos/*/chapters POST=upload
/videos/*/chapters/* DELETE=delete PATCH=edit
/videos/*/chapters/*/pictures POST=create GET=public
/videos/*/chapters/*/pictures/* DELETE=delete PATCH=edit
/videos/*/chapters/temporary/pictures POST=public
/videos/*/comments POST=interact
/videos/*/comments/* DELETE=delete PATCH=edit
/videos/*/comments/*/replies POST=interact
/videos/*/credits/* DELETE,PATCH=edit
/videos/*/pictures POST=upload
/videos/*/pictures/* DELETE,PATCH=edit
/videos/*/presets/* DELETE,PUT=edit
/videos/*/privacy/domains/* DELETE,PUT=edit
/videos/*/privacy/users PUT=edit
/videos/*/privacy/users/* DELETE,PUT=edit
/videos/*/tags PUT=edit
/videos/*/tags/* DELETE,PUT=edit
/videos/*/texttracks POST=upload
/videos/*/texttracks/* DELETE=delete PATCH=edit
/videos/*/timelinethumbnails POST=upload
/videos/*/versions/* DELETE,PATCH=edit
~/albums/* DELETE=delete PATCH=edit
~/albums/*/videos PUT=edit
~/albums/*/videos/* DELETE,PUT=edit
~/albums/*/videos/*/set_album_thumbnail POST=edit
~/albums/*/videos/*/set_featured_video PATCH=edit
~/analytics GET=stats
~/categories GET=private
~/categories/* DELETE,PUT=interact GET=private
~/channels/* DELETE,PUT=interact
~/customlogos POST=upload
~/customlogos/* DELETE=delete
~/destinations GET=public
~/feed GET=private
~/following POST=interact
~/following/* DELETE,PUT=interact
~/groups/* DELETE,PUT=interact
~/likes/* DELETE,PUT=interact
~/live_events POST=create DELETE=delete
~/live_events/* DELETE=delete+private PATCH=edit+private GET=private
~/live_events/*/activate POST=create+private
~/live_events/*/auto_cc PATCH=private
~/live_events/*/destinations GET,POST=public
~/live_events/*/end POST=create+private
~/live_events/*/low_latency PATCH=private
~/live_events/*/m3u8_playback GET=private
~/live_events/*/pictures GET=private POST=private+upload
~/live_events/*/pictures/* DELETE=delete+private PATCH=edit+private GET=private
~/live_events/*/privacy/domains PUT=edit+private GET=private
~/live_events/*/videos DELETE,POST=edit+private GET=private
~/live_events/*/videos/* GET=private
~/ondemand/purchases GET=purchased
~/pictures POST=upload
~/pictures/* DELETE=delete PATCH=edit
~/portfolios/*/videos/* DELETE,PUT=edit
~/projects POST=create GET=private
~/projects/* DELETE=delete PATCH=edit
~/projects/*/videos DELETE,PUT=interact
~/projects/*/videos/* DELETE=delete PUT=interact
~/videos DELETE=delete POST=upload
~/videos/*/destinations GET,POST=public
~/videos/*/m3u8_playback GET=private
~/watchlater GET=private
~/watchlater/* DELETE,PUT=interact GET=private
~/webinars POST=create
~/webinars/* PATCH=edit
~/webinars/*/email_settings PATCH=edit
~/webinars/*/registrants GET=private+stats
~/webinars/*/registrants/* DELETE=delete PATCH=edit
"""
"""A path with `*` for an id and `~` for `me` or `users/*`; for its methods the scopes, all of which are needed."""

_Pattern = tuple[str, ...]


def scopes_of_route(method: str, path: str) -> frozenset[str]:
    """Return the scopes that a request needs by the API's document; none where it does not say.

    Args:
        method: in capitals.
        path: without a query, such as `/videos/123`.
    """
    known = ((pattern, scopes) for pattern, scopes in _routes().get(method, ()) if _fits(pattern, path))
    # A word in a pattern says more than an id's place does.
    best = max(known, key=lambda route: sum(part != "*" for part in route[0]), default=None)
    return frozenset() if best is None else best[1]


def _segments_of(path: str) -> tuple[str, ...]:
    """Return a path's parts; `me` and `users/ID` are one, `~`, and folders have the name that they have in most
    paths (recorded: `/me/folders` is another name of `/me/projects`)."""
    parts = tuple(path.strip("/").split("/"))
    if parts[0] == "me":
        parts = ("~", *parts[1:])
    elif parts[0] == "users" and len(parts) > 1:
        parts = ("~", *parts[2:])
    return ("~", "projects", *parts[2:]) if parts[:2] == ("~", "folders") else parts


def _fits(pattern: _Pattern, path: str) -> bool:
    given = _segments_of(path) if pattern[0] == "~" else tuple(path.strip("/").split("/"))
    return len(given) == len(pattern) and all(
        part in ("*", each) for part, each in zip(pattern, given, strict=True)
    )


@cache
def _routes() -> dict[str, list[tuple[_Pattern, frozenset[str]]]]:
    routes: dict[str, list[tuple[_Pattern, frozenset[str]]]] = {}
    for pattern, method, scopes in _entries():
        routes.setdefault(method, []).append((tuple(pattern.strip("/").split("/")), scopes))
    return routes


def _entries() -> Iterator[tuple[str, str, frozenset[str]]]:
    for line in filter(None, _TABLE.splitlines()):
        pattern, *methods = line.split()
        for each in methods:
            names, _, scopes = each.partition("=")
            for method in names.split(","):
                yield pattern, method, frozenset(scopes.split("+"))
