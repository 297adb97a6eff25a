import pytest

from accounts.models import Role
from matches.rules.kinds import MatchStatus
from tests.api.club import Club


def replay(client, match, body=None, **headers):
    return client.post(f"/api/v1/matches/{match.pk}/replay", body or {}, **headers)


@pytest.fixture
def match(club):
    return club.match(status=MatchStatus.COMPLETED, venue="Hollybrook Park")


def test_copy_is_prepared_at_the_rate_asked_for(club, match):
    response = replay(club.admin, match, {"clock_rate": 60})

    body = response.json()
    copy = match.replays.get()
    assert response.status_code == 201
    assert response["Location"] == f"/api/v1/matches/{copy.pk}"
    assert (body["id"], body["replay_of_id"]) == (str(copy.pk), str(match.pk))
    assert (body["clock_rate"], body["status"], body["venue"]) == (
        60,
        "scheduled",
        "Hollybrook Park",
    )


def test_preparing_again_answers_the_same_copy(club, match):
    first, second = replay(club.admin, match), replay(club.admin, match)

    assert second.json()["id"] == first.json()["id"]
    assert second["ETag"] != first["ETag"]


def test_repeated_request_is_answered_once(club, match):
    key = {"HTTP_IDEMPOTENCY_KEY": "again"}

    first, second = (replay(club.admin, match, **key) for _ in range(2))

    assert second.json() == first.json()


@pytest.mark.parametrize("clock_rate", [0, 3601, "fast", None])
def test_rate_has_its_limits(club, match, clock_rate):
    response = replay(club.admin, match, {"clock_rate": clock_rate})

    assert response.status_code == 400
    assert "clock_rate" in response.json()["error"]["details"]


def test_match_that_is_not_completed_is_refused(club):
    response = replay(club.admin, club.match())

    assert response.status_code == 409
    assert response.json()["error"]["code"] == "match_not_finished"
    assert response.json()["error"]["details"] == {"status": "scheduled"}


@pytest.mark.parametrize(
    ("role", "code"), [(Role.OWNER, 201), (Role.ADMIN, 201), (Role.SCORER, 403), (Role.MEMBER, 403)]
)
def test_only_managers_prepare_replays(club, match, role, code):
    assert replay(club.client(role), match).status_code == code


def test_match_of_another_club_is_not_found(match):
    assert replay(Club().admin, match).status_code == 404
