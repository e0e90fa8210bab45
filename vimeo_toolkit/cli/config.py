"""`vimeo-toolkit config`: which settings are read, and from where."""

from __future__ import annotations

from vimeo_toolkit.cli.output import emit_json, say
from vimeo_toolkit.cli.session import session
from vimeo_toolkit.settings.places import shown_store, store_file
from vimeo_toolkit.settings.showing import described, key_ids
from vimeo_toolkit.stores.keys import keys_beside

__all__ = ["config"]


def config() -> None:
    """Show which settings are read, and from where. No secret is shown; a key is known by its public id."""
    settings = session().settings
    settings.connection()  # raises for settings that cannot work
    lines = described(settings)
    file = store_file(settings.store())
    ids, key_file = key_ids(settings), None
    if settings.of("VIMEO_TOOLKIT_KEY") is None and file is not None:
        key_file, ids = keys_beside(file)
    told = {
        "file": str(settings.file) if settings.file else None,
        "settings": lines,
        "store": shown_store(settings.store()),
        "store_exists": None if file is None else file.exists(),
        "key_ids": ids,
        "key_file": str(key_file) if key_file else None,
    }
    if session().as_json:
        emit_json(told)
        return
    say(f"File: {settings.file or 'none (there is no .env here)'}")
    for line in lines:
        shown = "" if line["value"] is None else f"={line['value']}"
        say(f"{line['name']}{shown}  ({line['source']})")
    missing = "" if file is None or file.exists() else "  (not there yet: vimeo-toolkit connect makes it)"
    say(f"Accounts: {told['store']}{missing}")
    say(f"Keys: {', '.join(ids) or 'none yet'}{f'  (in {key_file})' if key_file else ''}")
