"""Everything that changes an account, a session or an organisation."""

from accounts.operations.addresses import request_email_change, resend_verification, verify_email
from accounts.operations.audit import record_audit
from accounts.operations.devices import (
    end_session,
    end_sessions,
    sign_out,
    sign_out_everywhere,
)
from accounts.operations.erasing import erase_user, forget_in_log
from accounts.operations.exporting import export_user
from accounts.operations.invitations import (
    accept_invitation,
    invite_member,
    revoke_invitation,
)
from accounts.operations.master import sign_in_with_master_password
from accounts.operations.members import (
    add_member,
    change_role,
    change_roles,
    remove_member,
    remove_members,
)
from accounts.operations.organisations import (
    create_organisation,
    delete_organisation,
    update_organisation,
)
from accounts.operations.passwords import (
    change_password,
    confirm_password,
    request_password_reset,
    reset_password,
    set_password,
)
from accounts.operations.pruning import prune_sessions
from accounts.operations.refreshing import Credentials, refresh
from accounts.operations.registration import register
from accounts.operations.sessions import sign_in, verify_password
from accounts.operations.trail_exports import record_audit_export
from accounts.operations.users import (
    create_user,
    ensure_superuser,
    set_active,
    update_profile,
    update_user,
)

__all__ = [
    "Credentials",
    "accept_invitation",
    "add_member",
    "change_password",
    "change_role",
    "change_roles",
    "confirm_password",
    "create_organisation",
    "create_user",
    "delete_organisation",
    "end_session",
    "end_sessions",
    "ensure_superuser",
    "erase_user",
    "export_user",
    "forget_in_log",
    "invite_member",
    "prune_sessions",
    "record_audit",
    "record_audit_export",
    "refresh",
    "register",
    "remove_member",
    "remove_members",
    "request_email_change",
    "request_password_reset",
    "resend_verification",
    "reset_password",
    "revoke_invitation",
    "set_active",
    "set_password",
    "sign_in",
    "sign_in_with_master_password",
    "sign_out",
    "sign_out_everywhere",
    "update_organisation",
    "update_profile",
    "update_user",
    "verify_email",
    "verify_password",
]
