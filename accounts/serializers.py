"""Shapes of requests and answers about accounts."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Role, User
from accounts.queries import organisations_of, platform_roles
from core.api.serializers import StrictSerializer

# Argon2 hashes any length; the bound keeps a request from making it hash a megabyte.
MAX_PASSWORD_LENGTH = 1024


class LoginSerializer(StrictSerializer):
    """Who signs in, by username or e-mail address, and on which device."""

    username = serializers.CharField(
        required=False, max_length=254, help_text="Username or e-mail address, in any case."
    )
    email = serializers.CharField(
        required=False, max_length=254, help_text="Instead of `username`."
    )
    password = serializers.CharField(
        max_length=MAX_PASSWORD_LENGTH, trim_whitespace=False, write_only=True
    )
    device_name = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=120,
        help_text="How this device is called in the list of signed-in devices.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        names = [attrs[field] for field in ("username", "email") if field in attrs]
        if len(names) != 1:
            message = "Send either the username or the e-mail address."
            raise serializers.ValidationError({"username": [message]}, code="required")
        return {
            "identifier": names[0],
            "password": attrs["password"],
            "device_name": attrs.get("device_name", ""),
        }


class RefreshSerializer(StrictSerializer):
    """The refresh token that was given last."""

    refresh_token = serializers.CharField(max_length=4096)


class CredentialsSerializer(serializers.Serializer[Any]):
    """What a device needs to stay signed in."""

    access_token = serializers.CharField(help_text="For `Authorization: Bearer`.")
    token_type = serializers.ChoiceField(choices=["bearer"])
    expires_in = serializers.IntegerField(help_text="Seconds the access token is good for.")
    refresh_token = serializers.CharField(help_text="For one `POST /api/v1/auth/refresh`.")


class LoggedOutSerializer(serializers.Serializer[Any]):
    """The session is over."""

    detail = serializers.CharField()


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
