import pytest
from django.db import OperationalError, connection
from rest_framework.test import APIClient

from accounts.models import AuditEntry, Role
from tests.factories import build_access_token, build_member, build_organisation, build_team


@pytest.fixture
def club(db):
    return build_organisation()


@pytest.fixture
def member(club):
    return build_member(club, Role.MEMBER)


@pytest.fixture
def client(member):
    return APIClient(
        HTTP_AUTHORIZATION=f"Bearer {build_access_token(member)}", REMOTE_ADDR="192.0.2.7"
    )


SEASON = {"name": "2026/27", "starts_on": "2026-08-01", "ends_on": "2027-06-30"}


def refuse(client, **fields):
    response = client.post("/api/v1/seasons", {**SEASON, **fields})
    assert response.status_code == 403, response.data
    return response


def test_refused_role_leaves_a_line_in_the_trail(client, club, member):
    response = refuse(client)

    [entry] = AuditEntry.objects.all()
    assert (entry.action, entry.actor, entry.organisation) == ("refused", member, club)
    assert entry.target == "POST seasons"
    assert entry.address == "192.0.2.7"
    assert entry.request_id == response["X-Request-ID"]


def test_organisation_is_left_open_where_there_are_several(client, member):
    other = build_organisation()
    other.memberships.create(user=member, role=Role.MEMBER)

    refuse(client, organisation_id=str(other.pk))

    assert AuditEntry.objects.get().organisation is None


def test_other_refusals_leave_none(client, club):
    build_team(organisation=club)

    assert client.post("/api/v1/seasons", {"nonsense": 1}).status_code == 400
    client.get("/api/v1/matches/018f0000-0000-7000-8000-000000000000")
    client.put("/api/v1/auth/me", {})
    APIClient().post("/api/v1/seasons", {})

    assert not AuditEntry.objects.exists()


def test_trail_is_not_flooded_and_the_refusals_go_on(client, settings):
    settings.LIMITS = {**settings.LIMITS, "refused-audit": "2/1d"}

    answers = [refuse(client) for _ in range(5)]

    assert AuditEntry.objects.count() == 2
    assert all('"writes"' in answer["RateLimit"] for answer in answers)


# As on a server: no transaction around the request.
@pytest.mark.django_db(transaction=True)
def test_trail_that_cannot_be_written_changes_no_refusal(client):
    def no_inserts(execute, sql, *arguments):
        if "accounts_auditentry" in sql:
            raise OperationalError("gone")
        return execute(sql, *arguments)

    with connection.execute_wrapper(no_inserts):
        response = refuse(client)

    assert response.json()["error"]["code"] == "forbidden"
    assert not AuditEntry.objects.exists()
