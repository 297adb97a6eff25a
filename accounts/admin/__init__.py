"""What staff see of people and organisations; whatever has a rule goes through an operation.

Refresh tokens and mailed links are left out on purpose: they are nothing but hashes of secrets.
"""

from accounts.admin.audit import AuditEntryAdmin
from accounts.admin.invitations import InvitationAdmin
from accounts.admin.organisations import MembershipAdmin, OrganisationAdmin
from accounts.admin.people import UserAdmin
from accounts.admin.platform import GroupAdmin, TaskResultAdmin
from accounts.admin.sessions import DeviceSessionAdmin

__all__ = [
    "AuditEntryAdmin",
    "DeviceSessionAdmin",
    "GroupAdmin",
    "InvitationAdmin",
    "MembershipAdmin",
    "OrganisationAdmin",
    "TaskResultAdmin",
    "UserAdmin",
]
