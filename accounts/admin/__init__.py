"""What staff see of people and organisations; whatever has a rule goes through an operation.

Refresh tokens are left out on purpose: they are nothing but hashes of secrets.
"""

from accounts.admin.organisations import MembershipAdmin, OrganisationAdmin
from accounts.admin.people import UserAdmin
from accounts.admin.sessions import DeviceSessionAdmin

__all__ = ["DeviceSessionAdmin", "MembershipAdmin", "OrganisationAdmin", "UserAdmin"]
