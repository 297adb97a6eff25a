from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import Role
from matches.rules.kinds import MatchStatus
from matches.rules.lifecycle import Action
from tests.matches.builders import log


def take(client, match, step, body=None, **headers):
    return client.post(f"/api/v1/matches/{match.pk}/{step}", body, **headers)


def in_status(club, status):
    if status in (MatchStatus.LIVE, MatchStatus.PAUSED):
        match = club.live_match()
    else:
        match = club.match(status=status)
    if status is MatchStatus.PAUSED:
        take(club.scorer, match, "pause")
    return match


REASON = {"reason": "Thunderstorm"}
NEW_DATE = {"kickoff_at": "2026-12-05T11:00:00Z"}
STEPS = {
    "start": ("scheduled", None, "live"),
    "pause": ("live", None, "paused"),
    "resume": ("paused", None, "live"),
    "periods/end": ("live", None, "live"),
    "complete": ("live", None, "completed"),
    "abandon": ("live", REASON, "abandoned"),
    "postpone": ("scheduled", REASON, "postponed"),
    "cancel": ("scheduled", REASON, "cancelled"),
    "reschedule": ("cancelled", NEW_DATE, "scheduled"),
    "reopen": ("completed", REASON, "live"),
}
NAMES = {"start_period": "periods-start", "end_period": "periods-end"}


@pytest.mark.parametrize("step", STEPS)
def test_step_leads_to_its_status(club, step):
    before, body, after = STEPS[step]
    match = in_status(club, MatchStatus(before))

    response = take(club.admin, match, step, body)

    match.refresh_from_db()
    assert response.status_code == 200
    assert response.json()["status"] == match.status == after
    assert response["ETag"] == f'"v{match.version}"'


@pytest.mark.parametrize(
    ("step", "before"),
    [
        ("start", "live"),
        ("pause", "scheduled"),
        ("resume", "live"),
        ("periods/start", "scheduled"),
        ("periods/start", "live"),
        ("periods/end", "completed"),
        ("complete", "scheduled"),
        ("abandon", "completed"),
        ("postpone", "live"),
        ("cancel", "completed"),
        ("reschedule", "scheduled"),
        ("reopen", "live"),
    ],
)
def test_impossible_step_says_what_is_possible(club, step, before):
    match = in_status(club, MatchStatus(before))
    body = STEPS[step][1] if step in STEPS else None

    response = take(club.admin, match, step, body)

    assert response.status_code == 409
    assert response.data["error"]["code"] == "illegal_transition"
    assert response.data["error"]["details"]["allowed"]
    match.refresh_from_db()
    assert match.status == before


@pytest.mark.parametrize("action", Action)
def test_each_step_that_is_said_to_be_possible_has_an_address(action):
    assert reverse(f"match-{NAMES.get(action, action)}", args=[uuid4()])


def test_next_period_begins_after_the_first(club):
    match = club.live_match()
    take(club.scorer, match, "periods/end")

    response = take(club.scorer, match, "periods/start")

    assert response.status_code == 200
    assert [period.number for period in match.periods.all()] == [1, 2]


@pytest.mark.parametrize("step", ["abandon", "postpone", "cancel", "reopen"])
@pytest.mark.parametrize("body", [None, {}, {"reason": ""}, {"reason": " "}, {"reason": "x" * 201}])
def test_step_that_needs_a_reason_says_so(club, step, body):
    match = in_status(club, MatchStatus(STEPS[step][0]))

    response = take(club.admin, match, step, body)

    assert response.status_code == 400
    assert list(response.data["error"]["details"]) == ["reason"]


def test_postponed_match_has_its_new_kick_off(club):
    match = club.match()

    response = take(club.admin, match, "postpone", {**REASON, "kickoff_at": "2026-12-05T11:00:00Z"})

    assert response.json()["kickoff_at"] == "2026-12-05T11:00:00Z"
    assert response.json()["status_reason"] == "Thunderstorm"


def test_cancelled_match_that_is_played_after_all_has_its_new_date(club):
    match = in_status(club, MatchStatus.CANCELLED)

    response = take(club.admin, match, "reschedule", NEW_DATE)

    assert response.json()["kickoff_at"] == NEW_DATE["kickoff_at"]
    assert response.json()["status_reason"] == ""


def test_match_is_not_rescheduled_without_a_date(club):
    response = take(club.admin, in_status(club, MatchStatus.POSTPONED), "reschedule")

    assert list(response.data["error"]["details"]) == ["kickoff_at"]


def test_kick_off_can_be_reported_late(club):
    match = club.match()
    at = datetime.now(UTC) - timedelta(minutes=7)

    take(club.scorer, match, "start", {"at": at.isoformat()})

    assert match.periods.get().started_at == at


def test_moment_that_has_not_come_is_now(club):
    match = club.match()

    response = take(club.scorer, match, "start", {"at": "2999-01-01T00:00:00Z"})

    assert response.status_code == 200
    assert match.periods.get().started_at <= datetime.now(UTC)


def test_moment_long_ago_is_refused(club):
    match = club.match()
    at = datetime.now(UTC) - timedelta(hours=25)

    response = take(club.scorer, match, "start", {"at": at.isoformat()})

    assert response.status_code == 400
    assert list(response.data["error"]["details"]) == ["at"]


@pytest.mark.parametrize("step", STEPS)
def test_unknown_field_is_refused(club, step):
    before, body, _ = STEPS[step]
    match = in_status(club, MatchStatus(before))

    response = take(club.admin, match, step, {**(body or {}), "status": "live"})

    assert response.status_code == 400
    assert response.data["error"]["details"] == {"status": ["Unknown field."]}


def test_repeated_step_with_a_key_is_taken_once(club):
    match = club.match()

    first = take(club.scorer, match, "start", HTTP_IDEMPOTENCY_KEY="kick-off")
    again = take(club.scorer, match, "start", HTTP_IDEMPOTENCY_KEY="kick-off")

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert match.periods.count() == 1


def test_extra_time_is_refused_while_a_side_leads(club):
    match = club.live_match()
    log(match, club.person(Role.SCORER))
    for step in ("periods/end", "periods/start", "periods/end"):
        assert take(club.scorer, match, step).status_code == 200

    response = take(club.scorer, match, "periods/start")

    assert response.status_code == 409
    assert response.data["error"]["details"]["allowed"] == ["complete"]


@pytest.mark.parametrize("step", STEPS)
def test_foreign_match_is_unknown(club, stranger, step):
    before, body, _ = STEPS[step]
    match = in_status(club, MatchStatus(before))

    assert take(stranger, match, step, body).status_code == 404


@pytest.mark.parametrize("step", ["postpone", "cancel", "reschedule"])
def test_scorer_runs_the_match_but_does_not_arrange_it(club, step):
    before, body, _ = STEPS[step]

    response = take(club.scorer, in_status(club, MatchStatus(before)), step, body)

    assert response.status_code == 403
