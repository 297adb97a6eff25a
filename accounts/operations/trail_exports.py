"""Taking a copy of the audit trail away is itself noted in it."""

from django.db import transaction
from django.db.models import Count, QuerySet

from accounts.models import AuditEntry, User
from accounts.operations.audit import record_audit


@transaction.atomic
def record_audit_export(*, actor: User, entries: QuerySet[AuditEntry], file_format: str) -> None:
    """Note who took which part of the trail, where those concerned can read it.

    What a superuser takes is noted once, for the platform; what others take, in each organisation.
    """
    action = "audit_exported"
    if actor.is_superuser:
        record_audit(action=action, actor=actor, rows=entries.count(), format=file_format)
        return
    parts = entries.order_by().values_list("organisation_id").annotate(Count("pk"))
    for organisation_id, rows in list(parts):
        record_audit(
            action=action,
            actor=actor,
            organisation=organisation_id,
            rows=rows,
            format=file_format,
        )
