import pytest

from realtime.feed import Head
from realtime.frames import Cursor
from realtime.hub.watched import Texts, WatchedTopic


def texts(*numbers):
    return [(number, Texts(f"full {number}", f"public {number}")) for number in numbers]


def watched_at(seq, *, max_entries=100, max_bytes=10_000):
    watched = WatchedTopic("toy.1", max_entries=max_entries, max_bytes=max_bytes)
    watched.begin(Head("e", seq))
    return watched


def test_begins_at_the_head_with_nothing_kept():
    watched = watched_at(5)

    assert (watched.seq, watched.oldest, watched.entries) == (5, 6, {})
    assert watched.reaches("e", 5)
    assert not watched.reaches("e", 4)


def test_extends_by_what_follows_on():
    watched = watched_at(5)

    assert watched.extend(Head("e", 7), texts(6, 7)) is None

    assert (watched.seq, watched.oldest) == (7, 6)
    assert watched.entries[7].public == "public 7"
    assert [watched.reaches("e", seq) for seq in (4, 5, 6, 7, 8)] == [
        False,
        True,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("head", "read", "reason"),
    [
        (Head("other", 6), [6], "epoch_changed"),
        (Head("e", 4), [], "epoch_changed"),
        (Head("e", 7), [7], "history_pruned"),
        (Head("e", 8), [6, 8], "history_pruned"),
        (Head("e", 8), [], "history_pruned"),
        (Head("e", 5), [], None),
        (Head("e", 9), [6, 7], None),
    ],
)
def test_takes_nothing_that_does_not_follow_on(head, read, reason):
    watched = watched_at(5)

    assert watched.extend(head, texts(*read)) == reason

    assert list(watched.entries) == ([] if reason else read)


def test_keeps_no_more_entries_than_it_may():
    watched = watched_at(0, max_entries=3)

    watched.extend(Head("e", 5), texts(1, 2, 3, 4, 5))

    assert (watched.oldest, sorted(watched.entries)) == (3, [3, 4, 5])


def test_keeps_no_more_bytes_than_it_may():
    watched = watched_at(0, max_bytes=30)

    watched.extend(Head("e", 9), texts(*range(1, 10)))

    # "full 9" and "public 9" are 14 characters.
    assert (watched.oldest, sorted(watched.entries)) == (8, [8, 9])


def test_entry_larger_than_all_it_may_keep_is_not_kept():
    watched = watched_at(0, max_bytes=5)

    watched.extend(Head("e", 1), texts(1))

    assert (watched.seq, watched.oldest, watched.entries) == (1, 2, {})


def test_backfills_as_far_back_as_there_is_no_hole():
    watched = watched_at(6)
    watched.extend(Head("e", 7), texts(7))

    watched.backfill(texts(1, 2, 4, 5, 6, 7))

    assert watched.is_backfilled
    assert (watched.oldest, sorted(watched.entries)) == (4, [4, 5, 6, 7])


def test_backfill_that_does_not_meet_what_is_kept_is_left():
    watched = watched_at(6)

    watched.backfill(texts(1, 2, 3))

    assert (watched.oldest, watched.entries) == (7, {})


@pytest.mark.parametrize(
    ("cursor", "reason"),
    [
        (Cursor("e", 50), None),
        (Cursor("e", 40), None),
        (Cursor("e", 39), "history_pruned"),
        (Cursor("e", 51), "position_ahead"),
        (Cursor("e", 0), "too_far_behind"),
        (Cursor("", 50), "epoch_changed"),
    ],
)
def test_says_why_a_cursor_cannot_be_resumed(cursor, reason):
    watched = watched_at(40, max_entries=20)
    watched.extend(Head("e", 50), texts(*range(41, 51)))

    assert watched.why_not_from(cursor) == reason


def test_beginning_anew_forgets_everything():
    watched = watched_at(0)
    watched.extend(Head("e", 2), texts(1, 2))

    watched.begin(Head("f", 1))

    assert (watched.epoch, watched.seq, watched.oldest, watched.entries) == ("f", 1, 2, {})
    watched.extend(Head("f", 2), texts(2))
    assert sorted(watched.entries) == [2]
