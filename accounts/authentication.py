"""`Authorization: Bearer` (RFC 6750), the only credential of the API."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from accounts.models import Organisation, User
from accounts.queries import Anonymous, Reader, SignedIn, Viewer, reader_for, signed_in
from accounts.tokens import TokenInvalidError
from core.api.answers import named
from core.api.envelope import CHALLENGE
from core.errors import InvalidInputError


class BearerAuthentication(BaseAuthentication):
    """A person: `request.user` is the user, `request.auth` the `SignedIn`."""

    def authenticate(self, request: Request) -> tuple[User, SignedIn] | None:
        token = _bearer_token(request)
        if token is None:
            return None
        reader = signed_in(token)
        return reader.user, reader

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


class ReaderAuthentication(BearerAuthentication):
    """A person, or a viewer: then `request.user` is anonymous and `request.auth` the `Viewer`."""

    def authenticate(  # type: ignore[override]  # a viewer is no user
        self, request: Request
    ) -> tuple[User | AnonymousUser, SignedIn | Viewer] | None:
        token = _bearer_token(request)
        if token is None:
            return None
        reader = reader_for(token)
        return (reader.user if isinstance(reader, SignedIn) else AnonymousUser()), reader


def actor_of(request: Request) -> User:
    """The person who acts; raises NotAuthenticated for a viewer or a stranger."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def reader_of(request: Request) -> Reader:
    """Whoever reads, for views that strangers and viewers may open, too."""
    reader: object = request.auth
    return reader if isinstance(reader, SignedIn | Viewer) else Anonymous()


def organisation_for(request: Request, organisation_id: UUID | None) -> Organisation:
    """The caller's organisation of that id, or the only one they belong to.

    Whether their role there suffices is for the operation to say.
    """
    mine = Organisation.objects.visible_to(actor_of(request))
    if organisation_id is not None:
        return named(mine, organisation_id, "organisation_id")
    candidates = list(mine.order_by("pk")[:2])
    if len(candidates) != 1:
        raise InvalidInputError(organisation_id=["Say for which organisation."])
    return candidates[0]


def _bearer_token(request: Request) -> str | None:
    scheme, _, token = get_authorization_header(request).decode("latin-1").strip().partition(" ")
    if scheme.lower() != "bearer":
        return None
    if not token.strip():
        raise TokenInvalidError
    return token.strip()
