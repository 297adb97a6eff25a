"""When a match kicks off, as callers say it."""

import pytest


@pytest.mark.parametrize("kickoff_at", ["2026-09-12", "2026-09-12T10:00:00", "2026-09-12T10:00"])
def test_kick_off_without_an_offset_is_not_guessed(club, kickoff_at):
    url = f"/api/v1/matches/{club.match().pk}/postpone"

    response = club.admin.post(url, {"reason": "Waterlogged pitch", "kickoff_at": kickoff_at})

    assert response.status_code == 400
    assert list(response.json()["error"]["details"]) == ["kickoff_at"]
