"""Where a video may be embedded, and how its player looks there."""

from typing import Any, Final

from vimeo_toolkit.catalog.api import Api
from vimeo_toolkit.catalog.domains import Domain
from vimeo_toolkit.catalog.extra_reads import try_list
from vimeo_toolkit.catalog.ids import PresetId, VideoNumber
from vimeo_toolkit.catalog.inputs import Paged
from vimeo_toolkit.catalog.looks import VIDEO_NOW, Look
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.toolsets import admin

__all__ = ["EmbedDomainAdd", "EmbedDomainRemove", "EmbedDomainsList", "EmbedPresetApply", "EmbedPresetsList"]

_DOMAINS: Final = Look(
    "domains", "/videos/{video_id}/privacy/domains", "uri,domain", title="domain", noun="site"
)
_PRESET: Final = Look(
    "preset", "/me/presets/{preset_id}", "uri,name", kind="preset", scopes=frozenset({"private"})
)

_WHITELIST: Final = {
    400: "Set privacy_embed=whitelist with vimeo_video_edit first.",
    403: "Set privacy_embed=whitelist with vimeo_video_edit first; the plan may not have it, too.",
}


@admin.get(
    "/videos/{video_id}/privacy/domains",
    name="vimeo_embed_domains_list",
    fields="uri,domain",
    error_hints=_WHITELIST,
)
class EmbedDomainsList(Paged):
    """List the websites that may embed a video."""

    video_id: VideoNumber


@admin.put(
    "/videos/{video_id}/privacy/domains/{domain}",
    name="vimeo_embed_domain_add",
    scopes={"edit"},
    error_hints=_WHITELIST,
    success_message="The video may be embedded there.",
    visible_to_others=True,
    undo="vimeo_embed_domain_remove takes the domain away again.",
    asks="Let the site {domain} embed {video}?",
    looks=(VIDEO_NOW.but(fields=f"{VIDEO_NOW.fields},privacy.embed"),),
)
class EmbedDomainAdd(ToolInput):
    """Allow a website (domain) to embed my video and show its player."""

    video_id: VideoNumber
    domain: Domain

    async def run(self, api: Api) -> Any:
        """Allow it; return the domains where the video may be embedded then."""
        await api.send(self.request(api.account))
        return await _changed(api, self.tool.success_message, self.video_id)


@admin.delete(
    "/videos/{video_id}/privacy/domains/{domain}",
    name="vimeo_embed_domain_remove",
    scopes={"edit"},
    error_hints=_WHITELIST,
    success_message="The video may no longer be embedded there.",
    undo="vimeo_embed_domain_add allows it again.",
    visible_to_others=True,
    asks="Stop the site {domain} from embedding {video}, which may be embedded on {domains} now?",
    looks=(VIDEO_NOW, _DOMAINS),
)
class EmbedDomainRemove(ToolInput):
    """Stop a website from embedding a video."""

    video_id: VideoNumber
    domain: Domain

    async def run(self, api: Api) -> Any:
        """Take it away; return the domains where the video may be embedded then."""
        await api.send(self.request(api.account))
        return await _changed(api, self.tool.success_message, self.video_id)


async def _changed(api: Api, message: str, video: str) -> dict[str, Any]:
    """Return the result of a change of a video's domains, with those that it has now."""
    found = await try_list(api, f"/videos/{video}/privacy/domains", "uri,domain")
    if found is None:
        api.note("The video's domains could not be read afterwards: vimeo_embed_domains_list lists them.")
        return {"success": True, "message": message}
    return {"success": True, "message": message, "domains": [each.get("domain") for each in found]}


@admin.get("/me/presets", name="vimeo_embed_presets_list", scopes={"private"}, fields="uri,name")
class EmbedPresetsList(Paged):
    """List my embed presets: player designs and colors."""


@admin.put(
    "/videos/{video_id}/presets/{preset_id}",
    name="vimeo_embed_preset_apply",
    scopes={"edit"},
    success_message="The preset is applied.",
    visible_to_others=True,
    destructive=True,
    asks="Give the player of {video} the settings of {preset}?",
    looks=(VIDEO_NOW.but(fields=f"{VIDEO_NOW.fields},embed_presets.uri,embed_presets.name"), _PRESET),
)
class EmbedPresetApply(ToolInput):
    """Use one of my embed presets on a video: colors and branding of its player."""

    video_id: VideoNumber
    preset_id: PresetId
