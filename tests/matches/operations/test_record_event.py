from dataclasses import replace
from datetime import UTC, datetime
from threading import Thread
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from core.errors import ForbiddenError, InvalidInputError, NotFoundError
from matches.errors import IdReusedError, MatchNotLiveError
from matches.models import Match, MatchEvent
from matches.operations import lifecycle
from matches.operations.events import record_event, void_event
from matches.rules.kinds import EventKind, MatchStatus, Outcome
from realtime import feed
from tests import factories
from tests.matches.builders import draft, log, record, start_match

pytestmark = pytest.mark.django_db


def score_of(match):
    match.refresh_from_db()
    return match.home_goals, match.away_goals


def test_event_is_stored_as_it_was_sent():
    match, scorer = start_match()
    player = factories.build_player(match.home_team)
    sent = draft(
        match,
        EventKind.PENALTY,
        player_id=player.pk,
        outcome=Outcome.SAVED,
        sentiment=-2,
        notes="Low to the left",
        recorded_at=datetime(2026, 11, 21, 15, 12, tzinfo=UTC),
    )

    recorded = record_event(match=match, actor=scorer, event=sent)

    stored = MatchEvent.objects.get(pk=sent.id)
    assert recorded[:3] == (stored, True, [])
    assert (stored.kind, stored.outcome, stored.player_id) == ("penalty", "saved", player.pk)
    assert (stored.period, stored.clock_ms, stored.sequence) == (1, 754_000, 1)
    assert (stored.sentiment, stored.notes) == (-2, "Low to the left")
    assert (stored.recorded_by, stored.recorded_at) == (scorer, sent.recorded_at)
    assert (stored.version, stored.voided_at) == (1, None)


@pytest.mark.parametrize(
    ("kind", "outcome", "score"),
    [
        (EventKind.GOAL, None, (1, 0)),
        (EventKind.OWN_GOAL, None, (0, 1)),
        (EventKind.PENALTY, Outcome.SCORED, (1, 0)),
        (EventKind.PENALTY, Outcome.AWARDED, (0, 0)),
        (EventKind.SHOT, None, (0, 0)),
    ],
)
def test_score_follows_the_event(kind, outcome, score):
    match, scorer = start_match()

    recorded = record(match, scorer, kind, outcome=outcome)

    assert score_of(match) == score
    assert (recorded.event.match.home_goals, recorded.event.match.away_goals) == score


def test_only_a_changed_score_makes_a_new_version_of_the_match():
    match, scorer = start_match()

    log(match, scorer, EventKind.CORNER)
    after_corner = Match.objects.get(pk=match.pk).version
    log(match, scorer, EventKind.GOAL)
    after_goal = Match.objects.get(pk=match.pk).version

    assert (after_corner, after_goal) == (match.version, match.version + 1)


def test_shootout_kicks_leave_the_score_and_count_by_themselves():
    match, scorer = start_match()
    for _ in range(4):
        lifecycle.end_period(match=match, actor=scorer)
        lifecycle.start_period(match=match, actor=scorer)
    kick = {"kind": EventKind.SHOOTOUT_KICK, "period": 5, "clock_ms": None}

    before = Match.objects.get(pk=match.pk)
    log(match, scorer, outcome=Outcome.SCORED, **kick)
    log(match, scorer, outcome=Outcome.MISSED, team=match.away_team, **kick)

    assert before.home_shootout_goals is None
    assert score_of(match) == (0, 0)
    assert (match.home_shootout_goals, match.away_shootout_goals) == (1, 0)


def test_same_event_again_returns_the_first_and_stays_quiet():
    match, scorer = start_match()
    sent = draft(match)
    first = record_event(match=match, actor=scorer, event=sent)
    head = feed.head(match.topic)

    # The phone's clock may have been set right in between.
    again = replace(sent, recorded_at=datetime(2026, 11, 21, tzinfo=UTC))
    second = record_event(match=match, actor=scorer, event=again)

    assert second == (first.event, False, [], first.times)
    assert feed.head(match.topic) == head
    assert score_of(match) == (1, 0)
    assert match.events.count() == 1


