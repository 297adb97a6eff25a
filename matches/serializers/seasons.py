from typing import Any

from rest_framework import serializers

from core.api.fields import IdField
from core.api.pages import example
from core.api.serializers import StrictSerializer
from matches.models import Season
from matches.serializers.owned import OwnedDraftSerializer

EXAMPLE = {"name": "2026/27", "starts_on": "2026-08-01", "ends_on": "2027-05-31"}


@example(EXAMPLE)
class SeasonChangesSerializer(StrictSerializer):
    name = serializers.CharField(max_length=80)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="Not before `starts_on`.")


@example(EXAMPLE)
class SeasonDraftSerializer(OwnedDraftSerializer, SeasonChangesSerializer):
    pass


@example(
    {
        "id": "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e01",
        "organisation_id": "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e00",
        **EXAMPLE,
        "version": 1,
    }
)
class SeasonSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    organisation_id = serializers.UUIDField()
    name = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    version = serializers.IntegerField(help_text="As in the ETag.")


class SeasonFilterSerializer(serializers.Serializer[Any]):
    organisation = IdField(required=False)
    q = serializers.CharField(required=False, max_length=80, help_text="Part of the name.")


def season_document(season: Season) -> dict[str, Any]:
    return {
        "id": season.pk,
        "organisation_id": season.organisation_id,
        "name": season.name,
        "starts_on": season.starts_on,
        "ends_on": season.ends_on,
        "version": season.version,
    }
