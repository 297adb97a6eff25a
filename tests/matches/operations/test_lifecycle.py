from datetime import timedelta

import pytest

from core.errors import ForbiddenError, InvalidInputError
from matches.errors import IllegalTransitionError
from matches.models import Match
from matches.operations import lifecycle
from matches.queries.clocks import period_rows, period_times
from matches.rules.clock import elapsed_ms
from matches.rules.kinds import MatchStatus, PeriodKind
from realtime import feed
from tests import factories
from tests.matches.builders import (
    KICK_OFF,
    build_manager,
    build_scorer,
    log,
    minutes,
    start_match,
)

pytestmark = pytest.mark.django_db


def kinds_of(match):
    return [entry.kind for entry in feed.entries(match.topic, since=0, limit=100)]


def played_ms(match, at):
    return elapsed_ms(period_times(match, period_rows(match))[-1], at)


def stored(match):
    return Match.objects.get(pk=match.pk)


def test_kick_off_opens_the_first_period():
    match = factories.build_match()

    started = lifecycle.start_match(match=match, actor=build_scorer(match), at=KICK_OFF)

    period = match.periods.get()
    assert (started.status, stored(match).status) == ("live", "live")
    assert started.version == match.version + 1
    assert (period.number, period.kind, period.started_at) == (1, "regular", KICK_OFF)
    assert period.length_ms == 45 * 60_000
    assert kinds_of(match) == ["period_started"]


def test_postponed_match_can_start_and_forgets_why_it_was_late():
    match = factories.build_match(status=MatchStatus.POSTPONED, status_reason="Fog")

    lifecycle.start_match(match=match, actor=build_scorer(match))

    assert (stored(match).status, stored(match).status_reason) == ("live", "")


def test_step_that_the_match_does_not_allow_says_what_it_does():
    match, scorer = start_match()

    with pytest.raises(IllegalTransitionError) as refusal:
        lifecycle.start_match(match=match, actor=scorer)

    assert refusal.value.details["status"] == "live"
    assert "pause" in refusal.value.details["allowed"]
    assert match.periods.count() == 1


def test_pause_stops_the_clock_until_it_resumes():
    match, scorer = start_match()

    lifecycle.pause_match(match=match, actor=scorer, at=minutes(10))
    assert stored(match).status == "paused"
    lifecycle.resume_match(match=match, actor=scorer, at=minutes(17))

    assert stored(match).status == "live"
    assert played_ms(match, minutes(20)) == 13 * 60_000
    assert kinds_of(match)[1:] == ["clock_changed", "clock_changed"]


def test_nothing_to_pause_or_end_between_periods():
    match, scorer = start_match()
    lifecycle.end_period(match=match, actor=scorer, at=minutes(46))

    for operation in (lifecycle.pause_match, lifecycle.end_period):
        with pytest.raises(IllegalTransitionError) as refusal:
            operation(match=match, actor=scorer)
        assert refusal.value.details["allowed"] == ["start_period", "complete", "abandon"]
    assert stored(match).status == "live"


def test_ending_a_period_ends_its_pause():
    match, scorer = start_match()
    lifecycle.pause_match(match=match, actor=scorer, at=minutes(40))

    ended = lifecycle.end_period(match=match, actor=scorer, at=minutes(47))

    assert ended.status == stored(match).status == "live"
    assert played_ms(match, minutes(60)) == 40 * 60_000
    lifecycle.start_period(match=match, actor=scorer, at=minutes(60))
    assert match.periods.get(number=2).started_at == minutes(60)


def test_period_that_runs_must_end_first():
    match, scorer = start_match()

    with pytest.raises(IllegalTransitionError) as refusal:
        lifecycle.start_period(match=match, actor=scorer)

    assert refusal.value.details["allowed"] == ["complete", "end_period"]


def test_draw_goes_through_extra_time_to_the_shootout():
    match, scorer = start_match()

    for _ in range(4):
        lifecycle.end_period(match=match, actor=scorer)
        lifecycle.start_period(match=match, actor=scorer)

    periods = match.periods.values_list("kind", "length_ms")
    assert list(periods) == [
        (PeriodKind.REGULAR, 2_700_000),
        (PeriodKind.REGULAR, 2_700_000),
        (PeriodKind.EXTRA_TIME, 900_000),
        (PeriodKind.EXTRA_TIME, 900_000),
        (PeriodKind.PENALTY_SHOOTOUT, 0),
    ]
    lifecycle.end_period(match=match, actor=scorer)
    with pytest.raises(IllegalTransitionError) as refusal:
        lifecycle.start_period(match=match, actor=scorer)
    assert refusal.value.details["allowed"] == ["complete"]


