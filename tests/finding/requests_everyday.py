"""Everyday requests: a family, a small shop, a yoga teacher, a band, a school, a museum.

They were written before the descriptions that they are held against, and nothing is tuned on them: look at their
shares only, and not at which of them fail.
"""

from typing import Final

_FIND = "vimeo_my_videos_find vimeo_my_videos_list"
_EDIT = "vimeo_video_edit vimeo_videos_change"
_ONE = "vimeo_video_get vimeo_videos_get"
_TAG = "vimeo_video_tags_add vimeo_videos_change"
_TO_SHOWCASE = "vimeo_showcase_video_add vimeo_showcase_videos_add vimeo_videos_change"
_TO_FOLDER = "vimeo_folder_video_add vimeo_folder_videos_add vimeo_videos_change"

EVERYDAY: Final[tuple[tuple[str, str], ...]] = (
    # One's own videos
    ("show me my latest uploads", _FIND),
    ("which of my films is the longest?", _FIND),
    ("how many clips did I upload this year", _FIND),
    ("find my video about sourdough bread", _FIND),
    ("list everything I have that is private", _FIND),
    ("what are my ten most watched videos", _FIND),
    ("which videos of mine are not in any folder", _FIND),
    ("which of my videos have no subtitles yet", _FIND),
    ("do I have anything tagged summer?", _FIND),
    ("total running time of all my videos", _FIND),
    # One video
    ("give me the details of this video: vimeo.com/824804225", _ONE),
    ("how long is my holiday film", f"{_ONE} {_FIND}"),
    ("how many people have watched the opening clip", f"{_ONE} {_FIND} vimeo_analytics_get"),
    ("what's the link to the yoga class", f"{_ONE} {_FIND}"),
    ("is my concert video public?", f"{_ONE} {_FIND}"),
    # Changing videos
    ("make my holiday film private", _EDIT),
    ("rename this video to Spring Open Day", _EDIT),
    ("write a better description for the museum tour", _EDIT),
    ("put a password on the wedding film", _EDIT),
    ("change the title of my last upload", _EDIT),
    ("make all videos from last year private", "vimeo_videos_change"),
    ("add 'Season 2' to the title of every episode", "vimeo_videos_change"),
    ("hide every video with less than ten views", "vimeo_videos_change"),
    ("tag all of my cooking clips with recipe", f"{_TAG}"),
    ("set a Creative Commons licence on the whole lecture series", "vimeo_videos_change"),
    ("nobody should be able to comment on this clip any more", _EDIT),
    ("let only people with the link watch this", _EDIT),
    # Deleting
    ("delete the test upload", "vimeo_video_delete vimeo_videos_change"),
    ("get rid of my old trailer", "vimeo_video_delete vimeo_videos_change"),
    ("remove this video from Vimeo for good", "vimeo_video_delete vimeo_videos_change"),
    # Tags
    ("tag this video with travel and norway", _TAG),
    ("add the keyword pottery to the studio clip", _TAG),
    ("label my demo as animation", _TAG),
    # Folders
    ("put the interviews into a folder", _TO_FOLDER),
    ("move this clip to the Archive folder", _TO_FOLDER),
    ("file the new recording under Clients", _TO_FOLDER),
    ("what folders do I have", "vimeo_folders_list vimeo_folder_items_list"),
    ("show me my projects", "vimeo_folders_list"),
    ("make a new folder for the school play", "vimeo_folder_create"),
    ("create a subfolder called Raw inside Weddings", "vimeo_folder_create"),
    ("delete the empty folder Old Stuff", "vimeo_folder_delete"),
    ("get rid of the folder Drafts", "vimeo_folder_delete"),
    # Showcases
    ("add this film to my portfolio album", _TO_SHOWCASE),
    ("put the new video in the Customers showcase", _TO_SHOWCASE),
    ("include the trailer in my best-of collection", _TO_SHOWCASE),
    ("what albums do I have", "vimeo_showcases_list"),
    ("list my showcases", "vimeo_showcases_list"),
    ("make an album of our band's concerts", "vimeo_showcase_create"),
    ("start a new showcase for the spring exhibition", "vimeo_showcase_create"),
    ("create a playlist called Morning Yoga", "vimeo_showcase_create"),
    ("delete the showcase from 2019", "vimeo_showcase_delete"),
    ("remove my Christmas album, but keep the videos", "vimeo_showcase_delete"),
    # Likes, follows, other people's videos
    ("like this video", "vimeo_video_like vimeo_videos_change"),
    ("give the animation a heart", "vimeo_video_like vimeo_videos_change"),
    ("follow this filmmaker", "vimeo_user_follow"),
    ("I want to see what this studio posts from now on", "vimeo_user_follow"),
    ("stop following that brand", "vimeo_user_unfollow"),
    ("unfollow the user skatevideos", "vimeo_user_unfollow"),
    ("find videos about beekeeping on Vimeo", "vimeo_videos_search"),
    ("search for drone footage of Iceland", "vimeo_videos_search"),
    ("are there any tutorials by others about stop motion", "vimeo_videos_search"),
    # Comments
    ("who commented on my last video", "vimeo_my_comments_find vimeo_video_comments_list"),
    ("any new comments this week?", "vimeo_my_comments_find"),
    ("which comments have I not answered yet", "vimeo_my_comments_find"),
    ("did anybody ask about prices in the comments", "vimeo_my_comments_find vimeo_video_comments_list"),
    ("write 'great work!' under this film", "vimeo_video_comment_add"),
    ("leave a comment on the dance video", "vimeo_video_comment_add"),
    ("answer Maria's comment and thank her", "vimeo_comment_reply_add"),
    ("reply to the question under my tutorial", "vimeo_comment_reply_add"),
    ("delete that rude comment", "vimeo_comment_delete"),
    ("remove the spam under my video", "vimeo_comment_delete"),
    # Captions and transcripts
    ("what is said in this video", "vimeo_video_transcript_get"),
    ("give me the transcript of the interview", "vimeo_video_transcript_get"),
    ("summarise the talk for me", "vimeo_video_transcript_get"),
    ("which subtitle languages does the film have", "vimeo_video_texttracks_list"),
    ("does the lecture have captions?", f"vimeo_video_texttracks_list {_ONE} {_FIND}"),
    ("add German subtitles to the film", "vimeo_video_captions_add vimeo_video_texttrack_create"),
    ("upload these captions for the lesson", "vimeo_video_captions_add vimeo_video_texttrack_create"),
    ("delete the Spanish subtitles", "vimeo_video_texttrack_delete"),
    ("take the wrong captions off my video", "vimeo_video_texttrack_delete"),
    # Uploads
    ("upload the video from this link", "vimeo_video_create vimeo_video_upload"),
    ("here is a URL of an mp4, put it on my Vimeo", "vimeo_video_create vimeo_video_upload"),
    ("import this file from my website", "vimeo_video_create vimeo_video_upload"),
    # Taking back
    ("undo that", "vimeo_changes_undo"),
    ("put the titles back the way they were", "vimeo_changes_undo"),
    ("oops, that was wrong, revert it", "vimeo_changes_undo"),
    ("what have you changed so far?", "vimeo_changes_list"),
    ("show me what you did yesterday", "vimeo_changes_list"),
    # Oneself, the connection, everything else
    ("who am I logged in as", "vimeo_me_get vimeo_connection_check"),
    ("how much storage do I have left", "vimeo_me_get"),
    ("which plan am I on", "vimeo_me_get vimeo_connection_check"),
    ("is Vimeo connected properly?", "vimeo_connection_check"),
    ("what are you allowed to do in my account", "vimeo_connection_check"),
    ("show the rest of that long answer", "vimeo_result_read"),
    ("is there a tool for live streams?", "vimeo_tools_search"),
    # What the default tools do not do
    ("save this for later", "vimeo_watchlater_add vimeo_videos_change"),
    ("what's on my watch later list", "vimeo_watchlater_list"),
    ("take this off my watch later list", "vimeo_watchlater_remove vimeo_videos_change"),
    ("which videos have I liked", "vimeo_liked_videos_list"),
    ("take back my like", "vimeo_video_unlike vimeo_videos_change"),
    ("who follows me", "vimeo_user_followers_list"),
    ("who do I follow", "vimeo_following_list"),
    ("show me this creator's videos", "vimeo_user_videos_list"),
    ("what categories are there on Vimeo", "vimeo_categories_list"),
    ("rename the folder Misc to Family", "vimeo_folder_rename"),
    ("take this video out of the folder", "vimeo_folder_video_remove vimeo_videos_change"),
    ("what's in the showcase Best of Theatre", f"vimeo_showcase_videos_list {_FIND}"),
    ("take the teaser out of the showcase", "vimeo_showcase_video_remove vimeo_videos_change"),
    ("use the frame at 12 seconds as the thumbnail", "vimeo_video_picture_create"),
    ("add chapters to the lecture, the first at 0:00", "vimeo_video_chapter_create"),
    ("download the original file", "vimeo_video_downloads_list"),
    ("replace the video file with the corrected cut", "vimeo_video_version_add"),
    (
        "only allow my website to embed this video",
        "vimeo_embed_domain_add vimeo_video_edit vimeo_videos_change",
    ),
    ("plan a live stream for Sunday", "vimeo_live_event_create"),
    ("let Anna watch my private film", "vimeo_video_viewer_add"),
    ("ping my server whenever a video is uploaded", "vimeo_webhook_create"),
    ("how did my videos perform last month, by country", "vimeo_analytics_get"),
    ("change my profile bio", "vimeo_user_update"),
    ("find people who make puppet films", "vimeo_users_search"),
    ("what's new from people I follow", "vimeo_feed_list"),
)
"""What a person says → the tools that do it, in any of the sets."""
