"""Requests of strangers who try an agent for the first time: a realtor, a choir, a cycling club, a drone pilot, a
tutor, a charity, a skater.
They were written before the descriptions that they are held against, and nothing is tuned on them: look at their
shares only, and not at which of them fail.
"""

from typing import Final

_FIND = "vimeo_my_videos_find vimeo_my_videos_list"
_ONE = "vimeo_video_get vimeo_videos_get"
_ONE_OR_FIND = f"{_ONE} {_FIND}"
_EDIT = "vimeo_video_edit vimeo_videos_change"
_TAG = "vimeo_video_tags_add vimeo_videos_change"
_DELETE = "vimeo_video_delete vimeo_videos_change"
_TO_SHOWCASE = "vimeo_showcase_video_add vimeo_showcase_videos_add vimeo_videos_change"
_TO_FOLDER = "vimeo_folder_video_add vimeo_folder_videos_add vimeo_videos_change"
_UPLOAD = "vimeo_video_create vimeo_video_upload"
_CAPTION = "vimeo_video_captions_add vimeo_video_texttrack_create"

STRANGERS: Final[tuple[tuple[str, str], ...]] = (
    # One's own videos
    ("what videos do I have?", _FIND),
    ("show me the five newest ones", _FIND),
    ("which house tour got the most plays", f"{_FIND} vimeo_analytics_get"),
    ("do I have anything with the word Christmas in its title", _FIND),
    ("how many hours of video are in my account altogether", _FIND),
    ("anything of mine that nobody has watched", _FIND),
    ("list the videos that aren't in any folder", _FIND),
    ("which of my rides are still missing subtitles", f"{_FIND} vimeo_video_texttracks_list"),
    ("how many of my videos can everybody see, and how many are hidden?", _FIND),
    ("what did I put up in October", _FIND),
    ("my shortest videos, under a minute", _FIND),
    # One video
    ("how long is the harbour flight?", _ONE_OR_FIND),
    ("give me the link to the spring concert", _ONE_OR_FIND),
    ("who is allowed to see the board meeting recording", f"{_ONE_OR_FIND} vimeo_video_viewers_list"),
    ("has my last upload finished processing", f"{_ONE_OR_FIND} vimeo_video_wait_ready"),
    ("tell me everything about this video", _ONE),
    # Changing one video
    ("call it 'Oak Street 14, two bedrooms' instead", _EDIT),
    ("put a password on the rehearsal video", _EDIT),
    ("make the charity film visible to everyone", _EDIT),
    ("the description of the intro lesson has a typo, write 'verbs' for 'vebs'", _EDIT),
    ("nobody should be able to download the concert", _EDIT),
    ("hide the sold house from the public", _EDIT),
    ("turn off comments on the gala video", _EDIT),
    # Changing many
    ("make all of last year's races private", "vimeo_videos_change"),
    ("put 'SOLD' in front of the title of all my Elm Road videos", "vimeo_videos_change"),
    ("tag every drone clip with aerial", "vimeo_videos_change vimeo_video_tags_add"),
    ("move all lessons for beginners to the folder A1", _TO_FOLDER),
    ("take the tag draft off everything", "vimeo_videos_change"),
    ("give all my skate videos a Creative Commons license", "vimeo_videos_change"),
    # Deleting, undoing
    ("delete the blurry test clip", _DELETE),
    ("throw away all uploads called untitled", "vimeo_videos_change"),
    ("get rid of this video for good", _DELETE),
    ("oops, put it back the way it was", "vimeo_changes_undo"),
    ("undo that renaming", "vimeo_changes_undo"),
    ("what have you changed in my account so far", "vimeo_changes_list"),
    ("show me the edits you made yesterday", "vimeo_changes_list"),
    ("can that last change be reverted?", "vimeo_changes_list vimeo_changes_undo"),
    # Tags
    ("label the Alps ride with mountains and gravel", _TAG),
    ("add the keyword soprano to this recording", _TAG),
    # Showcases
    ("build a showcase of our best concerts", "vimeo_showcase_create"),
    ("start a new collection called Open Houses", "vimeo_showcase_create"),
    ("what showcases have I made?", "vimeo_showcases_list"),
    ("is there already an album for the 2025 season", "vimeo_showcases_list"),
    ("remove the showcase Spring 2024", "vimeo_showcase_delete"),
    ("I don't need that album any longer", "vimeo_showcase_delete"),
    ("put the kickflip video into the showcase Tricks", _TO_SHOWCASE),
    ("also show the donor film in our gala album", _TO_SHOWCASE),
    # Folders
    ("new folder for listings, please", "vimeo_folder_create"),
    ("create a subfolder Raw inside Drone", "vimeo_folder_create"),
    ("how are my folders organised", "vimeo_folders_list vimeo_folder_items_list"),
    ("do I have a folder for grammar?", "vimeo_folders_list"),
    ("file the duet under Choir", _TO_FOLDER),
    ("put this one in the Archive folder", _TO_FOLDER),
    ("delete the empty folder Misc", "vimeo_folder_delete"),
    ("remove the Old Listings folder but keep what's inside", "vimeo_folder_delete"),
    # People
    ("follow the filmmaker Ana Costa", "vimeo_user_follow"),
    ("I'd like to keep up with what that cyclist posts", "vimeo_user_follow"),
    ("stop following Big Air Media", "vimeo_user_unfollow"),
    ("unfollow him", "vimeo_user_unfollow"),
    # Likes and comments
    ("like the lighthouse video", "vimeo_video_like vimeo_videos_change"),
    ("give that one a heart from me", "vimeo_video_like vimeo_videos_change"),
    ("write 'what a sunset!' under the drone video", "vimeo_video_comment_add"),
    ("leave a nice comment for the choir", "vimeo_video_comment_add"),
    ("answer Petra's question below the lesson", "vimeo_comment_reply_add"),
    ("tell the one who asked about the price that it's in the description", "vimeo_comment_reply_add"),
    ("remove the spam below our fundraiser", "vimeo_comment_delete"),
    ("delete what I wrote under that video", "vimeo_comment_delete"),
    ("any new comments since Monday?", "vimeo_my_comments_find"),
    ("which questions from viewers have I not answered", "vimeo_my_comments_find"),
    ("what do people say about the house tour", "vimeo_my_comments_find vimeo_video_comments_list"),
    # Other people's videos
    ("find drone footage of Iceland by other people", "vimeo_videos_search"),
    ("are there good videos on Vimeo about learning Portuguese", "vimeo_videos_search"),
    ("look for short documentaries on cycling", "vimeo_videos_search"),
    # What is said
    ("what does the speaker say about donations?", "vimeo_video_transcript_get"),
    ("summarise the lesson on past tenses", "vimeo_video_transcript_get"),
    ("at which minute is the kitchen mentioned", "vimeo_video_transcript_get"),
    # Files, captions
    ("upload the new house tour", _UPLOAD),
    ("put this file on Vimeo: https://files.example.com/ride.mp4", _UPLOAD),
    ("add English subtitles to the recital", _CAPTION),
    ("here is the srt for lesson 3, attach it", _CAPTION),
    ("which languages have captions on the charity film", "vimeo_video_texttracks_list"),
    ("are there subtitles on this video?", f"vimeo_video_texttracks_list {_ONE_OR_FIND}"),
    ("take the wrong French captions off", "vimeo_video_texttrack_delete"),
    # The account
    ("who am I logged in as?", "vimeo_me_get vimeo_connection_check"),
    ("how much room for uploads is left", "vimeo_me_get vimeo_connection_check"),
    ("what are you able to do in my Vimeo account?", "vimeo_connection_check vimeo_tools_search"),
    ("is Vimeo connected properly", "vimeo_connection_check"),
    ("show the rest of that long list", "vimeo_result_read"),
    ("is there something that can set up a contest page", "vimeo_tools_search"),
    # Beyond the default set
    ("save the gravel film for the weekend", "vimeo_watchlater_add vimeo_videos_change"),
    ("what's still on my watch later list", "vimeo_watchlater_list"),
    ("which videos have I liked?", "vimeo_liked_videos_list"),
    ("I don't like that one any more, take my like back", "vimeo_video_unlike vimeo_videos_change"),
    ("who liked our concert?", "vimeo_video_likes_list"),
    ("how many followers do I have and who are they", "vimeo_user_followers_list"),
    ("whom do I follow", "vimeo_following_list"),
    ("show me what Ana Costa has published", "vimeo_user_videos_list"),
    ("find a user called Skate Lab", "vimeo_users_search"),
    ("what's new from the people I follow", "vimeo_feed_list"),
    ("rename the folder Lessons to Courses", "vimeo_folder_rename"),
    ("what's inside the folder Drone?", f"vimeo_folder_videos_list vimeo_folder_items_list {_FIND}"),
    ("take the rough cut out of the folder Final", "vimeo_folder_video_remove vimeo_videos_change"),
    ("which videos are in the gala showcase", f"vimeo_showcase_videos_list {_FIND}"),
    ("kick the old reel out of my portfolio showcase", "vimeo_showcase_video_remove vimeo_videos_change"),
    ("give the showcase Tricks a new title", "vimeo_showcase_edit"),
    ("use the frame at 0:42 as the cover picture", "vimeo_video_picture_create"),
    ("upload my own thumbnail for the house tour", "vimeo_video_thumbnail_upload vimeo_video_picture_create"),
    ("mark the chapters verse, chorus and bridge in the song", "vimeo_video_chapter_create"),
    ("I need the original file of the concert back, where can I download it", "vimeo_video_downloads_list"),
    ("replace the video with a corrected cut, same link", "vimeo_video_version_add"),
    ("allow our website to embed the tour", "vimeo_embed_domain_add vimeo_video_edit vimeo_videos_change"),
    ("let my client Joe watch the private cut", "vimeo_video_viewer_add"),
    ("plan a live stream for Sunday's concert", "vimeo_live_event_create"),
    ("stop the broadcast now", "vimeo_live_event_end"),
    ("from which countries do people watch us", "vimeo_analytics_get"),
    ("change my bio on Vimeo", "vimeo_user_update"),
    ("let my server know whenever a video is uploaded", "vimeo_webhook_create"),
    ("which categories does Vimeo have", "vimeo_categories_list"),
    ("find groups for choirs", "vimeo_groups_list"),
    ("show the videos of the staff picks channel", "vimeo_channel_videos_list"),
)
