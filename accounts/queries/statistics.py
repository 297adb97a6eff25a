"""How many people use the platform, and how."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import DeviceSession, Membership, Organisation, Role, User


@dataclass(frozen=True, kw_only=True)
class UserStatistics:
    """`by_role` counts people who have the role somewhere; `signed_in` are by their last sign-in
    with a password, not by their last request."""

    total: int
    active: int
    disabled: int
    staff: int
    superusers: int
    verified: int
    registered_last_7_days: int
    registered_last_30_days: int
    signed_in_last_24_hours: int
    signed_in_last_7_days: int
    signed_in_last_30_days: int
    without_organisation: int
    open_sessions: int
    by_role: dict[str, int]
    organisations: int


def user_statistics() -> UserStatistics:
    """Four queries, however many people there are."""
    open_now = DeviceSession.objects.open_at(timezone.now()).exclude(user=None)
    return UserStatistics(
        **_of_users(),
        open_sessions=open_now.count(),
        by_role=_by_role(),
        organisations=Organisation.objects.count(),
    )


def _of_users() -> dict[str, Any]:
    now = timezone.now()
    is_member = Exists(Membership.objects.filter(user=OuterRef("pk")))
    conditions = {
        "active": Q(is_active=True),
        "disabled": Q(is_active=False),
        "staff": Q(is_staff=True),
        "superusers": Q(is_superuser=True),
        "verified": Q(email_verified_at__isnull=False),
        "registered_last_7_days": Q(date_joined__gt=now - timedelta(days=7)),
        "registered_last_30_days": Q(date_joined__gt=now - timedelta(days=30)),
        "signed_in_last_24_hours": Q(last_login__gt=now - timedelta(hours=24)),
        "signed_in_last_7_days": Q(last_login__gt=now - timedelta(days=7)),
        "signed_in_last_30_days": Q(last_login__gt=now - timedelta(days=30)),
        "without_organisation": Q(is_member=False),
    }
    counts = {name: Count("pk", filter=condition) for name, condition in conditions.items()}
    return User.objects.annotate(is_member=is_member).aggregate(total=Count("pk"), **counts)


def _by_role() -> dict[str, int]:
    rows = Membership.objects.order_by().values_list("role").annotate(Count("user", distinct=True))
    counts: dict[str, int] = dict(rows)
    return {role.value: counts.get(role.value, 0) for role in Role}
