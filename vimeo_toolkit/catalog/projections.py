"""The fields that tools ask Vimeo for: what an agent needs to name a thing, judge it and call the next tool.

A parent brings all its children, so leaves are named. Sending `fields` also doubles the user's request quota.
"""

from typing import Final

__all__ = [
    "CATEGORY",
    "CHANNEL",
    "CHAPTER",
    "COMMENT",
    "FOLDER",
    "FOLDER_ITEM",
    "GROUP",
    "LIVE_EVENT",
    "NOT_SHOWN",
    "OTHERS_VIDEOS",
    "OWN_VIDEOS",
    "REPLY",
    "SHOWCASE",
    "TAG",
    "USER",
    "USER_DETAIL",
    "VIDEO",
    "WEBHOOK",
]

OWN_VIDEOS: Final = (
    "uri,name,link,duration,created_time,modified_time,privacy.view,status,stats.plays,description"
)
NOT_SHOWN: Final = {OWN_VIDEOS: ("description",)}
"""Parts of each thing that programs get and a model does not read in a list: on a page of 25 videos they may have
as many tokens as the rest. `vimeo_my_videos_find` shows them with `show`."""
OTHERS_VIDEOS: Final = "uri,name,link,duration,created_time,stats.plays,user.uri,user.name"
VIDEO: Final = (
    "uri,name,description,link,duration,width,height,language,license,created_time,modified_time,release_time,"
    "content_rating,privacy.view,privacy.embed,privacy.download,privacy.add,privacy.comments,tags.name,"
    "categories.uri,categories.name,stats.plays,metadata.connections.comments.total,"
    "metadata.connections.likes.total,parent_folder.uri,parent_folder.name,user.uri,user.name,status,"
    "transcode.status,is_playable,has_text_tracks"
)
USER: Final = "uri,name,link,account,location,short_bio"
USER_DETAIL: Final = (
    "uri,name,link,account,location,short_bio,bio,created_time,"
    "metadata.connections.videos.total,metadata.connections.followers.total,"
    "metadata.connections.following.total,metadata.connections.likes.total"
)
SHOWCASE: Final = (
    "uri,name,description,link,created_time,modified_time,privacy.view,sort,metadata.connections.videos.total"
)
FOLDER: Final = (
    "uri,name,link,created_time,modified_time,has_subfolder,privacy.view,metadata.connections.videos.total,"
    "metadata.connections.parent_folder.uri"
)
FOLDER_ITEM: Final = (
    "type,folder.uri,folder.name,folder.modified_time,video.uri,video.name,video.duration,video.created_time"
)
CHANNEL: Final = (
    "uri,name,description,link,created_time,modified_time,"
    "metadata.connections.videos.total,metadata.connections.users.total"
)
COMMENT: Final = "uri,text,created_on,user.uri,user.name,metadata.connections.replies.total"
REPLY: Final = "uri,text,created_on,user.uri,user.name"
GROUP: Final = (
    "uri,name,description,link,created_time,modified_time,"
    "metadata.connections.videos.total,metadata.connections.users.total"
)
LIVE_EVENT: Final = (
    "uri,title,link,status,created_time,next_occurrence_time,stream_title,stream_description,stream_privacy.view,"
    "chat_enabled,metadata.connections.videos.total"
)
CHAPTER: Final = "uri,title,timecode"
CATEGORY: Final = "uri,name,link,top_level,subcategories.uri,subcategories.name"
TAG: Final = "uri,name,canonical"
WEBHOOK: Final = (
    "uri,webhook_url,webhook_type,is_enabled,created_on,modified_on,disabled_on,failure_rate_before_disabling"
)
