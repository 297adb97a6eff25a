"""What other packages put into the admin and only superusers may see."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from accounts.admin.by_role import SuperuserOnlyMixin

admin.site.unregister([Group, DBTaskResult])


@admin.register(Group)
class GroupAdmin(SuperuserOnlyMixin[Group], DjangoGroupAdmin):
    # Whoever may write groups could give themselves any permission.
    pass


@admin.register(DBTaskResult)
class TaskResultAdmin(SuperuserOnlyMixin[Any], DBTaskResultAdmin):
    """Shows what the worker did and why it failed; the package itself lets nobody write."""
