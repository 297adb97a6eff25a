from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm
from django.db.models import Prefetch, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import ngettext

from accounts import operations
from accounts.admin.by_role import GuardedLookupsMixin, VisibleChoicesMixin
from accounts.admin.erasing import erase
from accounts.admin.memberships import MembershipInline, MembershipsAdminMixin, visible_memberships
from accounts.admin.refusals import actor_of
from accounts.models import DeviceSession, Membership, Organisation, User
from accounts.policies import can_change_account
from core.errors import DomainError, ForbiddenError


class UserPasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]  # not at run time
    """Ends the person's sessions, too."""

    def save(self, commit: bool = True) -> User:
        password = self.cleaned_data["password1"]
        is_usable = self.cleaned_data["set_usable_password"]
        user: User = self.user
        # Django gives this form the person whose page it is on, and not the one who acts.
        actor: User = vars(user)["_acted_on_by"]
        operations.set_password(user=user, password=password if is_usable else None, actor=actor)
        return user


class UserAddForm(AdminUserCreationForm[User]):
    class Meta:
        model = User
        fields = ["username", "email"]


# Through the operation; groups and permissions are Django's own.
WRITTEN = ["username", "email", "is_staff", "is_superuser"]
PLATFORM_RIGHTS: list[Any] = ["is_staff", "is_superuser", "groups", "user_permissions"]


