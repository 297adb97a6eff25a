from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from realtime import doorbell, feed
from realtime.feed import Head
from realtime.models import FeedEntry, FeedHead

TOPIC = "toy.1"


def append(topic=TOPIC, kind="word_said", payload=None, public_payload=None):
    return feed.append(
        topic=topic, kind=kind, payload=payload or {"word": "x"}, public_payload=public_payload
    )


@pytest.fixture
def rings():
    """Every ring of this process, without a loop in between."""
    heard = []

    class AtOnce:
        def call_soon_threadsafe(self, listener, *arguments):
            listener(*arguments)

    def listener(topic, seq):
        heard.append((topic, seq))

    doorbell.listen(listener, AtOnce())
    yield heard
    doorbell.stop_listening(listener)


@pytest.mark.django_db
class TestAppend:
    def test_numbers_from_one_in_each_topic(self):
        assert [append(), append(), append("toy.2"), append()] == [1, 2, 1, 3]

    def test_keeps_what_was_said(self):
        with time_machine.travel(datetime(2026, 11, 21, 15, tzinfo=UTC), tick=False):
            append(payload={"word": "é"}, public_payload={})

        entry = FeedEntry.objects.get()
        assert (entry.topic, entry.seq, entry.kind) == (TOPIC, 1, "word_said")
        assert (entry.payload, entry.public_payload) == ({"word": "é"}, {})
        assert entry.created_at == datetime(2026, 11, 21, 15, tzinfo=UTC)

    def test_takes_two_statements(self, django_assert_num_queries):
        append()
        with django_assert_num_queries(2):
            append()

    @pytest.mark.parametrize(
        "topic", ["", "toy", "toy.", ".1", "Toy.1", "toy.a b", "toy.é", "toy.1.2", "t" * 40 + ".1"]
    )
    def test_refuses_what_is_no_topic(self, topic):
        with pytest.raises(ValueError, match="is not a topic"):
            append(topic)

    @pytest.mark.parametrize("kind", ["snapshot", "skip", "live", "hello"])
    def test_refuses_a_kind_that_clients_would_take_for_something_else(self, kind):
        with pytest.raises(ValueError, match="is a frame of the protocol"):
            append(kind=kind)

    @pytest.mark.parametrize("value", [{1, 2}, "\ud800", 2**70])
    def test_refuses_what_could_never_be_sent(self, value):
        with pytest.raises(TypeError):
            append(payload={"word": value})

        assert not FeedHead.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestCommit:
    def test_append_belongs_into_the_transaction_of_its_change(self):
        with pytest.raises(transaction.TransactionManagementError):
            append()

    def test_restart_does_too(self):
        with pytest.raises(transaction.TransactionManagementError):
            feed.restart(TOPIC)

    def test_rolled_back_number_is_given_out_again(self):
        with transaction.atomic():
            append()
        with transaction.atomic():
            assert append() == 2
            transaction.set_rollback(True)
        with transaction.atomic():
            assert append() == 2

        assert feed.head(TOPIC).seq == 2

    def test_doorbell_rings_after_the_commit(self, rings):
        with transaction.atomic():
            append()
            append()
            assert rings == []

        assert rings == [(TOPIC, 1), (TOPIC, 2)]

    def test_rolled_back_entry_rings_no_doorbell(self, rings):
        with transaction.atomic():
            append()
            transaction.set_rollback(True)

        assert rings == []

    def test_listener_that_fails_does_not_fail_the_write(self):
        def fail(topic, seq):
            raise OSError

        class AtOnce:
            def call_soon_threadsafe(self, listener, *arguments):
                listener(*arguments)

        doorbell.listen(fail, AtOnce())
        try:
            with transaction.atomic():
                append()
        finally:
            doorbell.stop_listening(fail)

        assert feed.head(TOPIC).seq == 1

    def test_recheck_rings_a_doorbell_of_its_own(self, rings):
        feed.recheck(TOPIC)

        assert rings == [(TOPIC, doorbell.RECHECK)]


