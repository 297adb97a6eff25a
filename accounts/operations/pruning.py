"""Forgetting what can open nothing any more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import DeviceSession, EmailToken, Invitation

# So many go in one transaction: nobody waits long for a lock, and it may be stopped half-way.
BATCH: Final = 100


@dataclass(frozen=True, kw_only=True)
class Pruned:
    """How many were deleted."""

    sessions: int
    email_tokens: int
    invitations: int


def prune_sessions(
    *, before: datetime, on_progress: Callable[[int], None] = lambda _: None
) -> Pruned:
    """Delete sessions, mailed links and invitations that were over `before` a time.

    `on_progress` is told after each batch how many are gone of the kind at hand.
    """
    over = Q(expires_at__lt=before)
    kinds: dict[str, QuerySet[Any]] = {
        "sessions": DeviceSession.objects.filter(over | Q(revoked_at__lt=before)),
        "email_tokens": EmailToken.objects.filter(over | Q(used_at__lt=before)),
        "invitations": Invitation.objects.filter(
            over | Q(accepted_at__lt=before) | Q(revoked_at__lt=before)
        ),
    }
    deleted = dict.fromkeys(kinds, 0)
    for kind, rows in kinds.items():
        while batch := _delete_some(rows):
            deleted[kind] += batch
            on_progress(deleted[kind])
    return Pruned(**deleted)


@transaction.atomic
def _delete_some(rows: QuerySet[Any]) -> int:
    chosen = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    # What goes with a row, such as a session's tokens, is not counted.
    _, by_model = rows.model.objects.filter(pk__in=chosen).delete()
    return int(by_model.get(rows.model._meta.label, 0))
