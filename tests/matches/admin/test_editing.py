import pytest

from matches.models import Format, Match, Player, Season, Team
from realtime import feed
from tests.factories import build_live_match, build_match, build_player, build_season, build_team

NO_SQUAD = {"squad-TOTAL_FORMS": 0, "squad-INITIAL_FORMS": 0}
NO_SQUADS = {"squads-TOTAL_FORMS": 0, "squads-INITIAL_FORMS": 0}


def inline_forms():
    return {
        f"{name}-{figure}_FORMS": 0
        for name in ("periods", "lineup", "events", "scorers", "share_links")
        for figure in ("TOTAL", "INITIAL")
    }


def match_form(match, **changes):
    return {
        "season": "",
        "format": match.format_id,
        "home_team": match.home_team_id,
        "away_team": match.away_team_id,
        "competition": match.competition,
        "round": match.round,
        "venue": match.venue,
        "kickoff_at_0": "2026-11-21",
        "kickoff_at_1": "15:00:00",
        **inline_forms(),
        **changes,
    }


def messages_of(answer):
    return [str(message) for message in answer.context["messages"]]


def test_season_is_added(staff, club):
    form = {
        "organisation": club.pk,
        "name": "2026/27",
        "starts_on": "2026-08-01",
        "ends_on": "2027-05-31",
    }

    staff.post("/admin/matches/season/add/", form)

    season = Season.objects.get()
    assert (season.organisation, season.name) == (club, "2026/27")


def test_season_that_ends_before_it_starts_is_refused_on_the_form(staff, club):
    form = {
        "organisation": club.pk,
        "name": "2026/27",
        "starts_on": "2026-08-01",
        "ends_on": "2025-05-31",
    }

    page = staff.post("/admin/matches/season/add/", form)

    assert "cannot end before it starts" in page.content.decode()
    assert not Season.objects.exists()


def test_team_is_renamed_and_those_who_watch_learn_of_it(staff):
    match = build_live_match()
    feed_before = feed.head(match.topic).seq
    staff.post(f"/admin/matches/match/{match.pk}/change/", match_form(match, venue="Park"))
    team = match.home_team
    form = {"name": "Harbour United", "short_name": "", "colour": team.colour, **NO_SQUAD}

    staff.post(f"/admin/matches/team/{team.pk}/change/", form)

    team.refresh_from_db()
    assert (team.name, team.version) == ("Harbour United", 2)
    assert feed.head(match.topic).seq == feed_before + 2


def test_team_takes_players_into_its_squad(staff, club):
    team = build_team(organisation=club)
    player = build_player(organisation=club)
    form = {
        "name": team.name,
        "short_name": "",
        "colour": team.colour,
        "squad-TOTAL_FORMS": 1,
        "squad-INITIAL_FORMS": 0,
        "squad-0-number": 9,
        "squad-0-player": player.pk,
        "squad-0-team": team.pk,
    }

    staff.post(f"/admin/matches/team/{team.pk}/change/", form)

    assert [(row.number, row.player) for row in team.squad.all()] == [(9, player)]


def squad_row(team, **values):
    return {
        "name": team.name,
        "short_name": "",
        "colour": team.colour,
        "squad-TOTAL_FORMS": 1,
        "squad-INITIAL_FORMS": 1 if "id" in values else 0,
        "squad-0-team": team.pk,
        **{f"squad-0-{name}": value for name, value in values.items()},
    }


def test_squad_number_is_changed_and_the_player_stays(staff, club):
    player, other = build_player(organisation=club), build_player(organisation=club)
    team = build_team(organisation=club)
    row = team.squad.create(player=player, number=9)
    form = squad_row(team, id=row.pk, number=10, player=other.pk, left_on="2027-05-31")

    staff.post(f"/admin/matches/team/{team.pk}/change/", form)

    row.refresh_from_db()
    assert (row.number, row.player, str(row.left_on)) == (10, player, "2027-05-31")


def test_squad_takes_no_player_of_another_club(staff, club):
    team, stranger = build_team(organisation=club), build_player()
    form = squad_row(team, number=9, player=stranger.pk)

    answer = staff.post(f"/admin/matches/team/{team.pk}/change/", form, follow=True)

    assert not team.squad.exists()
    assert any("no player of this organisation" in text for text in messages_of(answer))


