from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.fields import IdField, NameField
from core.api.pages import example
from core.api.serializers import StrictSerializer
from items.models import PLAIN_TEXT, Item

MAX_LENGTH: Final = 10_000
EXAMPLE: Final = {
    "title": "Lift to the away match",
    "description": "Three seats left, leaving the clubhouse at 8:15.",
    "is_private": False,
}


# Without the pattern, for which the document would offer "" as one of two alternatives that it
# both is.
@extend_schema_field({"type": "string", "maxLength": MAX_LENGTH})
class DescriptionField(serializers.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=MAX_LENGTH, allow_blank=True, validators=[PLAIN_TEXT], **options
        )


@example(EXAMPLE)
class ItemChangesSerializer(StrictSerializer):
    title = NameField(max_length=200)
    description = DescriptionField(
        default="", help_text="Control characters but line ends and tabs are refused."
    )
    is_private = serializers.BooleanField(
        required=False, help_text="Only you and those who manage the organisation may read it."
    )
    private = serializers.BooleanField(
        required=False, write_only=True, help_text="Another name of `is_private`."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One value under one name, whichever names the caller used."""
        said = {attrs.pop(name) for name in ("is_private", "private") if name in attrs}
        if len(said) > 1:
            raise serializers.ValidationError({"private": ["Contradicts is_private."]})
        return attrs | ({"is_private": said.pop()} if said else {})


@example(EXAMPLE)
class ItemDraftSerializer(ItemChangesSerializer):
    organisation_id = IdField(
        required=False,
        help_text="One of your organisations. May be left out by who belongs to just one.",
    )


@example(
    {
        "id": "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e20",
        "organisation_id": "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e00",
        **EXAMPLE,
        "owner_id": "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e21",
        "created_at": "2026-08-01T09:00:00Z",
        "updated_at": "2026-08-01T09:00:00Z",
    }
)
class ItemSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    organisation_id = serializers.UUIDField()
    title = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    owner_id = serializers.UUIDField()
    is_private = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ItemFilterSerializer(serializers.Serializer[Any]):
    organisation_id = IdField(required=False)
    owner_id = IdField(required=False)
    private = serializers.BooleanField(required=False)
    q = serializers.CharField(
        required=False, max_length=200, help_text="Part of the title or the description."
    )


def item_document(item: Item) -> dict[str, Any]:
    return {
        "id": item.pk,
        "organisation_id": item.organisation_id,
        "title": item.title,
        "description": item.description,
        "owner_id": item.owner_id,
        "is_private": item.is_private,
        "created_at": item.created_at,
        "updated_at": item.updated_at,
    }
