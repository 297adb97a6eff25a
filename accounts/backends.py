"""How people sign in to Django admin, with the names and the limits of the API, and what their
roles open there."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest

from accounts import rights
from accounts.models import User
from accounts.operations import record_audit, verify_password
from core.api.address import client_address
from core.errors import DomainError


class NameBackend(ModelBackend):
    """Accepts the username or the e-mail address, in any case."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if not username or password is None:
            return None
        address = client_address(request) if request else ""
        try:
            user = verify_password(identifier=username, password=password, address=address)
        except DomainError as error:
            # Ends the search through the backends; the form says that the sign-in has failed.
            raise PermissionDenied(error.message) from error
        if not self.user_can_authenticate(user):
            return None
        if user.is_staff:
            # Others are turned away by the form: there is nothing here for them.
            record_audit(action="signed_in", actor=user, target="admin")
        return user

    def get_all_permissions(
        self, user_obj: User | AnonymousUser, obj: Model | None = None
    ) -> set[str]:
        """What was given to the person by name or group, and what their roles open."""
        given = super().get_all_permissions(user_obj, obj)
        if obj is not None or not isinstance(user_obj, User) or user_obj.is_superuser:
            return given
        # Kept with the person for the length of a request, as Django keeps what was given.
        kept: dict[str, frozenset[str]] = vars(user_obj)
        if "_role_permissions" not in kept:
            kept["_role_permissions"] = rights.permissions_of(user_obj)
        return given | kept["_role_permissions"]
