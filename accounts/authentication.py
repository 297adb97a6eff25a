"""`Authorization: Bearer` (RFC 6750), the only credential of the API."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts import tokens
from accounts.models import Organisation, User
from accounts.queries import (
    Anonymous,
    Reader,
    Service,
    SignedIn,
    Viewer,
    reader_for,
    signed_in,
)
from core.api.answers import named
from core.api.envelope import CHALLENGE
from core.errors import ForbiddenError, InvalidInputError

if TYPE_CHECKING:
    # At run time its views import this module.
    from rest_framework.views import APIView


Caller = User | AnonymousUser


class BearerAuthentication(BaseAuthentication):
    """A person: `request.user` is the user, `request.auth` the `SignedIn`.

    The graphics dashboard is nobody: then `request.user` is anonymous, `request.auth` the
    `Service`, and DRF answers 403 wherever a person is needed.
    """

    def authenticate(self, request: Request) -> tuple[Caller, Reader] | None:
        token = _bearer_token(request)
        return None if token is None else _as_caller(self.read(token))

    def read(self, token: str) -> Reader:
        return signed_in(token)

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


class ReaderAuthentication(BearerAuthentication):
    """Or a viewer: then `request.user` is anonymous and `request.auth` the `Viewer`."""

    def read(self, token: str) -> Reader:
        return reader_for(token)


class HasSession(BasePermission):
    """A person or the graphics dashboard: for what every session may do with itself."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return request.user.is_authenticated or isinstance(request.auth, Service)


def actor_of(request: Request) -> User:
    """The person who acts; raises NotAuthenticated for a viewer or a stranger.

    ForbiddenError for the graphics dashboard: signing in again would not help it.
    """
    if isinstance(request.auth, Service):
        raise ForbiddenError
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def reader_of(request: Request) -> Reader:
    """Whoever reads, for views that strangers and viewers may open, too.

    Raises ForbiddenError for the graphics dashboard, which reads nothing but what its scopes name.
    """
    if isinstance(request.auth, Service):
        raise ForbiddenError
    return session_of(request)


def session_of(request: Request) -> Reader:
    """Whoever asks, the graphics dashboard too, for views that have asked for its scope."""
    reader: object = request.auth
    return reader if isinstance(reader, SignedIn | Service | Viewer) else Anonymous()


def seconds_left(request: Request) -> int:
    """How long the caller's access token is still good for."""
    token = _bearer_token(request)
    if token is None:
        return 0
    left = tokens.read(token).expires_at - timezone.now()
    return max(0, int(left.total_seconds()))


def organisation_for(request: Request, organisation_id: UUID | None) -> Organisation:
    """The caller's organisation of that id, or the only one they belong to.

    Whether their role there suffices is for the operation to say.
    """
    mine = Organisation.objects.visible_to(actor_of(request))
    if organisation_id is not None:
        return named(mine, organisation_id, "organisation_id")
    candidates = list(mine.order_by("pk")[:2])
    if not candidates:
        advice = "You belong to no organisation. Found one, or accept an invitation."
        raise InvalidInputError(organisation_id=[advice])
    if len(candidates) > 1:
        raise InvalidInputError(organisation_id=["Say for which organisation."])
    return candidates[0]


def _as_caller(reader: Reader) -> tuple[Caller, Reader]:
    return (reader.user if isinstance(reader, SignedIn) else AnonymousUser()), reader


def _bearer_token(request: Request) -> str | None:
    scheme, _, token = get_authorization_header(request).decode("latin-1").strip().partition(" ")
    if scheme.lower() != "bearer":
        return None
    if not token.strip():
        raise tokens.TokenInvalidError
    return token.strip()
