"""The words that people have for what tools do and for the things that they do it to, and what no tool does.

Each table has the catalogue's own word first, and people's words for it behind.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["ACTIONS", "LACKING", "LIBRARY", "NEAR_ACTIONS", "PHRASES", "STOP", "THINGS", "TOOL_ACTIONS"]

LIBRARY: Final = "library"
"""All videos of the user, of which people speak as "my videos" or "which videos"."""

PHRASES: Final = {
    "watchlater": "watch later, watch list, for later, for the weekend",
    "undo": (
        "put back, put everything back, put it back, take it back, take back, roll back, rolled back, go back, "
        "as it was, as they were, was wrong, was a mistake, titles back, names back, old ones back"
    ),
    "delete": (
        "get rid of, throw away, throw out, take out, take away, take it away, take it out, take off, pull out, "
        "no longer want, do not want, dont want, do not need, dont need"
    ),
    "stop": "no longer, any more, anymore, any longer",
    "create": "set up",
    "want": "would like, id like",
    "like": "thumbs up",
    "thumbnail": "cover image, cover images, cover picture, preview image, still image",
    "caption": "text track, text tracks, closed captions",
    "search everywhere": (
        "search vimeo, search all of vimeo, on vimeo about, look on vimeo for, all of vimeo, other people, by "
        "anybody, from anybody"
    ),
    "count": "how many, number of",
    "space": "how much room, room left, room do i have",
    "library": "my uploads, uploads, of mine, i uploaded, did i upload, i have uploaded, have i uploaded, i posted",
    "preset": "player settings, embed preset",
    "wait": "tell me when, as soon as, is done, is processed, its processed, finished processing",
    "notify": (
        "whenever, tell my server, tell our server, call my server, call our server, call my url, tell our system"
    ),
    "comment": "people say, people think, viewers say, people wrote, anybody write, people write",
    "fail": (
        "why cant, why can i not, cannot, can not, does not work, doesnt work, not working, not allowed, not "
        "permitted"
    ),
    "channel": "staff picks",
    "version": "newer cut, new cut, final cut, newer file, old file, new file",
    "show": "give me",
    "livestream": "live event, live events, live stream, live streams",
    "link": "from a url, from this url, from a link, from our server, from the web, by link, by url, web address",
    "history": (
        "changes, edits, have you done, did you do, have you changed, you did, you changed, have you altered, "
        "you altered"
    ),
    "accountpassword": "login password, account password",
}
"""Word → the phrases that are read as it."""

THINGS: Final = {
    "video": "clip film movie recording footage teaser trailer documentary episode lecture talk mp4 mov",
    LIBRARY: "",
    "showcase": "album collection playlist gallery portfolio reel",
    "folder": "project directory subfolder unsorted unfiled",
    "comment": "feedback remark note opinion",
    "reply": "answer response respond",
    "tag": "keyword label hashtag",
    "caption": "subtitle cc texttrack vtt srt",
    "transcript": "said spoken speech mention talk quote transcription say",
    "chapter": "section segment marker",
    "thumbnail": "picture poster cover image still preview",
    "version": "replacement swap",
    "livestream": "live stream streaming broadcast",
    "viewer": "",
    "download": "downloading computer offline",
    "webhook": "callback notify notified notification hook endpoint ping push inform",
    "domain": "website site whitelist",
    "embed": "iframe player",
    "preset": "branding branded",
    "category": "genre topic theme",
    "channel": "",
    "group": "community",
    "user": "person people creator author director filmmaker member someone somebody company",
    "follower": "subscriber fan",
    "following": "subscription",
    "follow": "subscribe",
    "like": "heart favourite favorite love",
    "watchlater": "bookmark queue",
    "profile": "bio biography",
    "connection": "access login logged permission scope right diagnose allowed fail problem",
    "space": "quota storage gigabyte room full",
    "plan": "membership tier",
    "analytics": "statistic stat performance insight audience viewership country device",
    "history": "journal log",
    "feed": "timeline",
    "rating": "mature rated",
    "language": "locale",
    "privacy": "private public hide hidden visible visibility unlisted nobody password protect lock secret",
    "license": "licence creative commons cc0 copyright reuse",
    "title": "name rename typo",
    "description": "summary detail info information about",
    "plays": "watched view popular",
    "duration": "length long short minute hour longer shorter longest shortest second",
    "date": "month week today yesterday year day recent recently lately newest oldest latest",
    "result": "output",
}
"""Thing → words that users have for it."""

ACTIONS: Final = {
    "read": (
        "list show what which who whom see view display get read find search look browse tell are is does do did "
        "how where when why count report any check sort"
    ),
    "create": "create make new start build open",
    "add": (
        "add put move place include insert write post leave say attach apply belong share bookmark save tag label "
        "like follow subscribe reply answer mark"
    ),
    "upload": "upload import fetch ingest bring grab",
    "change": (
        "change edit update modify alter give rename set adjust fix correct turn make switch choose replace "
        "reorder hide "
        "protect lock swap"
    ),
    "remove": "delete remove erase trash destroy discard drop stop unlike unfollow clear",
    "undo": "undo revert restore rollback",
    "wait": "wait",
}
"""What is to be done → the verbs for it."""

NEAR_ACTIONS: Final = {
    "add": {"create": 0.3, "upload": 0.5, "change": 0.3},
    "create": {"add": 0.3, "upload": 0.5},
    "upload": {"create": 0.5, "add": 0.5},
    "change": {"add": 0.0},
    "undo": {"remove": 0.7},
    "remove": {"undo": 0.3},
}
"""What is asked → what else comes near it, and how near."""

TOOL_ACTIONS: Final = {
    **dict.fromkeys(("list", "get", "find", "search", "check", "read"), "read"),
    **dict.fromkeys(("add", "like", "follow", "apply"), "add"),
    **dict.fromkeys(("edit", "update", "rename", "set", "change"), "change"),
    **dict.fromkeys(("delete", "remove", "unlike", "unfollow"), "remove"),
    "create": "create",
    "upload": "upload",
    "undo": "undo",
    "ready": "wait",
}
"""Last word of a tool's name → what it does."""

LACKING: Final = {
    "webinars": "webinar registrant",
    "editing the picture or sound of a video": (
        "trim cut crop merge join split rotate compress convert blur filter effect music sound audio mute speed"
    ),
    "team members and roles": "team invite colleague role seat",
    "billing, and changing the plan": "billing bill invoice payment pay credit card upgrade downgrade",
    "selling and renting videos": "sell rent buy price demand sale ott purchase",
    "review pages": "review approval approve",
    "the login, and closing the account": "accountpassword email close deactivate",
    "private messages": "message direct dm chat inbox",
    "blocking and reporting users": "block abuse spam ban",
    "making captions or translations by AI": "translate translation automatically ai generate dub dubbing",
    "interactive videos, polls and forms": "poll quiz interactive form lead survey hotspot",
    "recording a screen": "record screen camera",
    "the player's logo": "logo watermark",
    "other services": (
        "youtube instagram facebook tiktok twitter linkedin slack email mail whatsapp google drive dropbox pdf "
        "calendar spreadsheet jira spotify"
    ),
}
"""What people ask for that no tool does → words for it."""

STOP: Final = frozenset(
    re.findall(
        r"\w+",
        """a an and as at be been being but by can could for from got had he her his if in into it its just let may
        more not of off on only onto or out over please pls she should shall so some that the their them then there
        these they this those through to too up vimeo want will with would you your need help called named thank
        thanks""",
    )
)
"""Words that say nothing of what is wanted."""