@admin.register(User)
class UserAdmin(
    MembershipsAdminMixin,
    VisibleChoicesMixin[User],
    GuardedLookupsMixin[User],
    DjangoUserAdmin[User],
):
    """Superusers see everybody; staff, the people of the organisations they manage, and nothing
    of these people's other organisations."""

    add_form = UserAddForm
    change_password_form = UserPasswordForm
    list_display = ["username", "email", "is_verified", "organisations", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["username", "email"]
    ordering = ["username"]
    date_hierarchy = "date_joined"
    readonly_fields = ["email_verified_at", "is_active", "last_login", "date_joined", "trail"]
    fieldsets = [
        (None, {"fields": ["username", "email", "email_verified_at", "password", "is_active"]}),
        (
            "Platform",
            {
                "fields": PLATFORM_RIGHTS,
                "description": "Rights on the whole server. Most people need none: what they may "
                "do in an organisation is their role below.",
            },
        ),
        ("Dates", {"fields": ["last_login", "date_joined", "trail"]}),
    ]
    staff_fieldsets = [
        (None, {"fields": ["username", "email", "email_verified_at", "is_active", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": ["username", "email", "usable_password", "password1", "password2"],
            },
        ),
    ]
    actions = ["disable", "enable", "end_sessions", "send_reset", erase]

    def get_inlines(
        self, request: HttpRequest, obj: User | None
    ) -> list[type[InlineModelAdmin[Any, Any]]]:
        return [MembershipInline] if obj else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        actor, users = actor_of(request), super().get_queryset(request)
        if not actor.is_superuser:
            managed = Organisation.objects.managed_by(actor)
            theirs = Membership.objects.filter(organisation__in=managed.values("pk"))
            users = users.filter(Q(pk=actor.pk) | Q(pk__in=theirs.values("user_id")))
        shown = visible_memberships(Membership.objects.select_related("organisation"), request)
        return users.prefetch_related(Prefetch("memberships", shown, to_attr="shown_memberships"))

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        of_platform = ["is_staff", "last_login"] if actor_of(request).is_superuser else []
        return [*self.list_display, *of_platform]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        if not actor_of(request).is_superuser:
            return self.list_filter
        return [*self.list_filter, "is_staff", "is_superuser", "memberships__role", "date_joined"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        is_shown = lookup.partition(LOOKUP_SEP)[0] not in {"last_login", *PLATFORM_RIGHTS}
        allowed = is_shown or actor_of(request).is_superuser
        return allowed and super().lookup_allowed(lookup, value, request)

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        # A search by organisation would tell staff of one in which others somebody is, too.
        by_organisation = ["memberships__organisation__name"]
        return [*self.search_fields, *(by_organisation if actor_of(request).is_superuser else [])]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj and not (actor_of(request).is_superuser or self.has_change_permission(request, obj)):
            return self.staff_fieldsets
        return super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        # Name and address are how people sign in: those of everybody are the superusers' affair.
        kept = [] if actor_of(request).is_superuser else ["username", "email", *PLATFORM_RIGHTS]
        return [*self.readonly_fields, *kept]

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: Any = None
    ) -> User | None:
        found = super().get_object(request, object_id, from_field)
        if found:
            vars(found)["_acted_on_by"] = actor_of(request)
        return found

    def history_view(self, request: HttpRequest, object_id: str, *args: Any) -> HttpResponse:
        if actor_of(request).is_superuser:
            return super().history_view(request, object_id, *args)
        # The log of a person names all their organisations; the trail asks who reads it.
        return redirect(trail_of(unquote(object_id)))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return actor_of(request).is_superuser

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        values, actor = form.cleaned_data, actor_of(request)
        if not change:
            password = values["password1"] if values["set_usable_password"] else None
            created = operations.create_user(
                username=obj.username, email=obj.email, password=password, actor=actor
            )
            obj.pk, obj._state.adding = created.pk, False
            return
        changes = {name: values[name] for name in form.changed_data if name in WRITTEN}
        if changes:
            stored = User.objects.get(pk=obj.pk)
            operations.update_user(user=stored, changes=changes, actor=actor)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or can_change_account(actor_of(request), obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # Who logged what must stay known, and a club must not lose its owner: disable instead.
        return False

    @admin.display(empty_value="none")
    def organisations(self, user: Any) -> str:
        return ", ".join(shown.organisation.name for shown in user.shown_memberships)

    @admin.display(description="verified", boolean=True)
    def is_verified(self, user: User) -> bool:
        return user.email_verified_at is not None

    @admin.display(description="audit trail")
    def trail(self, user: User) -> str:
        return format_html(
            '<a href="{}">What they did, and what was done</a>', trail_of(str(user.pk))
        )

    @admin.action(description="Disable and sign out", permissions=["change"])
    def disable(self, request: HttpRequest, users: QuerySet[User]) -> None:
        self._set_active(request, users, is_active=False)

    @admin.action(description="Enable", permissions=["change"])
    def enable(self, request: HttpRequest, users: QuerySet[User]) -> None:
        self._set_active(request, users, is_active=True)

    @admin.action(description="Mail a link to reset the password", permissions=["change"])
    def send_reset(self, request: HttpRequest, users: QuerySet[User]) -> None:
        self._for_each(request, users, _send_reset, "Mailed a link")

    @admin.action(description="Sign out on all devices", permissions=["end_sessions"])
    def end_sessions(self, request: HttpRequest, users: QuerySet[User]) -> None:
        sessions = DeviceSession.objects.filter(user__in=users, revoked_at=None)
        ended = operations.end_sessions(sessions=list(sessions), actor=actor_of(request))
        for user in users:
            self.log_change(request, user, "Signed out on all devices.")
        devices = ngettext("device", "devices", ended)
        self.message_user(request, f"Signed out {ended} {devices}.", messages.SUCCESS)

    def has_erase_permission(self, request: HttpRequest) -> bool:
        return actor_of(request).is_superuser

    def has_end_sessions_permission(self, request: HttpRequest) -> bool:
        return actor_of(request).is_superuser

    def _set_active(self, request: HttpRequest, users: QuerySet[User], *, is_active: bool) -> None:
        def operation(user: User, actor: User) -> None:
            operations.set_active(user=user, is_active=is_active, actor=actor)

        self._for_each(request, users, operation, "Enabled" if is_active else "Disabled")

    def _for_each(
        self,
        request: HttpRequest,
        users: QuerySet[User],
        operation: Callable[[User, User], None],
        done: str,
    ) -> None:
        """Call `operation(user, actor)` for each and tell how it went; a refusal stops no other."""
        count = 0
        for user in users:
            try:
                operation(user, actor_of(request))
            except DomainError as error:
                self.message_user(request, f"{user}: {error.message}", messages.ERROR)
                continue
            self.log_change(request, user, f"{done}.")
            count += 1
        if count:
            people = ngettext("person", "people", count)
            self.message_user(request, f"{done}: {count} {people}.", messages.SUCCESS)


def trail_of(user_id: str) -> str:
    """Where the audit trail of one person is shown."""
    address = reverse("admin:accounts_auditentry_changelist")
    return f"{address}?{urlencode({'person': user_id})}"


def _send_reset(user: User, actor: User) -> None:
    if not can_change_account(actor, user):
        raise ForbiddenError
    operations.request_password_reset(email=user.email)
