"""What every row that belongs to an organisation shares: who may see it."""

from __future__ import annotations

from typing import Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import Organisation, User

Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class OwnedQuerySet(models.QuerySet[Row_co]):
    """`owner_path` is the lookup path from the row to its organisation."""

    owner_path = "organisation"

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The rows of the organisations the user belongs to; superusers see all."""
        if user.is_superuser:
            return self
        # A subquery rather than a join, so that no row appears twice and counts stay right.
        mine = Organisation.objects.visible_to(user).values("pk")
        return self.filter(**{f"{self.owner_path}__in": mine})
