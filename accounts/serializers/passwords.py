"""Shapes of choosing another password."""

from typing import Any

from rest_framework import serializers

from accounts.serializers.auth import MAX_PASSWORD_LENGTH
from core.api.serializers import StrictSerializer


class NewPasswordField(serializers.CharField):
    """How strong it is, the operation says: that depends on whose it is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=MAX_PASSWORD_LENGTH,
            trim_whitespace=False,
            write_only=True,
            help_text="12 characters or more, of any kind; spaces count.",
            **options,
        )


class MailedTokenField(serializers.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=128, write_only=True, help_text="From the mailed link, behind its `#`."
        )


class PasswordChangeSerializer(StrictSerializer):
    """The password one has, and the one to have instead."""

    current_password = serializers.CharField(
        max_length=MAX_PASSWORD_LENGTH, trim_whitespace=False, write_only=True
    )
    new_password = NewPasswordField()


class PasswordResetSerializer(StrictSerializer):
    """Whose password is forgotten."""

    email = serializers.EmailField(max_length=254)


class PasswordResetConfirmSerializer(StrictSerializer):
    """The mailed token, and the password to have from now on."""

    token = MailedTokenField()
    new_password = NewPasswordField()
