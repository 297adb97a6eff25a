from datetime import date

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from core.errors import ForbiddenError, InvalidInputError, NotFoundError, VersionConflictError
from matches.errors import AlreadyExistsError, InUseError
from matches.models import Player, Season, Team
from matches.operations import lifecycle, roster
from matches.operations.fields import save_checked
from matches.rules.kinds import EventKind
from realtime import feed
from tests import factories
from tests.matches.builders import build_manager, log, start_match

pytestmark = pytest.mark.django_db

SEASON = {"name": "2026/27", "starts_on": date(2026, 8, 1), "ends_on": date(2027, 5, 31)}


@pytest.fixture
def club():
    return factories.build_organisation()


@pytest.fixture
def manager(club):
    return factories.build_member(club, Role.OWNER)


def test_season_team_and_player_are_stored(club, manager):
    season = roster.create_season(actor=manager, organisation=club, **SEASON)
    team = roster.create_team(actor=manager, organisation=club, name="U11", colour="#00aa55")
    player = roster.create_player(
        actor=manager, organisation=club, name="Sam Carter", birth_date=date(2016, 2, 29)
    )

    assert Season.objects.get(pk=season.pk).ends_on == date(2027, 5, 31)
    assert Team.objects.get(pk=team.pk).colour == "#00aa55"
    assert Player.objects.get(pk=player.pk).name_consent is False
    assert {season.version, team.version, player.version} == {1}


def test_names_are_unique_within_the_organisation(club, manager):
    roster.create_season(actor=manager, organisation=club, **SEASON)
    roster.create_team(actor=manager, organisation=club, name="U11")
    factories.build_team(name="U12")

    with pytest.raises(AlreadyExistsError) as refusal:
        roster.create_season(actor=manager, organisation=club, **SEASON)
    assert refusal.value.message == "There is a season of this name already."
    with pytest.raises(AlreadyExistsError):
        roster.create_team(actor=manager, organisation=club, name="U11")
    assert roster.create_team(actor=manager, organisation=club, name="U12").pk


def test_namesakes_may_both_play(club, manager):
    for _ in range(2):
        roster.create_player(actor=manager, organisation=club, name="Sam Carter")

    assert club.players.count() == 2


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "U11", "colour": "red"}, "colour"),
        ({"name": "U11", "version": 7}, "version"),
    ],
)
def test_wrong_values_are_told_by_field(club, manager, fields, problem):
    with pytest.raises(InvalidInputError) as refusal:
        roster.create_team(actor=manager, organisation=club, **fields)

    assert set(refusal.value.details) == {problem}
    assert not club.teams.exists()


def test_season_cannot_end_before_it_starts(club, manager):
    with pytest.raises(InvalidInputError) as refusal:
        roster.create_season(
            actor=manager, organisation=club, **{**SEASON, "ends_on": date(2026, 7, 31)}
        )

    assert refusal.value.details == {"non_field_errors": ["A season cannot end before it starts."]}


def test_updates_make_versions_and_notice_stale_ones(club, manager):
    season = roster.create_season(actor=manager, organisation=club, **SEASON)
    player = roster.create_player(actor=manager, organisation=club, name="Sam Carter")

    changed = roster.update_season(
        season=season, actor=manager, changes={"name": "26/27"}, base_version=1
    )
    consented = roster.update_player(
        player=player, actor=manager, changes={"name_consent": True}, base_version=1
    )
    same = roster.update_player(player=player, actor=manager, changes={"name_consent": True})

    assert (changed.version, consented.version, same.version) == (2, 2, 2)
    assert Season.objects.get(pk=season.pk).name == "26/27"
    with pytest.raises(VersionConflictError) as refusal:
        roster.update_player(player=player, actor=manager, changes={"name": "S"}, base_version=1)
    assert refusal.value.details == {"current_version": 2}


def test_update_cannot_take_the_name_of_another_team(club, manager):
    factories.build_team(organisation=club, name="U11")
    team = factories.build_team(organisation=club)

    with pytest.raises(AlreadyExistsError):
        roster.update_team(team=team, actor=manager, changes={"name": "U11"})


