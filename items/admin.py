from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.by_role import RoleAdmin
from accounts.admin.refusals import RefusalsAsMessagesMixin, actor_of
from items.models import Item
from items.operations import FIELDS, create_item, delete_item, update_item


@admin.register(Item)
class ItemAdmin(RefusalsAsMessagesMixin, RoleAdmin[Item]):
    list_display = ["title", "organisation", "owner", "is_private", "created_at"]
    # Django's own filter would name every club; this one offers what the visible rows have.
    list_filter = ["is_private", ("organisation", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["organisation", "owner"]
    search_fields = ["title", "description", "owner__username"]
    autocomplete_fields = ["organisation"]
    date_hierarchy = "created_at"
    fields = ["organisation", "owner", "title", "description", "is_private", "created_at"]
    readonly_fields = ["owner", "created_at"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Item]:
        return Item.objects.visible_to(actor_of(request)).order_by("-created_at", "-pk")

    def get_readonly_fields(self, request: HttpRequest, obj: Item | None = None) -> list[Any]:
        # An item never moves to another organisation, whose members would read it.
        return [*self.readonly_fields, *(["organisation"] if obj else [])]

    def save_model(self, request: HttpRequest, obj: Item, form: Any, change: bool) -> None:
        actor = actor_of(request)
        values = {name: form.cleaned_data[name] for name in form.changed_data if name in FIELDS}
        if change:
            stored = Item.objects.get(pk=obj.pk)
            saved = update_item(item=stored, actor=actor, changes=values)
        else:
            saved = create_item(actor=actor, organisation=obj.organisation, **values)
        obj.pk = saved.pk
        obj.refresh_from_db()

    def delete_model(self, request: HttpRequest, obj: Item) -> None:
        delete_item(item=obj, actor=actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Item]) -> None:
        for item in queryset:
            delete_item(item=item, actor=actor_of(request))
