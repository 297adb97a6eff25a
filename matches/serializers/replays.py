from rest_framework import serializers

from core.api.serializers import StrictSerializer
from matches.serializers.pages import example


@example({"clock_rate": 60})
class ReplaySerializer(StrictSerializer):
    clock_rate = serializers.IntegerField(
        min_value=1,
        max_value=3600,
        default=1,
        help_text="How many seconds of the match pass in one.",
    )
