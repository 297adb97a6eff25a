import pytest

from accounts.models import NamePolicy
from matches.operations import lifecycle
from matches.operations.events import void_event
from matches.queries.people import Lens
from matches.queries.timeline import timeline
from matches.rules.kinds import EventKind
from tests.matches.builders import log, start_match

pytestmark = pytest.mark.django_db


def kinds(match, lens):
    return [[event["kind"] for event in period.events] for period in timeline(match, lens)]


def test_timeline_is_grouped_by_period_and_leaves_out_what_was_deleted():
    match, scorer = start_match()
    log(match, scorer, EventKind.NOTE)
    goal = log(match, scorer)
    lifecycle.end_period(match=match, actor=scorer)
    lifecycle.start_period(match=match, actor=scorer)
    log(match, scorer, EventKind.CORNER, period=2)
    void_event(event=goal, actor=scorer, base_version=None)

    assert kinds(match, Lens(match.pk)) == [["note"], ["corner"]]
    assert kinds(match, Lens(match.pk, NamePolicy.FULL)) == [[], ["corner"]]
    assert [period.period["number"] for period in timeline(match, Lens(match.pk))] == [1, 2]


@pytest.mark.parametrize("events", [1, 10])
def test_timeline_costs_the_same_for_any_length(events, django_assert_num_queries):
    match, scorer = start_match()
    for number in range(events):
        log(match, scorer, clock_ms=number)

    with django_assert_num_queries(3):
        (first,) = timeline(match, Lens(match.pk))

    assert len(first.events) == events
