"""Who is counted before anybody knows who they are."""

import pytest
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("headers", [{}, {"HTTP_AUTHORIZATION": "Bearer made-up"}])
def test_callers_without_a_good_token_are_counted_for_their_address(settings, headers):
    settings.LIMITS = {**settings.LIMITS, "reads": "2/1d"}
    client = APIClient(**headers)

    answers = [client.get("/api/v1/matches") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [401, 401, 429, 429]
    assert answers[0]["RateLimit"].startswith('"reads";r=1')
    assert answers[2].json()["error"]["code"] == "rate_limited"
    assert "Retry-After" in answers[2]
    elsewhere = APIClient(REMOTE_ADDR="192.0.2.9", **headers)
    assert elsewhere.get("/api/v1/matches").status_code == 401
