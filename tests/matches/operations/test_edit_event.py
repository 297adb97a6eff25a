import pytest

from core.errors import ForbiddenError, InvalidInputError, NotFoundError, VersionConflictError
from core.ids import uuid7
from matches.errors import EventVoidedError
from matches.models import EventRevision, Match, MatchEvent
from matches.operations import lifecycle
from matches.operations.events import edit_event, void_event
from matches.operations.lineups import set_lineup
from matches.rules.kinds import EventKind, Outcome
from realtime import feed
from tests import factories
from tests.matches.builders import draft, log, start_match

pytestmark = pytest.mark.django_db


def score_of(match):
    match.refresh_from_db()
    return match.home_goals, match.away_goals


def edit(event, actor, *, base_version=None, reason="", **changes):
    return edit_event(
        event=event, actor=actor, changes=changes, base_version=base_version, reason=reason
    )


def test_correction_makes_a_version_and_moves_the_score():
    match, scorer = start_match()
    goal = log(match, scorer)

    edited = edit(goal, scorer, base_version=1, team_id=match.away_team_id, clock_ms=None)

    stored = MatchEvent.objects.get(pk=goal.pk)
    assert edited == stored
    assert (stored.team_id, stored.clock_ms, stored.version) == (match.away_team_id, None, 2)
    assert score_of(match) == (0, 1)


def test_revision_keeps_what_was_and_who_changed_it():
    match, scorer = start_match()
    player = factories.build_player(match.home_team)
    goal = log(match, scorer)

    edit(goal, scorer, player_id=player.pk, notes="Deflected", reason="  Video ")

    revision = EventRevision.objects.get(event=goal)
    assert (revision.version, revision.changed_by, revision.reason) == (2, scorer, "Video")
    changed = {
        name: (revision.before[name], revision.after[name])
        for name in revision.before
        if revision.before[name] != revision.after[name]
    }
    assert changed == {"player_id": (None, str(player.pk)), "notes": ("", "Deflected")}
    assert revision.before["kind"] == "goal"


def test_changing_nothing_makes_no_version():
    match, scorer = start_match()
    goal = log(match, scorer)
    head = feed.head(match.topic)

    edited = edit(goal, scorer, clock_ms=goal.clock_ms, outcome="")

    assert edited.version == 1
    assert not EventRevision.objects.exists()
    assert feed.head(match.topic) == head


def test_stale_version_is_refused_with_the_current_one():
    match, scorer = start_match()
    goal = log(match, scorer)
    edit(goal, scorer, base_version=1, clock_ms=1)

    with pytest.raises(VersionConflictError) as refusal:
        edit(goal, scorer, base_version=1, clock_ms=2)

    assert refusal.value.details == {"current_version": 2}
    assert MatchEvent.objects.get(pk=goal.pk).clock_ms == 1


def test_version_is_judged_by_the_row_and_not_by_what_the_caller_holds():
    match, scorer = start_match()
    goal = log(match, scorer)
    held = MatchEvent.objects.get(pk=goal.pk)
    edit(goal, scorer, clock_ms=1)

    edited = edit(held, scorer, base_version=2, notes="Header")

    assert (edited.clock_ms, edited.notes, edited.version) == (1, "Header", 3)


@pytest.mark.parametrize("field", ["kind", "match_id", "id", "recorded_by", "voided_at"])
def test_what_an_event_is_stays(field):
    match, scorer = start_match()
    goal = log(match, scorer)

    with pytest.raises(InvalidInputError) as refusal:
        edit(goal, scorer, **{field: "shot"})

    assert set(refusal.value.details) == {field}


def test_rules_hold_for_corrections_too():
    match, scorer = start_match()
    goal = log(match, scorer)
    stranger = factories.build_player(match.away_team)

    for changes in [
        {"period": 2},
        {"player_id": stranger.pk},
        {"team_id": uuid7()},
        {"outcome": "scored"},
        {"outcome": "brilliant"},
        {"sentiment": 4},
        {"linked_event_id": goal.pk},
    ]:
        with pytest.raises(InvalidInputError) as refusal:
            edit(goal, scorer, **changes)
        assert set(refusal.value.details) == set(changes)
    assert score_of(match) == (1, 0)


def test_outcome_of_a_penalty_decides_the_score():
    match, scorer = start_match()
    penalty = log(match, scorer, EventKind.PENALTY, outcome=Outcome.AWARDED)

    edit(penalty, scorer, outcome=Outcome.SCORED)

    assert score_of(match) == (1, 0)


def test_player_accepted_once_stays_when_the_lineup_changes():
    match, scorer = start_match()
    guest = factories.build_lineup(match, match.home_team, starters=1, bench=0)[0]
    guest.squads.all().delete()
    goal = log(match, scorer, player_id=guest.pk)
    set_lineup(match=match, actor=scorer, team=match.home_team, players=[])

    assert edit(goal, scorer, clock_ms=1).version == 2
    with pytest.raises(InvalidInputError):
        log(match, scorer, player_id=guest.pk)


def test_link_to_a_goal_deleted_since_bars_no_correction():
    match, scorer = start_match()
    goal = log(match, scorer)
    assist = log(match, scorer, EventKind.ASSIST, linked_event_id=goal.pk)
    void_event(event=goal, actor=scorer, base_version=None)

    assert edit(assist, scorer, clock_ms=1).linked_event_id == goal.pk


def test_deleted_event_cannot_be_corrected():
    match, scorer = start_match()
    goal = log(match, scorer)
    void_event(event=goal, actor=scorer, base_version=None)

    with pytest.raises(EventVoidedError):
        edit(goal, scorer, base_version=1, clock_ms=1)


def test_after_the_end_a_correction_needs_a_reason():
    match, scorer = start_match()
    goal = log(match, scorer)
    lifecycle.complete_match(match=match, actor=scorer)

    for reason in ["", "   ", "x" * 201]:
        with pytest.raises(InvalidInputError) as refusal:
            edit(goal, scorer, team_id=match.away_team_id, reason=reason)
        assert set(refusal.value.details) == {"reason"}
    edit(goal, scorer, team_id=match.away_team_id, reason="The referee's report")

    assert score_of(match) == (0, 1)
    assert EventRevision.objects.get(event=goal).reason == "The referee's report"


def test_other_organisations_cannot_correct():
    match, scorer = start_match()
    goal = log(match, scorer)
    _, stranger = start_match()

    with pytest.raises(ForbiddenError):
        edit(goal, stranger, clock_ms=1)


def test_event_that_never_was_is_not_found():
    match, scorer = start_match()
    unknown = MatchEvent(match=match, id=draft(match).id)

    with pytest.raises(NotFoundError):
        edit(unknown, scorer, clock_ms=1)


def test_score_that_stays_makes_no_version_of_the_match():
    match, scorer = start_match()
    goal = log(match, scorer)
    version = Match.objects.get(pk=match.pk).version

    edit(goal, scorer, clock_ms=1)

    assert Match.objects.get(pk=match.pk).version == version
