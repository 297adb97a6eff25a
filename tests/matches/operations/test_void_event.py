import pytest

from core.errors import ForbiddenError, InvalidInputError, VersionConflictError
from matches.models import EventRevision, MatchEvent
from matches.operations import lifecycle
from matches.operations.events import edit_event, void_event
from matches.rules.kinds import EventKind, Outcome
from realtime import feed
from tests.matches.builders import log, start_match

pytestmark = pytest.mark.django_db


def score_of(match):
    match.refresh_from_db()
    return match.home_goals, match.away_goals


def test_deleted_event_stays_as_a_tombstone_and_no_longer_counts():
    match, scorer = start_match()
    goal = log(match, scorer)

    void_event(event=goal, actor=scorer, base_version=1, reason="Offside")

    stored = MatchEvent.objects.get(pk=goal.pk)
    assert (stored.voided_by, stored.version) == (scorer, 2)
    assert stored.voided_at is not None
    assert score_of(match) == (0, 0)
    revision = EventRevision.objects.get(event=goal)
    assert (revision.before["voided"], revision.after["voided"]) == (False, True)
    assert (revision.reason, revision.changed_by) == ("Offside", scorer)


def test_deleting_twice_is_the_same_whatever_version_was_read():
    match, scorer = start_match()
    goal = log(match, scorer)
    void_event(event=goal, actor=scorer, base_version=1)
    head = feed.head(match.topic)

    again = void_event(event=goal, actor=scorer, base_version=1)

    assert again.version == 2
    assert feed.head(match.topic) == head
    assert EventRevision.objects.count() == 1


def test_stale_version_deletes_nothing():
    match, scorer = start_match()
    goal = log(match, scorer)
    edit_event(event=goal, actor=scorer, changes={"clock_ms": 1}, base_version=1)

    with pytest.raises(VersionConflictError) as refusal:
        void_event(event=goal, actor=scorer, base_version=1)

    assert refusal.value.details == {"current_version": 2}
    assert score_of(match) == (1, 0)


def test_last_kick_of_a_shootout_takes_its_score_along():
    match, scorer = start_match()
    for _ in range(4):
        lifecycle.end_period(match=match, actor=scorer)
        lifecycle.start_period(match=match, actor=scorer)
    kick = log(
        match, scorer, EventKind.SHOOTOUT_KICK, period=5, clock_ms=None, outcome=Outcome.SCORED
    )

    void_event(event=kick, actor=scorer, base_version=None)

    match.refresh_from_db()
    assert (match.home_shootout_goals, match.away_shootout_goals) == (None, None)


def test_after_the_end_a_deletion_needs_a_reason():
    match, scorer = start_match()
    goal = log(match, scorer)
    lifecycle.complete_match(match=match, actor=scorer)

    with pytest.raises(InvalidInputError) as refusal:
        void_event(event=goal, actor=scorer, base_version=None)
    assert set(refusal.value.details) == {"reason"}

    void_event(event=goal, actor=scorer, base_version=None, reason="Logged twice")
    assert score_of(match) == (0, 0)


def test_other_organisations_cannot_delete():
    match, scorer = start_match()
    goal = log(match, scorer)
    _, stranger = start_match()

    with pytest.raises(ForbiddenError):
        void_event(event=goal, actor=stranger, base_version=None)

    assert score_of(match) == (1, 0)
