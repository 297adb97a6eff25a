"""Everything that changes an account, a session or an organisation."""

from accounts.operations.audit import record_audit
from accounts.operations.organisations import (
    add_member,
    change_role,
    create_organisation,
    remove_member,
)
from accounts.operations.sessions import (
    Credentials,
    end_sessions,
    refresh,
    sign_in,
    sign_out,
    verify_password,
)
from accounts.operations.users import create_user, ensure_superuser, set_active, set_password

__all__ = [
    "Credentials",
    "add_member",
    "change_role",
    "create_organisation",
    "create_user",
    "end_sessions",
    "ensure_superuser",
    "record_audit",
    "refresh",
    "remove_member",
    "set_active",
    "set_password",
    "sign_in",
    "sign_out",
    "verify_password",
]
