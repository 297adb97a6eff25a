from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.errors import ForbiddenError, InvalidInputError, NotFoundError
from matches.models import Player, SquadMembership, Team
from matches.operations.fields import assign, save_checked
from matches.policies import can_manage_roster

SQUAD_FIELDS: Final = frozenset({"number", "joined_on", "left_on"})


@transaction.atomic
def add_to_squad(
    *,
    team: Team,
    actor: User,
    player: Player,
    number: int | None = None,
    joined_on: date | None = None,
    left_on: date | None = None,
) -> SquadMembership:
    """With `left_on` a membership of the past is noted down later.

    Raises AlreadyExistsError for a player or number the squad has already, InvalidInputError and
    ForbiddenError.
    """
    if not can_manage_roster(actor, team.organisation_id):
        raise ForbiddenError
    if player.organisation_id != team.organisation_id:
        raise InvalidInputError(player_id=["This is no player of this organisation."])
    membership = SquadMembership(
        team=team, player=player, number=number, joined_on=joined_on, left_on=left_on
    )
    save_checked(membership)
    return membership


@transaction.atomic
def change_squad_membership(
    *, membership: SquadMembership, actor: User, changes: Mapping[str, Any]
) -> SquadMembership:
    """Change number or dates; raises as `add_to_squad`."""
    membership = _locked_membership(membership, actor)
    if assign(membership, changes, SQUAD_FIELDS):
        save_checked(membership)
    return membership


@transaction.atomic
def remove_from_squad(
    *, membership: SquadMembership, actor: User, left_on: date | None = None
) -> SquadMembership:
    """End a membership, today unless given; the row stays, for matches played meanwhile."""
    membership = _locked_membership(membership, actor)
    if membership.left_on is None:
        today = timezone.now().date()
        membership.left_on = left_on or max(today, membership.joined_on or today)
        save_checked(membership)
    return membership


def _locked_membership(membership: SquadMembership, actor: User) -> SquadMembership:
    memberships = SquadMembership.objects.select_related("team", "player")
    found = memberships.select_for_update(of=("self",)).filter(pk=membership.pk).first()
    if found is None:
        raise NotFoundError
    if not can_manage_roster(actor, found.team.organisation_id):
        raise ForbiddenError
    return found
