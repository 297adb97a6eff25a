"""Seasons, teams, players and matches."""

from core.ids import uuid7
from tests.api.operation import (
    ADD,
    ANYBODY,
    FOLLOW,
    LIST,
    LOG,
    MANAGE,
    READ,
    REMOVE,
    SCORE,
    UNDO,
    Operation,
)

REASON = {"reason": "Thunderstorm"}
NEW_DATE = {"kickoff_at": "2026-12-05T11:00:00Z"}


def _owned(**fields):
    return lambda side: {**fields, "organisation_id": str(side.organisation.pk)}


def _header(side):
    return {
        "home_team_id": str(side.match.home_team_id),
        "away_team_id": str(side.match.away_team_id),
        "kickoff_at": "2026-12-05T11:00:00Z",
    }


def _match(side):
    return {**_header(side), "organisation_id": str(side.organisation.pk)}


def _goal(side):
    team_id = str(side.live.home_team_id)
    return {"id": str(uuid7()), "kind": "goal", "team_id": team_id, "period": 1}


def _event(side):
    return {"period": 1, "team_id": str(side.live.home_team_id), "base_version": 2}


def _lineup(side):
    return {"team_id": str(side.match.home_team_id), "players": []}


OPERATIONS = {
    ("seasons", "GET"): Operation(LIST),
    ("seasons", "POST"): Operation(
        ADD, _owned(name="2030/31", starts_on="2030-08-01", ends_on="2031-05-31")
    ),
    ("season", "GET"): Operation(READ),
    ("season", "PATCH"): Operation(MANAGE, {"name": "Another"}),
    ("season", "DELETE"): Operation(REMOVE),
    ("teams", "GET"): Operation(LIST),
    ("teams", "POST"): Operation(ADD, _owned(name="Hollybrook")),
    ("team", "GET"): Operation(READ),
    ("team", "PATCH"): Operation(MANAGE, {"name": "Another"}),
    ("team", "DELETE"): Operation(REMOVE),
    ("squad", "GET"): Operation(READ),
    ("squad", "POST"): Operation(ADD, lambda side: {"player_id": str(side.spare.pk)}),
    ("squad-membership", "PATCH"): Operation(MANAGE, {"number": 9}),
    ("squad-membership", "DELETE"): Operation(REMOVE),
    ("players", "GET"): Operation(LIST),
    ("players", "POST"): Operation(ADD, _owned(name="Robin")),
    ("player", "GET"): Operation(READ),
    ("player", "PATCH"): Operation(MANAGE, {"name": "Another"}),
    ("player", "DELETE"): Operation(REMOVE),
    ("formats", "GET"): Operation(LIST),
    ("matches", "GET"): Operation(LIST),
    ("matches", "POST"): Operation(ADD, _match),
    ("match", "GET"): Operation(READ),
    ("match", "PUT"): Operation(MANAGE, _header),
    ("match", "PATCH"): Operation(MANAGE, {"venue": "Elsewhere"}),
    ("match", "DELETE"): Operation(REMOVE),
    ("match-live", "GET"): Operation(FOLLOW, rows={"match_id": "live"}),
    ("match-feed", "GET"): Operation(FOLLOW, rows={"match_id": "live"}),
    ("match-score", "GET"): Operation(READ, rows={"match_id": "live"}),
    ("match-timeline", "GET"): Operation(READ, rows={"match_id": "live"}),
    ("match-events", "GET"): Operation(READ, rows={"match_id": "live"}),
    ("match-events", "POST"): Operation(LOG, _goal, rows={"match_id": "live"}),
    ("event", "GET"): Operation(READ),
    ("event", "PUT"): Operation(SCORE, _event),
    ("event", "PATCH"): Operation(SCORE, {"clock_ms": 1, "base_version": 2}),
    ("event", "DELETE"): Operation(UNDO, {"base_version": 2}),
    ("event-revisions", "GET"): Operation(READ),
    ("match-start", "POST"): Operation(SCORE),
    ("match-pause", "POST"): Operation(SCORE, rows={"match_id": "live"}),
    ("match-resume", "POST"): Operation(SCORE, rows={"match_id": "paused"}),
    ("match-periods-start", "POST"): Operation(SCORE, rows={"match_id": "between"}),
    ("match-periods-end", "POST"): Operation(SCORE, rows={"match_id": "live"}),
    ("match-complete", "POST"): Operation(SCORE, rows={"match_id": "live"}),
    ("match-abandon", "POST"): Operation(SCORE, REASON, rows={"match_id": "live"}),
    ("match-postpone", "POST"): Operation(MANAGE, REASON),
    ("match-cancel", "POST"): Operation(MANAGE, REASON),
    ("match-reschedule", "POST"): Operation(MANAGE, NEW_DATE, rows={"match_id": "postponed"}),
    ("match-reopen", "POST"): Operation(SCORE, REASON, rows={"match_id": "over"}),
    ("match-replay", "POST"): Operation(ADD, {"clock_rate": 60}, rows={"match_id": "over"}),
    ("match-lineup", "GET"): Operation(READ),
    ("match-lineup", "PUT"): Operation(SCORE, _lineup),
    ("match-scorers", "GET"): Operation(READ),
    ("match-scorers", "POST"): Operation(ADD, lambda side: {"user_id": str(side.reader.pk)}),
    ("match-scorer", "DELETE"): Operation(REMOVE, rows={"user_id": "assigned"}),
    ("match-share", "GET"): Operation(READ, rows={"match_id": "live"}),
    ("match-share", "POST"): Operation(LOG, {}),
    ("share-link", "DELETE"): Operation(UNDO, rows={"match_id": "live"}),
    ("share-link-qr", "GET"): Operation(READ, rows={"match_id": "live"}),
    ("share-exchange", "POST"): Operation(
        ANYBODY, lambda side: {"token": side.share_token}, is_key=True
    ),
}
