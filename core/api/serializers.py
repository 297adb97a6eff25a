"""Serializers that refuse what they do not know."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers


# A comment, because a docstring would describe every form in the OpenAPI document.
# It refuses unknown fields by name, so a misspelt field is never silently ignored, and values of
# another JSON type, which DRF would convert: the number 5 is no name, "yes" no consent. NUL and
# surrogates are refused by the JSON parser and by DRF's own CharField.
class StrictSerializer(serializers.Serializer[Any]):
    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (refused := self._refused(data)):
            raise serializers.ValidationError(refused)
        return super().to_internal_value(data)

    def _refused(self, data: Mapping[str, Any]) -> dict[str, list[str]]:
        refused: dict[str, list[str]] = {}
        for name, value in data.items():
            field = self.fields.get(name)
            if field is None:
                refused[str(name)] = ["Unknown field."]
            elif not field.read_only and value is not None and _is_of_another_type(field, value):
                refused[name] = [str(field.error_messages["invalid"])]
        return refused


def _is_of_another_type(field: serializers.Field[Any, Any, Any, Any], value: Any) -> bool:
    match field:
        case serializers.CharField():
            return not isinstance(value, str)
        case serializers.BooleanField():
            return not isinstance(value, bool)
        case serializers.IntegerField():
            # 5.0 is an integer in JSON; DRF refuses the fractions.
            return isinstance(value, str | bool)
        case _:
            return False


class ErrorDetailSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Stable, for programs.")
    message = serializers.CharField(help_text="For people; may change.")
    details = serializers.DictField(help_text="What is wrong: by field, or facts of the refusal.")
    request_id = serializers.CharField(help_text="Quote this when you report a problem.")


class ErrorSerializer(serializers.Serializer[Any]):
    """The body of every refusal."""

    error = ErrorDetailSerializer()
