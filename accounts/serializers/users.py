"""Shapes of people."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Role, User
from accounts.queries import organisations_of, pending_email, platform_roles
from accounts.serializers.auth import MAX_PASSWORD_LENGTH
from accounts.serializers.passwords import NewPasswordField
from accounts.serializers.registration import AddressField, UsernameField
from core.api.pages import example
from core.api.serializers import StrictSerializer

PERSON_EXAMPLE = {"id": "019343f2-8c00-7c2e-9d55-0f6a8b1c2d3e", "username": "robin"}


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
    email_verified = serializers.SerializerMethodField(
        help_text="Somebody has opened the link that was mailed to this address."
    )
    pending_email = serializers.SerializerMethodField(
        help_text="What becomes the address once the link mailed there is opened."
    )
    is_active = serializers.BooleanField()
    roles = serializers.SerializerMethodField(
        help_text="On the whole platform; what somebody is in an organisation is in its `role`."
    )
    organisations = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField(source="date_joined")

    def get_email_verified(self, user: User) -> bool:
        return user.email_verified_at is not None

    @extend_schema_field(serializers.EmailField(allow_null=True))
    def get_pending_email(self, user: User) -> str | None:
        return pending_email(user)

    def get_roles(self, user: User) -> list[str]:
        return platform_roles(user)

    @extend_schema_field(OrganisationRoleSerializer(many=True))
    def get_organisations(self, user: User) -> list[dict[str, Any]]:
        return list(OrganisationRoleSerializer(organisations_of(user), many=True).data)


class ProfileChangesSerializer(StrictSerializer):
    """What one changes of one's own account."""

    username = UsernameField(required=False)
    email = AddressField(required=False, help_text="Takes effect once the mailed link is opened.")
    current_password = serializers.CharField(
        max_length=MAX_PASSWORD_LENGTH,
        required=False,
        trim_whitespace=False,
        write_only=True,
        help_text="Needed with `email`.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "email" in attrs and "current_password" not in attrs:
            message = "Another e-mail address needs your current password."
            raise serializers.ValidationError({"current_password": [message]}, code="required")
        return attrs


@example({"password": "correct horse battery staple"})
class ErasureSerializer(StrictSerializer):
    """That it is oneself who wants the account gone."""

    password = serializers.CharField(
        max_length=MAX_PASSWORD_LENGTH, trim_whitespace=False, write_only=True
    )


@example(PERSON_EXAMPLE)
class PersonSerializer(serializers.Serializer[User]):
    """Somebody with an account. What is not for you to see is left out."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    email = serializers.EmailField(
        required=False, help_text="For superusers, and managers of an organisation of theirs."
    )
    email_verified = serializers.BooleanField(
        required=False, help_text="This and all below: for superusers, and of oneself."
    )
    pending_email = serializers.EmailField(required=False, allow_null=True)
    is_active = serializers.BooleanField(required=False)
    is_staff = serializers.BooleanField(required=False)
    is_superuser = serializers.BooleanField(required=False)
    roles = serializers.ListField(child=serializers.CharField(), required=False)
    organisations = OrganisationRoleSerializer(many=True, required=False)
    created_at = serializers.DateTimeField(required=False)
    last_login = serializers.DateTimeField(required=False, allow_null=True)


@example({"username": "robin", "email": "robin@example.org", "is_staff": False})
class UserDraftSerializer(StrictSerializer):
    """An account to be made."""

    username = UsernameField()
    email = AddressField()
    password = NewPasswordField(required=False)
    is_staff = serializers.BooleanField(default=False, help_text="May enter the admin.")
    is_superuser = serializers.BooleanField(default=False, help_text="Staff as well.")


@example({"is_active": False})
class UserChangesSerializer(StrictSerializer):
    """What a superuser changes of an account."""

    username = UsernameField(required=False)
    email = AddressField(required=False, help_text="Counts as unproven from then on.")
    is_active = serializers.BooleanField(
        required=False, help_text="Disabling signs the person out everywhere."
    )
    is_staff = serializers.BooleanField(required=False)
    is_superuser = serializers.BooleanField(required=False)


class PersonFilterSerializer(serializers.Serializer[Any]):
    q = serializers.CharField(
        required=False, max_length=254, help_text="Part of the username; for superusers, or e-mail."
    )


class UserFilterSerializer(PersonFilterSerializer):
    is_active = serializers.BooleanField(required=False, help_text="For superusers.")
    is_superuser = serializers.BooleanField(required=False, help_text="For superusers.")


class UserStatisticsSerializer(serializers.Serializer[Any]):
    """How many people use the platform, and how."""

    total = serializers.IntegerField()
    active = serializers.IntegerField()
    disabled = serializers.IntegerField()
    staff = serializers.IntegerField()
    superusers = serializers.IntegerField()
    verified = serializers.IntegerField(help_text="Whose e-mail address is proven.")
    registered_last_7_days = serializers.IntegerField()
    registered_last_30_days = serializers.IntegerField()
    signed_in_last_24_hours = serializers.IntegerField(
        help_text="By the last sign-in with a password; devices that stay signed in do not count."
    )
    signed_in_last_7_days = serializers.IntegerField()
    signed_in_last_30_days = serializers.IntegerField()
    open_sessions = serializers.IntegerField(help_text="Devices that people are signed in on.")
    by_role = serializers.DictField(
        child=serializers.IntegerField(), help_text="People who have the role in an organisation."
    )
    organisations = serializers.IntegerField()
    without_organisation = serializers.IntegerField()


def person_document(user: User, *, with_email: bool = False) -> dict[str, Any]:
    """What other members see of somebody; `with_email`, who manages an organisation of theirs."""
    document = {"id": user.pk, "username": user.username}
    return document | {"email": user.email} if with_email else document


def account_document(user: User) -> dict[str, Any]:
    """A row of the list for superusers: all that costs no further query."""
    return {
        **person_document(user, with_email=True),
        "email_verified": user.email_verified_at is not None,
        "is_active": user.is_active,
        "is_staff": user.is_staff,
        "is_superuser": user.is_superuser,
        "created_at": user.date_joined,
        "last_login": user.last_login,
    }


def full_document(user: User) -> dict[str, Any]:
    """Everything, for oneself and superusers."""
    return {**account_document(user), **ProfileSerializer(user).data}