def test_new_name_of_a_team_reaches_those_who_follow_its_matches():
    match, _ = start_match()
    unwatched = factories.build_match(
        organisation=match.organisation, home_team=match.away_team, away_team=match.home_team
    )
    manager = factories.build_member(match.organisation, Role.ADMIN)

    roster.update_team(team=match.home_team, actor=manager, changes={"name": "Rovers"})

    last = feed.entries(match.topic, since=1, limit=10)
    assert [entry.kind for entry in last] == ["match_changed"]
    assert last[0].public_payload["teams"]["home"]["name"] == "Rovers"
    assert feed.head(unwatched.topic).seq == 0


def test_each_match_of_a_renamed_team_costs_its_feed_entry_and_no_more():
    match, scorer = start_match()
    manager, team = build_manager(match), match.home_team

    def queries(name):
        with CaptureQueriesContext(connection) as asked:
            roster.update_team(team=team, actor=manager, changes={"name": name})
        return len(asked)

    lifecycle.pause_match(match=match, actor=scorer)
    one = queries("Rovers")
    for _ in range(9):
        other = factories.build_live_match(organisation=match.organisation, home_team=team)
        lifecycle.pause_match(match=other, actor=scorer)

    # Numbering the entry and storing it.
    assert queries("United") == one + 9 * 2


def test_what_viewers_do_not_see_of_a_team_is_not_announced():
    match, _ = start_match()
    manager = factories.build_member(match.organisation, Role.ADMIN)

    roster.update_team(team=match.home_team, actor=manager, changes={"is_opponent": True})

    assert feed.head(match.topic).seq == 1


def test_season_goes_and_its_matches_stay(club, manager):
    season = factories.build_season(organisation=club)
    match = factories.build_match(organisation=club, season=season)

    roster.delete_season(season=season, actor=manager)

    match.refresh_from_db()
    assert match.season is None


def test_team_with_matches_stays(club, manager):
    match = factories.build_match(organisation=club)
    idle = factories.build_team(organisation=club)

    with pytest.raises(InUseError) as refusal:
        roster.delete_team(team=match.home_team, actor=manager)
    roster.delete_team(team=idle, actor=manager)

    assert refusal.value.message == "There are still matches with this."
    assert club.teams.count() == 2


def test_player_who_took_part_stays(club, manager):
    match, _ = start_match(organisation=club, actor=manager)
    lined_up = factories.build_lineup(match, match.home_team, starters=1, bench=0)[0]
    scorer, came_on, went_off, idle = (factories.build_player(match.home_team) for _ in range(4))
    log(match, manager, player_id=scorer.pk)
    log(
        match,
        manager,
        EventKind.SUBSTITUTION,
        player_on_id=came_on.pk,
        player_off_id=went_off.pk,
    )

    for player in (lined_up, scorer, came_on, went_off):
        with pytest.raises(InUseError):
            roster.delete_player(player=player, actor=manager)
    roster.delete_player(player=idle, actor=manager)

    assert club.players.count() == 4


def test_row_deleted_meanwhile_is_not_found(club, manager):
    team = factories.build_team(organisation=club)
    Team.objects.filter(pk=team.pk).delete()

    with pytest.raises(NotFoundError):
        roster.update_team(team=team, actor=manager, changes={"name": "Gone"})
    with pytest.raises(NotFoundError):
        roster.delete_team(team=team, actor=manager)


def test_other_organisations_cannot_touch_the_roster(club, manager):
    team, player = factories.build_team(), factories.build_player()

    with pytest.raises(ForbiddenError):
        roster.update_team(team=team, actor=manager, changes={"name": "Ours"})
    with pytest.raises(ForbiddenError):
        roster.delete_player(player=player, actor=manager)
    with pytest.raises(ForbiddenError):
        roster.create_team(actor=manager, organisation=team.organisation, name="Ours")


def test_row_that_somebody_saved_a_moment_earlier_is_refused_like_any_other(club):
    factories.build_team(organisation=club, name="U11")
    late = Team(organisation=club, name="U11")
    # What a race looks like from inside: the check finds nothing, the database refuses.
    late.validate_constraints = lambda: None

    with pytest.raises(AlreadyExistsError) as refusal:
        save_checked(late)

    assert isinstance(refusal.value.__cause__, IntegrityError)
    assert club.teams.count() == 1
