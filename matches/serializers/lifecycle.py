from datetime import datetime, timedelta

from django.utils import timezone
from rest_framework import serializers

from core.api.fields import MomentField
from core.api.pages import example
from core.api.serializers import StrictSerializer

# A phone without signal reports a kick-off late, but not after a day.
LATEST_REPORT = timedelta(hours=24)


@example({"at": "2026-09-12T10:00:04Z"})
class MomentSerializer(StrictSerializer):
    at = MomentField(
        required=False, help_text="When it happened, if not just now; at most 24 hours ago."
    )

    def validate_at(self, at: datetime) -> datetime:
        now = timezone.now()
        if at < now - LATEST_REPORT:
            raise serializers.ValidationError("At most 24 hours ago.")
        # A device whose clock is fast means now.
        return min(at, now)


@example({"reason": "Waterlogged pitch"})
class ReasonSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=200, help_text="For members only.")


@example({"reason": "Thunderstorm", "at": "2026-09-12T10:31:00Z"})
class StoppageSerializer(ReasonSerializer, MomentSerializer):
    pass


@example({"reason": "Waterlogged pitch", "kickoff_at": "2026-09-19T10:00:00Z"})
class PostponementSerializer(ReasonSerializer):
    kickoff_at = MomentField(
        required=False, help_text="The new kick-off, when it is known already."
    )


@example({"kickoff_at": "2026-09-19T10:00:00Z"})
class NewDateSerializer(StrictSerializer):
    kickoff_at = MomentField()
