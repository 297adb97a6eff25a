import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from accounts.models import User
from accounts.operations import export_user
from matches.management.people import WHO_HELP, person_called
from matches.operations.exporting import export_player


class Command(BaseCommand):
    help = (
        "Write one JSON document with all data of a person. `person` is the row of the account or "
        "player; `rows` are all rows of any app that go when the person goes, by model, whole; "
        "`references` are rows that belong to others and point to the person, as count and ids by "
        "model and field; `mentions` are others' rows that tell of the person: the audit trail, "
        "the admin's log, invitations, background tasks, sessions of the admin, and for a player "
        "events with their history. Passwords, tokens and their hashes are left out. Two exports "
        "of the same data are the same but for the trail, in which each export is noted."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("who", help=WHO_HELP)
        parser.add_argument(
            "--output",
            type=Path,
            metavar="FILE",
            help="A new file, readable for you alone (default: standard output).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        person = person_called(options["who"])
        if options["output"] and options["output"].exists():
            raise CommandError(f"{options['output']} exists already.")
        if isinstance(person, User):
            document = export_user(user=person)
        else:
            document = export_player(player=person)
        text = json.dumps(
            document, cls=DjangoJSONEncoder, indent=2, sort_keys=True, ensure_ascii=False
        )
        if options["output"]:
            _write(options["output"], f"{text}\n")
        else:
            self.stdout.write(text)


def _write(path: Path, text: str) -> None:
    try:
        # Nobody else of the machine may read it, from the first byte on.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
