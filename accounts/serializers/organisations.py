"""Shapes of organisations."""

from typing import Any

from rest_framework import serializers

from accounts.models import NamePolicy, Organisation, Role
from core.api.fields import NameField
from core.api.pages import example
from core.api.serializers import StrictSerializer

EXAMPLE = {"name": "Riverside Juniors", "name_policy": "initials"}


@example(EXAMPLE)
class OrganisationDraftSerializer(StrictSerializer):
    name = NameField(max_length=120)
    name_policy = serializers.ChoiceField(
        NamePolicy.choices,
        default=NamePolicy.NUMBER,
        help_text="The most that outsiders may learn of a player's name.",
    )


@example({**EXAMPLE, "slug": "riverside-juniors"})
class OrganisationChangesSerializer(StrictSerializer):
    name = NameField(max_length=120)
    slug = serializers.SlugField(max_length=60)
    name_policy = serializers.ChoiceField(NamePolicy.choices)


@example(
    {
        "id": "019343f2-9a10-7b4f-8e21-5c7d9e0f1a2b",
        **EXAMPLE,
        "slug": "riverside-juniors",
        "created_at": "2026-08-01T09:30:00Z",
        "role": "owner",
        "member_count": 14,
    }
)
class OrganisationSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    slug = serializers.CharField()
    name_policy = serializers.ChoiceField(NamePolicy.choices)
    created_at = serializers.DateTimeField()
    role = serializers.ChoiceField(
        Role.choices, allow_null=True, help_text="What you are in it; null for a superuser."
    )
    member_count = serializers.IntegerField()


class OrganisationFilterSerializer(serializers.Serializer[Any]):
    q = serializers.CharField(required=False, max_length=80, help_text="Part of name or slug.")


class ConfirmationSerializer(serializers.Serializer[Any]):
    confirm = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=60,
        help_text="The slug of the organisation: nothing is deleted without it.",
    )


def organisation_document(organisation: Organisation) -> dict[str, Any]:
    """Takes an organisation `with_role_of` the reader."""
    said: Any = organisation
    return {
        "id": organisation.pk,
        "name": organisation.name,
        "slug": organisation.slug,
        "name_policy": organisation.name_policy,
        "created_at": organisation.created_at,
        "role": said.role,
        "member_count": said.member_count,
    }
