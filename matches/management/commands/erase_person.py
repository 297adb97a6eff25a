from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import LastOwnerError
from accounts.models import User
from accounts.operations import erase_user
from accounts.queries.personal_data import Rows, counts_of, owned_rows, references_to
from core.errors import DomainError
from matches.management.people import WHO_HELP, person_called
from matches.models import Player
from matches.operations.erasing import erase_player
from matches.queries.personal_data import KEPT, events_about


class Command(BaseCommand):
    help = (
        "Erase a person for good. Of an account nothing is left; what it logged stays with the "
        "match, without its name. A player's row stays, without a word about who it was, so that "
        "scores, line-ups and feeds stand. Backups made before still hold the person."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("who", help=WHO_HELP)
        parser.add_argument(
            "--no-input",
            action="store_false",
            dest="is_asked",
            help="Erase without asking for the name to be typed.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        person = person_called(options["who"])
        self._show(person)
        if options["is_asked"]:
            _confirm(person)
        try:
            _erase(person)
        except LastOwnerError as error:
            names = ", ".join(one["name"] for one in error.details["organisations"])
            raise CommandError(
                f"{error.message} Make somebody else an owner of: {names}."
            ) from error
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(self.style.SUCCESS("Erased."))

    def _show(self, person: User | Player) -> None:
        self.stdout.write(f"{person._meta.verbose_name} {person} ({person.pk})")
        owned = owned_rows(person)
        if isinstance(person, Player):
            self.stdout.write(f"Loses texts: {events_about(person).count()} events.")
            kept = {model: rows for model, rows in owned.items() if model in KEPT}
            self._list("Stays without a name", kept, person)
            owned = {model: rows for model, rows in owned.items() if model not in KEPT}
        self._list("Goes", owned, person)
        for name, keys in references_to(owned).items():
            self.stdout.write(f"Stays without the person: {len(keys)} by {name}")

    def _list(self, title: str, owned: Rows, person: User | Player) -> None:
        for kind, count in counts_of(owned, person).items():
            self.stdout.write(f"{title}: {count} {kind.replace('_', ' ')}")


def _confirm(person: User | Player) -> None:
    name = str(person)
    try:
        typed = input(f"Type {name} to erase this person: ")
    except EOFError:
        typed = ""
    if typed != name:
        raise CommandError("Nothing was erased.")


def _erase(person: User | Player) -> None:
    if isinstance(person, User):
        erase_user(user=person)
    else:
        erase_player(player=person)
