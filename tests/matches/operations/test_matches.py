from datetime import UTC, datetime

import pytest

from accounts.models import Role
from core.errors import ForbiddenError, InvalidInputError, NotFoundError, VersionConflictError
from matches.errors import InUseError, MatchStartedError
from matches.models import Format, Match
from matches.operations import lifecycle
from matches.operations.lineups import LineupDraft, set_lineup
from matches.operations.matches import create_match, delete_match, update_match
from matches.queries.formats import DEFAULT_FORMAT_ID
from matches.rules.kinds import MatchStatus
from realtime import feed
from tests import factories
from tests.matches.builders import build_manager, log, start_match

pytestmark = pytest.mark.django_db

SATURDAY = datetime(2026, 9, 12, 10, tzinfo=UTC)


def kinds_of(match):
    return [entry.kind for entry in feed.entries(match.topic, since=0, limit=100)]


@pytest.fixture
def club():
    return factories.build_organisation()


@pytest.fixture
def manager(club):
    return factories.build_member(club, Role.ADMIN)


@pytest.fixture
def teams(club):
    return {
        "home_team": factories.build_team(organisation=club),
        "away_team": factories.build_team(organisation=club, is_opponent=True),
    }


def test_match_is_scheduled_in_the_default_format(club, manager, teams):
    match = create_match(
        actor=manager, organisation=club, kickoff_at=SATURDAY, venue="Hollybrook", **teams
    )

    stored = Match.objects.get(pk=match.pk)
    assert (stored.status, stored.venue, stored.created_by) == ("scheduled", "Hollybrook", manager)
    assert stored.format_id == DEFAULT_FORMAT_ID
    assert stored.format.name == "Football 11, 2 x 45"


def test_match_takes_season_and_format(club, manager, teams):
    season = factories.build_season(organisation=club)
    chosen = factories.build_format()

    match = create_match(
        actor=manager,
        organisation=club,
        kickoff_at=SATURDAY,
        season=season,
        format=chosen,
        **teams,
    )

    assert (match.season, match.format) == (season, chosen)


def test_default_format_may_be_gone(club, manager, teams):
    Format.objects.filter(pk=DEFAULT_FORMAT_ID).delete()

    with pytest.raises(InvalidInputError) as refusal:
        create_match(actor=manager, organisation=club, kickoff_at=SATURDAY, **teams)

    assert set(refusal.value.details) == {"format_id"}


def test_match_needs_teams_and_a_time(club, manager):
    with pytest.raises(InvalidInputError) as refusal:
        create_match(actor=manager, organisation=club, venue="Hollybrook")

    assert set(refusal.value.details) == {"home_team", "away_team", "kickoff_at"}


def test_nothing_else_can_be_set(club, manager, teams):
    with pytest.raises(InvalidInputError) as refusal:
        create_match(
            actor=manager, organisation=club, kickoff_at=SATURDAY, status="completed", **teams
        )

    assert set(refusal.value.details) == {"status"}


def test_rows_of_other_organisations_are_refused(club, manager, teams):
    foreign = {
        "home_team": factories.build_team(),
        "season": factories.build_season(),
        "kickoff_at": SATURDAY,
    }

    with pytest.raises(InvalidInputError) as refusal:
        create_match(actor=manager, organisation=club, **{**teams, **foreign})

    assert set(refusal.value.details) == {"home_team_id", "season_id"}


def test_team_cannot_play_itself(club, manager, teams):
    with pytest.raises(InvalidInputError) as refusal:
        create_match(
            actor=manager,
            organisation=club,
            kickoff_at=SATURDAY,
            home_team=teams["home_team"],
            away_team=teams["home_team"],
        )

    assert set(refusal.value.details) == {"away_team_id"}


def test_text_too_long_is_refused(club, manager, teams):
    with pytest.raises(InvalidInputError) as refusal:
        create_match(
            actor=manager, organisation=club, kickoff_at=SATURDAY, venue="x" * 121, **teams
        )

    assert set(refusal.value.details) == {"venue"}


def test_header_can_change_at_any_time():
    match, _ = start_match()
    manager = build_manager(match)

    updated = update_match(
        match=match,
        actor=manager,
        changes={"venue": "Pitch 2", "kickoff_at": SATURDAY},
        base_version=match.version,
    )

    stored = Match.objects.get(pk=match.pk)
    assert (stored.venue, stored.kickoff_at) == ("Pitch 2", SATURDAY)
    assert updated.version == stored.version == match.version + 1
    assert kinds_of(match)[-1] == "match_changed"


