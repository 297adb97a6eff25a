"""Invitations by mail: sent, withdrawn, accepted.

Each change locks the organisation first, so what happens to its invitations and its members
happens one after another.
"""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.errors import AlreadyMemberError, LinkGoneError
from accounts.models import Invitation, Membership, Organisation, Role, User
from accounts.operations.audit import record_audit
from accounts.operations.organisations import locked_organisation
from accounts.policies import can_accept, can_give_role
from accounts.proofs import invitation_token
from accounts.tasks import send_invitation
from core import limits
from core.errors import ForbiddenError, NotFoundError
from core.ids import hash_token

LIFETIME: Final = timedelta(days=7)


def invite_member(
    *, organisation: Organisation, email: str, role: Role, actor: User
) -> tuple[Invitation, bool]:
    """Mail somebody a link that makes them a member; returns the invitation and whether it is new.

    Inviting an address again renews what it has, and mails it once more. Raises ForbiddenError,
    AlreadyMemberError for the address of a member, and RateLimitedError.
    """
    # Asked before it counts: nobody else may use up the invitations of an organisation.
    if not can_give_role(actor, organisation.pk, role):
        raise ForbiddenError
    limits.hit(limits.named("invite"), str(organisation.pk))
    return _invite(organisation, email, role, actor)


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, actor: User) -> None:
    """Withdraw an invitation; NotFoundError when it was accepted or withdrawn meanwhile."""
    locked_organisation(invitation.organisation)
    if not can_give_role(actor, invitation.organisation_id, Role(invitation.role)):
        raise ForbiddenError
    if not Invitation.objects.pending().filter(pk=invitation.pk).update(revoked_at=timezone.now()):
        raise NotFoundError
    _note("invitation_revoked", invitation, actor)


def invitation_behind(token: str) -> Invitation:
    """The invitation that a mailed token is the key of.

    Raises NotFoundError for a token that never was, LinkGoneError for one that is used, withdrawn
    or expired, or whose sender may no longer give that role.
    """
    invitations = Invitation.objects.select_related("organisation", "invited_by")
    invitation = invitations.filter(token_hash=hash_token(token)).first()
    if invitation is None:
        raise NotFoundError
    if not invitation.is_open_at(timezone.now()) or not can_accept(invitation):
        raise LinkGoneError
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, actor: User) -> Membership:
    """Become a member by a mailed link, whichever account of theirs the holder uses.

    Raises as `invitation_behind`, and AlreadyMemberError for a member: then the link stays good.
    """
    locked_organisation(invitation_behind(token).organisation)
    # Read again under the lock: of two who hold the link one is first.
    invitation = invitation_behind(token)
    membership, created = Membership.objects.get_or_create(
        organisation=invitation.organisation, user=actor, defaults={"role": invitation.role}
    )
    if not created:
        raise AlreadyMemberError("You are a member already.", role=membership.role)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), actor
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    _note("invitation_accepted", invitation, actor, subject=actor)
    _verify_address(actor, invitation)
    return membership


@transaction.atomic
def _invite(
    organisation: Organisation, email: str, role: Role, actor: User
) -> tuple[Invitation, bool]:
    organisation = locked_organisation(organisation)
    pending = organisation.invitations.pending().filter(email__iexact=email).first()
    # Somebody may have lost their role since they were asked, and an admin renews no owner's.
    roles = {role, Role(pending.role)} if pending else {role}
    if not all(can_give_role(actor, organisation.pk, role) for role in roles):
        raise ForbiddenError
    member = Membership.objects.filter(organisation=organisation, user__email__iexact=email).first()
    if member:
        raise AlreadyMemberError("Somebody with this address is a member.", role=member.role)
    invitation = pending or Invitation(organisation=organisation, email=email)
    invitation.role, invitation.invited_by = role, actor
    invitation.expires_at = timezone.now() + LIFETIME
    invitation.token_hash = hash_token(invitation_token(invitation))
    invitation.save()
    _note("invitation_sent", invitation, actor)
    send_invitation.enqueue(str(invitation.pk))
    return invitation, pending is None


def _verify_address(user: User, invitation: Invitation) -> None:
    """Whoever holds the link reads the mailbox it went to."""
    unproven = User.objects.filter(
        pk=user.pk, email__iexact=invitation.email, email_verified_at=None
    )
    if unproven.update(email_verified_at=timezone.now()):
        record_audit(action="email_verified", actor=user, subject=user)


def _note(action: str, invitation: Invitation, actor: User, *, subject: User | None = None) -> None:
    record_audit(
        action=action,
        actor=actor,
        organisation=invitation.organisation_id,
        subject=subject,
        target=f"invitation {invitation.pk}",
        role=invitation.role,
    )
