"""Shapes of members."""

from typing import Any, Final

from rest_framework import serializers

from accounts.models import Membership, Role
from core.api.fields import IdField
from core.api.pages import example
from core.api.serializers import StrictSerializer

ROBIN: Final = "019343f2-8c00-7c2e-9d55-0f6a8b1c2d3e"
KIM: Final = "019343f3-1d40-7a19-b0c3-4e5f6a7b8c9d"
MOST: Final = 100


@example({"role": "scorer"})
class RoleSerializer(StrictSerializer):
    role = serializers.ChoiceField(Role.choices)


@example({"user_id": ROBIN, "role": "scorer"})
class MemberDraftSerializer(RoleSerializer):
    user_id = IdField()


@example({"user_ids": [ROBIN, KIM]})
class MembersSerializer(StrictSerializer):
    user_ids = serializers.ListField(
        child=IdField(), min_length=1, max_length=MOST, help_text="All of them or none."
    )


@example({"user_ids": [ROBIN, KIM], "role": "scorer"})
class MembersRoleSerializer(MembersSerializer, RoleSerializer):
    pass


@example(
    {
        "user_id": ROBIN,
        "username": "robin",
        "role": "scorer",
        "since": "2026-08-01T09:30:00Z",
        "email": "robin@example.org",
    }
)
class MemberSerializer(serializers.Serializer[Any]):
    user_id = serializers.UUIDField()
    username = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)
    since = serializers.DateTimeField()
    email = serializers.EmailField(required=False, help_text="Only for who manages the members.")


@example(
    {
        "items": [
            {
                "user_id": ROBIN,
                "username": "robin",
                "role": "scorer",
                "since": "2026-08-01T09:30:00Z",
                "email": "robin@example.org",
            }
        ]
    }
)
class ChangedMembersSerializer(serializers.Serializer[Any]):
    items = MemberSerializer(many=True)


class MemberFilterSerializer(serializers.Serializer[Any]):
    role = serializers.ChoiceField(Role.choices, required=False)
    q = serializers.CharField(
        required=False,
        max_length=80,
        help_text="Part of the username; for who manages the members, of the address, too.",
    )


def member_document(membership: Membership, *, with_email: bool) -> dict[str, Any]:
    """Reads the person, so a list takes the memberships with their users."""
    document = {
        "user_id": membership.user_id,
        "username": membership.user.username,
        "role": membership.role,
        "since": membership.created_at,
    }
    return document | {"email": membership.user.email} if with_email else document