def test_no_extra_time_for_a_match_that_is_won():
    match, scorer = start_match()
    log(match, scorer)
    lifecycle.end_period(match=match, actor=scorer)
    lifecycle.start_period(match=match, actor=scorer)
    lifecycle.end_period(match=match, actor=scorer)

    with pytest.raises(IllegalTransitionError):
        lifecycle.start_period(match=match, actor=scorer)

    assert match.periods.count() == 2


def test_final_whistle_ends_the_running_period_and_pause():
    match, scorer = start_match()
    lifecycle.pause_match(match=match, actor=scorer, at=minutes(30))

    lifecycle.complete_match(match=match, actor=scorer, at=minutes(40))

    assert stored(match).status == "completed"
    assert match.periods.get().ended_at == minutes(40)
    assert played_ms(match, minutes(99)) == 30 * 60_000
    assert kinds_of(match)[-2:] == ["period_ended", "match_finished"]


def test_final_whistle_between_periods_ends_only_the_match():
    match, scorer = start_match()
    lifecycle.end_period(match=match, actor=scorer)

    lifecycle.complete_match(match=match, actor=scorer)

    assert kinds_of(match)[-2:] == ["period_ended", "match_finished"]
    assert kinds_of(match).count("period_ended") == 1


def test_abandoned_match_keeps_its_reason_for_members():
    match, scorer = start_match()

    lifecycle.abandon_match(match=match, actor=scorer, reason=" Lightning ", at=minutes(30))

    assert (stored(match).status, stored(match).status_reason) == ("abandoned", "Lightning")
    assert match.periods.get().ended_at == minutes(30)
    assert kinds_of(match)[-2:] == ["period_ended", "match_changed"]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_steps_out_of_the_ordinary_need_a_reason(reason):
    match, _ = start_match()
    manager = build_manager(match)
    upcoming = factories.build_match(organisation=match.organisation)
    done = factories.build_match(organisation=match.organisation, status=MatchStatus.COMPLETED)

    for operation, of in [
        (lifecycle.abandon_match, match),
        (lifecycle.postpone_match, upcoming),
        (lifecycle.cancel_match, upcoming),
        (lifecycle.reopen_match, done),
    ]:
        with pytest.raises(InvalidInputError) as refusal:
            operation(match=of, actor=manager, reason=reason)
        assert set(refusal.value.details) == {"reason"}
    assert stored(match).status == "live"
    assert not match.periods.exclude(ended_at=None).exists()


def test_postponed_with_and_without_a_new_date():
    match = factories.build_match()
    manager = build_manager(match)

    lifecycle.postpone_match(match=match, actor=manager, reason="Frost")
    assert stored(match).kickoff_at == match.kickoff_at
    later = match.kickoff_at + timedelta(days=7)
    lifecycle.postpone_match(match=match, actor=manager, reason="Frost", kickoff_at=later)

    assert (stored(match).status, stored(match).kickoff_at) == ("postponed", later)
    assert kinds_of(match) == ["match_changed", "match_changed"]


def test_cancelled_match_can_get_a_date_again():
    match = factories.build_match()
    manager = build_manager(match)
    lifecycle.cancel_match(match=match, actor=manager, reason="Opponents withdrew")
    later = match.kickoff_at + timedelta(days=7)

    lifecycle.reschedule_match(match=match, actor=manager, kickoff_at=later)

    assert (stored(match).status, stored(match).status_reason) == ("scheduled", "")
    assert stored(match).kickoff_at == later


def test_reopened_match_goes_on_where_it_ended():
    match, scorer = start_match()
    lifecycle.complete_match(match=match, actor=scorer, at=minutes(45))

    lifecycle.reopen_match(match=match, actor=scorer, reason="One half too early")
    lifecycle.start_period(match=match, actor=scorer, at=minutes(60))

    assert (stored(match).status, match.periods.count()) == ("live", 2)
    assert log(match, scorer, period=2).period == 2


def test_clock_set_back_never_breaks_the_order_of_things():
    match, scorer = start_match()
    earlier = KICK_OFF - timedelta(hours=1)

    lifecycle.pause_match(match=match, actor=scorer, at=minutes(5))
    lifecycle.resume_match(match=match, actor=scorer, at=earlier)
    lifecycle.end_period(match=match, actor=scorer, at=earlier)
    lifecycle.start_period(match=match, actor=scorer, at=earlier)

    first, second = period_rows(match)
    assert first.pauses.get().ended_at == first.ended_at == second.started_at == minutes(5)


def test_replay_runs_at_its_own_rate():
    match, _ = start_match(clock_rate=60)

    assert played_ms(match, KICK_OFF + timedelta(seconds=1)) == 60_000


def test_other_organisations_cannot_touch_the_clock():
    match, _ = start_match()
    _, stranger = start_match()

    with pytest.raises(ForbiddenError):
        lifecycle.end_period(match=match, actor=stranger)

    assert match.periods.get().ended_at is None
