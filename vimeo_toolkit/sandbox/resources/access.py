"""Looking up what a path names, as far as the user may see or change it."""

from __future__ import annotations

from vimeo_toolkit.sandbox.endpoints import Call
from vimeo_toolkit.sandbox.errors import invalid_parameter, not_found, refused
from vimeo_toolkit.sandbox.resources.bodies import number_in
from vimeo_toolkit.sandbox.state import Folder, Showcase, User, Video

__all__ = [
    "library_folder",
    "library_of",
    "library_video",
    "named_user",
    "own_showcase",
    "own_user",
    "own_video",
    "videos_in",
    "visible",
    "visible_showcase",
    "visible_video",
]


def visible(video: Video, viewer: User | None, secret: str = "") -> bool:
    """Return whether `viewer` may see the video at all; `secret` is the hash of an unlisted one."""
    if (
        viewer is video.user
        or viewer in (*video.user.team, *video.viewers)
        or video.view in ("anybody", "password")
    ):
        return True
    if video.view == "unlisted":
        return secret == video.secret_hash
    if video.view == "contacts":
        return viewer is not None and viewer in video.user.following
    return False


def visible_video(call: Call, name: str = "video_id") -> Video:
    """Return the video of the path, by number or `number:hash`.

    Raises:
        ApiError: 404, there is none that this user may see; 403, it wants a password.
    """
    number, _, secret = call.path[name].partition(":")
    video = call.world.videos.get(int(number)) if number.isascii() and number.isdigit() else None
    viewer = call.token.user
    if video is None or not visible(video, viewer, secret):
        raise not_found("video")
    if video.user is viewer and video.view == "nobody" and not call.has("private"):
        raise not_found("video")
    if video.view == "password" and video.user is not viewer:
        require_password(call, video.password, "video")
    return video


def require_password(call: Call, password: str | None, what: str) -> None:
    """Refuse the call unless its `password` parameter opens the thing.

    Raises:
        ApiError: 403/2223, there is none; 403/2222, it is wrong (codes: Vimeo's own mobile SDKs).
    """
    given = call.query.get("password")
    if not given:
        raise refused(403, 2223, f"The {what} is protected by a password.")
    if given != password:
        raise refused(403, 2222, f"The password of the {what} is wrong.")


def own_video(call: Call, name: str = "video_id") -> Video:
    """Return the video of the path, which must be the user's.

    Raises:
        ApiError: 404; 403, it is another's.
    """
    user = call.user
    video = visible_video(call, name)
    if video.user is not user:
        raise refused(403, 3200, "You can't do this: you don't own the video.")
    return video


def own_user(call: Call) -> User:
    """Return the token's user, who must also be the user of the path where that names one.

    Raises:
        ApiError: 404, there is no such user; 403, it is another.
    """
    if named_user(call) is not call.user:
        raise refused(403, 3200, "You can't do this for another user.")
    return call.user


def own_showcase(call: Call) -> Showcase:
    for showcase in own_user(call).showcases:
        if str(showcase.id) == call.path["album_id"]:
            return showcase
    raise not_found("album")


def visible_showcase(call: Call) -> Showcase:
    """Return a showcase of the token's user, or one of another user that this one may see.

    Raises:
        ApiError: 404; 403, it wants a password.
    """
    owner = named_user(call)
    for showcase in owner.showcases:
        if str(showcase.id) != call.path["album_id"]:
            continue
        if owner is call.token.user or showcase.view in ("anybody", "embed_only", "unlisted"):
            return showcase
        if showcase.view == "password":
            require_password(call, showcase.password, "showcase")
            return showcase
    raise not_found("album")


def library_of(call: Call) -> User:
    """Return the owner of the library that the path names, if the token's user may use its folders: their own, or
    their team's.

    Raises:
        ApiError: 404, there is no such user; 403, the library is not shared with this one.
    """
    owner = named_user(call)
    if owner is not call.user and call.user not in owner.team:
        raise refused(403, 3200, "This library isn't shared with the user.")
    return owner


def library_folder(call: Call) -> Folder:
    """Return the folder of the path, in the library that the path names.

    Raises:
        ApiError: 404, it is not there, or not shared with this user.
    """
    owner = named_user(call)
    for folder in owner.folders if call.user in (owner, *owner.team) else []:
        if str(folder.id) == call.path["project_id"]:
            return folder
    raise not_found("folder")


def library_video(call: Call) -> Video:
    """Return the video of the path, which must belong to the library that the path names.

    Raises:
        ApiError: 404; 403, it is another's.
    """
    owner, number = library_of(call), call.path["video_id"].partition(":")[0]
    for video in owner.videos:
        if str(video.id) == number:
            return video
    visible_video(call)
    raise refused(403, 3200, "The video belongs to another library.")


def named_user(call: Call, name: str = "user_id") -> User:
    """Return the user of the path by number or name; of `/me/…` the token's.

    Raises:
        ApiError: 404.
    """
    if name not in call.path:
        return call.user
    user = call.world.find_user(call.path[name])
    if user is None:
        raise not_found("user")
    return user


def videos_in(call: Call, listed: object, owner: User | None = None) -> list[Video]:
    """Return the user's own videos, or those of `owner`'s library, behind URIs separated by commas, each once.

    Raises:
        ApiError: 400/2204, there is no URI; 400/3200, a video is another's; 404, there is no such video.
    """
    uris = [part.strip() for part in listed.split(",")] if isinstance(listed, str) else []
    if not any(uris):
        raise invalid_parameter("uris", "A list of URIs separated by commas is required.")
    found = []
    for uri in filter(None, uris):
        video = call.world.videos.get(number_in(uri, "videos") or 0)
        whose = owner or call.user
        if video is None or not (video.user is whose or visible(video, call.user, uri.partition(":")[2])):
            raise not_found("video")
        if video.user is not whose:
            raise refused(400, 3200, "You can't do this: you don't own one or more of the videos.")
        found.append(video)
    return list(dict.fromkeys(found))
