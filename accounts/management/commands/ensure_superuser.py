from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.errors import SuperuserUnsetError
from accounts.operations import ensure_superuser
from core.errors import DomainError


class Command(BaseCommand):
    help = (
        "Create the first superuser from FIRST_SUPERUSER_EMAIL and FIRST_SUPERUSER_PASSWORD. "
        "Does nothing when there is a superuser already, so it may run at every start; it never "
        "changes a password. Outside development a weak password is refused."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user, created = ensure_superuser()
        except SuperuserUnsetError as error:
            self._say_unset(error.details["missing"])
            return
        except DomainError as error:
            reasons = " ".join([error.message, *error.details.get("password", [])])
            raise CommandError(reasons) from error
        if created:
            self.stdout.write(self.style.SUCCESS(f"Created the superuser {user.username}."))
        else:
            self.stdout.write(f"There is a superuser already: {user.username}.")

    def _say_unset(self, missing: list[str]) -> None:
        if len(missing) == 1:
            raise CommandError(f"{missing[0]} is not set; it takes both to create a superuser.")
        self.stdout.write(
            self.style.WARNING(
                f"No superuser was created: {' and '.join(missing)} are not set. "
                "Set both and run this again, or use `manage.py createsuperuser`."
            )
        )
