"""Who is asking, and which role they have where."""

from accounts.queries.people import (
    OrganisationRole,
    organisations_of,
    platform_roles,
    role_in,
    user_named,
    user_with_email,
)
from accounts.queries.readers import (
    Anonymous,
    Reader,
    Service,
    SignedIn,
    Viewer,
    open_sessions,
    reader_for,
    signed_in,
)

__all__ = [
    "Anonymous",
    "OrganisationRole",
    "Reader",
    "Service",
    "SignedIn",
    "Viewer",
    "open_sessions",
    "organisations_of",
    "platform_roles",
    "reader_for",
    "role_in",
    "signed_in",
    "user_named",
    "user_with_email",
]
