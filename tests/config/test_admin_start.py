"""The start page of the admin: what is live, what comes next."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import build_live_match, build_match, build_user


@pytest.fixture
def staff(client, db):
    client.force_login(build_user(is_staff=True, is_superuser=True))
    return client


def test_start_page_shows_what_is_live_and_what_comes_next(staff):
    live = build_live_match(competition="Harbour Cup")
    coming = build_match(kickoff_at=timezone.now() + timedelta(days=2), venue="North Park")
    build_match(kickoff_at=timezone.now() + timedelta(days=30), venue="Far Away")

    page = staff.get("/admin/").content.decode()

    assert f"/admin/matches/match/{live.pk}/change/" in page
    assert "Harbour Cup" in page
    assert f"/admin/matches/match/{coming.pk}/change/" in page
    assert "Far Away" not in page


def test_start_page_without_matches_says_what_to_do(staff):
    page = staff.get("/admin/").content.decode()

    assert "No match is being played" in page
    assert "Add a match" in page


def test_start_page_is_found_without_the_last_slash(staff):
    assert staff.get("/admin")["Location"] == "/admin/"


def test_start_page_costs_the_same_for_any_number_of_live_matches(staff):
    build_live_match()
    staff.get("/admin/")
    with CaptureQueriesContext(connection) as one:
        staff.get("/admin/")

    for _ in range(9):
        build_live_match()

    with CaptureQueriesContext(connection) as ten:
        staff.get("/admin/")
    assert len(ten) == len(one)
