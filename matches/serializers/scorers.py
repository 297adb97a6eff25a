"""Members who were given a single match to log."""

from typing import Any

from rest_framework import serializers

from accounts.models import Role
from core.api.fields import IdField
from core.api.pages import example
from core.api.serializers import StrictSerializer
from matches.models import MatchScorer

USER_ID = "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e60"


@example({"user_id": USER_ID})
class MatchScorerDraftSerializer(StrictSerializer):
    user_id = IdField(help_text="A member of the match's organisation.")


@example(
    {
        "user_id": USER_ID,
        "username": "robin",
        "role": "member",
        "assigned_at": "2026-09-10T18:30:00Z",
    }
)
class MatchScorerSerializer(serializers.Serializer[Any]):
    user_id = serializers.UUIDField()
    username = serializers.CharField()
    role = serializers.ChoiceField(
        Role.choices, help_text="In the organisation; from scorer upwards it is enough by itself."
    )
    assigned_at = serializers.DateTimeField()


def match_scorer_document(scorer: MatchScorer) -> dict[str, Any]:
    """Reads membership and user, so a list takes both along."""
    return {
        "user_id": scorer.membership.user_id,
        "username": scorer.membership.user.username,
        "role": scorer.membership.role,
        "assigned_at": scorer.created_at,
    }
