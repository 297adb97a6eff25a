"""What a kept answer is worth to somebody who has lost the right to it since."""

import pytest

from accounts.models import Membership, Role
from matches.models import Match, Team
from realtime import feed
from tests import factories
from tests.api.clients import client_of

KEY = {"HTTP_IDEMPOTENCY_KEY": "key-1"}


@pytest.fixture
def match(club):
    return club.match()


def start(client, match):
    return client.post(f"/api/v1/matches/{match.pk}/start", **KEY)


def test_step_taken_twice_is_answered_twice_and_taken_once(club, match):
    first = start(club.scorer, match)
    again = start(club.scorer, match)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert feed.head(match.topic).seq == 1
    assert match.periods.count() == 1


def test_repeated_creation_leaves_nothing_behind(club):
    body = {"name": "Hollybrook", "organisation_id": str(club.organisation.pk)}
    first = club.admin.post("/api/v1/teams", body, **KEY)
    # A team of the name stands in the way now, and must not stand in the way of the answer.
    again = club.admin.post("/api/v1/teams", body, **KEY)

    assert again.json() == first.json()
    assert Team.objects.filter(name="Hollybrook").count() == 1


def test_repeated_match_is_scheduled_once(club):
    body = {
        "home_team_id": str(club.team().pk),
        "away_team_id": str(club.team().pk),
        "kickoff_at": "2026-12-05T11:00:00Z",
    }
    first = club.admin.post("/api/v1/matches", body, **KEY)
    again = club.admin.post("/api/v1/matches", body, **KEY)

    assert (again.status_code, again.json()) == (201, first.json())
    assert Match.objects.count() == 1


def test_removed_member_gets_what_a_stranger_gets(club, match):
    start(club.scorer, match)
    Membership.objects.filter(user=club.person(Role.SCORER)).delete()

    response = start(club.scorer, match)

    assert response.status_code == 404
    assert str(match.pk) not in response.content.decode()
    assert "Idempotency-Replayed" not in response


def test_lowered_role_gets_what_it_would_get_anew(club, match):
    start(club.scorer, match)
    Membership.objects.filter(user=club.person(Role.SCORER)).update(role=Role.MEMBER)

    response = start(club.scorer, match)

    assert response.status_code == 403
    assert response.json()["error"]["code"] == "forbidden"


def test_match_that_was_taken_back_is_answered_no_more(club, match):
    helper = factories.build_member(club.organisation)
    scorers = f"/api/v1/matches/{match.pk}/scorers"
    club.admin.post(scorers, {"user_id": str(helper.pk)})
    assert start(client_of(helper), match).status_code == 200

    club.admin.delete(f"{scorers}/{helper.pk}")

    assert start(client_of(helper), match).status_code == 403


def test_deleted_match_is_gone_from_its_kept_answers(club, match):
    start(club.admin, match)
    Match.objects.all().delete()

    assert start(club.admin, match).status_code == 404


def test_raised_role_still_gets_its_answer(club, match):
    first = start(club.scorer, match)
    Membership.objects.filter(user=club.person(Role.SCORER)).update(role=Role.ADMIN)

    assert start(club.scorer, match).json() == first.json()


def test_answer_of_a_former_club_does_not_follow_to_the_next(club):
    admin = club.person(Role.ADMIN)
    body = {"name": "Hollybrook"}
    assert club.admin.post("/api/v1/teams", body, **KEY).status_code == 201

    Membership.objects.filter(user=admin).delete()
    other = factories.build_organisation()
    Membership.objects.create(organisation=other, user=admin, role=Role.ADMIN)
    response = club.admin.post("/api/v1/teams", body, **KEY)

    assert response.status_code == 422
    assert str(club.organisation.pk) not in response.content.decode()
    assert not Team.objects.filter(organisation=other).exists()


def test_whoever_has_left_is_told_so_again(club):
    url = f"/api/v1/organisations/{club.organisation.pk}/leave"

    assert club.member.post(url, **KEY).status_code == 204
    again = club.member.post(url, **KEY)

    assert (again.status_code, again["Idempotency-Replayed"]) == (204, "true")
