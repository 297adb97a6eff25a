"""The score after any history of recording, correcting and deleting is what a recount gives."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matches.models import Match, MatchEvent
from matches.operations import lifecycle
from matches.operations.events import edit_event, record_event, void_event
from matches.rules.kinds import EventKind, Outcome
from tests.matches.builders import draft, start_match

pytestmark = pytest.mark.django_db

SCORING = [EventKind.GOAL, EventKind.OWN_GOAL, EventKind.PENALTY]
KINDS = st.sampled_from([*SCORING, EventKind.SHOOTOUT_KICK, EventKind.CORNER])
CLOCKS = st.one_of(st.none(), st.integers(0, 3_000_000))
OUTCOMES = st.sampled_from([Outcome.SCORED, Outcome.SAVED, Outcome.MISSED])
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["record", "record", "repeat", "edit", "void"]),
        KINDS,
        st.booleans(),
        CLOCKS,
        OUTCOMES,
        st.integers(0, 30),
    ),
    max_size=25,
)


def fields_of(match, kind, is_home, clock_ms, outcome):
    return {
        "team": match.home_team if is_home else match.away_team,
        "clock_ms": clock_ms,
        "outcome": outcome if kind in (EventKind.PENALTY, EventKind.SHOOTOUT_KICK) else None,
        "period": 5 if kind is EventKind.SHOOTOUT_KICK else 1,
    }


def recount(match):
    """By hand, from the rows: what somebody with pencil and paper would do."""
    goals = {match.home_team_id: 0, match.away_team_id: 0}
    kicks = {match.home_team_id: 0, match.away_team_id: 0}
    other = {match.home_team_id: match.away_team_id, match.away_team_id: match.home_team_id}
    standing = MatchEvent.objects.filter(match=match, voided_at=None)
    for event in standing:
        if event.kind == "goal" or (event.kind == "penalty" and event.outcome == "scored"):
            goals[event.team_id] += 1
        elif event.kind == "own_goal":
            goals[other[event.team_id]] += 1
        elif event.kind == "shootout_kick":
            kicks[event.team_id] += event.outcome == "scored"
    had_kicks = standing.filter(kind="shootout_kick").exists()
    return [*goals.values(), *(kicks.values() if had_kicks else (None, None))]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_score_equals_a_recount_after_any_history(steps):
    match, scorer = start_match()
    for _ in range(4):
        lifecycle.end_period(match=match, actor=scorer)
        lifecycle.start_period(match=match, actor=scorer)
    sent = []
    for action, kind, is_home, clock_ms, outcome, pick in steps:
        fields = fields_of(match, kind, is_home, clock_ms, outcome)
        if action == "record" or not sent:
            sent.append(draft(match, kind, **fields))
            record_event(match=match, actor=scorer, event=sent[-1])
            continue
        chosen = sent[pick % len(sent)]
        event = MatchEvent.objects.get(pk=chosen.id)
        if action == "repeat":
            record_event(match=match, actor=scorer, event=chosen)
        elif action == "void":
            void_event(event=event, actor=scorer, base_version=None)
        elif event.voided_at is None:
            changes = {"team_id": fields["team"].pk, "clock_ms": clock_ms}
            if event.outcome:
                changes["outcome"] = outcome
            edit_event(event=event, actor=scorer, changes=changes, base_version=event.version)

    stored = Match.objects.get(pk=match.pk)
    assert [
        stored.home_goals,
        stored.away_goals,
        stored.home_shootout_goals,
        stored.away_shootout_goals,
    ] == recount(match)
