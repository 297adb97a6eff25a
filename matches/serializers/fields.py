"""Fields of the pitch."""

from typing import Any

from rest_framework import serializers


class PercentField(serializers.FloatField):
    """A JSON number from 0 to 100; a string could say "nan", which no comparison refuses."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=100, **options)

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, str | bool):
            self.fail("invalid")
        return super().to_internal_value(data)