@pytest.mark.django_db
class TestReading:
    def test_topic_in_which_nothing_happened_has_no_head(self):
        assert feed.head(TOPIC) == Head("", 0)
        assert feed.heads([TOPIC]) == {}
        assert feed.read(TOPIC, since=0, limit=10) == (Head("", 0), [])

    def test_opening_gives_a_topic_its_epoch_once(self):
        opened = feed.open_head(TOPIC)

        assert opened.epoch
        assert opened.seq == 0
        assert feed.open_head(TOPIC) == feed.head(TOPIC) == opened
        append()
        assert feed.open_head(TOPIC) == Head(opened.epoch, 1)

    def test_heads_are_read_in_one_query(self, django_assert_num_queries):
        append("toy.1")
        append("toy.2")
        append("toy.2")

        with django_assert_num_queries(1):
            heads = feed.heads(["toy.1", "toy.2", "toy.3"])

        assert {topic: head.seq for topic, head in heads.items()} == {"toy.1": 1, "toy.2": 2}

    def test_entries_after_a_cursor_come_in_order(self):
        for _ in range(4):
            append()
        append("toy.2")

        assert [entry.seq for entry in feed.entries(TOPIC, since=1, limit=2)] == [2, 3]
        assert feed.entries(TOPIC, since=4, limit=2) == []

    def test_head_and_entries_are_read_in_one_statement(self, django_assert_num_queries):
        for word in "abc":
            append(payload={"word": word}, public_payload={"word": word} if word == "b" else None)

        with django_assert_num_queries(1):
            head, entries = feed.read(TOPIC, since=1, limit=10)

        assert head == feed.head(TOPIC)
        assert [(each.seq, each.payload["word"]) for each in entries] == [(2, "b"), (3, "c")]
        assert [each.public_payload for each in entries] == [{"word": "b"}, None]
        assert entries[0].created_at.tzinfo is not None

    def test_head_is_read_when_there_is_nothing_new(self):
        append()

        assert feed.read(TOPIC, since=1, limit=10) == (feed.head(TOPIC), [])


@pytest.mark.django_db
class TestConsistent:
    def test_result_is_true_at_the_head_it_comes_with(self):
        append()

        assert feed.consistent(TOPIC, lambda: "read") == (feed.head(TOPIC), "read")

    def test_quiet_topic_is_read_once(self, django_assert_num_queries):
        append()

        with django_assert_num_queries(3):
            feed.consistent(TOPIC, FeedEntry.objects.count)

    def test_change_in_the_middle_is_noticed(self):
        tries = []

        def read_while_it_changes():
            count = FeedEntry.objects.count()
            if len(tries) < 2:
                append()
            tries.append(count)
            return count

        head, count = feed.consistent(TOPIC, read_while_it_changes)

        assert head.seq == count == 2
        assert tries == [0, 1, 2]

    def test_topic_that_never_rests_is_locked_in_the_end(self):
        tries = []

        def read_a_busy_topic():
            count = FeedEntry.objects.count()
            tries.append(count)
            if len(tries) <= feed.OPTIMISTIC_TRIES:
                append()
            return count

        head, count = feed.consistent(TOPIC, read_a_busy_topic)

        assert head.seq == count == 3
        assert len(tries) == 4


@pytest.mark.django_db
class TestHistory:
    def test_restart_forgets_and_begins_a_new_epoch(self):
        append()
        append("toy.2")
        before = feed.head(TOPIC)

        feed.restart(TOPIC)

        assert feed.head(TOPIC).seq == 0
        assert feed.head(TOPIC).epoch not in ("", before.epoch)
        assert feed.entries(TOPIC, since=0, limit=9) == []
        assert append() == 1
        assert feed.head("toy.2").seq == 1

    def test_restart_of_a_topic_without_history_opens_it(self):
        feed.restart(TOPIC)

        assert feed.head(TOPIC).epoch

    def test_prune_deletes_what_is_old_and_keeps_the_count(self):
        now = timezone.now()
        for days in (3, 2, 1):
            with time_machine.travel(now - timedelta(days=days), tick=False):
                append()
                append("toy.2")

        assert feed.prune(before=now - timedelta(days=1, hours=1)) == 4

        assert [entry.seq for entry in feed.entries(TOPIC, since=0, limit=9)] == [3]
        assert append() == 4

    def test_clock_that_was_set_back_leaves_no_hole(self):
        now = timezone.now()
        for days in (1, 3, 0):
            with time_machine.travel(now - timedelta(days=days), tick=False):
                append()

        feed.prune(before=now - timedelta(days=2))

        assert [entry.seq for entry in feed.entries(TOPIC, since=0, limit=9)] == [3]

    def test_epoch_changes_for_one_topic_or_all(self):
        for topic in ("toy.1", "toy.2"):
            append(topic)
        before = feed.heads(["toy.1", "toy.2"])

        assert feed.change_epoch("toy.1") == 1
        between = feed.heads(["toy.1", "toy.2"])
        assert feed.change_epoch() == 2
        after = feed.heads(["toy.1", "toy.2"])

        assert between["toy.1"].epoch != before["toy.1"].epoch
        assert between["toy.2"] == before["toy.2"]
        assert after["toy.2"].epoch != before["toy.2"].epoch
        assert {head.seq for head in after.values()} == {1}
        assert feed.change_epoch("toy.3") == 0


def test_a_statement_that_upserts_is_one_this_database_knows():
    """Older versions of SQLite (before 3.35) have no RETURNING."""
    if connection.vendor == "sqlite":
        assert connection.Database.sqlite_version_info >= (3, 35)
