"""Shapes of the devices somebody is signed in on."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import DeviceSession
from core.api.pages import example


@example(
    {
        "id": "019343f2-9a10-7b4f-8e21-5c7d9e0f1a2b",
        "device_name": "Robin's phone",
        "address": "192.0.2.7",
        "created_at": "2026-11-14T09:00:00Z",
        "last_seen_at": "2026-11-21T14:55:12Z",
        "expires_at": "2027-02-12T09:00:00Z",
        "is_current": True,
    }
)
class DeviceSessionSerializer(serializers.ModelSerializer[DeviceSession]):
    """A device that is signed in."""

    is_current = serializers.SerializerMethodField(help_text="The device that asks.")

    class Meta:
        model = DeviceSession
        fields = [
            "id",
            "device_name",
            "address",
            "created_at",
            "last_seen_at",
            "expires_at",
            "is_current",
        ]
        extra_kwargs = {"expires_at": {"help_text": "At the latest; unused, it ends sooner."}}

    @extend_schema_field(bool)
    def get_is_current(self, session: DeviceSession) -> bool:
        # The view says in the context from which session it is asked.
        return bool(session.pk == self.context["session_id"])
