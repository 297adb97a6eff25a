"""Who is asking: the person, viewer or stranger behind a token."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import UUID

from django.utils import timezone

from accounts import tokens
from accounts.errors import SessionRevokedError
from accounts.models import DeviceSession, User

SERVICE_SCOPES: Final = frozenset({"graphics", "tournaments"})


@dataclass(frozen=True)
class SignedIn:
    """A person on a device whose session is open."""

    user: User
    session_id: UUID

    @property
    def key(self) -> str:
        return f"user.{self.user.pk}"


@dataclass(frozen=True)
class Service:
    """The graphics dashboard, signed in with the master password: no person, and no access but to
    what `scopes` names."""

    session_id: UUID
    scopes: frozenset[str] = SERVICE_SCOPES

    @property
    def key(self) -> str:
        return f"service.{self.session_id}"


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


Reader: TypeAlias = SignedIn | Service | Viewer | Anonymous


def signed_in(token: str) -> SignedIn | Service:
    """Whose session an access token is of, in one query.

    Raises TokenInvalidError or TokenExpiredError for the token, SessionRevokedError when the
    session has ended or its user is disabled.
    """
    return _signed_in(tokens.read(token, kind="access"))


def reader_for(token: str) -> SignedIn | Service | Viewer:
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


def _signed_in(claims: tokens.AccessClaims) -> SignedIn | Service:
    sessions = DeviceSession.objects.open_at(timezone.now()).select_related("user")
    session = sessions.filter(pk=claims.session_id).first()
    if session is None or claims.user_id != session.subject_id:
        raise SessionRevokedError
    if session.user is None:
        return Service(session_id=session.pk)
    return SignedIn(user=session.user, session_id=session.pk)
