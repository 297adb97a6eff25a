from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rest_framework.serializers import ValidationError

from accounts.models import NamePolicy
from accounts.operations import create_organisation
from accounts.queries import user_named
from core.api.fields import NameField
from core.errors import DomainError


class Command(BaseCommand):
    help = "Found an organisation (a club, a school, a league) and make somebody its owner."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help='What it is called, for example "Riverside Juniors".')
        parser.add_argument("--owner", required=True, help="Username or e-mail address.")
        parser.add_argument(
            "--name-policy",
            choices=NamePolicy.values,
            default=NamePolicy.NUMBER,
            help="The most that viewers on a shared link learn of a player's name "
            "(default: %(default)s).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name = _checked(options["name"])
        owner = user_named(options["owner"])
        if owner is None:
            raise CommandError(f"Nobody has the username or e-mail address {options['owner']!r}.")
        try:
            organisation = create_organisation(
                name=name, owner=owner, name_policy=NamePolicy(options["name_policy"])
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(
            self.style.SUCCESS(f"Founded {organisation.name}, owned by {owner.username}.")
        )
        self.stdout.write(f"slug: {organisation.slug}\nid:   {organisation.pk}")


def _checked(name: str) -> str:
    """As the API takes it."""
    if not 1 <= len(name.strip()) <= 120:
        raise CommandError("The name of an organisation has 1 to 120 characters.")
    try:
        return str(NameField(max_length=120).run_validation(name))
    except ValidationError as error:
        raise CommandError(" ".join(map(str, error.detail))) from error
