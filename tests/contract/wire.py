"""Where recordings of the live API overrule its document: nulls, types, and what the wire leaves out.

The document calls nearly every field required and hardly one nullable; the recordings (2021 to 2023) show what is
absent where it does not apply. Each rule is a place, as names joined by dots without the numbers of a list.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ["STATUSES", "overruled"]

ABSENT = (
    # Connections and interactions stand where they apply: clients read from them what the viewer may do.
    (r"(.*\.)?metadata(\.connections|\.interactions)?", r".*"),
    # The player's settings of others' videos: its code and badges alone.
    (r"(.*\.)?embed(\..*)?", r".*"),
    # 360° projection and On Demand stand in videos that have them; files only for owners on plans that show them.
    (r".*", r"spatial|vod|files|download"),
    # Of other users neither preferences nor quota.
    (r"(.*\.)?(user\.?)?", r"preferences|upload_quota"),
    # A file's codec is younger than the recordings.
    (r"(.*\.)?(files|download)", r"codec"),
    # Apps as recorded in 2021 and 2023 are a name and a URI.
    (r"(.*\.)?app", r"capabilities"),
    # A comment's connections: its replies.
    (r"(.*\.)?preferences\.videos", r"privacy"),
)
"""Place and names that may be absent there."""

OTHERWISE = (
    r"(.*\.)?location_details\.\w+",
    r"(.*\.)?metadata\.connections\.(related|versions\.latest_incomplete_version)",
    r"(.*\.)?interactions\.\w+\.added_time",
    r"(.*\.)?(app|header|pictures|custom_logo|parent_folder|access_grant|domain_certificate_state|license)",
    r"(.*\.)?pictures\.uri",
    r"(.*\.)?embed\.(email_capture_form|end_screen|html|uri)",
    r"(.*\.)?metadata\.interactions",
    r"(.*\.)?upload\.(upload_link|form|complete_uri|approach|size|redirect_url|link)",
    r"(.*\.)?preferences\.videos\.privacy",
    r"(.*\.)?(hls_)?link_expires_time",
    r"(.*\.)?add_subfolder\.properties",
    r"(.*\.)?(files|download|progressive)\.md5",
    r"(.*\.)?settings\.outro",
)
"""Places whose value may be null, or of another type, than the document has."""


STATUSES = {("POST", "/me/videos", 200): 201}
"""What the wire answers, and what the document has in its place. Other people's clients take this 200 alone."""


def overruled(error: Any) -> bool:
    """Whether the recordings have what this problem (a `jsonschema.ValidationError`) is about."""
    place = ".".join(str(part) for part in error.absolute_path if not isinstance(part, int))
    if error.validator == "required":
        name = error.message.partition("'")[2].partition("'")[0]
        return any(re.fullmatch(where, place) and re.fullmatch(names, name) for where, names in ABSENT)
    return any(re.fullmatch(where, place) for where in OTHERWISE)
