"""Shapes of invitations."""

from typing import Any, Final

from rest_framework import serializers

from accounts.models import Invitation, Membership, Role
from accounts.serializers.registration import AddressField
from core.api.pages import example
from core.api.serializers import StrictSerializer

TOKEN: Final = "Vn3uX0kq4mS8hB1tYzJ6cR9wPfE2aLdG7oQiKxNsTvU"  # noqa: S105  an example
ORGANISATION: Final = {
    "id": "019343f2-9a10-7b4f-8e21-5c7d9e0f1a2b",
    "name": "Riverside Juniors",
}


@example({"email": "kim@example.org", "role": "scorer"})
class InvitationDraftSerializer(StrictSerializer):
    email = AddressField()
    role = serializers.ChoiceField(Role.choices)


class NamedPersonSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    username = serializers.CharField()


@example(
    {
        "id": "019343f5-2b60-7d3a-a7c8-1f2e3d4c5b6a",
        "email": "kim@example.org",
        "role": "scorer",
        "expires_at": "2026-08-08T09:30:00Z",
        "invited_by": {"id": "019343f2-8c00-7c2e-9d55-0f6a8b1c2d3e", "username": "robin"},
        "created_at": "2026-08-01T09:30:00Z",
    }
)
class InvitationSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    email = serializers.EmailField()
    role = serializers.ChoiceField(Role.choices)
    expires_at = serializers.DateTimeField(help_text="Sending it again renews this.")
    invited_by = NamedPersonSerializer(allow_null=True)
    created_at = serializers.DateTimeField()


@example({"token": TOKEN})
class InvitationTokenSerializer(StrictSerializer):
    token = serializers.CharField(max_length=256, help_text="What follows # in the mailed link.")


class NamedOrganisationSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


@example(
    {
        "organisation": ORGANISATION,
        "role": "scorer",
        "email": "kim@example.org",
        "expires_at": "2026-08-08T09:30:00Z",
    }
)
class InvitationPreviewSerializer(serializers.Serializer[Any]):
    organisation = NamedOrganisationSerializer()
    role = serializers.ChoiceField(Role.choices)
    email = serializers.EmailField(help_text="Where the link was sent to.")
    expires_at = serializers.DateTimeField()


@example({"organisation": ORGANISATION, "role": "scorer"})
class AcceptedInvitationSerializer(serializers.Serializer[Any]):
    organisation = NamedOrganisationSerializer()
    role = serializers.ChoiceField(Role.choices)


def invitation_document(invitation: Invitation) -> dict[str, Any]:
    """Reads who sent it, so a list takes the invitations with their senders."""
    sender = invitation.invited_by
    return {
        "id": invitation.pk,
        "email": invitation.email,
        "role": invitation.role,
        "expires_at": invitation.expires_at,
        "invited_by": {"id": sender.pk, "username": sender.username} if sender else None,
        "created_at": invitation.created_at,
    }


def preview_document(invitation: Invitation) -> dict[str, Any]:
    organisation = invitation.organisation
    return {
        "organisation": {"id": organisation.pk, "name": organisation.name},
        "role": invitation.role,
        "email": invitation.email,
        "expires_at": invitation.expires_at,
    }


def accepted_document(membership: Membership) -> dict[str, Any]:
    organisation = membership.organisation
    return {
        "organisation": {"id": organisation.pk, "name": organisation.name},
        "role": membership.role,
    }
