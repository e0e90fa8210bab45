"""The few HTML pages that a browser sees."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from starlette.responses import HTMLResponse

from vimeo_toolkit.sandbox.state import App, User

__all__ = ["activation_page", "consent_page", "lost_page", "message_page"]

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem;color:#1a2e3b}"
    "button,select,input{font:inherit;padding:.5rem 1rem;margin:.25rem 0}"
    "fieldset{border:1px solid #8a9ba8;border-radius:.5rem;margin:1rem 0}"
)

_WORDS = {
    "public": "see your public profile and videos",
    "private": "see your private videos and collections",
    "create": "create showcases, folders and channels",
    "edit": "change your videos and collections",
    "delete": "delete your videos and collections",
    "interact": "like, follow and comment for you",
    "upload": "upload videos",
    "stats": "see your statistics",
}


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(title)}</h1>{body}</main></body></html>",
        status,
    )


def _users(users: Iterable[User]) -> str:
    options = "".join(
        f'<option value="{user.id}">{escape(user.name)} ({escape(user.plan)})</option>' for user in users
    )
    return f'<p><label>Logged in as <select name="user">{options}</select></label></p>'


def consent_page(app: App, scopes: frozenset[str], users: Iterable[User]) -> HTMLResponse:
    """Return the consent page: who is logged in, what the app wants, Allow and Deny. Its form posts to the page's
    own URL."""
    boxes = "".join(
        f'<p><label><input type="checkbox" name="scope" value="{scope}" checked> '
        f"<code>{scope}</code>: {escape(_WORDS.get(scope, scope))}</label></p>"
        for scope in sorted(scopes)
    )
    return _page(
        f"{app.name} wants to use your Vimeo account",
        f'<form method="post">{_users(users)}<fieldset><legend>It will be able to</legend>{boxes}</fieldset>'
        '<button name="decision" value="allow">Allow</button> '
        '<button name="decision" value="deny">Deny</button></form>'
        "<p>This is the sandbox, not Vimeo.</p>",
    )


def activation_page(users: Iterable[User]) -> HTMLResponse:
    return _page(
        "Connect a device",
        f'<form method="post">{_users(users)}'
        '<p><label>Code <input name="user_code" autocomplete="off" required></label></p>'
        "<button>Connect</button></form>",
    )


def lost_page() -> HTMLResponse:
    """Return the page that Vimeo shows for a bad authorize URL."""
    return _page("Sorry, we couldn't find that page", "<p>Check the link.</p>", 404)


def message_page(text: str, status: int) -> HTMLResponse:
    return _page(text, "", status)
