"""Shapes of making an account and of proving its address."""

import re
import unicodedata
from typing import Any

from rest_framework import serializers

from accounts.serializers.passwords import MailedTokenField, NewPasswordField
from core.api.serializers import StrictSerializer


class UsernameField(serializers.CharField):
    """Letters, digits and `. + - _`. No `@`, or a username might read like another's address."""

    default_error_messages = {"characters": "Use letters, digits and . + - _ only."}

    def __init__(self, **options: Any) -> None:
        super().__init__(min_length=3, max_length=150, **options)

    def to_internal_value(self, data: Any) -> str:
        username = unicodedata.normalize("NFKC", super().to_internal_value(data))
        if not re.fullmatch(r"[\w.+-]+", username):
            self.fail("characters")
        # Its length is counted after this: some characters are several in this form.
        return username


class AddressField(serializers.EmailField):
    """Without quotes, between which the grammar of mail lets anything stand."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=254, **options)

    def to_internal_value(self, data: Any) -> str:
        address = super().to_internal_value(data)
        if '"' in address:
            self.fail("invalid")
        return address


class RegistrationSerializer(StrictSerializer):
    """Who wants an account."""

    username = UsernameField()
    email = AddressField()
    password = NewPasswordField()
    device_name = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=120,
        help_text="Nothing is done with it: making an account signs nobody in.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs.pop("device_name", None)
        return attrs


class RegisteredSerializer(serializers.Serializer[Any]):
    """The account that was made."""

    id = serializers.UUIDField()
    email = serializers.EmailField()
    username = serializers.CharField()
    created_at = serializers.DateTimeField(source="date_joined")


class MailedTokenSerializer(StrictSerializer):
    """What stands behind the `#` of a mailed link."""

    token = MailedTokenField()


class VerifiedEmailSerializer(serializers.Serializer[Any]):
    """The address is the account's."""

    detail = serializers.CharField()
    email = serializers.EmailField()


class DetailSerializer(serializers.Serializer[Any]):
    """What was done, for people."""

    detail = serializers.CharField()
