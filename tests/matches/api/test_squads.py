from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from matches.models import SquadMembership
from tests import factories


def url_of(team, membership=None):
    suffix = f"/{membership.pk}" if membership else ""
    return f"/api/v1/teams/{team.pk}/players{suffix}"


@pytest.fixture
def team(club):
    return club.team()


@pytest.fixture
def membership(team):
    return factories.build_player(team, number=8).squads.get()


def test_player_joins_the_squad(club, team):
    player = factories.build_player(organisation=club.organisation)

    response = club.admin.post(
        url_of(team), {"player_id": str(player.pk), "number": 8, "joined_on": "2026-08-01"}
    )

    membership = SquadMembership.objects.get()
    assert response.status_code == 201
    assert response["Location"] == url_of(team, membership)
    assert response.json() == {
        "id": str(membership.pk),
        "team_id": str(team.pk),
        "player_id": str(player.pk),
        "name": player.name,
        "position": "",
        "number": 8,
        "joined_on": "2026-08-01",
        "left_on": None,
    }


def test_foreign_player_is_as_unknown_as_none(club, team):
    def post(player_id):
        response = club.admin.post(url_of(team), {"player_id": str(player_id)})
        return response.status_code, {**response.data["error"], "request_id": ""}

    foreign = post(factories.build_player().pk)

    assert foreign == post(uuid4())
    assert foreign[0] == 404
    assert foreign[1]["details"] == {"player_id": ["Not found."]}


@pytest.mark.parametrize("taken", ["player", "number"])
def test_squad_has_each_player_and_number_once(club, team, membership, taken):
    newcomer = factories.build_player(organisation=club.organisation)
    body = {
        "player": {"player_id": str(membership.player_id)},
        "number": {"player_id": str(newcomer.pk), "number": 8},
    }[taken]

    response = club.admin.post(url_of(team), body)

    assert response.status_code == 409
    assert response.data["error"]["code"] == "already_exists"


@pytest.mark.parametrize("number", [0, 1000, "eight", True, 1.5])
def test_number_is_from_1_to_999(club, team, membership, number):
    response = club.admin.patch(url_of(team, membership), {"number": number})

    assert response.status_code == 400
    assert list(response.data["error"]["details"]) == ["number"]


def test_number_is_changed(club, team, membership):
    response = club.admin.patch(url_of(team, membership), {"number": 10})

    assert response.status_code == 200
    assert response.data["number"] == 10


def test_player_leaves_and_stays_on_record(club, team, membership):
    response = club.admin.delete(url_of(team, membership))

    now = club.member.get(url_of(team)).data
    former = club.member.get(url_of(team), {"current": "false"}).data
    assert (response.status_code, response.content) == (204, b"")
    assert now["items"] == []
    assert [row["left_on"] for row in former["items"]] == [timezone.now().date()]


def test_player_cannot_leave_before_joining(club, team, membership):
    joined = timezone.now().date()
    body = {"joined_on": joined.isoformat(), "left_on": (joined - timedelta(1)).isoformat()}

    response = club.admin.patch(url_of(team, membership), body)

    assert response.status_code == 400
    membership.refresh_from_db()
    assert membership.left_on is None


def test_squad_is_sorted_by_number_or_name(club, team):
    factories.build_player(team, number=9, name="Alder")
    factories.build_player(team, number=4, name="Birch")

    def names(**parameters):
        rows = club.member.get(url_of(team), parameters).data["items"]
        return [row["name"] for row in rows]

    assert names() == ["Birch", "Alder"]
    assert names(sort="name") == ["Alder", "Birch"]


def test_membership_is_found_under_its_own_team_only(club, membership):
    response = club.admin.patch(url_of(club.team(), membership), {"number": 1})

    assert response.status_code == 404


def test_squad_of_a_foreign_team_is_unknown(team, membership, stranger):
    assert stranger.get(url_of(team)).status_code == 404
    assert stranger.post(url_of(team), {"player_id": str(uuid4())}).status_code == 404
    assert stranger.patch(url_of(team, membership), {"number": 1}).status_code == 404
    assert stranger.delete(url_of(team, membership)).status_code == 404


def test_birthday_is_no_part_of_a_squad(club, team):
    factories.build_player(team, birth_date=date(2014, 3, 9), notes="Asthma")

    (row,) = club.member.get(url_of(team)).json()["items"]

    assert "birth_date" not in row
    assert "notes" not in row
