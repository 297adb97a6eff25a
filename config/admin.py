"""The admin site: Django's own, with a start page that shows what is live."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django_ratelimit.core import get_usage
from redis.exceptions import RedisError

from config.errors import refused
from core.api.address import client_address, network_of
from core.errors import RateLimitedError, ServiceUnavailableError
from matches.models import Match
from matches.rules.kinds import MatchStatus

SHOWN = 20


class TouchlineAdminSite(admin.AdminSite):
    site_header = "Touchline"
    site_title = "Touchline admin"
    index_title = "Touchline"
    index_template = "config/admin_start.html"

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Slow down an address before a password costs anything.

        The limits that must hold, by account too, are counted where passwords are checked.
        """
        try:
            usage = get_usage(
                request,
                group="admin-login",
                key=_address,
                rate=settings.ADMIN_LOGIN_RATE,
                method="POST",
                increment=True,
            )
        except (RedisError, OSError):
            return refused(request, ServiceUnavailableError(retry_after=5))
        if usage and usage["should_limit"]:
            return refused(request, RateLimitedError(retry_after=max(1, usage["time_left"])))
        return super().login(request, extra_context)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        mine = Match.objects.visible_to(request.user).with_teams()
        now = timezone.now()
        soon = mine.filter(
            status=MatchStatus.SCHEDULED,
            kickoff_at__range=(now - timedelta(hours=6), now + timedelta(days=7)),
        )
        context = {
            "log_entries": self._visible_log(request),
            "live_matches": mine.in_play().order_by("kickoff_at", "pk")[:SHOWN],
            "next_matches": soon.order_by("kickoff_at", "pk")[:SHOWN],
        }
        return super().index(request, {**context, **(extra_context or {})})

    def _visible_log(self, request: HttpRequest) -> QuerySet[LogEntry]:
        """One's own recent actions, without the rows that have meanwhile become somebody else's."""
        log: QuerySet[LogEntry] = self.get_log_entries(request)
        if request.user.is_superuser:
            return log
        touched: dict[int | None, list[LogEntry]] = {}
        for entry in log.filter(user_id=str(request.user.pk))[:SHOWN]:
            touched.setdefault(entry.content_type_id, []).append(entry)
        shown = [pk for entries in touched.values() for pk in self._visible(request, entries)]
        return log.filter(pk__in=shown)

    def _visible(self, request: HttpRequest, entries: list[LogEntry]) -> list[int]:
        """Those of the entries, all of one model, whose rows the person's lists still show."""
        kind = entries[0].content_type
        if not (kind and (model := kind.model_class()) and self.is_registered(model)):
            return []
        ids = {entry.object_id for entry in entries}
        rows = self.get_model_admin(model).get_queryset(request).filter(pk__in=ids)
        found = {str(pk) for pk in rows.values_list("pk", flat=True)}
        return [entry.pk for entry in entries if entry.object_id in found]


def _address(_group: str, request: HttpRequest) -> str:
    return network_of(client_address(request))
