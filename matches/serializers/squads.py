from typing import Any

from rest_framework import serializers

from core.api.fields import IdField
from core.api.pages import example
from core.api.serializers import StrictSerializer
from matches.models import SquadMembership
from matches.models.roster import POSITIONS

EXAMPLE = {"number": 8, "joined_on": "2026-08-01", "left_on": None}
PLAYER_ID = "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e03"


@example({"number": 8, "left_on": "2027-01-31"})
class SquadMembershipChangesSerializer(StrictSerializer):
    number = serializers.IntegerField(min_value=1, max_value=999, required=False, allow_null=True)
    joined_on = serializers.DateField(required=False, allow_null=True)
    left_on = serializers.DateField(required=False, allow_null=True)


@example({"player_id": PLAYER_ID, "number": 8, "joined_on": "2026-08-01"})
class SquadMembershipDraftSerializer(StrictSerializer):
    player_id = IdField()
    number = serializers.IntegerField(min_value=1, max_value=999, required=False, allow_null=True)
    joined_on = serializers.DateField(required=False, allow_null=True)


@example(
    {
        "id": "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e04",
        "team_id": "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e02",
        "player_id": PLAYER_ID,
        "name": "Robin Ashdown",
        "position": "MF",
        **EXAMPLE,
    }
)
class SquadMembershipSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    team_id = serializers.UUIDField()
    player_id = serializers.UUIDField()
    name = serializers.CharField()
    position = serializers.ChoiceField(POSITIONS, allow_blank=True)
    number = serializers.IntegerField(allow_null=True)
    joined_on = serializers.DateField(allow_null=True)
    left_on = serializers.DateField(allow_null=True)


class SquadFilterSerializer(serializers.Serializer[Any]):
    current = serializers.BooleanField(
        default=True, help_text="true: the squad of today; false: who has left it."
    )


def squad_membership_document(membership: SquadMembership) -> dict[str, Any]:
    """Reads `membership.player`, so a list selects it along."""
    return {
        "id": membership.pk,
        "team_id": membership.team_id,
        "player_id": membership.player_id,
        "name": membership.player.name,
        "position": membership.player.position,
        "number": membership.number,
        "joined_on": membership.joined_on,
        "left_on": membership.left_on,
    }
