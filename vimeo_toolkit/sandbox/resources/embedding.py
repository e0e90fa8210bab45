"""Where a video may be embedded, and presets of the player."""

from __future__ import annotations

from vimeo_toolkit.sandbox.endpoints import Answer, Call, endpoint
from vimeo_toolkit.sandbox.errors import not_found, refused
from vimeo_toolkit.sandbox.listing import page_of
from vimeo_toolkit.sandbox.resources.access import own_user, own_video
from vimeo_toolkit.sandbox.resources.videolists import video_list
from vimeo_toolkit.sandbox.shapes.preset import preset_shape
from vimeo_toolkit.sandbox.state import Preset, Video

MEDIA = "application/vnd.vimeo.preset+json"
DOMAIN = "/videos/{video_id}/privacy/domains/{domain}"
PRESET = ("/me/presets/{preset_id}", "/users/{user_id}/presets/{preset_id}")
APPLIED = "/videos/{video_id}/presets/{preset_id}"


def _listed(call: Call) -> Video:
    """The video, if it has a list of domains at all.

    Raises:
        ApiError: 403/2518, its embed privacy is not `whitelist`.
    """
    video = own_video(call)
    if video.embed != "whitelist":
        raise refused(403, 2518, "The embed permission isn't `whitelist`.")
    return video


@endpoint("GET", "/videos/{video_id}/privacy/domains")
def list_domains(call: Call) -> Answer:
    video = _listed(call)
    return page_of(
        call,
        video.embed_domains,
        lambda domain: {
            "uri": f"/videos/{video.id}/privacy/domains/{domain}",
            "domain": domain,
            "allow_hd": True,
        },
        "domain",
    )


@endpoint("PUT", DOMAIN, scope="edit")
def add_domain(call: Call) -> Answer:
    video = _listed(call)
    if call.path["domain"] not in video.embed_domains:
        video.embed_domains.append(call.path["domain"])
    return Answer(204)


@endpoint("DELETE", DOMAIN, scope="edit")
def remove_domain(call: Call) -> Answer:
    video = _listed(call)
    if call.path["domain"] not in video.embed_domains:
        raise not_found("domain")
    video.embed_domains.remove(call.path["domain"])
    return Answer(204)


def _with_preset(call: Call, preset: Preset) -> list[Video]:
    return [video for video in call.user.videos if video.preset is preset]


def _preset(call: Call) -> Preset:
    for preset in own_user(call).presets if "user_id" in call.path else call.user.presets:
        if str(preset.id) == call.path["preset_id"]:
            return preset
    raise not_found("preset")


@endpoint("GET", "/me/presets", "/users/{user_id}/presets")
def list_presets(call: Call) -> Answer:
    presets = own_user(call).presets if call.has("private") else []
    return page_of(call, presets, lambda preset: preset_shape(call.user, preset), "preset")


@endpoint("GET", *PRESET)
def get_preset(call: Call) -> Answer:
    return Answer(200, preset_shape(call.user, _preset(call)), MEDIA)


@endpoint("GET", *(f"{path}/videos" for path in PRESET))
def list_preset_videos(call: Call) -> Answer:
    return video_list(call, _with_preset(call, _preset(call)), filters=())


@endpoint("GET", APPLIED)
def has_preset(call: Call) -> Answer:
    if own_video(call).preset is not _preset(call):
        raise not_found("preset")
    return Answer(204)


@endpoint("PUT", APPLIED, scope="edit")
def apply_preset(call: Call) -> Answer:
    own_video(call).preset = _preset(call)
    return Answer(204)


@endpoint("DELETE", APPLIED, scope="edit")
def remove_preset(call: Call) -> Answer:
    video = own_video(call)
    if video.preset is not _preset(call):
        raise not_found("preset")
    video.preset = None
    return Answer(204)
