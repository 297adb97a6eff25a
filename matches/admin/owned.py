"""What the admin pages of an organisation's rows share: who sees them, and who writes them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar, cast

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from accounts.admin.by_role import ReadOnlyMixin, RoleAdmin, VisibleChoicesMixin
from accounts.models import User
from core.errors import DomainError
from matches.models.owned import OwnedQuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Operations(Generic[Row]):
    """The writers: `create(actor, **fields)`, `update(row, actor, changes)`, `delete(row, actor)`.

    Each refuses by a DomainError, which the page tells.
    """

    create: Callable[..., Row]
    update: Callable[..., Row]
    delete: Callable[..., None]


def acting_user(request: HttpRequest) -> User:
    """The signed-in member of staff; admin lets nobody else in."""
    return cast("User", request.user)


def of_mine(field: str) -> tuple[str, type[admin.FieldListFilter]]:
    """A filter that offers what the visible rows have; Django's own would name every club."""
    return field, admin.RelatedOnlyFieldListFilter


class OwnedAdmin(RoleAdmin[Row]):
    """Staff see the rows of their organisations, superusers all."""

    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        rows = cast("OwnedQuerySet[Row]", super().get_queryset(request))
        return rows.visible_to(acting_user(request))

    def has_score_permission(self, request: HttpRequest) -> bool:
        """For the actions of those who run a match; which match, the operation decides."""
        return acting_user(request).has_perm(f"{self.opts.app_label}.score_{self.opts.model_name}")

    def run_for_each(
        self,
        request: HttpRequest,
        rows: Iterable[Row],
        operation: Callable[[Row], Any],
        done: str,
    ) -> None:
        """Call `operation` for each row and tell how it went; a refusal stops no other row."""
        succeeded = 0
        for row in rows:
            try:
                operation(row)
            except DomainError as error:
                self._tell(request, error, about=f"{row}: ")
            else:
                succeeded += 1
        if succeeded:
            self.message_user(request, f"{done}: {succeeded}", messages.SUCCESS)

    def _tell(self, request: HttpRequest, error: DomainError, about: str = "") -> None:
        reasons = [
            f"{name}: {' '.join(map(str, problems))}"
            for name, problems in error.details.items()
            if isinstance(problems, list)
        ]
        text = " ".join([f"{about}{error.message}", *reasons])
        self.message_user(request, text, messages.ERROR)


class EditedAdmin(OwnedAdmin[Row]):
    """Rows that staff add, change and delete by hand, through operations."""

    operations: ClassVar[Operations[Any]]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Row | None = None
    ) -> list[Any] | tuple[Any, ...]:
        readonly = super().get_readonly_fields(request, obj)
        # A row never moves to another organisation: what hangs on it would move with it.
        return [*readonly, "organisation"] if obj else readonly

    def save_model(self, request: HttpRequest, obj: Row, form: Any, change: bool) -> None:
        actor = acting_user(request)
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        if change:
            stored = self.model._default_manager.get(pk=obj.pk)
            saved = self.operations.update(stored, actor=actor, changes=values)
        else:
            saved = self.operations.create(actor=actor, **form.cleaned_data)
        obj.pk = saved.pk
        obj.refresh_from_db()

    def delete_model(self, request: HttpRequest, obj: Row) -> None:
        self.operations.delete(obj, actor=acting_user(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Row]) -> None:
        actor = acting_user(request)
        self.run_for_each(
            request, queryset, lambda row: self.operations.delete(row, actor=actor), "Deleted"
        )

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A refusal of an operation is told on the page and changes nothing."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DomainError as error:
            self._tell(request, error)
            return HttpResponseRedirect(request.get_full_path())

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().delete_view(request, *args, **kwargs)
        except DomainError as error:
            self._tell(request, error)
            return HttpResponseRedirect(request.get_full_path())


class ReadOnlyInline(ReadOnlyMixin[Any], VisibleChoicesMixin[Any], admin.TabularInline[Any, Any]):
    extra = 0

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields
