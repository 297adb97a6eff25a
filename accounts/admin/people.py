from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import ngettext

from accounts import operations
from accounts.admin.memberships import MembershipInline, MembershipsAdminMixin
from accounts.admin.refusals import actor_of
from accounts.models import User
from accounts.policies import can_change_account
from core.errors import DomainError


class UserPasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]  # not at run time
    """Ends the person's sessions, too. The page has asked `has_change_permission` before."""

    def save(self, commit: bool = True) -> User:
        password = self.cleaned_data["password1"]
        is_usable = self.cleaned_data["set_usable_password"]
        user: User = self.user
        operations.set_password(user=user, password=password if is_usable else None)
        return user


class UserAddForm(AdminUserCreationForm[User]):
    class Meta:
        model = User
        fields = ["username", "email"]


@admin.register(User)
class UserAdmin(MembershipsAdminMixin, DjangoUserAdmin[User]):
    add_form = UserAddForm
    change_password_form = UserPasswordForm
    list_display = ["username", "email", "organisations", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser", "memberships__role", "date_joined"]
    search_fields = ["username", "email", "memberships__organisation__name"]
    ordering = ["username"]
    date_hierarchy = "date_joined"
    readonly_fields = ["is_active", "last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "email", "password", "is_active"]}),
        (
            "Platform",
            {
                "fields": ["is_staff", "is_superuser", "groups", "user_permissions"],
                "description": "Rights on the whole server. Most people need none: what they may "
                "do in an organisation is their role below.",
            },
        ),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
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
    actions = ["disable", "enable"]

    def get_inlines(
        self, request: HttpRequest, obj: User | None
    ) -> list[type[InlineModelAdmin[Any, Any]]]:
        return [MembershipInline] if obj else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        users: QuerySet[User] = super().get_queryset(request)
        return users.prefetch_related("memberships__organisation")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        rights = ["is_staff", "is_superuser", "groups", "user_permissions"]
        return [*self.readonly_fields, *([] if actor_of(request).is_superuser else rights)]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or can_change_account(actor_of(request), obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # Who logged what must stay known, and a club must not lose its owner: disable instead.
        return False

    @admin.display(empty_value="none")
    def organisations(self, user: User) -> str:
        return ", ".join(membership.organisation.name for membership in user.memberships.all())

    @admin.action(description="Disable and sign out", permissions=["change"])
    def disable(self, request: HttpRequest, users: QuerySet[User]) -> None:
        self._set_active(request, users, is_active=False)

    @admin.action(description="Enable", permissions=["change"])
    def enable(self, request: HttpRequest, users: QuerySet[User]) -> None:
        self._set_active(request, users, is_active=True)

    def _set_active(self, request: HttpRequest, users: QuerySet[User], *, is_active: bool) -> None:
        actor, word = actor_of(request), "Enabled" if is_active else "Disabled"
        done = 0
        for user in users:
            try:
                operations.set_active(user=user, is_active=is_active, actor=actor)
            except DomainError as error:
                self.message_user(request, f"{user}: {error.message}", messages.ERROR)
                continue
            self.log_change(request, user, f"{word}.")
            done += 1
        if done:
            people = ngettext("person", "people", done)
            self.message_user(request, f"{word} {done} {people}.", messages.SUCCESS)
