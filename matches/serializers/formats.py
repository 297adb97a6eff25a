from typing import Any

from rest_framework import serializers

from core.api.pages import example
from matches.models import Format
from matches.queries.document import format_part


class PlayedFormatSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    regular_periods = serializers.IntegerField()
    regular_minutes = serializers.IntegerField()
    extra_time_periods = serializers.IntegerField()
    extra_time_minutes = serializers.IntegerField()
    has_shootout = serializers.BooleanField()
    players_on_pitch = serializers.IntegerField()


@example(
    {
        "id": "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e05",
        "name": "9v9, 2 x 30 minutes",
        "regular_periods": 2,
        "regular_minutes": 30,
        "extra_time_periods": 0,
        "extra_time_minutes": 0,
        "has_shootout": False,
        "players_on_pitch": 9,
    }
)
class FormatSerializer(PlayedFormatSerializer):
    id = serializers.UUIDField()


def format_document(played: Format) -> dict[str, Any]:
    return {"id": played.pk, **format_part(played)}
