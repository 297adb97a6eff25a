"""People, the organisations they belong to, the devices they are signed in on, and the trail."""

from accounts.models.audit import ActorKind, AuditEntry
from accounts.models.organisations import (
    MANAGERS,
    Invitation,
    Membership,
    NamePolicy,
    Organisation,
    OrganisationQuerySet,
    Role,
)
from accounts.models.people import EmailToken, User
from accounts.models.sessions import DeviceSession, RefreshToken

__all__ = [
    "MANAGERS",
    "ActorKind",
    "AuditEntry",
    "DeviceSession",
    "EmailToken",
    "Invitation",
    "Membership",
    "NamePolicy",
    "Organisation",
    "OrganisationQuerySet",
    "RefreshToken",
    "Role",
    "User",
]
