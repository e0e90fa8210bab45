"""How each kind of id may be written: the paths of the API and of Vimeo's pages that name one.

Sources: the links in recorded answers of the API, and the forms that other people's readers of Vimeo's links
handle. `/{id}/settings` and the like are pages: their names are never taken for a privacy hash, which is hex
digits, ten in every recording.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["HASH", "KINDS", "NUMBER", "OTHERS", "RESERVED", "WORD", "IdKind"]

NUMBER: Final = r"[0-9]{1,20}"
HASH: Final = r"(?:[0-9]{10}|(?=[0-9]*[a-fA-F])[0-9a-fA-F]{6,40})"
"""A privacy hash. Of digits alone only in full length: a shorter number is something else."""
WORD: Final = r"[0-9A-Za-z_][0-9A-Za-z_\-]{0,63}"

_OWNER: Final = rf"(?:/me|/users/(?P<owner>{WORD}))?"
_ANY_OWNER: Final = rf"(?:/me|/users/{WORD})?"
_ID: Final = rf"(?P<id>{NUMBER})"
_OWN: Final = rf"(?:/(?P<hash>{HASH}))?"
_NAME: Final = rf"(?P<id>{WORD})"
_PAGES: Final = rf"(?:/(?!{HASH}(?:/|$))[a-z]+(?:[_-][a-z]+)*(?::[a-z0-9_]+)?)*"
"""Pages below one thing, such as `/settings/privacy` or `/page:2/sort:date`."""
_VIDEO: Final = rf"/videos/{NUMBER}(?::{HASH})?"
_PROFILE: Final = (
    r"(?:about|albums|appearances|channels|collections|followers|following|groups|likes|portfolios|showcases"
    r"|videos)"
)
_LISTS: Final = r"(?:all|channels|groups|users|videos)"
_IN_IT: Final = rf"(?:/(?:videos?/)?{NUMBER}(?:/{HASH})?)?"
"""A video in a collection, whose link this is."""


@dataclass(frozen=True, slots=True)
class IdKind:
    """How one kind of id may be written. Patterns have the groups `id` and perhaps `hash` and `owner`."""

    label: str
    example: str
    plain: str = rf"(?P<id>{NUMBER})"
    api: tuple[str, ...] = ()
    """The API's paths."""
    web: tuple[str, ...] = ()
    """Paths of pages on vimeo.com."""
    player: tuple[str, ...] = ()
    """Paths on player.vimeo.com."""
    pro: tuple[str, ...] = ()
    """Paths on vimeopro.com."""
    queries: tuple[tuple[str, str], ...] = ()
    """A page's path, and the parameter of its query that has the id."""
    fragments: tuple[tuple[str, str], ...] = ()
    """A page's path, and the pattern of what follows `#`."""


_SHOWCASE_PAGE: Final = r"/(?:manage/)?(?:album|showcase)s?"
_FOLDER_PAGE: Final = rf"/(?:manage/folders?|folders?|user/(?P<owner>{NUMBER})/folders?)"
_COLLECTION: Final = (
    rf"{_ANY_OWNER}/(?:projects|folders|albums|showcases|portfolios|channels|groups|live_events)"
)

