"""What tells of a person in words rather than by a reference: logs, invitations, tasks, cookies.

Exports show these rows and erasures clear them, so both find them here.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast, Right
from django_tasks_db.models import DBTaskResult

from accounts.models import AuditEntry, EmailToken, Invitation, User
from accounts.queries.personal_data import Rows, ids_of

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)
# Of the text form of a UUID.
_ID_LENGTH: Final = 36


@dataclass(frozen=True)
class Traces:
    """Of one account: `ids` of all rows that go with it, and the words it is known by."""

    invitations: list[Invitation]
    sessions: list[Session]
    tasks: "list[DBTaskResult[Any, Any]]"
    log_entries: list[LogEntry]
    ids: frozenset[str]
    names: frozenset[str]


def traces_of(user: User, owned: Rows) -> Traces:
    addresses = addresses_of(user)
    invitations = invitations_of(user, addresses)
    rows: Rows = {**owned, Invitation: list(invitations)}
    ids = frozenset(ids_of(row for theirs in rows.values() for row in theirs))
    log_entries = list(log_entries_about(rows))
    # A log keeps what something was called then, so it knows the usernames somebody had before.
    former = {entry.object_repr for entry in log_entries if entry.object_id == str(user.pk)}
    return Traces(
        invitations=invitations,
        sessions=list(django_sessions_of(user)),
        tasks=list(tasks_about(ids, addresses)),
        log_entries=log_entries,
        ids=ids,
        names=frozenset({user.username, str(user.pk)} | former | addresses) - {""},
    )


def addresses_of(user: User) -> set[str]:
    """The mailboxes known to be the person's: the account's, and those it had before.

    Not the ones they merely asked for: anybody can ask for anybody's.
    """
    proven = EmailToken.objects.filter(user=user).exclude(replaced_email="")
    pairs = proven.values_list("email", "replaced_email")
    return ({user.email} | {address for pair in pairs for address in pair}) - {""}


def invitations_of(user: User, addresses: Collection[str]) -> list[Invitation]:
    """Those mailed to the person, and those they accepted, wherever these had been sent."""
    theirs = Q(accepted_by=user)
    for address in addresses:
        theirs |= Q(email__iexact=address)
    return list(Invitation.objects.filter(theirs).order_by("pk"))


def django_sessions_of(user: User) -> Iterator[Session]:
    """Of the admin's pages; whose a session is stands only in its signed content."""
    for session in Session.objects.order_by("pk").iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            yield session


def tasks_about(
    ids: Collection[str], addresses: Collection[str]
) -> Iterator["DBTaskResult[Any, Any]"]:
    """Background tasks, waiting or done, that were given one of the ids or tell of an address."""
    plain = {identifier.replace("-", "") for identifier in ids}
    for task in DBTaskResult.objects.order_by("pk").iterator():
        text = json.dumps([task.args_kwargs, task.return_value], ensure_ascii=False)
        text += task.traceback
        named = {found.replace("-", "").lower() for found in _UUID.findall(text)}
        if named & plain or any(address in text for address in addresses):
            yield task


def audit_entries_about(user: User, ids: Collection[str]) -> QuerySet[AuditEntry]:
    """Entries of what the person did, of what was done to them, and those that name their rows."""
    entries = AuditEntry.objects.alias(
        named=Right("target", _ID_LENGTH), said=Cast("details", TextField())
    )
    about = Q(actor=user) | Q(subject=user) | Q(named__in=ids) | Q(said__contains=str(user.pk))
    return entries.filter(about).order_by("pk")


def log_entries_about(rows: Rows) -> QuerySet[LogEntry]:
    """Of the admin's log, what was done to these rows; what a person did goes with the person."""
    about = Q(pk__in=[])
    types = ContentType.objects.get_for_models(*rows)
    for model, theirs in rows.items():
        keys = [str(row.pk) for row in theirs]
        about |= Q(content_type=types[model], object_id__in=keys)
    return LogEntry.objects.filter(about).order_by("pk")


def log_entries_naming(names: Collection[str]) -> Iterator[LogEntry]:
    """Of the admin's log, what was done to other rows and says one of the names as a word."""
    if not names:
        return
    # The message is JSON, in which a letter beyond ASCII stands as its number.
    spellings = {form for name in names for form in (name, json.dumps(name)[1:-1])}
    says = Q(pk__in=[])
    for spelling in spellings:
        says |= Q(object_repr__icontains=spelling) | Q(change_message__icontains=spelling)
    choices = "|".join(re.escape(spelling) for spelling in sorted(spellings))
    word = re.compile(rf"(?<!\w)(?:{choices})(?!\w)", re.IGNORECASE)
    for entry in LogEntry.objects.filter(says).order_by("pk").iterator():
        if word.search(f"{entry.object_repr}\n{entry.change_message}"):
            yield entry


def without_ids(value: Any, ids: Collection[str]) -> Any:
    """A JSON value without whatever says one of the ids."""
    if isinstance(value, dict):
        return {k: without_ids(item, ids) for k, item in value.items() if not _is_in(item, ids)}
    if isinstance(value, list):
        return [without_ids(item, ids) for item in value if not _is_in(item, ids)]
    return value


def _is_in(value: Any, ids: Collection[str]) -> bool:
    return isinstance(value, str) and not set(_UUID.findall(value)).isdisjoint(ids)
