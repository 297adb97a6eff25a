"""Giving members single matches to log."""

import pytest

from accounts.models import Role
from core.ids import uuid7
from tests import factories
from tests.api.clients import client_of


def url_of(match, user=None):
    return f"/api/v1/matches/{match.pk}/scorers" + (f"/{user.pk}" if user else "")


@pytest.fixture
def match(club):
    return club.live_match()


@pytest.fixture
def helper(club):
    return factories.build_member(club.organisation, username="robin")


def test_member_is_given_a_match_once(club, match, helper):
    first = club.admin.post(url_of(match), {"user_id": str(helper.pk)})
    again = club.admin.post(url_of(match), {"user_id": str(helper.pk)})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first["Location"] == url_of(match, helper)
    assert first.data == again.data
    assert (first.data["username"], first.data["role"]) == ("robin", "member")


def test_members_see_who_logs_the_match(club, match, helper):
    club.admin.post(url_of(match), {"user_id": str(helper.pk)})

    items = club.member.get(url_of(match)).data["items"]

    assert [item["user_id"] for item in items] == [helper.pk]
    assert club.member.get(url_of(club.match())).data["items"] == []


def test_match_tells_its_reader_whether_they_may_log_it(club, match, helper):
    client = client_of(helper)
    address = f"/api/v1/matches/{match.pk}"
    assert client.get(address).data["can_log"] is False

    club.admin.post(url_of(match), {"user_id": str(helper.pk)})

    assert client.get(address).data["can_log"] is True
    assert client.get(f"/api/v1/matches/{club.match().pk}").data["can_log"] is False
    assert club.scorer.get(address).data["can_log"] is True


def test_assigned_member_logs_until_the_match_is_taken_back(club, match, helper):
    client = client_of(helper)
    events = f"/api/v1/matches/{match.pk}/events"
    goal = {"kind": "goal", "team_id": str(match.home_team_id), "period": 1}
    assert client.post(events, goal).status_code == 403

    club.admin.post(url_of(match), {"user_id": str(helper.pk)})
    assert client.post(events, goal).status_code == 201

    assert club.admin.delete(url_of(match, helper)).status_code == 204
    assert client.post(events, goal).status_code == 403


def test_taking_back_what_was_not_given_is_not_found(club, match, helper):
    assert club.admin.delete(url_of(match, helper)).status_code == 404


@pytest.mark.parametrize("who", ["of another club", "unknown"])
def test_who_is_no_member_is_not_found_by_the_field(club, match, who):
    stranger = factories.build_member(factories.build_organisation(), Role.OWNER)
    user_id = stranger.pk if who == "of another club" else uuid7()

    response = club.admin.post(url_of(match), {"user_id": str(user_id)})

    assert response.status_code == 404
    assert response.data["error"]["details"] == {"user_id": ["Not found."]}


def test_superuser_cannot_give_it_to_a_stranger_either(club, match):
    superuser = client_of(factories.build_user(is_superuser=True))
    stranger = factories.build_user()

    response = superuser.post(url_of(match), {"user_id": str(stranger.pk)})

    assert response.status_code == 404
    assert response.data["error"]["details"] == {"user_id": ["Not found."]}


@pytest.mark.parametrize("body", [{}, {"user_id": None}, {"user_id": "robin"}, {"user": "x"}])
def test_bad_body_is_refused(club, match, body):
    assert club.admin.post(url_of(match), body).status_code == 400
