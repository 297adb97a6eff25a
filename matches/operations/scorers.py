"""Giving a member one match to log, and taking it back."""

from typing import NamedTuple

from django.db import transaction

from accounts.models import Membership, User
from accounts.operations import record_audit
from core.errors import ForbiddenError, NotFoundError
from matches.models import Match, MatchScorer
from matches.operations.locking import locked
from matches.policies import can_manage_match


class Assigned(NamedTuple):
    """`created` is false for somebody who had the match already."""

    scorer: MatchScorer
    created: bool


@transaction.atomic
def assign_scorer(*, match: Match, actor: User, user: User) -> Assigned:
    """Let a member log this match, whatever their role; again changes nothing.

    Raises NotFoundError for somebody who is no member of the organisation, and ForbiddenError.
    """
    match = locked(match)
    if not can_manage_match(actor, match):
        raise ForbiddenError
    membership = _membership(match, user)
    if membership is None:
        raise NotFoundError(user_id=["Not found."])
    scorer, created = MatchScorer.objects.get_or_create(
        match=match, membership=membership, defaults={"assigned_by": actor}
    )
    if created:
        _note("scorer_assigned", match, actor, user)
    return Assigned(scorer, created)


@transaction.atomic
def unassign_scorer(*, match: Match, actor: User, user: User) -> None:
    """Take the match back from a member; what they logged stays.

    Raises NotFoundError for somebody who does not have it, and ForbiddenError.
    """
    match = locked(match)
    if not can_manage_match(actor, match):
        raise ForbiddenError
    taken, _ = match.scorers.filter(membership__user_id=user.pk).delete()
    if not taken:
        raise NotFoundError
    _note("scorer_unassigned", match, actor, user)


def _membership(match: Match, user: User) -> Membership | None:
    # Locked against a removal at the same moment, which would leave a reference to nothing.
    memberships = Membership.objects.select_for_update(no_key=True)
    return memberships.filter(organisation_id=match.organisation_id, user_id=user.pk).first()


def _note(action: str, match: Match, actor: User, user: User) -> None:
    record_audit(
        action=action,
        actor=actor,
        organisation=match.organisation_id,
        subject=user,
        target=f"match {match.pk}",
    )
