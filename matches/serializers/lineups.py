"""Line-ups as the organisation's members read and write them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from rest_framework import serializers

from core.api.fields import IdField
from core.api.pages import example
from core.api.serializers import StrictSerializer
from matches.models import LineupPlayer
from matches.models.lineup import LINEUP_ROLES
from matches.models.roster import POSITIONS
from matches.operations.lineups import LineupDraft
from matches.rules.kinds import LineupRole
from matches.serializers.fields import PercentField
from matches.serializers.matches import HOME_ID
from matches.serializers.matches import ID as MATCH_ID
from matches.serializers.squads import PLAYER_ID

# Twice a full squad of the biggest competition: far more than anybody lists, and bounded.
MAX_PLAYERS = 60
STARTER = {
    "player_id": PLAYER_ID,
    "number": 8,
    "role": "starter",
    "position": "MF",
    "x": 50.0,
    "y": 45.0,
    "is_captain": True,
}


class LineupPlayerDraftSerializer(StrictSerializer):
    player_id = IdField()
    number = serializers.IntegerField(min_value=1, max_value=999, default=None, allow_null=True)
    role = serializers.ChoiceField(LINEUP_ROLES)
    position = serializers.ChoiceField(POSITIONS, default="", allow_blank=True)
    x = PercentField(
        default=None,
        allow_null=True,
        help_text="Percent from the left touchline, seen in the direction of attack.",
    )
    y = PercentField(default=None, allow_null=True, help_text="Percent from the own goal line.")
    is_captain = serializers.BooleanField(default=False)


@example({"team_id": HOME_ID, "players": [STARTER]})
class LineupDraftSerializer(StrictSerializer):
    """Replaces the whole line-up of one team, in the order given."""

    team_id = IdField(help_text="One of the two teams of the match.")
    players = serializers.ListField(child=LineupPlayerDraftSerializer(), max_length=MAX_PLAYERS)

    def drafts(self) -> list[LineupDraft]:
        return [
            LineupDraft(**{**player, "role": LineupRole(player["role"])})
            for player in self.validated_data["players"]
        ]


class LineupPlayerSerializer(serializers.Serializer[Any]):
    player_id = serializers.UUIDField()
    name = serializers.CharField()
    number = serializers.IntegerField(allow_null=True)
    role = serializers.ChoiceField(LINEUP_ROLES)
    position = serializers.ChoiceField(POSITIONS, allow_blank=True)
    x = serializers.FloatField(allow_null=True)
    y = serializers.FloatField(allow_null=True)
    is_captain = serializers.BooleanField()


SIDE_EXAMPLE = {"team_id": HOME_ID, "players": [{**STARTER, "name": "Robin Ashdown"}]}


@example(SIDE_EXAMPLE)
class LineupSerializer(serializers.Serializer[Any]):
    team_id = serializers.UUIDField()
    players = LineupPlayerSerializer(many=True)


@example(
    {
        "match_id": MATCH_ID,
        "home": SIDE_EXAMPLE,
        "away": {"team_id": "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e06", "players": []},
    }
)
class LineupsSerializer(serializers.Serializer[Any]):
    match_id = serializers.UUIDField()
    home = LineupSerializer()
    away = LineupSerializer()


def lineup_document(team_id: UUID, rows: Iterable[LineupPlayer]) -> dict[str, Any]:
    """The rows of one team, whoever else is among `rows`; each has its player at hand."""
    players = [_player(row) for row in rows if row.team_id == team_id]
    return {"team_id": team_id, "players": players}


def _player(row: LineupPlayer) -> dict[str, Any]:
    return {
        "player_id": row.player_id,
        "name": row.player.name,
        "number": row.number,
        "role": row.role,
        "position": row.position,
        "x": row.x,
        "y": row.y,
        "is_captain": row.is_captain,
    }
