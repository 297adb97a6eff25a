"""Shapes of signing in and staying signed in."""

from typing import Any

from rest_framework import serializers

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
