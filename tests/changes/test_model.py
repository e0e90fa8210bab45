"""A plan's parts survive being written and read."""

from hypothesis import given
from hypothesis import strategies as st

from vimeo_toolkit.changes.model import FINAL, Edit, PlannedVideo

EDITS = st.builds(
    Edit,
    st.sampled_from(["name", "privacy", "tag", "folder", "video"]),
    st.none() | st.booleans() | st.text(max_size=5),
    st.none() | st.booleans() | st.text(max_size=5),
    st.text(max_size=5),
    st.booleans(),
)
VIDEOS = st.builds(
    PlannedVideo,
    st.just("/videos/1"),
    st.text(max_size=5),
    st.lists(EDITS, max_size=3).map(tuple),
    st.lists(st.text(max_size=5), max_size=2).map(tuple),
    st.lists(st.text(max_size=5), max_size=2).map(tuple),
    st.sampled_from(["planned", "begun", *sorted(FINAL)]),
    st.text(max_size=5),
)


@given(VIDEOS)
def test_a_video_of_a_plan_is_read_as_it_was_written(video: PlannedVideo) -> None:
    assert PlannedVideo.from_dict(video.to_dict()) == video


@given(EDITS)
def test_an_edit_reversed_twice_is_the_edit(edit: Edit) -> None:
    again = edit.reversed().reversed()
    assert (again.kind, again.before, again.after, again.of) == (edit.kind, edit.before, edit.after, edit.of)
