"""How people sign in to Django admin: with the names, and the limits, of the API."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import User
from accounts.operations import verify_password
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
        return user if self.user_can_authenticate(user) else None
