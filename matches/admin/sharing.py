from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.admin.by_role import ReadOnlyMixin
from matches.admin.owned import OwnedAdmin, acting_user
from matches.models import ShareLink
from matches.operations.sharing import revoke_share_link


@admin.register(ShareLink)
class ShareLinkAdmin(ReadOnlyMixin[ShareLink], OwnedAdmin[ShareLink]):
    """Links are made where the address is shown, once; here they are seen and ended."""

    list_display = ["__str__", "match", "name_policy", "is_listed", "state", "expires_at"]
    list_filter = ["name_policy", ("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["match__home_team", "match__away_team"]
    search_fields = ["label", "token_prefix", "match__home_team__name", "match__away_team__name"]
    date_hierarchy = "created_at"
    actions = ["revoke"]
    exclude = ["token_hash", "listed_token"]

    def organisation_id(self, row: ShareLink) -> UUID:
        return row.match.organisation_id

    @admin.display(description="Listed", boolean=True)
    def is_listed(self, link: ShareLink) -> bool:
        return link.is_listed

    @admin.display(description="State")
    def state(self, link: ShareLink) -> str:
        if link.revoked_at:
            return "revoked"
        return "live" if link.is_alive_at(timezone.now()) else "expired"

    @admin.action(description="Revoke the selected links", permissions=["score"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ShareLink]) -> None:
        actor = acting_user(request)

        def operation(link: ShareLink) -> Any:
            return revoke_share_link(link=link, actor=actor)

        self.run_for_each(request, queryset, operation, "Revoked")