def test_repeat_is_answered_after_the_end_and_after_deletion():
    match, scorer = start_match()
    sent = draft(match)
    event = record_event(match=match, actor=scorer, event=sent).event
    void_event(event=event, actor=scorer, base_version=None)
    lifecycle.complete_match(match=match, actor=scorer)

    again = record_event(match=match, actor=scorer, event=sent)

    assert again.created is False
    assert again.event.voided_at is not None
    assert score_of(match) == (0, 0)


@pytest.mark.parametrize(
    "other",
    [
        {"kind": EventKind.SHOT},
        {"clock_ms": 755_000},
        {"notes": "Different"},
        {"team_id": None, "kind": EventKind.NOTE},
    ],
)
def test_id_of_another_event_is_refused(other):
    match, scorer = start_match()
    sent = draft(match)
    record_event(match=match, actor=scorer, event=sent)

    with pytest.raises(IdReusedError):
        record_event(match=match, actor=scorer, event=replace(sent, **other))

    assert match.events.count() == 1


def test_id_of_an_event_elsewhere_is_refused_in_the_same_words():
    match, scorer = start_match()
    elsewhere, other_scorer = start_match()
    foreign = log(elsewhere, other_scorer)

    with pytest.raises(IdReusedError) as foreign_refusal:
        record(match, scorer, id=foreign.pk)
    own = log(match, scorer)
    with pytest.raises(IdReusedError) as own_refusal:
        record(match, scorer, id=own.pk, clock_ms=1)

    assert foreign_refusal.value.message == own_refusal.value.message
    assert foreign_refusal.value.details == own_refusal.value.details == {}


@pytest.mark.parametrize("status", sorted(set(MatchStatus) - {"live", "paused"}))
def test_match_that_is_not_live_takes_no_events(status):
    match, scorer = start_match()
    Match.objects.filter(pk=match.pk).update(status=status)

    with pytest.raises(MatchNotLiveError) as refusal:
        record(match, scorer)

    assert refusal.value.details == {"status": status}
    assert not match.events.exists()


def test_paused_match_takes_events():
    match, scorer = start_match()
    lifecycle.pause_match(match=match, actor=scorer)

    assert record(match, scorer, EventKind.YELLOW_CARD).created


def test_deleted_match_is_not_found():
    match, scorer = start_match()
    gone = Match.objects.get(pk=match.pk)
    Match.objects.filter(pk=match.pk).delete()

    with pytest.raises(NotFoundError):
        record_event(match=gone, actor=scorer, event=draft(match))


def test_outsider_learns_nothing_from_a_known_id():
    match, scorer = start_match()
    sent = draft(match)
    record_event(match=match, actor=scorer, event=sent)
    _, stranger = start_match()

    with pytest.raises(ForbiddenError):
        record_event(match=match, actor=stranger, event=sent)


def refusal_of(match, scorer, kind=EventKind.GOAL, **fields):
    with pytest.raises(InvalidInputError) as refusal:
        record(match, scorer, kind, **fields)
    assert not match.events.filter(clock_ms=754_000).exists()
    return set(refusal.value.details)


def test_team_must_play_in_this_match():
    match, scorer = start_match()
    bystanders = factories.build_team(organisation=match.organisation)

    assert refusal_of(match, scorer, team=bystanders) == {"team_id"}


def test_goal_belongs_to_a_team():
    match, scorer = start_match()

    assert refusal_of(match, scorer, team=None) == {"team_id"}


def test_period_must_have_started():
    match, scorer = start_match()

    assert refusal_of(match, scorer, period=2) == {"period"}


def test_kick_of_a_shootout_needs_the_shootout():
    match, scorer = start_match()

    refused = refusal_of(match, scorer, EventKind.SHOOTOUT_KICK, outcome=Outcome.SCORED)

    assert refused == {"period"}


def test_no_goals_in_a_shootout():
    match, scorer = start_match()
    for _ in range(4):
        lifecycle.end_period(match=match, actor=scorer)
        lifecycle.start_period(match=match, actor=scorer)

    assert refusal_of(match, scorer, period=5) == {"kind"}


