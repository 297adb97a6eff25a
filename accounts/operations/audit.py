"""The trail of who did what; every app's operations write it in their own transaction."""

from typing import Any, Final
from uuid import UUID

from django.db import transaction

from accounts.models import ActorKind, AuditEntry, Organisation, User
from core.api.address import current_address
from core.api.request_id import current_request_id

# What a detail must never be called, whatever it holds.
_SECRET_WORDS: Final = ("password", "token", "secret", "email", "name")


@transaction.atomic(savepoint=False)
def record_audit(
    *,
    action: str,
    actor: User | None = None,
    actor_kind: ActorKind | None = None,
    organisation: Organisation | UUID | None = None,
    subject: User | UUID | None = None,
    target: str = "",
    **details: Any,
) -> AuditEntry:
    """Note one action, past tense (`role_changed`), in the transaction that did it.

    `actor` None is the operator at the command line, unless `actor_kind` says otherwise.
    `details` holds JSON values such as ids, roles and counts, and nothing personal: those stay when
    a person is erased. Where from is the address of the request that is being answered.
    """
    if unfit := [name for name in details if any(word in name for word in _SECRET_WORDS)]:
        raise ValueError(f"The audit trail keeps no {unfit[0]}.")
    return AuditEntry.objects.create(
        action=action,
        actor_kind=actor_kind or (ActorKind.PERSON if actor else ActorKind.OPERATOR),
        actor=actor,
        organisation_id=_key(organisation),
        subject_id=_key(subject),
        target=target,
        address=current_address() or None,
        request_id=current_request_id(),
        details=details,
    )


def _key(row: Organisation | User | UUID | None) -> UUID | None:
    return row if isinstance(row, UUID) or row is None else row.pk
