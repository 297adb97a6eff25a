"""Several writers at once: the numbers have no hole, and their order is the order of commits."""

import random
import threading

import pytest
from django.db import connection, transaction

from realtime import feed
from realtime.models import FeedEntry
from tests.realtime import toys

pytestmark = pytest.mark.django_db(transaction=True)


def in_threads(*works):
    """Run all at once; raise what any of them raised."""
    errors = []

    def run(work):
        try:
            work()
        except Exception as error:  # noqa: BLE001  raised again in the test's own thread
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []


def write_and_sometimes_regret(topic, count, committed):
    chance = random.Random(threading.get_ident())
    for _ in range(count):
        with transaction.atomic():
            seq = feed.append(topic=topic, kind="x", payload={}, public_payload=None)
            if chance.random() < 0.3:
                transaction.set_rollback(True)
                continue
        committed.append(seq)


def test_writers_that_roll_back_now_and_then_leave_no_hole():
    topic, committed = toys.new_topic(), []

    in_threads(*[lambda: write_and_sometimes_regret(topic, 60, committed)] * 4)

    numbers = FeedEntry.objects.filter(topic=topic).order_by("seq").values_list("seq", flat=True)
    assert list(numbers) == list(range(1, len(committed) + 1))
    assert sorted(committed) == list(numbers)
    assert feed.head(topic).seq == len(committed)


def test_reader_that_polls_sees_every_number_in_order():
    """What an auto-increment number would not give: nothing commits behind a reader's back."""
    topic, committed, seen = toys.new_topic(), [], []
    writing = threading.Event()

    def write():
        write_and_sometimes_regret(topic, 100, committed)
        writing.set()

    def poll():
        is_last = False
        while not is_last:
            is_last = writing.is_set()
            head, entries = feed.read(topic, since=len(seen), limit=1_000)
            seen.extend(entry.seq for entry in entries)
            assert len(seen) == head.seq

    in_threads(write, poll)

    assert seen == list(range(1, len(committed) + 1))


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_topics_do_not_wait_for_each_other():
    mine, other = toys.new_topic(), toys.new_topic()

    with transaction.atomic():
        feed.append(topic=mine, kind="x", payload={}, public_payload=None)
        in_threads(lambda: toys.say(other, "at the same time"))
        assert feed.head(other).seq == 1


def test_snapshot_of_a_topic_that_never_rests_is_consistent():
    topic, committed = toys.new_topic(), []
    stop = threading.Event()
    found = []

    def write():
        while not stop.is_set():
            write_and_sometimes_regret(topic, 1, committed)

    def read():
        for _ in range(30):
            head, words = feed.consistent(
                topic, lambda: FeedEntry.objects.filter(topic=topic).count()
            )
            found.append((head.seq, words))
        stop.set()

    in_threads(write, write, read)

    assert all(seq == count for seq, count in found)
