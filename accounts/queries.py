"""Who is asking, and which role they have where."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, Value
from django.db.models.functions import Lower
from django.utils import timezone

from accounts import tokens
from accounts.errors import SessionRevokedError
from accounts.models import DeviceSession, Membership, Role, User


@dataclass(frozen=True)
class SignedIn:
    """A person on a device whose session is open."""

    user: User
    session_id: UUID

    @property
    def key(self) -> str:
        return f"user.{self.user.pk}"


@dataclass(frozen=True)
class Viewer:
    """Somebody with a share link: reads that one topic, nothing else."""

    link_id: UUID
    topic: str

    @property
    def key(self) -> str:
        return f"viewer.{self.link_id}"


@dataclass(frozen=True)
class Anonymous:
    """Somebody without a token; public topics only."""

    @property
    def key(self) -> str:
        return "anonymous"


Reader: TypeAlias = SignedIn | Viewer | Anonymous


@dataclass(frozen=True)
class OrganisationRole:
    """One organisation of a person, and what they are in it."""

    id: UUID
    name: str
    role: Role


def signed_in(token: str) -> SignedIn:
    """The person behind an access token, in one query.

    Raises TokenInvalidError or TokenExpiredError for the token, SessionRevokedError when the
    session has ended or its user is disabled.
    """
    return _signed_in(tokens.read(token, kind="access"))


def reader_for(token: str) -> SignedIn | Viewer:
    """Who reads with this access or viewer token; raises as `signed_in`.

    Whether a viewer's share link still lives is for the topic's own check to say.
    """
    claims = tokens.read(token)
    if isinstance(claims, tokens.ViewerClaims):
        return Viewer(link_id=claims.link_id, topic=claims.topic)
    return _signed_in(claims)


def open_sessions(session_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the sessions that are still open, in one query for all of them."""
    sessions = DeviceSession.objects.open_at(timezone.now()).filter(pk__in=set(session_ids))
    return set(sessions.values_list("pk", flat=True))


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


def _signed_in(claims: tokens.AccessClaims) -> SignedIn:
    session = (
        DeviceSession.objects.open_at(timezone.now())
        .filter(pk=claims.session_id, user_id=claims.user_id)
        .select_related("user")
        .first()
    )
    if session is None:
        raise SessionRevokedError
    return SignedIn(user=session.user, session_id=session.pk)
