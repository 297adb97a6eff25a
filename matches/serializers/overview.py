"""The score at a glance, and the timeline."""

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from core.api.pages import example
from matches.models import Match, Team
from matches.models.match import STATUSES
from matches.queries.score import Score
from matches.queries.timeline import PeriodTimeline
from matches.serializers.live import (
    EVENT,
    PERIOD,
    REF,
    LiveEventSerializer,
    LivePeriodSerializer,
    MatchPersonSerializer,
)
from matches.serializers.matches import HOME_ID, TEAM_EXAMPLES, GoalsSerializer
from matches.serializers.matches import ID as MATCH_ID


class ScoreSideSerializer(serializers.Serializer[Any]):
    team_id = serializers.UUIDField()
    name = serializers.CharField()
    goals = serializers.IntegerField()


@example(
    {
        "match_id": MATCH_ID,
        "home": {"team_id": HOME_ID, "name": TEAM_EXAMPLES["home"]["name"], "goals": 2},
        "away": {
            "team_id": TEAM_EXAMPLES["away"]["team_id"],
            "name": TEAM_EXAMPLES["away"]["name"],
            "goals": 1,
        },
        "status": "live",
        "minute": "43",
        "shootout": None,
    }
)
class ScoreSerializer(serializers.Serializer[Any]):
    match_id = serializers.UUIDField()
    home = ScoreSideSerializer()
    away = ScoreSideSerializer()
    status = serializers.ChoiceField(STATUSES)
    minute = serializers.CharField(help_text="Empty before kick-off.")
    shootout = GoalsSerializer(allow_null=True)


class TimelinePeriodSerializer(LivePeriodSerializer):
    events = LiveEventSerializer(many=True)


@example(
    {
        "match_id": MATCH_ID,
        "periods": [{**PERIOD, "events": [EVENT]}],
        "people": {REF: {"number": 8, "name": "Robin Ashdown"}},
    }
)
class TimelineSerializer(serializers.Serializer[Any]):
    match_id = serializers.UUIDField()
    periods = TimelinePeriodSerializer(many=True)
    people = serializers.DictField(child=MatchPersonSerializer())


def score_document(score: Score) -> dict[str, Any]:
    match, shootout = score.match, score.shootout
    return {
        "match_id": match.pk,
        "home": _side(match.home_team, score.home_goals),
        "away": _side(match.away_team, score.away_goals),
        "status": match.status,
        "minute": score.minute,
        "shootout": shootout and {"home": shootout[0], "away": shootout[1]},
    }


def timeline_document(
    match: Match, periods: Iterable[PeriodTimeline], people: dict[str, Any]
) -> dict[str, Any]:
    return {
        "match_id": match.pk,
        "periods": [{**part.period, "events": part.events} for part in periods],
        "people": people,
    }


def _side(team: Team, goals: int) -> dict[str, Any]:
    return {"team_id": team.pk, "name": team.name, "goals": goals}
