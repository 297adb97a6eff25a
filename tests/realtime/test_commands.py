from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from realtime import feed
from realtime.models import FeedHead
from tests.realtime import toys

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out, no_color=True)
    return out.getvalue()


def test_prune_feed_deletes_what_is_older_than_so_many_days():
    with time_machine.travel(timezone.now() - timedelta(days=8)):
        toys.say("toy.1", "one", "two")
    toys.say("toy.1", "three")

    assert run("prune_feed", "--days", "7") == "Deleted 2 entries.\n"
    assert run("prune_feed", "--days", "7") == "Deleted 0 entries.\n"

    assert toys.words_of("toy.1") == ["three"]


@pytest.mark.parametrize("days", ["0", "-1", "x", "1.5", "99999"])
def test_prune_feed_wants_a_sensible_number(days):
    with pytest.raises(CommandError, match="whole number of days"):
        run("prune_feed", f"--days={days}")


def test_bump_feed_epoch_for_one_topic():
    toys.say("toy.1", "one")
    before = feed.head("toy.1")

    assert run("bump_feed_epoch", "--topic", "toy.1") == "1 topic start afresh within seconds.\n"

    after = feed.head("toy.1")
    assert after.epoch != before.epoch
    assert after.seq == 1


def test_bump_feed_epoch_for_all_topics():
    toys.say("toy.1", "one")
    toys.say("toy.2", "one")
    before = {topic: feed.head(topic).epoch for topic in ("toy.1", "toy.2")}

    said = run("bump_feed_epoch")

    # Counted and not written down: a socket that another test left may have opened a topic.
    assert said == f"{FeedHead.objects.count()} topics start afresh within seconds.\n"
    assert all(feed.head(topic).epoch != epoch for topic, epoch in before.items())


def test_bump_feed_epoch_says_when_there_is_no_such_topic():
    with pytest.raises(CommandError, match=r"Nothing has happened yet in a topic 'toy\.1'"):
        run("bump_feed_epoch", "--topic", "toy.1")
