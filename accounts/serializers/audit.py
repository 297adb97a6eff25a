"""Shapes of the audit trail."""

from typing import Any

from rest_framework import serializers

from accounts.models import ActorKind, AuditEntry, User
from accounts.serializers.invitations import NamedPersonSerializer
from core.api.fields import IdField, MomentField
from core.api.pages import example


@example(
    {
        "id": "019343f6-7c80-7e4b-b8d9-2a3b4c5d6e7f",
        "at": "2026-08-01T09:30:00Z",
        "action": "role_changed",
        "actor": {"id": "019343f2-8c00-7c2e-9d55-0f6a8b1c2d3e", "username": "robin"},
        "actor_kind": "person",
        "subject": {"id": "019343f3-1d40-7a19-b0c3-4e5f6a7b8c9d", "username": "kim"},
        "target": "",
        "address": "192.0.2.7",
        "details": {"before": "member", "after": "scorer"},
    }
)
class AuditEntrySerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    action = serializers.CharField(
        help_text="In the past tense, such as `role_changed`; `refused` for a 403."
    )
    actor = NamedPersonSerializer(allow_null=True, help_text="Null for no person, and the erased.")
    actor_kind = serializers.ChoiceField(ActorKind.choices)
    subject = NamedPersonSerializer(allow_null=True, help_text="The person it was done to.")
    target = serializers.CharField(help_text="What else it was done to, as kind and id.")
    address = serializers.IPAddressField(allow_null=True)
    details = serializers.DictField(help_text="Ids, roles and counts.")


class AuditFilterSerializer(serializers.Serializer[Any]):
    action = serializers.RegexField(
        "^[a-z_]+$",
        required=False,
        max_length=40,
        help_text="As in the entries; one that never happened finds nothing.",
    )
    actor_id = IdField(required=False, help_text="Who did it.")
    subject_id = IdField(required=False, help_text="To whom it was done.")
    to = MomentField(required=False, help_text="Before this moment.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # `from` is no name that Python takes in a class body.
        since = MomentField(required=False, help_text="At or after this moment.")
        return {**super().get_fields(), "from": since}


def audit_document(entry: AuditEntry) -> dict[str, Any]:
    """Reads both people, so a list takes the entries with them."""
    return {
        "id": entry.pk,
        "at": entry.at,
        "action": entry.action,
        "actor": _person(entry.actor),
        "actor_kind": entry.actor_kind,
        "subject": _person(entry.subject),
        "target": entry.target,
        "address": entry.address,
        "details": entry.details,
    }


def _person(user: User | None) -> dict[str, Any] | None:
    return {"id": user.pk, "username": user.username} if user else None
