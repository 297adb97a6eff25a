"""Snapshot at s, and the entries after s, are the next snapshot: for every kind and audience."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from accounts.models import NamePolicy
from matches.payloads import FeedKind
from matches.queries import live
from realtime import feed
from tests.matches import reducer
from tests.matches.eventful import EventfulMatch

# The mark also has the test database made when these tests run alone.
pytestmark = pytest.mark.django_db

AUDIENCES = [live.MEMBERS, *(live.audience_of(policy) for policy in NamePolicy)]


def take(match, audience):
    snapshot = live.snapshot(match.topic, audience)
    return snapshot.seq, reducer.without_texts(snapshot.data)


def data_of(entry, audience):
    return entry.payload if audience.is_full else entry.public_payload


def play():
    """All snapshots taken between the steps, by audience, and all entries."""
    eventful = EventfulMatch()
    snapshots = {audience: [take(eventful.match, audience)] for audience in AUDIENCES}
    for step in eventful.steps():
        step()
        for audience in AUDIENCES:
            snapshots[audience].append(take(eventful.match, audience))
    return snapshots, feed.entries(eventful.match.topic, since=0, limit=1000)


@pytest.fixture(scope="module")
def history(django_db_setup, django_db_blocker):
    """Played once for all tests, which only look at it, and rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        played = play()
        transaction.set_rollback(True)
    return played


def test_every_kind_of_entry_takes_part(history):
    _, entries = history

    assert {entry.kind for entry in entries} == set(FeedKind)


@pytest.mark.parametrize("audience", AUDIENCES, ids=lambda audience: audience.key)
def test_any_snapshot_and_the_entries_after_it_make_every_later_one(history, audience):
    snapshots, entries = history
    taken = snapshots[audience]
    for start, (seq, document) in enumerate(taken):
        reduced = document
        for entry in entries[seq:]:
            reduced = reducer.apply(reduced, entry.kind, data_of(entry, audience))
            later = [found for at, found in taken[start:] if at == entry.seq]
            assert later in ([], [reduced] * len(later)), f"after #{entry.seq} {entry.kind}"


def test_feed_is_numbered_without_a_hole_and_snapshots_know_where_they_stand(history):
    snapshots, entries = history

    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    for taken in snapshots.values():
        assert taken[0][0] == 0
        assert taken[-1][0] == len(entries)


def test_viewers_miss_only_what_is_hidden(history):
    _, entries = history
    hidden = {"note", "injury"}

    for entry in entries:
        if entry.public_payload is None:
            deleted = entry.kind == FeedKind.EVENT_DELETED
            assert deleted or entry.payload["kind"] in hidden
        else:
            assert entry.public_payload.get("kind") not in hidden


def calls_of(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("feed.append"):
            yield node


def test_nothing_enters_the_feed_but_through_payloads():
    """So that the kinds listed in FeedKind, and thus the proof above, are complete."""
    sources = Path(settings.BASE_DIR, "matches").rglob("*.py")
    calls = [call for path in sources for call in calls_of(path)]

    assert calls
    for call in calls:
        spread = [ast.unparse(word.value) for word in call.keywords if word.arg is None]
        named = {word.arg for word in call.keywords if word.arg is not None}
        assert named == {"topic"}
        assert len(spread) == 1
        assert spread[0].startswith("payloads.") or spread[0] == "entry"
