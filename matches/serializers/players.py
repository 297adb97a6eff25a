from typing import Any

from rest_framework import serializers

from core.api.fields import IdField
from core.api.pages import example
from core.api.serializers import StrictSerializer
from matches.models import Player
from matches.models.roster import POSITIONS
from matches.serializers.owned import OwnedDraftSerializer

EXAMPLE = {
    "name": "Robin Ashdown",
    "birth_date": "2014-03-09",
    "name_consent": False,
    "position": "MF",
    "notes": "",
}


@example(EXAMPLE)
class PlayerChangesSerializer(StrictSerializer):
    name = serializers.CharField(max_length=120)
    birth_date = serializers.DateField(required=False, allow_null=True)
    name_consent = serializers.BooleanField(
        required=False, help_text="Without it, viewers see a number or initials at most."
    )
    position = serializers.ChoiceField(POSITIONS, required=False, allow_blank=True)
    notes = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, help_text="For members only."
    )


@example(EXAMPLE)
class PlayerDraftSerializer(OwnedDraftSerializer, PlayerChangesSerializer):
    pass


@example(
    {
        "id": "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e03",
        "organisation_id": "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e00",
        **EXAMPLE,
        "version": 1,
        "created_at": "2026-08-01T09:00:00Z",
    }
)
class PlayerSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    organisation_id = serializers.UUIDField()
    name = serializers.CharField()
    birth_date = serializers.DateField(allow_null=True)
    name_consent = serializers.BooleanField()
    position = serializers.ChoiceField(POSITIONS, allow_blank=True)
    notes = serializers.CharField()
    version = serializers.IntegerField(help_text="As in the ETag.")
    created_at = serializers.DateTimeField()


class PlayerFilterSerializer(serializers.Serializer[Any]):
    organisation = IdField(required=False)
    team = IdField(required=False, help_text="In the squad of this team now.")
    q = serializers.CharField(required=False, max_length=120, help_text="Part of the name.")


def player_document(player: Player) -> dict[str, Any]:
    return {
        "id": player.pk,
        "organisation_id": player.organisation_id,
        "name": player.name,
        "birth_date": player.birth_date,
        "name_consent": player.name_consent,
        "position": player.position,
        "notes": player.notes,
        "version": player.version,
        "created_at": player.created_at,
    }
