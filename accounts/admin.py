"""What staff see of people and organisations; whatever has a rule goes through an operation.

Refresh tokens are left out on purpose: they are nothing but hashes of secrets.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import ngettext

from accounts import operations
from accounts.models import DeviceSession, Membership, NamePolicy, Organisation, Role, User
from accounts.policies import can_change_account, can_manage
from core.errors import DomainError


class RefusalsAsMessagesMixin:
    """Shows what an operation refuses as a message on the page, with nothing saved."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _or_message(request, super().changeform_view, *args, **kwargs)  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _or_message(request, super().changelist_view, *args, **kwargs)  # type: ignore[misc]

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _or_message(request, super().delete_view, *args, **kwargs)  # type: ignore[misc]


def _or_message(
    request: HttpRequest, view: Callable[..., HttpResponse], *args: Any, **kwargs: Any
) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except DomainError as error:
        messages.error(request, error.message)
        return HttpResponseRedirect(request.get_full_path())


class MembershipForm(forms.ModelForm[Membership]):
    """A membership keeps its person and organisation; another one is another membership."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            return
        for name in {"user", "organisation"} & self.fields.keys():
            kept = getattr(self.instance, name)
            self.fields[name].disabled = True
            # The autocomplete widget would ask the database for the name, once for each row.
            self.fields[name].widget = forms.Select(choices=[(kept.pk, str(kept))])


class MembershipInline(admin.TabularInline[Membership, Any]):
    model = Membership
    form = MembershipForm
    fields = ["user", "organisation", "role", "created_at"]
    readonly_fields = ["created_at"]
    autocomplete_fields = ["user", "organisation"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        visible = _visible_memberships(super().get_queryset(request), request)
        return visible.select_related("user", "organisation")


class MembershipsAdminMixin(RefusalsAsMessagesMixin):
    """Saves the rows of a `MembershipInline` through the operations."""

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        kept = formset.save(commit=False)
        # New owners first: an organisation whose only owner hands over has two for a moment.
        for membership in sorted(kept, key=lambda membership: membership.role != Role.OWNER):
            _save_membership(membership, request)
        for membership in formset.deleted_objects:
            _remove_membership(membership, request)


def _visible_memberships(
    memberships: QuerySet[Membership], request: HttpRequest
) -> QuerySet[Membership]:
    organisations = Organisation.objects.visible_to(_actor(request))
    return memberships.filter(organisation__in=organisations.values("pk"))


def _save_membership(membership: Membership, request: HttpRequest) -> None:
    save = operations.add_member if membership._state.adding else operations.change_role
    saved = save(
        organisation=membership.organisation,
        user=membership.user,
        role=Role(membership.role),
        actor=_actor(request),
    )
    membership.pk = saved.pk


def _remove_membership(membership: Membership, request: HttpRequest) -> None:
    operations.remove_member(
        organisation=membership.organisation, user=membership.user, actor=_actor(request)
    )


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  the admin site lets in nobody else
    return request.user


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
        return [*self.readonly_fields, *([] if _actor(request).is_superuser else rights)]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or can_change_account(_actor(request), obj))

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
        actor, word = _actor(request), "Enabled" if is_active else "Disabled"
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


class OrganisationAddForm(forms.ModelForm[Organisation]):
    owner = forms.ModelChoiceField(
        User.objects.filter(is_active=True),
        widget=AutocompleteSelect(Membership._meta.get_field("user"), admin.site),
    )

    class Meta:
        model = Organisation
        fields = ["name", "name_policy"]


@admin.register(Organisation)
class OrganisationAdmin(MembershipsAdminMixin, admin.ModelAdmin[Organisation]):
    list_display = ["name", "slug", "name_policy", "members", "created_at"]
    list_filter = ["name_policy", "created_at"]
    search_fields = ["name", "slug"]
    ordering = ["name"]
    readonly_fields = ["created_at"]
    fields = ["name", "slug", "name_policy", "created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        visible = Organisation.objects.visible_to(_actor(request)).values("pk")
        organisations: QuerySet[Organisation] = super().get_queryset(request)
        return organisations.filter(pk__in=visible).annotate(member_count=Count("memberships"))

    def has_change_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or can_manage(_actor(request), obj.pk))

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        return _actor(request).is_superuser

    def get_inlines(
        self, request: HttpRequest, obj: Organisation | None
    ) -> list[type[InlineModelAdmin[Any, Any]]]:
        return [MembershipInline] if obj else []

    def get_fields(self, request: HttpRequest, obj: Organisation | None = None) -> Any:
        return super().get_fields(request, obj) if obj else ["name", "name_policy", "owner"]

    def get_form(
        self,
        request: HttpRequest,
        obj: Organisation | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        return super().get_form(
            request, obj, change, **({} if obj else {"form": OrganisationAddForm}), **kwargs
        )

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        founded = operations.create_organisation(
            name=obj.name,
            owner=form.cleaned_data["owner"],
            name_policy=NamePolicy(obj.name_policy),
        )
        obj.pk, obj.slug = founded.pk, founded.slug

    @admin.display(description="members", ordering="member_count")
    def members(self, organisation: Any) -> int:
        return int(organisation.member_count)


@admin.register(Membership)
class MembershipAdmin(RefusalsAsMessagesMixin, admin.ModelAdmin[Membership]):
    form = MembershipForm
    list_display = ["user", "organisation", "role", "created_at"]
    list_filter = ["role", "created_at"]
    list_select_related = ["user", "organisation"]
    search_fields = ["user__username", "user__email", "organisation__name", "organisation__slug"]
    autocomplete_fields = ["user", "organisation"]
    fields = ["user", "organisation", "role", "created_at"]
    readonly_fields = ["created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return _visible_memberships(super().get_queryset(request), request)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        _save_membership(obj, request)

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        _remove_membership(obj, request)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset.select_related("user", "organisation"):
            _remove_membership(membership, request)


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "Open"), ("ended", "Ended")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[DeviceSession]
    ) -> QuerySet[DeviceSession]:
        if self.value() is None:
            return queryset
        is_open = DeviceSession.objects.open_at(timezone.now()).values("pk")
        if self.value() == "open":
            return queryset.filter(pk__in=is_open)
        return queryset.exclude(pk__in=is_open)


@admin.register(DeviceSession)
class DeviceSessionAdmin(RefusalsAsMessagesMixin, admin.ModelAdmin[DeviceSession]):
    list_display = ["user", "device_name", "address", "created_at", "last_seen_at", "is_open"]
    list_filter = [StateFilter, "last_seen_at", "created_at"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__email", "device_name", "address"]
    date_hierarchy = "last_seen_at"
    actions = ["end"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: DeviceSession | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: DeviceSession | None = None) -> bool:
        return False

    def has_end_permission(self, request: HttpRequest) -> bool:
        return _actor(request).has_perm("accounts.change_devicesession")

    @admin.display(description="open", boolean=True)
    def is_open(self, session: DeviceSession) -> bool:
        return session.is_open(timezone.now())

    @admin.action(description="Sign these devices out", permissions=["end"])
    def end(self, request: HttpRequest, sessions: QuerySet[DeviceSession]) -> None:
        chosen = list(sessions)
        ended = operations.end_sessions(sessions=chosen, actor=_actor(request))
        for session in chosen:
            self.log_change(request, session, "Signed out by staff.")
        devices = ngettext("device", "devices", ended)
        self.message_user(request, f"Signed out {ended} {devices}.", messages.SUCCESS)