def test_staff_of_one_club_cannot_put_a_player_into_the_squad_of_another(club_staff, club):
    player, foreign = build_player(organisation=club), build_team()
    form = {
        "name": player.name,
        "squads-TOTAL_FORMS": 1,
        "squads-INITIAL_FORMS": 0,
        "squads-0-player": player.pk,
        "squads-0-team": foreign.pk,
        "squads-0-number": 9,
    }

    club_staff.post(f"/admin/matches/player/{player.pk}/change/", form)

    assert not foreign.squad.exists()


def test_player_is_changed(staff, club):
    player = build_player(organisation=club)

    staff.post(
        f"/admin/matches/player/{player.pk}/change/",
        {"name": "Sam Field", "name_consent": "on", **NO_SQUADS},
    )

    player.refresh_from_db()
    assert (player.name, player.name_consent, player.version) == ("Sam Field", True, 2)


@pytest.mark.parametrize("build", [build_season, build_team, build_player, build_match])
def test_unused_row_is_deleted(staff, build):
    row = build()
    name = row._meta.model_name

    staff.post(f"/admin/matches/{name}/{row.pk}/delete/", {"post": "yes"})

    assert not type(row).objects.filter(pk=row.pk).exists()


def test_player_of_a_match_is_kept_with_the_reason(staff):
    match = build_live_match()
    player = build_player(match.home_team, number=4)
    match.lineup.create(team=match.home_team, player=player, role="starter", number=4)

    answer = staff.post(f"/admin/matches/player/{player.pk}/delete/", {"post": "yes"}, follow=True)

    assert Player.objects.filter(pk=player.pk).exists()
    assert any("took part in a match" in text for text in messages_of(answer))


def test_selected_teams_are_deleted_but_those_with_matches(staff):
    match = build_match()
    unused = build_team(organisation=match.organisation)
    form = {
        "action": "delete_selected",
        "post": "yes",
        "_selected_action": [str(unused.pk)],
    }

    staff.post("/admin/matches/team/", form)

    assert not Team.objects.filter(pk=unused.pk).exists()
    assert Team.objects.filter(pk=match.home_team_id).exists()


def test_match_is_scheduled_and_says_who_did_it(staff, superuser, club):
    home, away = build_team(organisation=club), build_team(organisation=club)
    pattern = build_match(organisation=club)
    form = match_form(pattern, organisation=club.pk, home_team=home.pk, away_team=away.pk)

    staff.post("/admin/matches/match/add/", form)

    match = Match.objects.get(home_team=home)
    assert (match.away_team, match.status, match.created_by) == (away, "scheduled", superuser)


def test_match_with_a_team_of_another_club_is_refused_on_the_form(staff, club):
    pattern = build_match(organisation=club)
    form = match_form(pattern, organisation=club.pk, home_team=build_team().pk)

    page = staff.post("/admin/matches/match/add/", form)

    assert "belongs to another organisation" in page.content.decode()
    assert Match.objects.count() == 1


def test_team_of_a_running_match_cannot_be_replaced(staff, club):
    match = build_live_match(organisation=club)
    other = build_team(organisation=club)

    answer = staff.post(
        f"/admin/matches/match/{match.pk}/change/",
        match_form(match, home_team=other.pk),
        follow=True,
    )

    match.refresh_from_db()
    assert match.home_team != other
    assert messages_of(answer)


def test_staff_of_one_club_cannot_schedule_for_another(club_staff):
    pattern = build_match()
    form = match_form(pattern, organisation=pattern.organisation_id, round="Stolen")

    club_staff.post("/admin/matches/match/add/", form)

    assert not Match.objects.filter(round="Stolen").exists()


def format_form(**changes):
    return {
        "name": "Walking football",
        "regular_periods": 2,
        "regular_minutes": 20,
        "extra_time_periods": 0,
        "extra_time_minutes": 0,
        "players_on_pitch": 6,
        **changes,
    }


def test_format_is_added_and_changed_until_it_is_used(staff):
    staff.post("/admin/matches/format/add/", format_form())
    added = Format.objects.get(name="Walking football")
    address = f"/admin/matches/format/{added.pk}/change/"

    staff.post(address, format_form(regular_minutes=25))
    build_match(format=added)
    answer = staff.post(address, format_form(regular_minutes=10))

    added.refresh_from_db()
    assert added.regular_minutes == 25
    assert answer.status_code == 403
    assert staff.get(address).status_code == 200


def test_staff_of_one_club_change_no_format_of_all(club_staff):
    shipped = Format.objects.first()

    page = club_staff.get(f"/admin/matches/format/{shipped.pk}/change/")
    answer = club_staff.post("/admin/matches/format/add/", format_form())

    assert page.status_code == 200
    assert "Save" not in page.content.decode()
    assert answer.status_code == 403
