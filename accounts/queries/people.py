"""People, and which role they have where."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, Value
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import EmailToken, Membership, Organisation, Role, User


@dataclass(frozen=True)
class OrganisationRole:
    """One organisation of a person, and what they are in it."""

    id: UUID
    name: str
    role: Role


def role_in(user: User | AnonymousUser, organisation_id: UUID) -> Role | None:
    if isinstance(user, AnonymousUser):
        return None
    memberships = Membership.objects.filter(user_id=user.pk, organisation_id=organisation_id)
    role = memberships.values_list("role", flat=True).first()
    return Role(role) if role else None


def platform_roles(user: User) -> list[str]:
    """What a person is on the whole platform, apart from their organisations."""
    return ["user", *["staff"] * user.is_staff, *["superuser"] * user.is_superuser]


def organisations_of(user: User) -> list[OrganisationRole]:
    memberships = Membership.objects.filter(user_id=user.pk).select_related("organisation")
    return [
        OrganisationRole(
            id=membership.organisation_id,
            name=membership.organisation.name,
            role=Role(membership.role),
        )
        for membership in memberships.order_by("organisation__name", "organisation_id")
    ]


def pending_email(user: User) -> str | None:
    """The address that becomes the account's once its mailed link is opened."""
    links = EmailToken.objects.filter(
        user=user,
        kind=EmailToken.Kind.VERIFY_EMAIL,
        used_at=None,
        expires_at__gt=timezone.now(),
    )
    newest = links.order_by("-created_at", "-pk").values_list("email", flat=True).first()
    return newest if newest and newest.lower() != user.email.lower() else None


def manages(actor: User, user: User) -> bool:
    """Whether one is owner or admin of an organisation to which the other belongs."""
    return Organisation.objects.managed_by(actor).filter(memberships__user_id=user.pk).exists()


def user_with_email(email: str, *, is_locked: bool = False) -> User | None:
    """The user with this e-mail address, in whatever case; locked, inside a transaction."""
    users = User.objects.select_for_update(no_key=True) if is_locked else User.objects.all()
    return users.alias(lower=Lower("email")).filter(lower=Lower(Value(email))).first()


def user_named(identifier: str) -> User | None:
    """The user with this e-mail address or username, in whatever case.

    Somebody's username may be written like another person's e-mail address; with an `@` the
    address wins, so that nobody can stand in the way of another's sign-in.
    """
    wanted = Lower(Value(User.normalize_username(identifier)))
    users = User.objects.alias(lower_email=Lower("email"), lower_username=Lower("username"))
    matches = list(users.filter(Q(lower_email=wanted) | Q(lower_username=wanted)))
    by_email = [user for user in matches if user.email.lower() == identifier.lower()]
    return next(iter(by_email or matches), None)
