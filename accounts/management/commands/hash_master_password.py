import sys
from getpass import getpass
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

# Longer than a person's: it is shared, has no second name to guess, and is never typed on a phone.
MIN_LENGTH: Final = 16
MAX_LENGTH: Final = 1024


class Command(BaseCommand):
    help = (
        "Print the line for .env that opens the graphics dashboard with a master password. It is "
        "asked for twice, or read from standard input (`... < file`); never give it as an "
        "argument, which other people of the machine can see. The quotes keep docker compose from "
        "reading the dollar signs; leave them out for `docker run --env-file`, which would take "
        "them for a part of the hash."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        password = self._asked() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
        _refuse_weak(password)
        self.stdout.write(f"MASTER_PASSWORD_HASH='{make_password(password)}'")

    def _asked(self) -> str:
        password = getpass("Master password: ")
        if getpass("Again: ") != password:
            raise CommandError("The two are not the same.")
        return password


def _refuse_weak(password: str) -> None:
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise CommandError(
            f"A master password has {MIN_LENGTH} to {MAX_LENGTH} characters; this has "
            f"{len(password)}."
        )
    if len(set(password)) < MIN_LENGTH // 2:
        raise CommandError("This password repeats the same few characters.")
    try:
        validate_password(password)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
