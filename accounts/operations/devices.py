"""Ending sessions: of this device, of all of one's devices, of devices lost or lent.

A session that has ended lets nobody in again; its sockets are closed by the hub's next round.
"""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import ActorKind, DeviceSession, User
from accounts.operations.audit import record_audit
from accounts.policies import can_end_session
from accounts.queries import Reader, Service, SignedIn
from core.errors import ForbiddenError, NotFoundError


@transaction.atomic
def sign_out(*, reader: Reader) -> None:
    """End the session of this device; without one, or a second time, nothing changes."""
    if not isinstance(reader, SignedIn | Service) or not end_now(reader.session_id):
        return
    record_audit(
        action="signed_out",
        actor=reader.user if isinstance(reader, SignedIn) else None,
        actor_kind=ActorKind.PERSON if isinstance(reader, SignedIn) else ActorKind.MASTER,
        target=session_target(reader.session_id),
    )


@transaction.atomic
def sign_out_everywhere(*, actor: User) -> int:
    """End all sessions of a person, this one too; returns how many were still open."""
    ended = end_all_now(actor)
    _record(actor, actor.pk, ended)
    return ended


@transaction.atomic
def end_session(*, session: DeviceSession, actor: User) -> None:
    """End one session; raises NotFoundError when somebody else was faster."""
    if not end_sessions(sessions=[session], actor=actor):
        raise NotFoundError


@transaction.atomic
def end_sessions(*, sessions: Collection[DeviceSession], actor: User | None = None) -> int:
    """End sessions of devices that were lost or lent; returns how many were still open.

    `actor` None is the operator at the command line.
    """
    if actor and not all(can_end_session(actor, session) for session in sessions):
        raise ForbiddenError
    of_whom: dict[UUID | None, list[UUID]] = {}
    for session in sessions:
        of_whom.setdefault(session.user_id, []).append(session.pk)
    ended = {user_id: end_now(*session_ids) for user_id, session_ids in of_whom.items()}
    for user_id, count in ended.items():
        _record(actor, user_id, count)
    return sum(ended.values())


def end_now(*session_ids: UUID) -> int:
    """For operations that have asked who may; how many of the sessions were still open."""
    return _end(DeviceSession.objects.filter(pk__in=session_ids))


def end_all_now(user: User, *, keep: UUID | None = None) -> int:
    """The same for all sessions of a person, but the one to `keep`."""
    sessions = DeviceSession.objects.filter(user=user)
    return _end(sessions.exclude(pk=keep) if keep else sessions)


def session_target(session_id: UUID) -> str:
    """How the audit trail names a session."""
    return f"session {session_id}"


def _end(sessions: QuerySet[DeviceSession]) -> int:
    now = timezone.now()
    return sessions.filter(revoked_at=None, expires_at__gt=now).update(revoked_at=now)


def _record(actor: User | None, user_id: UUID | None, ended: int) -> None:
    if ended:
        target = "" if user_id else "master sessions"
        record_audit(
            action="sessions_ended", actor=actor, subject=user_id, target=target, ended=ended
        )
