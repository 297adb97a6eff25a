"""Shapes of signing in and staying signed in."""

from typing import Any

from rest_framework import serializers

from core.api.serializers import StrictSerializer

# Argon2 hashes any length; the bound keeps a request from making it hash a megabyte.
MAX_PASSWORD_LENGTH = 1024


class LoginSerializer(StrictSerializer):
    """Who signs in, by username or e-mail address, and on which device.

    The graphics dashboard sends `master_password` instead of a name and a password.
    """

    username = serializers.CharField(
        required=False, max_length=254, help_text="Username or e-mail address, in any case."
    )
    email = serializers.CharField(
        required=False, max_length=254, help_text="Instead of `username`."
    )
    password = serializers.CharField(
        required=False, max_length=MAX_PASSWORD_LENGTH, trim_whitespace=False, write_only=True
    )
    master_password = serializers.CharField(
        required=False,
        max_length=MAX_PASSWORD_LENGTH,
        trim_whitespace=False,
        write_only=True,
        help_text="Of the graphics dashboard, without a name.",
    )
    device_name = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=120,
        help_text="How this device is called in the list of signed-in devices.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        names = [field for field in ("username", "email") if field in attrs]
        device_name = attrs.get("device_name", "")
        if "master_password" in attrs:
            for field in attrs.keys() & {"username", "email", "password"}:
                raise _refusal(field, "The master password comes without a name and a password.")
            return {"master_password": attrs["master_password"], "device_name": device_name}
        if "password" not in attrs:
            raise _refusal("password", "This field is required.")
        if len(names) != 1:
            raise _refusal("username", "Send either the username or the e-mail address.")
        return {
            "identifier": attrs[names[0]],
            "password": attrs["password"],
            "device_name": device_name,
        }


def _refusal(field: str, message: str) -> serializers.ValidationError:
    return serializers.ValidationError({field: [message]}, code="required")


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


class LoggedOutEverywhereSerializer(LoggedOutSerializer):
    """All sessions are over, this one too."""

    ended = serializers.IntegerField(help_text="How many sessions were still open.")


class VerifiedSerializer(serializers.Serializer[Any]):
    """The access token is good at this moment."""

    valid = serializers.BooleanField(help_text="Always true; a token that is not gets 401.")
    username = serializers.CharField(help_text="`master` for the master password.")
    scopes = serializers.ListField(
        child=serializers.CharField(),
        help_text="What a master password session may use; empty for people, whose roles decide.",
    )
    expires_in = serializers.IntegerField(help_text="Seconds the access token is still good for.")
