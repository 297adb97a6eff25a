"""Setting fields by name and saving them, with what the model forbids told as a refusal."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from core.errors import InvalidInputError, VersionConflictError
from matches.errors import AlreadyExistsError


def assign(row: models.Model, values: Mapping[str, Any], allowed: Collection[str]) -> set[str]:
    """Set the values; return the names of those that differ from before.

    Raises InvalidInputError for a name that is not among `allowed`.
    """
    if unknown := values.keys() - set(allowed):
        raise InvalidInputError(**{name: ["This cannot be set."] for name in sorted(unknown)})
    changed = {name for name, value in values.items() if getattr(row, name, None) != value}
    for name in changed:
        setattr(row, name, values[name])
    return changed


def save_checked(row: models.Model) -> None:
    """Save a row that keeps the model's rules.

    Raises InvalidInputError, or AlreadyExistsError when another row has what must be unique.
    """
    relations = {field.name for field in row._meta.fields if field.is_relation}
    try:
        row.clean_fields(exclude=relations)
        row.validate_constraints()
    except ValidationError as error:
        raise _refusal(error) from error
    try:
        # A savepoint: the transaction stays usable when somebody else was faster.
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise AlreadyExistsError from error


def check_version(current: int, base_version: int | None) -> None:
    """Raise VersionConflictError when the caller read another version; None checks nothing."""
    if base_version is not None and base_version != current:
        raise VersionConflictError(current_version=current)


def check_reason(reason: str) -> str:
    """The reason without blanks around it; InvalidInputError when it says nothing."""
    reason = reason.strip()
    if not reason:
        raise InvalidInputError(reason=["Say why."])
    if len(reason) > 200:
        raise InvalidInputError(reason=["Use at most 200 characters."])
    return reason


def _refusal(error: ValidationError) -> InvalidInputError | AlreadyExistsError:
    for problems in error.error_dict.values():
        for problem in problems:
            if problem.code == "already_exists":
                return AlreadyExistsError(problem.messages[0])
    details = {
        "non_field_errors" if name == "__all__" else name: messages
        for name, messages in error.message_dict.items()
    }
    return InvalidInputError(**details)
