"""`Authorization: Bearer` (RFC 6750), the only credential of the API."""

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from accounts.models import User
from accounts.queries import Anonymous, Reader, SignedIn, Viewer, reader_for, signed_in
from accounts.tokens import TokenInvalidError
from core.api.envelope import CHALLENGE


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


def _bearer_token(request: Request) -> str | None:
    scheme, _, token = get_authorization_header(request).decode("latin-1").strip().partition(" ")
    if scheme.lower() != "bearer":
        return None
    if not token.strip():
        raise TokenInvalidError
    return token.strip()
