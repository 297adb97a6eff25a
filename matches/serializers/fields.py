"""Fields that take one spelling of a value, where DRF's own would guess."""

from datetime import datetime
from typing import Any
from uuid import UUID

from rest_framework import serializers


class IdField(serializers.UUIDField):
    """A UUID as its 36 characters (RFC 9562 4); DRF alone takes integers and URNs too."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str) or len(data) != 36:
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class MomentField(serializers.DateTimeField):
    """A moment with its offset (RFC 3339); DRF alone takes "10:00" and a mere date as UTC, and the
    match of whoever forgot the offset kicks off an hour late."""

    default_error_messages = {"no_offset": "Say the offset from UTC, like 2026-09-12T10:00:00Z."}

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            self.fail("no_offset")
        return super().enforce_timezone(value)


class PercentField(serializers.FloatField):
    """A JSON number from 0 to 100; a string could say "nan", which no comparison refuses."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=100, **options)

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, str | bool):
            self.fail("invalid")
        return super().to_internal_value(data)
