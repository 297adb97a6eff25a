from rest_framework import serializers

from core.api.pages import example
from core.api.serializers import StrictSerializer


@example({"clock_rate": 60})
class ReplaySerializer(StrictSerializer):
    clock_rate = serializers.IntegerField(
        min_value=1,
        max_value=3600,
        default=1,
        help_text="How many seconds of the match pass in one.",
    )
