from typing import Any

from rest_framework import serializers

from core.api.fields import IdField
from core.api.pages import example
from core.api.serializers import StrictSerializer
from matches.models import Team
from matches.serializers.owned import OwnedDraftSerializer

EXAMPLE = {
    "name": "Hollybrook Rovers U13",
    "short_name": "Hollybrook",
    "colour": "#0f766e",
    "is_opponent": False,
}


@example(EXAMPLE)
class TeamChangesSerializer(StrictSerializer):
    name = serializers.CharField(max_length=80)
    short_name = serializers.CharField(max_length=12, required=False, allow_blank=True)
    colour = serializers.RegexField(
        r"^#[0-9a-fA-F]{6}\Z", required=False, help_text="Like #1a2b3c."
    )
    is_opponent = serializers.BooleanField(
        required=False, help_text="A team of another club that you only play against."
    )


@example(EXAMPLE)
class TeamDraftSerializer(OwnedDraftSerializer, TeamChangesSerializer):
    pass


@example(
    {
        "id": "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e02",
        "organisation_id": "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e00",
        **EXAMPLE,
        "version": 1,
        "created_at": "2026-08-01T09:00:00Z",
    }
)
class TeamSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    organisation_id = serializers.UUIDField()
    name = serializers.CharField()
    short_name = serializers.CharField()
    colour = serializers.CharField()
    is_opponent = serializers.BooleanField()
    version = serializers.IntegerField(help_text="As in the ETag.")
    created_at = serializers.DateTimeField()


class TeamFilterSerializer(serializers.Serializer[Any]):
    organisation = IdField(required=False)
    is_opponent = serializers.BooleanField(required=False)
    q = serializers.CharField(required=False, max_length=80, help_text="Part of the name.")


def team_document(team: Team) -> dict[str, Any]:
    return {
        "id": team.pk,
        "organisation_id": team.organisation_id,
        "name": team.name,
        "short_name": team.short_name,
        "colour": team.colour,
        "is_opponent": team.is_opponent,
        "version": team.version,
        "created_at": team.created_at,
    }
