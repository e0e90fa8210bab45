"""Places that hold videos: showcases, folders, channels, groups."""

from __future__ import annotations

from typing import Any

from vimeo_toolkit.sandbox.projection import later
from vimeo_toolkit.sandbox.shapes.category import category_shape
from vimeo_toolkit.sandbox.shapes.parts import connection, interaction, iso, key_of, picture
from vimeo_toolkit.sandbox.shapes.user import user_shape
from vimeo_toolkit.sandbox.state import Channel, Folder, Group, Showcase, User

__all__ = ["channel_shape", "folder_shape", "group_shape", "showcase_shape"]


def showcase_shape(showcase: Showcase, viewer: User | None) -> dict[str, Any]:
    """Return the showcase as `viewer` sees it. Its owner sees the password in clear."""
    uri = showcase.uri
    link = f"https://vimeo.com/showcase/{showcase.id}"
    cover = later(picture, showcase.videos[0].thumbnail) if showcase.videos else None
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
        "custom_logo": None,
        "web_brand_color": False,
        "web_custom_logo": False,
        "domain": None,
        "domain_certificate_state": None,
        "use_custom_domain": False,
        "url": None,
        "embed": {"html": f'<iframe src="{link}/embed"></iframe>' if showcase.videos else None},
        "roku_genres": [""],
        "roku_language": None,
        "roku_provider_name": None,
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
        "pictures": cover,
        "metadata": {
            "connections": {
                "videos": connection(f"/albums/{showcase.id}/videos", len(showcase.videos)),
                "available_videos": connection(f"{uri}/available_videos", len(showcase.user.videos)),
            },
            "interactions": _showcase_interactions(uri) if viewer is showcase.user else None,
        },
        "user": later(user_shape, showcase.user, viewer),
        "resource_key": key_of(uri),
    }


def _showcase_interactions(uri: str) -> dict[str, Any]:
    return {
        "add_custom_thumbnails": interaction(f"{uri}/custom_thumbnails", "GET", "POST"),
        "add_logos": interaction(f"{uri}/logos", "GET", "POST"),
        "add_videos": interaction(f"{uri}/videos", "GET", "PUT"),
    }


def folder_shape(folder: Folder, viewer: User | None) -> dict[str, Any]:
    uri = folder.uri
    below = [each for each in folder.user.folders if each.parent is folder]
    return {
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
        "access_grant": None if viewer is folder.user else {"uri": f"{uri}/user_folder_access_grants"},
        "privacy": {"view": folder.view},
        "settings": {"color": "none", "folder_uri": uri},
        "link": f"https://vimeo.com/user/{folder.user.id}/folder/{folder.id}",
        "manage_link": f"https://vimeo.com/user/{folder.user.id}/folder/{folder.id}",
        "metadata": {
            "connections": _folder_connections(folder, len(below)),
            "interactions": _folder_interactions(folder),
        },
        "user": later(user_shape, folder.user, viewer),
        "resource_key": key_of(uri),
    }


def _folder_connections(folder: Folder, below: int) -> dict[str, Any]:
    uri, ancestors, above = folder.uri, [], folder.parent
    while above is not None:
        ancestors.append({"uri": above.uri, "name": above.name, "can_upload": True})
        above = above.parent
    found: dict[str, Any] = {
        "items": connection(f"{uri}/items", len(folder.videos) + below),
        "videos": connection(f"{uri}/videos", len(folder.videos), "GET", "POST"),
        "folders": connection(f"{uri}/items", below),
        "ancestor_path": ancestors,
    }
    if folder.parent is not None:
        found["parent_folder"] = {"uri": folder.parent.uri, "options": ["GET"]}
    return found


def _folder_interactions(folder: Folder) -> dict[str, Any]:
    uri = folder.uri
    allowed = {
        "edit": "PATCH",
        "move_video": "PATCH",
        "upload_video": "POST",
        "view": "GET",
        "edit_settings": "PATCH",
        "delete": "DELETE",
        "delete_video": "DELETE",
    }
    return {
        **{name: interaction(uri, method) for name, method in allowed.items()},
        "add_subfolder": interaction(
            f"{folder.user.uri}/projects",
            "POST",
            can_add_subfolders=True,
            subfolder_depth_limit_reached=folder.depth >= 10,
            content_type="application/vnd.vimeo.folder",
            properties=[{"name": "parent_folder_uri", "required": False, "value": uri}],
        ),
    }


def channel_shape(channel: Channel, viewer: User | None) -> dict[str, Any]:
    uri = channel.uri
    return {
        "uri": uri,
        "name": channel.name,
        "description": channel.description,
        "link": f"https://vimeo.com/channels/{channel.slug}",
        "created_time": iso(channel.created),
        "modified_time": iso(channel.created),
        "user": later(user_shape, channel.user, viewer),
        "pictures": later(picture, channel.videos[0].thumbnail) if channel.videos else None,
        "header": None,
        "privacy": {"view": "anybody"},
        "categories": [category_shape(category) for category in channel.categories],
        "tags": [],
        "metadata": {
            "connections": {
                "users": connection(f"{uri}/users", len(channel.followers)),
                "videos": connection(f"{uri}/videos", len(channel.videos)),
            },
            "interactions": _channel_interactions(channel, viewer),
        },
        "resource_key": key_of(uri),
    }


def _channel_interactions(channel: Channel, viewer: User | None) -> dict[str, Any]:
    uri, base = channel.uri, viewer.uri if viewer else "/me"
    moderator = viewer in channel.moderators or viewer is channel.user
    follows = moderator or viewer in channel.followers
    found: dict[str, Any] = {
        "follow": {
            "added": follows,
            "added_time": iso(channel.created) if follows else None,
            "type": "moderator" if moderator else "subscriber" if follows else None,
            "uri": f"{base}{uri}",
        }
    }
    if moderator:
        found["add_moderators"] = interaction(f"{uri}/moderators")
        found["add_to"] = interaction(f"{uri}/videos")
        found["moderate_videos"] = interaction(f"{uri}/moderated")
    return found


def group_shape(group: Group, viewer: User | None) -> dict[str, Any]:
    uri = group.uri
    return {
        "uri": uri,
        "name": group.name,
        "description": group.description,
        "link": f"https://vimeo.com/groups/{group.id}",
        "created_time": iso(group.created),
        "modified_time": iso(group.created),
        "privacy": {
            "view": group.view,
            "join": "anybody",
            "videos": "all",
            "comment": "all",
            "invite": "all",
        },
        "pictures": later(picture, group.videos[0].thumbnail) if group.videos else None,
        "header": None,
        "user": later(user_shape, group.user, viewer),
        "metadata": {
            "connections": {
                "users": connection(f"{uri}/users", len(group.members)),
                "videos": connection(f"{uri}/videos", len(group.videos)),
            },
            "interactions": {
                "join": {
                    "added": viewer in group.members,
                    "added_time": iso(group.created) if viewer in group.members else None,
                    "type": "member" if viewer in group.members else None,
                    "title": "Member" if viewer in group.members else None,
                    "uri": f"{viewer.uri if viewer else '/me'}{uri}",
                }
            },
        },
        "resource_key": key_of(uri),
    }
