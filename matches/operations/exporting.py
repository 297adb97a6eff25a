"""Giving a player, or those who have care of them, all that is kept about them."""

from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.operations import record_audit
from core.errors import ForbiddenError
from matches.models import Player
from matches.policies import can_manage_roster
from matches.queries.personal_data import player_document


@transaction.atomic
def export_player(*, player: Player, actor: User | None = None) -> dict[str, Any]:
    """All data of a player as one JSON document; noted in the trail.

    `actor` None is the operator at the command line. Raises ForbiddenError.
    """
    if actor and not can_manage_roster(actor, player.organisation_id):
        raise ForbiddenError
    document = player_document(player)
    record_audit(
        action="person_exported",
        actor=actor,
        organisation=player.organisation_id,
        target=f"player {player.pk}",
    )
    return document
