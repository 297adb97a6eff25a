from typing import Any

from rest_framework import serializers

from core.api.fields import IdField, MomentField
from core.api.pages import example
from core.api.serializers import StrictSerializer
from matches.models import Match, Team
from matches.models.match import STATUSES
from matches.serializers.owned import OwnedDraftSerializer

ID = "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e10"
HOME_ID = "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e02"
AWAY_ID = "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e06"
EXAMPLE = {
    "season_id": "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e01",
    "format_id": "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e05",
    "home_team_id": HOME_ID,
    "away_team_id": AWAY_ID,
    "kickoff_at": "2026-09-12T10:00:00Z",
    "competition": "County Cup",
    "round": "Quarter-final",
    "venue": "Hollybrook Park, pitch 2",
}
TEAM_EXAMPLES = {
    "home": {
        "team_id": HOME_ID,
        "name": "Hollybrook Rovers U13",
        "short_name": "Hollybrook",
        "colour": "#0f766e",
    },
    "away": {
        "team_id": AWAY_ID,
        "name": "Marlow Vale U13",
        "short_name": "Marlow",
        "colour": "#b91c1c",
    },
}


@example(EXAMPLE)
class MatchChangesSerializer(StrictSerializer):
    season_id = IdField(default=None, allow_null=True)
    format_id = IdField(
        required=False, help_text="One of `GET /formats`; without it 11 a side, 2 x 45 minutes."
    )
    home_team_id = IdField()
    away_team_id = IdField()
    kickoff_at = MomentField()
    competition = serializers.CharField(max_length=120, default="", allow_blank=True)
    round = serializers.CharField(max_length=80, default="", allow_blank=True)
    venue = serializers.CharField(max_length=120, default="", allow_blank=True)


@example(EXAMPLE)
class MatchDraftSerializer(OwnedDraftSerializer, MatchChangesSerializer):
    pass


class MatchSideSerializer(serializers.Serializer[Any]):
    team_id = serializers.UUIDField()
    name = serializers.CharField()
    short_name = serializers.CharField()
    colour = serializers.CharField()
    goals = serializers.IntegerField()


class GoalsSerializer(serializers.Serializer[Any]):
    home = serializers.IntegerField()
    away = serializers.IntegerField()


MATCH = {
    "id": ID,
    "organisation_id": "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e00",
    "season_id": EXAMPLE["season_id"],
    "format_id": EXAMPLE["format_id"],
    "home": {**TEAM_EXAMPLES["home"], "goals": 2},
    "away": {**TEAM_EXAMPLES["away"], "goals": 1},
    "shootout": None,
    "status": "live",
    "status_reason": "",
    "kickoff_at": EXAMPLE["kickoff_at"],
    "competition": EXAMPLE["competition"],
    "round": EXAMPLE["round"],
    "venue": EXAMPLE["venue"],
    "clock_rate": 1,
    "replay_of_id": None,
    "version": 4,
    "created_at": "2026-09-01T18:30:00Z",
    "updated_at": "2026-09-12T10:41:12Z",
}


@example(MATCH)
class MatchSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    organisation_id = serializers.UUIDField()
    season_id = serializers.UUIDField(allow_null=True)
    format_id = serializers.UUIDField()
    home = MatchSideSerializer()
    away = MatchSideSerializer()
    shootout = GoalsSerializer(allow_null=True, help_text="Penalty shootout, when there was one.")
    status = serializers.ChoiceField(STATUSES)
    status_reason = serializers.CharField()
    kickoff_at = serializers.DateTimeField()
    competition = serializers.CharField()
    round = serializers.CharField()
    venue = serializers.CharField()
    clock_rate = serializers.IntegerField(help_text="1, but for a replay.")
    replay_of_id = serializers.UUIDField(allow_null=True)
    version = serializers.IntegerField(help_text="As in the ETag.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


@example({**MATCH, "can_log": True})
class MatchForCallerSerializer(MatchSerializer):
    can_log = serializers.BooleanField(
        help_text="Whether you may log it: events, clock, line-ups and share links."
    )


class MatchFilterSerializer(serializers.Serializer[Any]):
    organisation = IdField(required=False)
    team = IdField(required=False, help_text="At home or away.")
    season = IdField(required=False)
    status = serializers.ChoiceField(STATUSES, required=False)
    to = serializers.DateTimeField(required=False, help_text="Kick-off before this moment.")
    q = serializers.CharField(
        required=False, max_length=120, help_text="Part of a team, competition, round or venue."
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # `from` is no name that Python takes in a class body.
        since = serializers.DateTimeField(required=False, help_text="Kick-off at or after this.")
        return {**super().get_fields(), "from": since}


def match_document(match: Match) -> dict[str, Any]:
    """Reads both teams, so a list takes the matches `with_teams`."""
    return {
        "id": match.pk,
        "organisation_id": match.organisation_id,
        "season_id": match.season_id,
        "format_id": match.format_id,
        "home": _side(match.home_team, match.home_goals),
        "away": _side(match.away_team, match.away_goals),
        "shootout": _shootout(match),
        "status": match.status,
        "status_reason": match.status_reason,
        "kickoff_at": match.kickoff_at,
        "competition": match.competition,
        "round": match.round,
        "venue": match.venue,
        "clock_rate": match.clock_rate,
        "replay_of_id": match.replay_of_id,
        "version": match.version,
        "created_at": match.created_at,
        "updated_at": match.updated_at,
    }


def _side(team: Team, goals: int) -> dict[str, Any]:
    return {
        "team_id": team.pk,
        "name": team.name,
        "short_name": team.short_name,
        "colour": team.colour,
        "goals": goals,
    }


def _shootout(match: Match) -> dict[str, int | None] | None:
    if match.home_shootout_goals is None:
        return None
    return {"home": match.home_shootout_goals, "away": match.away_shootout_goals}