def test_players_of_another_team_are_refused_by_field():
    match, scorer = start_match()
    opponent = factories.build_player(match.away_team)
    bystander = factories.build_player(factories.build_team(organisation=match.organisation))

    assert refusal_of(match, scorer, player_id=opponent.pk) == {"player_id"}
    assert refusal_of(match, scorer, player_id=uuid4()) == {"player_id"}
    refused = refusal_of(
        match,
        scorer,
        EventKind.SUBSTITUTION,
        player_on_id=opponent.pk,
        player_off_id=bystander.pk,
    )
    assert refused == {"player_on_id", "player_off_id"}


def test_lineup_decides_for_whom_somebody_plays_today():
    match, scorer = start_match()
    guest = factories.build_lineup(match, match.away_team, starters=1, bench=0)[0]
    # Usually one of the home team, lent to the opponents for the day.
    factories.SquadMembership.objects.create(team=match.home_team, player=guest)

    assert refusal_of(match, scorer, player_id=guest.pk) == {"player_id"}
    assert record(match, scorer, team=match.away_team, player_id=guest.pk).created


def test_former_member_of_the_squad_may_be_named():
    match, scorer = start_match()
    player = factories.build_player(match.home_team)
    player.squads.update(left_on="2026-11-20")

    assert record(match, scorer, player_id=player.pk).created


def test_linked_event_is_of_this_match():
    match, scorer = start_match()
    elsewhere, other_scorer = start_match()
    foreign_goal = log(elsewhere, other_scorer)

    refused = refusal_of(match, scorer, EventKind.ASSIST, linked_event_id=foreign_goal.pk)

    assert refused == {"linked_event_id"}


def test_assist_links_to_a_standing_goal():
    match, scorer = start_match()
    goal = log(match, scorer, clock_ms=1)
    assist = record(match, scorer, EventKind.ASSIST, linked_event_id=goal.pk, clock_ms=1)
    void_event(event=goal, actor=scorer, base_version=None)

    assert assist.event.linked_event_id == goal.pk
    refused = refusal_of(match, scorer, EventKind.ASSIST, linked_event_id=goal.pk)
    assert refused == {"linked_event_id"}


def test_unknown_lineup_gives_no_warning():
    match, scorer = start_match()
    player = factories.build_player(match.home_team)

    assert record(match, scorer, player_id=player.pk).warnings == []


def test_player_off_the_pitch_gives_a_warning_and_is_recorded():
    match, scorer = start_match()
    players = factories.build_lineup(match, match.home_team)

    recorded = record(match, scorer, player_id=players[-1].pk)

    assert recorded.created
    assert recorded.warnings == ["player_not_on_pitch"]


@pytest.mark.parametrize("before", [1, 10])
def test_event_costs_the_same_for_any_length_of_the_log(before, django_assert_num_queries):
    match, scorer = start_match()
    player = factories.build_lineup(match, match.home_team)[0]
    for number in range(before):
        log(match, scorer, clock_ms=number)

    # Savepoint and release stand for BEGIN and COMMIT here.
    with django_assert_num_queries(13):
        record(match, scorer, player_id=player.pk)


def test_broken_rows_are_not_blamed_on_the_id():
    match, scorer = start_match()
    log(match, scorer)
    Match.objects.filter(pk=match.pk).update(last_sequence=0)

    with pytest.raises(IntegrityError):
        log(match, scorer)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_id_used_in_two_matches_at_once_goes_to_the_first():
    match, scorer = start_match()
    elsewhere, other_scorer = start_match()
    sent = draft(match)
    refusals = []

    def record_elsewhere():
        try:
            record_event(
                match=elsewhere,
                actor=other_scorer,
                event=replace(sent, team_id=elsewhere.home_team_id),
            )
        except IdReusedError as error:
            refusals.append(error)
        finally:
            connection.close()

    with transaction.atomic():
        record_event(match=match, actor=scorer, event=sent)
        second = Thread(target=record_elsewhere)
        second.start()
        second.join(timeout=0.5)
        # It found no such event, and now waits for the primary key.
        assert second.is_alive()
    second.join(timeout=10)

    assert len(refusals) == 1
    assert not elsewhere.events.exists()
    assert score_of(elsewhere) == (0, 0)