KINDS: Final[dict[str, IdKind]] = {
    "video": IdKind(
        "video",
        '"123", "123:hash", "/videos/123" or "https://vimeo.com/123"',
        plain=rf"{_ID}(?:[:/](?P<hash>{HASH}))?",
        api=(
            # Including the lists that a video's connections link to.
            rf"{_ANY_OWNER}/videos/{_ID}(?::(?P<hash>{HASH}))?(?:/[a-z_]+)?",
            rf"{_COLLECTION}/{WORD}/videos/{_ID}",
            rf"{_ANY_OWNER}/(?:likes|watchlater)/{_ID}",
        ),
        web=(
            rf"/(?:videos?/|m/)?{_ID}(?:[/:](?P<hash>{HASH}))?{_PAGES}",
            rf"/manage/(?:videos/)?{_ID}{_OWN}{_PAGES}",
            rf"/(?:channels|groups|album|showcase|ondemand)/{WORD}/(?:videos?/)?{_ID}{_OWN}",
            rf"/(?:event|user/{NUMBER}/folder|folder|manage/(?:folders|showcases))/{WORD}/videos?/{_ID}{_OWN}",
            # The hash of a review page is another one than the video's: recordings have both, and they differ.
            rf"/{WORD}/review/{_ID}(?:/{HASH})?",
            rf"/reviews/{WORD}/videos/{_ID}{_PAGES}",
        ),
        player=(
            rf"/videos?/{_ID}(?:[/:](?P<hash>{HASH}))?(?:/config)?",
            rf"/external/{_ID}\.[\w.]+",
            rf"/progressive_redirect/(?:playback|download)/{_ID}(?:/[\w.\-/]*)?",
        ),
        pro=(rf"/{WORD}/{WORD}/videos?/{_ID}",),
        queries=((r"/moogaloop\.swf", "clip_id"), (rf"{_SHOWCASE_PAGE}/{WORD}(?:/[a-z]+2?)?", "video")),
    ),
    "showcase": IdKind(
        "showcase",
        '"123", "/users/9/albums/123" or "https://vimeo.com/showcase/123"',
        api=(rf"{_OWNER}/(?:albums|showcases)/{_ID}(?:/videos(?:/{NUMBER})?)?",),
        web=(rf"{_SHOWCASE_PAGE}/{_ID}(?:{_IN_IT}|/embed2?|{_PAGES})",),
    ),
    "folder": IdKind(
        "folder",
        '"123", "/users/9/projects/123" or "https://vimeo.com/manage/folders/123"',
        api=(rf"{_OWNER}/(?:projects|folders)/{_ID}(?:/items|/videos(?:/{NUMBER})?)?",),
        web=(
            rf"{_FOLDER_PAGE}/{_ID}(?:/videos?/{NUMBER}|{_PAGES})",
            rf"/reviews/{WORD}/users/(?P<owner>{NUMBER})/folders/{_ID}{_PAGES}",
        ),
    ),
    "channel": IdKind(
        "channel",
        '"staffpicks", "123", "/channels/staffpicks" or "https://vimeo.com/channels/staffpicks"',
        plain=_NAME,
        api=(rf"/channels/{_NAME}(?:/videos(?:/{NUMBER})?)?",),
        web=(rf"/channels/{_NAME}(?:{_IN_IT}|{_PAGES})",),
    ),
    "user": IdKind(
        "user",
        '"123", a user name, "/users/123" or "https://vimeo.com/name" (for the connected user use vimeo_me_get)',
        plain=_NAME,
        api=(rf"/users/{_NAME}",),
        web=(
            rf"/users?/(?P<id>{NUMBER})",
            rf"/(?![0-9]+(?:/|$)){_NAME}(?:/{_PROFILE}{_PAGES})?",
        ),
    ),
    "category": IdKind(
        "category",
        '"animation" or "/categories/animation"',
        plain=_NAME,
        api=(rf"/categories/(?:{WORD}/subcategories/)?{_NAME}",),
        # A subcategory's page is below its category's; its URI has only its own name.
        web=(rf"/categories/(?:{WORD}/)?(?!{_LISTS}(?:/|$)){_NAME}(?:/{_LISTS})?",),
    ),
    "comment": IdKind(
        "comment",
        '"123" or "/videos/9/comments/123"',
        api=(rf"{_VIDEO}/comments/{_ID}(?:/replies)?",),
        fragments=((rf"/{NUMBER}(?:/{HASH})?{_PAGES}", rf"comment_{_ID}"),),
    ),
    "group": IdKind(
        "group",
        '"123", "a-name", "/groups/123" or "https://vimeo.com/groups/123"',
        plain=_NAME,
        api=(rf"/groups/{_NAME}(?:/videos(?:/{NUMBER})?)?",),
        web=(rf"/groups/{_NAME}(?:{_IN_IT}|{_PAGES})",),
    ),
    "chapter": IdKind("chapter", '"123" or "/videos/9/chapters/123"', api=(rf"{_VIDEO}/chapters/{_ID}",)),
    "texttrack": IdKind(
        "text track",
        '"123" or "/videos/9/texttracks/123"',
        api=(rf"{_VIDEO}/(?:texttracks|transcripts)/{_ID}", rf"/texttracks/{_ID}"),
    ),
    "picture": IdKind("thumbnail", '"123" or "/videos/9/pictures/123"', api=(rf"{_VIDEO}/pictures/{_ID}",)),
    "preset": IdKind(
        "embed preset", '"123" or "/users/9/presets/123"', api=(rf"{_ANY_OWNER}/presets/{_ID}",)
    ),
    "live_event": IdKind(
        "live event",
        '"123", "/users/9/live_events/123" or "https://vimeo.com/event/123"',
        api=(rf"{_ANY_OWNER}/live_events/{_ID}",),
        web=(rf"/(?:event|manage/events?)/{_ID}{_OWN}{_PAGES}",),
    ),
    "webhook": IdKind(
        "webhook",
        '"123" or "/apps/9/webhooks/123"',
        plain=_NAME,
        api=(rf"/apps/{NUMBER}/webhooks/{_NAME}",),
    ),
}

OTHERS: Final = (
    (r"/(?:event|live-event|live_event)s?/.*", "a live event"),
    (r"/ondemand/.*", "an On Demand page"),
    (rf"/(?:album|showcase)/{WORD}", "a showcase by its name"),
)
"""Links without an id that a tool takes: what to call them when one is refused."""

RESERVED: Final = frozenset(
    {
        "about", "account", "accounts", "affiliates", "agencies", "ai", "album", "albums", "analytics",
        "api", "app", "apps", "blog", "business", "careers", "categories", "category", "channel",
        "channels", "contact", "cookie", "cookie_policy", "cookies", "copyright", "couchmode", "courses",
        "create", "customers", "dashboard", "demo", "developers", "discover", "dmca", "download",
        "downloads", "education", "enterprise", "error", "event", "events", "explore", "faq", "features",
        "feed", "folder", "folders", "following", "forgot_password", "gdpr", "group", "groups",
        "guidelines", "help", "home", "inbox", "integrations", "jobs", "join", "legal", "library",
        "likes", "live", "live_events", "log_in", "log_out", "login", "logout", "m", "manage",
        "marketplace", "me", "messages", "new", "newsroom", "none", "nonprofit", "notifications", "null",
        "oembed", "on_demand", "ondemand", "ott", "partners", "playlists", "plus", "press", "pricing",
        "privacy", "pro", "product", "products", "purchases", "review", "reviews", "search", "security",
        "settings", "share", "showcase", "showcases", "sign_up", "signup", "site_map", "sitemap",
        "solutions", "staff_picks", "stats", "status", "stock", "store", "subscriptions", "support",
        "tag", "tags", "team", "teams", "templates", "terms", "tools", "tos", "trial", "trust",
        "undefined", "upgrade", "upload", "user", "users", "video", "videos", "watch", "watchlater",
        "webinar", "webinars",
    }
)  # fmt: skip
"""Names of Vimeo's own pages, which no user can have."""
