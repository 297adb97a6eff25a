from uuid import UUID

import pytest

from matches.rules.errors import RuleBrokenError
from matches.rules.events import check_event
from matches.rules.kinds import EventKind, Outcome, PeriodKind, Side
from tests.matches.rules.strategies import PEOPLE, make_draft, make_event

PERIODS = {1: PeriodKind.REGULAR, 5: PeriodKind.PENALTY_SHOOTOUT}
ANN, BEN = PEOPLE[:2]


def check(draft, side=Side.HOME, linked=None):
    check_event(draft, side=side, periods=PERIODS, linked=linked)


VALID = {
    EventKind.PENALTY: {"outcome": Outcome.SCORED},
    EventKind.SUBSTITUTION: {"player_on_id": ANN, "player_off_id": BEN},
    EventKind.SHOOTOUT_KICK: {"outcome": Outcome.SAVED, "period": 5, "clock_ms": None},
}


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_can_be_logged(kind):
    check(make_draft(kind, **VALID.get(kind, {})))


@pytest.mark.parametrize(
    ("kind", "fields", "code", "field"),
    [
        ("goal", {"period": 2}, "period_not_started", "period"),
        ("goal", {"period": 5}, "match_is_over", "kind"),
        ("shootout_kick", {"outcome": Outcome.SCORED}, "not_in_shootout", "period"),
        ("goal", {"clock_ms": -1}, "clock_out_of_range", "clock_ms"),
        ("goal", {"clock_ms": 6 * 3_600_000 + 1}, "clock_out_of_range", "clock_ms"),
        ("goal", {"sentiment": 4}, "sentiment_out_of_range", "sentiment"),
        ("note", {"notes": "x" * 501}, "notes_too_long", "notes"),
        ("goal", {"player_on_id": ANN}, "not_a_substitution", "player_on_id"),
        ("goal", {"player_off_id": ANN}, "not_a_substitution", "player_on_id"),
        ("substitution", {"player_id": ANN}, "player_not_used", "player_id"),
        (
            "substitution",
            {"player_on_id": ANN, "player_off_id": ANN},
            "same_player",
            "player_on_id",
        ),
        ("penalty", {}, "outcome_required", "outcome"),
        ("shootout_kick", {"period": 5}, "outcome_required", "outcome"),
        ("goal", {"outcome": Outcome.SCORED}, "outcome_not_allowed", "outcome"),
        ("penalty_missed", {"outcome": Outcome.SCORED}, "outcome_not_allowed", "outcome"),
    ],
)
def test_contradictions_are_refused_and_name_the_field(kind, fields, code, field):
    with pytest.raises(RuleBrokenError) as refusal:
        check(make_draft(EventKind(kind), **fields))

    assert (refusal.value.code, refusal.value.field) == (code, field)


@pytest.mark.parametrize("kind", ["goal", "corner", "yellow_card", "substitution"])
def test_most_kinds_need_a_team(kind):
    with pytest.raises(RuleBrokenError, match="team"):
        check(make_draft(EventKind(kind)), side=None)


@pytest.mark.parametrize("kind", ["note", "injury", "ball_out"])
def test_stoppages_and_notes_need_no_team_but_a_player_needs_one(kind):
    check(make_draft(EventKind(kind), team_id=None), side=None)

    with pytest.raises(RuleBrokenError, match="team"):
        check(make_draft(EventKind(kind), player_id=ANN), side=None)


def test_substitution_of_unknown_players_is_fine():
    check(make_draft(EventKind.SUBSTITUTION))


def test_time_nobody_noted_is_fine():
    check(make_draft(clock_ms=None))


def test_assist_belongs_to_a_goal_of_its_team():
    goal = make_event(player_id=BEN)

    check(make_draft(EventKind.ASSIST, player_id=ANN, linked_event_id=goal.id), linked=goal)


@pytest.mark.parametrize(
    ("kind", "side", "outcome"),
    [
        (EventKind.OWN_GOAL, Side.HOME, None),
        (EventKind.OWN_GOAL, Side.AWAY, None),
        (EventKind.PENALTY, Side.HOME, Outcome.SCORED),
        (EventKind.GOAL, Side.AWAY, None),
    ],
)
def test_nobody_assists_own_goals_penalties_or_goals_of_the_others(kind, side, outcome):
    goal = make_event(kind, side, outcome=outcome)

    with pytest.raises(RuleBrokenError) as refusal:
        check(make_draft(EventKind.ASSIST, linked_event_id=goal.id), linked=goal)

    assert refusal.value.code == "assist_needs_goal"


def test_scorer_does_not_assist_their_own_goal():
    goal = make_event(player_id=ANN)

    with pytest.raises(RuleBrokenError) as refusal:
        check(make_draft(EventKind.ASSIST, player_id=ANN, linked_event_id=goal.id), linked=goal)

    assert refusal.value.code == "assist_by_scorer"


def test_link_must_lead_to_another_event():
    itself = make_event()

    with pytest.raises(RuleBrokenError, match="Link"):
        check(make_draft(EventKind.SAVE, linked_event_id=UUID(int=1)))
    with pytest.raises(RuleBrokenError, match="Link"):
        check(make_draft(EventKind.SAVE, id=itself.id, linked_event_id=itself.id), linked=itself)
    check(make_draft(EventKind.SAVE, linked_event_id=itself.id), linked=itself)
