from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import AlreadyMemberError
from accounts.models import Membership, Organisation, Role, User
from accounts.operations import add_member, change_role
from accounts.queries import user_named
from core.errors import DomainError


class Command(BaseCommand):
    help = "Make somebody a member of an organisation, or give a member another role."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="Username or e-mail address.")
        parser.add_argument("organisation", help="Slug or id.")
        parser.add_argument(
            "role",
            choices=Role.values,
            help="owner: everything; admin: members, teams, matches; scorer: logs matches; "
            "member: reads.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = user_named(options["user"])
        if user is None:
            raise CommandError(f"Nobody has the username or e-mail address {options['user']!r}.")
        organisation = _organisation(options["organisation"])
        try:
            membership = _grant(organisation, user, Role(options["role"]))
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(
            self.style.SUCCESS(f"{user.username} is {membership.role} of {organisation.name}.")
        )


def _grant(organisation: Organisation, user: User, role: Role) -> Membership:
    try:
        return add_member(organisation=organisation, user=user, role=role)
    except AlreadyMemberError:
        return change_role(organisation=organisation, user=user, role=role)


def _organisation(slug_or_id: str) -> Organisation:
    organisation = Organisation.objects.filter(slug=slug_or_id).first()
    if organisation is None and (pk := _uuid(slug_or_id)):
        organisation = Organisation.objects.filter(pk=pk).first()
    if organisation is None:
        known = ", ".join(Organisation.objects.values_list("slug", flat=True)[:10])
        hint = f"Some there are: {known}." if known else "There is none yet: create_organisation."
        raise CommandError(f"No organisation has the slug or id {slug_or_id!r}. {hint}")
    return organisation


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
