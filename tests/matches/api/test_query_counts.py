"""Every list costs the same for one row and for ten."""

from datetime import timedelta

import pytest
from django.urls import resolve
from django.utils import timezone

from accounts.models import Role
from matches.operations.events import edit_event
from matches.operations.scorers import assign_scorer
from matches.operations.sharing import create_share_link
from tests import factories
from tests.api.expected_matches import OPERATIONS
from tests.matches.builders import log

API = "/api/v1"


def seasons(club, count):
    for _ in range(count):
        factories.build_season(organisation=club.organisation)
    return "seasons"


def teams(club, count):
    for _ in range(count):
        club.team()
    return "teams"


def players(club, count):
    team = club.team()
    for _ in range(count):
        factories.build_player(team)
    return f"players?team={team.pk}"


def squad(club, count):
    team = club.team()
    for number in range(count):
        factories.build_player(team, number=number + 1)
    return f"teams/{team.pk}/players"


def formats(club, count):
    for _ in range(count):
        factories.build_format()
    return "formats"


def matches(club, count):
    for _ in range(count):
        club.match(season=factories.build_season(organisation=club.organisation))
    return "matches"


def logged(club, count):
    """A live match with so many goals, each by a player of their own."""
    match = club.live_match()
    for number in range(count):
        player = factories.build_player(match.home_team, number=number + 1)
        log(match, club.person(Role.SCORER), player_id=player.pk)
    return match


def events(club, count):
    return f"matches/{logged(club, count).pk}/events"


def timeline(club, count):
    return f"matches/{logged(club, count).pk}/timeline"


def live(club, count):
    match = logged(club, count)
    factories.build_lineup(match, match.away_team, starters=count, bench=0)
    return f"matches/{match.pk}/live"


def feed(club, count):
    return f"matches/{logged(club, count).pk}/feed"


def revisions(club, count):
    event = log(club.live_match(), club.person(Role.SCORER))
    for version in range(count):
        event = edit_event(
            event=event,
            actor=club.person(Role.SCORER),
            changes={"clock_ms": version},
            base_version=None,
        )
    return f"events/{event.pk}/revisions"


def lineup(club, count):
    match = club.match()
    factories.build_lineup(match, match.home_team, starters=count, bench=0)
    return f"matches/{match.pk}/lineup"


def scorers(club, count):
    match = club.match()
    for _ in range(count):
        member = factories.build_member(club.organisation)
        assign_scorer(match=match, actor=club.person(Role.ADMIN), user=member)
    return f"matches/{match.pk}/scorers"


def share(club, count):
    match = club.match()
    for _ in range(count):
        create_share_link(match=match, actor=club.person(Role.SCORER))
    return f"matches/{match.pk}/share"


# One of each number is who is asking; a paged list also counts.
COSTS = {
    seasons: 3,
    teams: 3,
    players: 3,
    squad: 4,
    formats: 3,
    matches: 3,
    events: 5,
    timeline: 8,
    live: 11,
    feed: 3,
    revisions: 4,
    lineup: 3,
    scorers: 4,
    share: 4,
}


ABOUT_ONE_ROW = {"season", "team", "player", "match", "match-score", "event", "share-link-qr"}


def test_no_list_is_left_out(club):
    counted = {resolve(f"{API}/{build(club, 1).partition('?')[0]}").url_name for build in COSTS}
    read = {route for route, method in OPERATIONS if method == "GET"}

    assert counted == read - ABOUT_ONE_ROW


@pytest.mark.parametrize("build", COSTS, ids=lambda build: build.__name__)
@pytest.mark.parametrize("count", [1, 10])
def test_list_costs_the_same_for_any_length(club, build, count, django_assert_num_queries):
    url = f"{API}/{build(club, count)}"
    client = club.member

    with django_assert_num_queries(COSTS[build]):
        response = client.get(url)

    assert response.status_code == 200


def test_filters_cost_nothing_more(club, django_assert_num_queries):
    matches(club, 3)
    span = f"from=2020-01-01T00:00:00Z&to={(timezone.now() + timedelta(99)):%Y-%m-%dT%H:%M:%SZ}"
    client = club.member

    with django_assert_num_queries(COSTS[matches]):
        client.get(f"{API}/matches?q=team&{span}&status=scheduled&sort=created_at")


@pytest.mark.parametrize("count", [1, 10])
def test_event_costs_who_asks_which_match_and_its_recording(club, count, django_assert_num_queries):
    match = logged(club, count)
    client = club.scorer
    goal = {"kind": "goal", "team_id": str(match.home_team_id), "period": 1, "clock_ms": 5_000}

    # The recording is counted statement by statement in test_record_event.
    with django_assert_num_queries(2 + 13):
        response = client.post(f"{API}/matches/{match.pk}/events", goal, format="json")

    assert response.status_code == 201
