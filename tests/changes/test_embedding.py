"""Sites that may embed a video: one call does all of it, says the sites of then, and is taken back whole."""

from __future__ import annotations

from typing import Any

import pytest

from tests.changes.library import Library


def call(library: Library, tool: str, **given: Any) -> Any:
    return library.call(tool, **given).data


@pytest.mark.parametrize("domains", [["northwind.example"], ["northwind.example", "b.example"]])
@pytest.mark.parametrize("before", ["public", "private", "whitelist"])
def test_a_site_is_allowed_by_one_call_wherever_the_video_could_be_embedded(
    library: Library, before: str, domains: list[str]
) -> None:
    (video,) = library.fill(1)
    video.embed = before
    had = ["old.example"] if before == "whitelist" else []
    video.embed_domains = list(had)
    told = call(library, "vimeo_videos_change", videos=[video.uri], add_embed_domains=domains, apply=True)
    assert told["done"] == 1, told
    assert (video.embed, video.embed_domains) == ("whitelist", [*had, *domains])
    assert told["may_be_embedded_on"] == [{"uri": video.uri, "sites": [*had, *domains]}]
    changes = [each["change"] for each in told["changes"]]
    former = {"public": "everywhere", "private": "nowhere"}.get(before)
    assert (f"embedding: {former} → on its listed sites only" in changes) == (former is not None)
    call(library, "vimeo_changes_undo", plan_id=told["plan_id"])
    assert (video.embed, video.embed_domains) == (before, had)


def test_other_sites_of_the_list_are_told_before_it_is_changed(library: Library) -> None:
    (video,) = library.fill(1)
    video.embed, video.embed_domains = "whitelist", ["old.example", "gone.example"]
    told = call(
        library,
        "vimeo_videos_change",
        videos=[video.uri],
        add_embed_domains=["new.example"],
        remove_embed_domains=["gone.example"],
    )
    assert told["notes"] == ["1 video can be embedded on other sites, too: old.example."]


def test_where_the_privacy_is_refused_no_site_is_put_on_a_list(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vimeo_toolkit.sandbox.resources.settings.EMBEDS", ("private", "public"))
    (video,) = library.fill(1)
    video.embed = "public"
    told = call(library, "vimeo_videos_change", videos=[video.uri], add_embed_domains=["a.com"], apply=True)
    assert (told["done"], told["failed"]) == (0, 1)
    assert not any(each.path.endswith("/a.com") for each in library.vimeo.requests)
    assert "may_be_embedded_on" not in told
