"""Giving a person all that is kept about them (GDPR, articles 15 and 20)."""

from typing import Any

from django.contrib.auth import HASH_SESSION_KEY
from django.db import transaction

from accounts.models import ActorKind, AuditEntry, User
from accounts.operations.audit import record_audit
from accounts.queries.personal_data import fields_of, owned_rows, personal_document
from accounts.queries.traces import Traces, audit_entries_about, traces_of


@transaction.atomic
def export_user(*, user: User, actor: User | None = None) -> dict[str, Any]:
    """All data of an account as one JSON document, secrets apart; noted in the trail.

    `actor` None is the operator at the command line.
    """
    owned = owned_rows(user)
    document = personal_document(user, owned, _mentions(user, traces_of(user, owned)))
    record_audit(action="person_exported", actor=actor, subject=user, target="user")
    return document


def _mentions(user: User, traces: Traces) -> dict[str, list[dict[str, Any]]]:
    entries = audit_entries_about(user, traces.ids)
    return {
        "accounts.AuditEntry": [_audit_entry(user, entry) for entry in entries],
        "accounts.Invitation": [fields_of(row) for row in traces.invitations],
        "admin.LogEntry": [fields_of(entry) for entry in traces.log_entries],
        "django_tasks_db.DBTaskResult": [fields_of(task) for task in traces.tasks],
        "sessions.Session": [
            {"expire_date": row.expire_date, "content": _without_hash(row.get_decoded())}
            for row in traces.sessions
        ],
    }


def _audit_entry(user: User, entry: AuditEntry) -> dict[str, Any]:
    fields = fields_of(entry)
    is_theirs = entry.actor_id == user.pk or entry.actor_kind == ActorKind.ANONYMOUS
    # Where somebody else was when they did something to this person is that other's data.
    return fields if is_theirs else fields | {"address": None, "request_id": ""}


def _without_hash(content: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != HASH_SESSION_KEY}
