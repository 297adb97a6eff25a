"""What only real threads on PostgreSQL can show; SQLite has one writer at a time."""

from collections import Counter
from threading import Barrier, Thread

import pytest
from django.db import connection

from core.errors import DomainError
from matches.errors import MatchNotLiveError
from matches.models import Match, MatchEvent
from matches.operations import lifecycle
from matches.operations.events import edit_event, record_event, void_event
from matches.operations.roster import update_team
from matches.queries import live
from matches.rules.kinds import EventKind
from realtime import feed
from tests.matches import reducer
from tests.matches.builders import build_manager, draft, log, start_match

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs concurrent writers"),
]


def side_by_side(*works):
    """Run each in a thread of its own, all starting at once; raise what any of them raised."""
    start = Barrier(len(works))
    failures = []

    def run(work):
        start.wait()
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - told in the test's own thread
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def record_all(match, scorer, events):
    def work():
        for event in events:
            record_event(match=match, actor=scorer, event=event)

    return work


@pytest.mark.timeout(600)
def test_two_people_log_a_thousand_events_and_none_is_lost_or_counted_twice():
    match, scorer = start_match()
    kinds = [EventKind.GOAL, EventKind.CORNER, EventKind.OWN_GOAL, EventKind.TACKLE]
    sent = [
        [draft(match, kinds[n % 4], clock_ms=n, team=team) for n in range(500)]
        for team in (match.home_team, match.away_team)
    ]

    side_by_side(*(record_all(match, scorer, events) for events in sent))

    match.refresh_from_db()
    entries = feed.entries(match.topic, since=0, limit=2000)
    assert match.events.count() == 1000
    # 125 goals and 125 own goals of the other side, each.
    assert (match.home_goals, match.away_goals) == (250, 250)
    assert [entry.seq for entry in entries] == list(range(1, 1002))
    assert sorted(match.events.values_list("sequence", flat=True)) == list(range(1, 1001))
    heard = Counter(entry.payload["event_id"] for entry in entries[1:])
    assert heard == Counter(str(event.id) for events in sent for event in events)

    # Nobody knows which answers arrived, so both phones send everything again.
    side_by_side(*(record_all(match, scorer, events) for events in reversed(sent)))

    again = Match.objects.get(pk=match.pk)
    assert match.events.count() == 1000
    assert (again.home_goals, again.away_goals, again.version) == (250, 250, match.version)
    assert feed.head(match.topic).seq == 1001


def test_same_event_from_two_threads_is_recorded_once():
    match, scorer = start_match()
    events = [draft(match, clock_ms=n) for n in range(30)]
    created = []

    def work():
        for event in events:
            recorded = record_event(match=match, actor=scorer, event=event)
            created.append(recorded.created)

    side_by_side(work, work)

    assert Counter(created) == {True: 30, False: 30}
    assert feed.head(match.topic).seq == 31


def test_no_event_slips_in_after_the_final_whistle():
    match, scorer = start_match()
    events = [draft(match, clock_ms=n) for n in range(40)]

    def log_until_the_end():
        try:
            record_all(match, scorer, events)()
        except MatchNotLiveError:
            return

    def whistle():
        lifecycle.complete_match(match=match, actor=scorer)

    side_by_side(log_until_the_end, whistle)

    kinds = [entry.kind for entry in feed.entries(match.topic, since=0, limit=100)]
    match.refresh_from_db()
    assert kinds[-1] == "match_finished"
    assert match.home_goals == match.events.count() == kinds.count("event_logged")


def test_of_two_corrections_of_one_version_one_wins():
    match, scorer = start_match()
    event = log(match, scorer)
    refusals = []

    def correct(clock_ms):
        def work():
            try:
                edit_event(
                    event=event, actor=scorer, changes={"clock_ms": clock_ms}, base_version=1
                )
            except DomainError as error:
                refusals.append(error)

        return work

    side_by_side(correct(1), correct(2))

    assert [error.code for error in refusals] == ["version_conflict"]
    assert MatchEvent.objects.get(pk=event.pk).version == 2


def test_snapshots_taken_while_others_write_are_true_where_they_say():
    match, scorer = start_match()
    manager = build_manager(match)
    taken = []

    def write():
        for n in range(40):
            event = log(match, scorer, clock_ms=n)
            if n % 3 == 0:
                void_event(event=event, actor=scorer, base_version=None)

    def rename():
        for n in range(10):
            changes = {"name": f"Rovers {n}"}
            update_team(team=match.home_team, actor=manager, changes=changes)

    def read():
        taken.extend(live.snapshot(match.topic, live.MEMBERS) for _ in range(30))

    side_by_side(write, rename, read, read)

    entries = feed.entries(match.topic, since=0, limit=1000)
    final = reducer.without_texts(live.snapshot(match.topic, live.MEMBERS).data)
    for snapshot in taken:
        document = reducer.without_texts(snapshot.data)
        for entry in entries[snapshot.seq :]:
            document = reducer.apply(document, entry.kind, entry.payload)
        assert document == final
