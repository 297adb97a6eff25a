"""Who is asking, and which role they have where."""

from accounts.queries.organisations import member_of, rows_of, what_goes_with
from accounts.queries.people import (
    OrganisationRole,
    manages,
    organisations_of,
    pending_email,
    platform_roles,
    role_in,
    user_named,
    user_with_email,
)
from accounts.queries.readers import (
    SERVICE_SCOPES,
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
    "SERVICE_SCOPES",
    "Anonymous",
    "OrganisationRole",
    "Reader",
    "Service",
    "SignedIn",
    "Viewer",
    "manages",
    "member_of",
    "open_sessions",
    "organisations_of",
    "pending_email",
    "platform_roles",
    "reader_for",
    "role_in",
    "rows_of",
    "signed_in",
    "user_named",
    "user_with_email",
    "what_goes_with",
]
