import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matches.models import MatchEvent, ShareLink
from tests.factories import (
    build_format,
    build_lineup,
    build_live_match,
    build_match,
    build_organisation,
    build_player,
    build_season,
    build_team,
)


def build_event(match):
    return MatchEvent.objects.create(
        match=match,
        kind="foul",
        team=match.home_team,
        period=1,
        clock_ms=90_000,
        sequence=match.events.count() + 1,
        content_digest="x",
    )


def build_link(match):
    return ShareLink.objects.create(
        match=match,
        token_hash=f"{match.pk}{match.share_links.count()}"[-64:],
        token_prefix="abcdef",
        expires_at=match.kickoff_at,
    )


def build_match_row():
    match = build_match()
    build_event(match)
    return match


ROWS = {
    "season": build_season,
    "team": lambda: build_player(build_team(), number=7),
    "player": build_player,
    "format": build_format,
    "match": build_match_row,
    "matchevent": lambda: build_event(build_match()),
    "sharelink": lambda: build_link(build_match()),
}


@pytest.mark.parametrize("model", ROWS)
def test_changelist_costs_the_same_for_any_length(staff, model):
    address = f"/admin/matches/{model}/"
    ROWS[model]()
    staff.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert staff.get(address).status_code == 200

    for _ in range(9):
        ROWS[model]()

    with CaptureQueriesContext(connection) as ten:
        assert staff.get(address).status_code == 200
    # Filters list organisations and seasons in a query each, whatever their number.
    assert len(ten) == len(one)


@pytest.mark.parametrize("model", ROWS)
def test_changelist_can_be_searched(staff, model):
    ROWS[model]()

    answer = staff.get(f"/admin/matches/{model}/", {"q": "nothing is called this"})

    assert answer.status_code == 200
    assert "0 results" in answer.content.decode()


def test_match_page_costs_the_same_for_any_number_of_events_and_players(staff):
    match = build_match()
    build_event(match)
    build_lineup(match, match.home_team, starters=1, bench=0)
    address = f"/admin/matches/match/{match.pk}/change/"
    staff.get(address)
    with CaptureQueriesContext(connection) as one:
        assert staff.get(address).status_code == 200

    for _ in range(9):
        build_event(match)
    build_lineup(match, match.away_team)

    with CaptureQueriesContext(connection) as ten:
        assert staff.get(address).status_code == 200
    assert len(ten) == len(one)


def test_match_page_shows_when_the_clock_stood(staff):
    match = build_live_match()
    period = match.periods.get()
    start = period.started_at.replace(hour=15, minute=10, second=0)
    period.pauses.create(started_at=start, ended_at=start.replace(minute=12))
    period.pauses.create(started_at=start.replace(minute=20))

    page = staff.get(f"/admin/matches/match/{match.pk}/change/").content.decode()

    assert "15:10:00 to 15:12:00, since 15:20:00" in page


def test_no_page_shows_what_opens_a_link(staff):
    link = build_link(build_match())
    ShareLink.objects.update(token_hash="hash-of-the-token", listed_token="the-token-itself")

    pages = [
        staff.get("/admin/matches/sharelink/"),
        staff.get(f"/admin/matches/sharelink/{link.pk}/change/"),
        staff.get(f"/admin/matches/match/{link.match_id}/change/"),
    ]

    for page in pages:
        assert page.status_code == 200
        assert b"hash-of-the-token" not in page.content
        assert b"the-token-itself" not in page.content


@pytest.mark.parametrize("model", ["season", "team", "player", "match"])
def test_filters_name_no_other_club(club_staff, club, model):
    builds = {"match": build_match, "player": build_player, "season": build_season}
    build = builds.get(model, build_team)
    for organisation in (club, build_organisation(), build_organisation(name="Far Away FC")):
        build(organisation=organisation)

    page = club_staff.get(f"/admin/matches/{model}/").content.decode()

    assert "Far Away FC" not in page


def test_staff_of_a_club_see_its_rows_only(club_staff, club):
    ours = build_match(organisation=club, competition="Our cup")
    theirs = build_match(competition="Their cup")

    page = club_staff.get("/admin/matches/match/").content.decode()

    assert "Our cup" in page
    assert "Their cup" not in page
    assert club_staff.get(f"/admin/matches/match/{ours.pk}/change/").status_code == 200
    hidden = club_staff.get(f"/admin/matches/match/{theirs.pk}/change/")
    assert hidden.status_code == 302
    assert hidden["Location"] == "/admin/"
