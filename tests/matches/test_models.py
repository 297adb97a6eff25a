"""What the rows say of themselves, and what the database refuses whoever asks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError

from accounts.models import Role
from matches.models import (
    EventRevision,
    LineupPlayer,
    Match,
    MatchEvent,
    Pause,
    Period,
    Player,
    Season,
    ShareLink,
    SquadMembership,
    Team,
)
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 9, 12, 10, 5, tzinfo=UTC)


def an_event(match, **fields):
    return MatchEvent.objects.create(
        match=match, **{"kind": "goal", "period": 1, "sequence": 1, **fields}
    )


def test_rows_introduce_themselves():
    match = factories.build_live_match()
    player = factories.build_player(match.home_team, number=10, name="Sam Carter")
    period = match.periods.get()
    event = an_event(match)

    assert str(match) == f"{match.home_team.name} - {match.away_team.name}"
    assert str(match.format) == match.format.name
    assert str(factories.build_season(name="2026/27")) == "2026/27"
    assert str(player.squads.get()) == "10 Sam Carter"
    assert str(SquadMembership(player=player)) == "- Sam Carter"
    assert str(LineupPlayer(player=player, number=9)) == "9 Sam Carter"
    assert str(period) == "period 1"
    assert str(Pause(started_at=NOW)) == "pause from 10:05:00"
    assert str(event) == "goal in period 1"
    assert str(EventRevision(event=event, version=2)) == f"version 2 of {event.pk}"
    assert str(ShareLink(token_prefix="abc123")) == "link abc123…"


def rows_of(organisation):
    """One row of each kind that belongs to an organisation."""
    match = factories.build_match(
        organisation=organisation, season=factories.build_season(organisation=organisation)
    )
    factories.build_lineup(match, match.home_team, starters=1, bench=0)
    an_event(match)
    ShareLink.objects.create(match=match, token_hash=match.pk.hex, expires_at=NOW)


@pytest.mark.parametrize(
    "model",
    [Season, Team, Player, SquadMembership, Match, LineupPlayer, MatchEvent, ShareLink],
)
def test_rows_are_visible_to_members_and_superusers_only(model):
    ours, theirs = factories.build_organisation(), factories.build_organisation()
    rows_of(ours)
    rows_of(theirs)
    total = model.objects.count()
    member = factories.build_member(ours, Role.MEMBER)
    in_both = factories.build_member(ours)
    theirs.memberships.create(user=in_both)

    def seen_by(user):
        return model.objects.visible_to(user).count()

    assert seen_by(member) == total / 2
    assert seen_by(in_both) == seen_by(factories.build_user(is_superuser=True)) == total
    assert seen_by(factories.build_user()) == seen_by(AnonymousUser()) == 0


def refuses(create):
    with pytest.raises(IntegrityError), transaction.atomic():
        create()


def test_team_cannot_play_itself():
    team = factories.build_team()

    refuses(lambda: factories.build_match(home_team=team, away_team=team))


def test_season_and_membership_end_after_they_begin():
    player = factories.build_player(factories.build_team())

    refuses(lambda: factories.build_season(ends_on=date(2026, 7, 31)))
    refuses(
        lambda: player.squads.update(joined_on=date(2026, 9, 1), left_on=date(2026, 8, 31)),
    )


def test_match_has_one_open_period_and_a_period_one_open_pause():
    match = factories.build_live_match()
    period = match.periods.get()
    Pause.objects.create(period=period, started_at=NOW)

    refuses(
        lambda: Period.objects.create(
            match=match, number=2, kind="regular", length_ms=1, started_at=NOW
        )
    )
    refuses(lambda: Pause.objects.create(period=period, started_at=NOW))
    refuses(
        lambda: match.periods.update(ended_at=period.started_at - timedelta(seconds=1)),
    )


def test_events_keep_their_order_and_their_range():
    match = factories.build_match()
    players = [factories.build_player(match.home_team) for _ in range(2)]
    an_event(match, player_on=players[0], player_off=players[1], sentiment=-3)

    refuses(lambda: an_event(match))
    refuses(lambda: an_event(match, sequence=2, sentiment=4))
    refuses(
        lambda: an_event(match, sequence=2, player_on=players[0], player_off=players[0]),
    )


def test_lineup_names_a_player_a_number_and_a_captain_once():
    match = factories.build_match()
    one, two = (factories.build_player(match.home_team) for _ in range(2))

    def line_up(player, **fields):
        return LineupPlayer.objects.create(
            match=match, team=match.home_team, player=player, role="starter", **fields
        )

    line_up(one, number=10, is_captain=True)
    refuses(lambda: line_up(one))
    refuses(lambda: line_up(two, number=10))
    refuses(lambda: line_up(two, is_captain=True))


def test_team_and_format_of_a_match_are_protected():
    match = factories.build_match()

    with pytest.raises(RestrictedError):
        match.home_team.delete()
    with pytest.raises(ProtectedError):
        match.format.delete()
