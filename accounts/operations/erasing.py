"""Erasing a person's account: the right to be forgotten (GDPR, article 17).

What was theirs goes; what they did for others stays without them, so a match they logged keeps its
score and its feed. The trail keeps that something happened, and when.
"""

from collections.abc import Iterable

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import CASCADE
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.errors import LastOwnerError
from accounts.models import ActorKind, AuditEntry, Invitation, Membership, Organisation, Role, User
from accounts.operations.audit import record_audit
from accounts.operations.locking import locked_user
from accounts.operations.users import check_superuser_remains
from accounts.policies import can_erase_account
from accounts.queries.personal_data import owned_rows, relations_to
from accounts.queries.traces import (
    Traces,
    audit_entries_about,
    log_entries_naming,
    traces_of,
    without_ids,
)
from core.errors import ForbiddenError


@transaction.atomic
def erase_user(*, user: User, actor: User | None = None) -> None:
    """Erase an account and all that names its person; their sockets close with their sessions.

    `actor` None is the operator at the command line. Raises ForbiddenError, LastOwnerError that
    names the organisations which need another owner or an end first, LastSuperuserError, and
    NotFoundError when somebody else was faster.
    """
    if actor and not can_erase_account(actor, user):
        raise ForbiddenError
    _check_owners_remain(user)
    _lock_references(user)
    if actor and user.is_superuser:
        check_superuser_remains(user)
    # The whole row, key and all: whoever is about to refer to it is refused when they commit.
    user, is_own = locked_user(user, with_key=True), user == actor
    traces = traces_of(user, owned_rows(user))
    _forget_in_trail(user, traces)
    _delete_traces(traces)
    user.delete()
    # The log of the admin that they wrote has gone by now.
    forget_in_log(entries=log_entries_naming(traces.names))
    _record(None if is_own else actor, is_own=is_own)


@transaction.atomic(savepoint=False)
def forget_in_log(*, entries: Iterable[LogEntry]) -> None:
    """Take the words out of entries of the admin's log; what was done, when and by whom stays."""
    found = list(entries)
    for entry in found:
        entry.object_repr = entry.change_message = ""
    LogEntry.objects.bulk_update(found, ["object_repr", "change_message"], batch_size=500)


def _check_owners_remain(user: User) -> None:
    owned = Organisation.objects.filter(memberships__user=user, memberships__role=Role.OWNER)
    # Before anything else, as whoever changes its members does: an owner may be leaving right now.
    locked = Organisation.objects.select_for_update(no_key=True).filter(pk__in=owned.values("pk"))
    organisations = {organisation.pk: organisation for organisation in locked.order_by("pk")}
    others = Membership.objects.filter(
        organisation__in=organisations, role=Role.OWNER, user__is_active=True
    ).exclude(user=user)
    kept = set(others.values_list("organisation_id", flat=True))
    if bereft := [one for key, one in organisations.items() if key not in kept]:
        raise LastOwnerError(
            organisations=[{"id": str(one.pk), "name": one.name} for one in bereft]
        )


def _lock_references(user: User) -> None:
    """Wait for whoever is changing a row that refers to the person.

    They would wait for the person's row when they commit, and so must not find it locked while we
    wait for theirs.
    """
    for relation in relations_to(User):
        if relation.remote_field.on_delete is not CASCADE:
            rows = relation.model._base_manager.filter(**{relation.name: user}).order_by("pk")
            list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk"))


def _forget_in_trail(user: User, traces: Traces) -> None:
    entries = list(audit_entries_about(user, traces.ids))
    for entry in entries:
        # The address of somebody not signed in is that of whoever tried to be this person.
        is_theirs = entry.actor_id == user.pk
        if is_theirs or (entry.subject_id == user.pk and entry.actor_kind == ActorKind.ANONYMOUS):
            entry.address, entry.request_id = None, ""
        entry.actor_id = None if is_theirs else entry.actor_id
        entry.subject_id = None if entry.subject_id == user.pk else entry.subject_id
        if entry.target.rpartition(" ")[2] in traces.ids:
            entry.target = ""
        entry.details = without_ids(entry.details, traces.ids)
    fields = ["actor", "subject", "target", "address", "request_id", "details"]
    AuditEntry.objects.bulk_update(entries, fields, batch_size=500)


def _delete_traces(traces: Traces) -> None:
    Invitation.objects.filter(pk__in=[row.pk for row in traces.invitations]).delete()
    Session.objects.filter(pk__in=[row.pk for row in traces.sessions]).delete()
    LogEntry.objects.filter(pk__in=[row.pk for row in traces.log_entries]).delete()
    tasks = DBTaskResult.objects.filter(pk__in=[row.pk for row in traces.tasks])
    # The worker writes to the row of the task it is at, and would stop without it.
    tasks.exclude(status=TaskResultStatus.RUNNING).delete()
    tasks.update(args_kwargs={"args": [], "kwargs": {}}, return_value=None, traceback="")


def _record(actor: User | None, *, is_own: bool) -> None:
    kind = ActorKind.PERSON if is_own else None
    entry = record_audit(action="person_erased", actor=actor, actor_kind=kind, target="user")
    if is_own:
        # Where it was asked from is the person's own address.
        entry.address, entry.request_id = None, ""
        entry.save(update_fields=["address", "request_id"])
