"""Shapes of people."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Role, User
from accounts.queries import organisations_of, platform_roles


class OrganisationRoleSerializer(serializers.Serializer[Any]):
    """An organisation and what one is in it."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)


class ProfileSerializer(serializers.Serializer[User]):
    """One's own account."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    email = serializers.EmailField()
    is_active = serializers.BooleanField()
    roles = serializers.SerializerMethodField(
        help_text="On the whole platform; what somebody is in an organisation is in its `role`."
    )
    organisations = serializers.SerializerMethodField()

    def get_roles(self, user: User) -> list[str]:
        return platform_roles(user)

    @extend_schema_field(OrganisationRoleSerializer(many=True))
    def get_organisations(self, user: User) -> list[dict[str, Any]]:
        return list(OrganisationRoleSerializer(organisations_of(user), many=True).data)
