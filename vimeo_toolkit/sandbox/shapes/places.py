"""Places that hold videos: showcases, folders, channels, groups."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.projection import later
from vimeo_toolkit.sandbox.shapes.category import category_shape
from vimeo_toolkit.sandbox.shapes.common import connection, interaction, iso, key_of, picture
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.state import Channel, Folder, Group, Showcase, User

__all__ = ["channel_shape", "folder_shape", "group_shape", "showcase_shape"]


def showcase_shape(showcase: Showcase, viewer: User | None) -> dict[str, Any]:
    """The showcase as `viewer` sees it. Its owner sees the password in clear."""
    uri = showcase.uri
    link = f"https://vimeo.com/showcase/{showcase.id}"
    privacy: dict[str, Any] = {"view": showcase.view}
    if showcase.password is not None and viewer is showcase.user:
        privacy["password"] = showcase.password
    return {
        "uri": uri,
        "name": showcase.name,
        "description": showcase.description,
        "link": link,
        "share_link": link,
        "created_time": iso(showcase.created),
        "modified_time": iso(showcase.modified),
        "duration": sum(video.duration for video in showcase.videos),
        "allow_continuous_play": True,
        "allow_downloads": False,
        "allow_share": True,
        "autoplay": False,
        "loop": False,
        "brand_color": showcase.brand_color,
        "custom_logo": later(picture, f"{uri}/logos/1", active=False, custom=False),
        "web_brand_color": False,
        "web_custom_logo": False,
        "domain": None,
        "domain_certificate_state": "0",
        "use_custom_domain": False,
        "url": None,
        "embed": {"html": f'<iframe src="{link}/embed"></iframe>'},
        "embed_brand_color": None,
        "embed_custom_logo": None,
        "has_chosen_thumbnail": False,
        "hide_from_vimeo": showcase.hide_from_vimeo,
        "hide_nav": showcase.hide_nav,
        "hide_upcoming": showcase.hide_upcoming,
        "hide_vimeo_logo": None,
        "layout": showcase.layout,
        "theme": showcase.theme,
        "sort": showcase.sort,
        "review_mode": showcase.review_mode,
        "seo_allow_indexed": True,
        "seo_description": None,
        "seo_keywords": [],
        "seo_title": None,
        "unlisted_hash": key_of(uri)[:10],
        "privacy": privacy,
        "pictures": later(picture, f"{uri}/pictures/1"),
        "metadata": {
            "connections": {
                "videos": connection(f"{uri}/videos", len(showcase.videos)),
                "available_videos": connection(f"{uri}/available_videos", len(showcase.videos)),
                "requested_clip": {"uri": "", "options": ["GET"]},
            },
            "interactions": {
                name: interaction(f"{uri}/videos", "POST")
                for name in ("add_custom_thumbnails", "add_live_events", "add_logos", "add_to", "add_videos")
            },
        },
        "user": later(user_shape, showcase.user, viewer),
        "resource_key": key_of(uri),
    }


def folder_shape(folder: Folder, viewer: User | None) -> dict[str, Any]:
    uri = folder.uri
    below = [each for each in folder.user.folders if each.parent is folder]
    ancestors = []
    above = folder.parent
    while above is not None:
        ancestors.append({"uri": above.uri, "name": above.name, "can_upload": True})
        above = above.parent
    above_uri = folder.parent.uri if folder.parent else f"{folder.user.uri}/folders/root"
    link = f"https://vimeo.com/user/{folder.user.id}/folder/{folder.id}"
    shape: dict[str, Any] = {
        "uri": uri,
        "name": folder.name,
        "created_time": iso(folder.created),
        "modified_time": iso(folder.modified),
        "last_user_action_event_date": iso(folder.modified),
        "pinned_on": None,
        "is_pinned": False,
        "is_private_to_user": False,
        "has_subfolder": bool(below),
        "creator_uri": folder.user.uri,
        "access_grant": {},
        "privacy": {"view": "nobody"},
        "settings": {"color": "none", "folder_uri": uri},
        "link": link,
        "manage_link": link,
        "metadata": {
            "connections": {
                "videos": connection(f"{uri}/videos", len(folder.videos)),
                "folders": connection(f"{uri}/folders", len(below)),
                "items": connection(f"{uri}/items", len(folder.videos) + len(below)),
                "parent_folder": {"uri": above_uri, "options": ["GET"]},
                "ancestor_path": ancestors,
                "data_retention": {"policy": {"title": "", "uri": "", "options": ["GET"]}},
                "group_folder_grants": connection(f"{uri}/group_folder_grants", 0),
                "personal_team_folder_owner": {"uri": folder.user.uri, "options": ["GET"]},
                "resource_creator_team_user": {"uri": folder.user.uri},
                "team_permissions": {"uri": f"{uri}/team_permissions", "options": ["GET"]},
                "user_folder_access_grants": {
                    **connection(f"{uri}/user_folder_access_grants", 0),
                    "folder_permission_policies": [],
                },
            },
            "interactions": {
                **{
                    name: interaction(uri)
                    for name in (
                        [
                            "delete",
                            "delete_video",
                            "edit",
                            "edit_settings",
                            "invite",
                            "move_video",
                            "upload_video",
                            "view",
                        ]
                    )
                },
                "add_subfolder": interaction(
                    f"{uri}/folders",
                    can_add_subfolders=True,
                    subfolder_depth_limit_reached=folder.depth >= 10,
                ),
            },
        },
        "user": later(user_shape, folder.user, viewer),
        "resource_key": key_of(uri),
    }
    return shape


def channel_shape(channel: Channel, viewer: User | None) -> dict[str, Any]:
    uri = channel.uri
    moderator = viewer in channel.moderators or viewer is channel.user
    follows = viewer in channel.followers
    return {
        "uri": uri,
        "name": channel.name,
        "description": channel.description,
        "link": f"https://vimeo.com/channels/{channel.slug}",
        "created_time": iso(channel.created),
        "modified_time": iso(channel.created),
        "user": later(user_shape, channel.user, viewer),
        "pictures": later(picture, f"{uri}/pictures/1"),
        "header": later(picture, f"{uri}/headers/1"),
        "privacy": {"view": "anybody"},
        "categories": [category_shape(category) for category in channel.categories],
        "tags": [],
        "metadata": {
            "connections": {
                "users": connection(f"{uri}/users", len(channel.followers)),
                "videos": connection(f"{uri}/videos", len(channel.videos)),
                "privacy_users": connection(f"{uri}/privacy/users", 0),
            },
            "interactions": {
                "follow": interaction(
                    f"/me{uri}",
                    added=follows or moderator,
                    added_time=None,
                    type="moderator" if moderator else "subscriber" if follows else None,
                ),
                "add_moderators": interaction(f"{uri}/moderators"),
                "add_to": interaction(f"{uri}/videos"),
                "moderate_videos": interaction(f"{uri}/moderated"),
            },
        },
        "resource_key": key_of(uri),
    }


def group_shape(group: Group, viewer: User | None) -> dict[str, Any]:
    uri = group.uri
    return {
        "uri": uri,
        "name": group.name,
        "description": group.description,
        "link": f"https://vimeo.com/groups/{group.id}",
        "created_time": iso(group.created),
        "modified_time": iso(group.created),
        "privacy": {"view": "anybody", "join": "anybody", "videos": "all", "comment": "all", "invite": "all"},
        "pictures": later(picture, f"{uri}/pictures/1"),
        "header": later(picture, f"{uri}/headers/1"),
        "user": later(user_shape, group.user, viewer),
        "metadata": {
            "connections": {
                "users": connection(f"{uri}/users", len(group.members)),
                "videos": connection(f"{uri}/videos", len(group.videos)),
            },
            "interactions": {
                "join": interaction(
                    f"/me{uri}",
                    added=viewer in group.members,
                    added_time=iso(group.created),
                    title="",
                    type="member",
                )
            },
        },
        "resource_key": key_of(uri),
    }
