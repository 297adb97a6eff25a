"""Everything that changes an account, a session or an organisation."""

from accounts.operations.addresses import request_email_change, resend_verification, verify_email
from accounts.operations.audit import record_audit
from accounts.operations.organisations import (
    add_member,
    change_role,
    create_organisation,
    remove_member,
)
from accounts.operations.passwords import (
    change_password,
    check_password_strength,
    request_password_reset,
    reset_password,
    set_password,
)
from accounts.operations.registration import register
from accounts.operations.sessions import (
    Credentials,
    end_sessions,
    refresh,
    sign_in,
    sign_out,
    verify_password,
)
from accounts.operations.users import create_user, ensure_superuser, set_active

__all__ = [
    "Credentials",
    "add_member",
    "change_password",
    "change_role",
    "check_password_strength",
    "create_organisation",
    "create_user",
    "end_sessions",
    "ensure_superuser",
    "record_audit",
    "refresh",
    "register",
    "remove_member",
    "request_email_change",
    "request_password_reset",
    "resend_verification",
    "reset_password",
    "set_active",
    "set_password",
    "sign_in",
    "sign_out",
    "verify_email",
    "verify_password",
]