def test_update_that_changes_nothing_stays_quiet():
    match = factories.build_match(venue="Hollybrook")

    updated = update_match(match=match, actor=build_manager(match), changes={"venue": "Hollybrook"})

    assert updated.version == match.version
    assert kinds_of(match) == []


def test_stale_version_changes_nothing():
    match = factories.build_match()
    manager = build_manager(match)
    update_match(match=match, actor=manager, changes={"venue": "A"}, base_version=1)

    with pytest.raises(VersionConflictError) as refusal:
        update_match(match=match, actor=manager, changes={"venue": "B"}, base_version=1)

    assert refusal.value.details == {"current_version": 2}
    assert Match.objects.get(pk=match.pk).venue == "A"


@pytest.mark.parametrize("field", ["home_team", "away_team", "format"])
def test_teams_and_format_stay_once_it_started(field):
    match, _ = start_match()
    other = {
        "home_team": factories.build_team(organisation=match.organisation),
        "away_team": factories.build_team(organisation=match.organisation),
        "format": factories.build_format(),
    }

    with pytest.raises(MatchStartedError) as refusal:
        update_match(match=match, actor=build_manager(match), changes={field: other[field]})

    assert refusal.value.details == {"fields": [field]}


def test_teams_may_swap_and_take_their_lineups_along():
    match = factories.build_match()
    manager = build_manager(match)
    factories.build_lineup(match, match.home_team, starters=1, bench=0)
    home, away = match.home_team, match.away_team

    update_match(match=match, actor=manager, changes={"home_team": away, "away_team": home})

    assert kinds_of(match) == ["match_changed", "lineup_changed", "lineup_changed"]
    entries = feed.entries(match.topic, since=1, limit=2)
    sizes = {entry.payload["side"]: len(entry.payload["lineup"]) for entry in entries}
    assert sizes == {"home": 0, "away": 1}


def test_replaced_team_takes_its_lineup_away():
    match = factories.build_match(status=MatchStatus.POSTPONED)
    manager = build_manager(match)
    player = factories.build_player(match.home_team)
    set_lineup(
        match=match,
        actor=manager,
        team=match.home_team,
        players=[LineupDraft(player_id=player.pk)],
    )
    other = factories.build_team(organisation=match.organisation)

    update_match(match=match, actor=manager, changes={"home_team": other})

    assert not match.lineup.exists()


def test_team_of_another_organisation_cannot_move_in():
    match = factories.build_match()

    with pytest.raises(InvalidInputError) as refusal:
        update_match(
            match=match,
            actor=build_manager(match),
            changes={"home_team": factories.build_team()},
        )

    assert set(refusal.value.details) == {"home_team_id"}


def test_deleted_match_leaves_nothing_behind():
    match, scorer = start_match()
    manager = build_manager(match)
    log(match, scorer)
    lifecycle.complete_match(match=match, actor=scorer)
    replay = factories.build_match(organisation=match.organisation, replay_of=match)
    epoch = feed.head(match.topic).epoch

    delete_match(match=match, actor=manager)

    assert not Match.objects.filter(pk__in=[match.pk, replay.pk]).exists()
    assert kinds_of(match) == []
    assert feed.head(match.topic).epoch != epoch
    with pytest.raises(NotFoundError):
        delete_match(match=match, actor=manager)


def test_match_being_played_cannot_be_deleted():
    match, _ = start_match()

    with pytest.raises(InUseError):
        delete_match(match=match, actor=build_manager(match))

    assert Match.objects.filter(pk=match.pk).exists()


def test_other_organisations_cannot_arrange(club, manager, teams):
    match = factories.build_match()

    with pytest.raises(ForbiddenError):
        update_match(match=match, actor=manager, changes={"venue": "Elsewhere"})
    with pytest.raises(ForbiddenError):
        delete_match(match=match, actor=manager)
    with pytest.raises(ForbiddenError):
        create_match(
            actor=manager,
            organisation=match.organisation,
            kickoff_at=SATURDAY,
            home_team=match.home_team,
            away_team=match.away_team,
        )
