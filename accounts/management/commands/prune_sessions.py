from argparse import ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts.operations import prune_sessions


class Command(BaseCommand):
    help = (
        "Delete sessions that ended or expired long ago, and likewise mailed links and "
        "invitations. Nobody is signed out by it. Meant to run every night."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--days",
            type=_days,
            default=30,
            help="Keep what has been over for less than so many days; 30 without it.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        before = timezone.now() - timedelta(days=options["days"])
        on_progress = self._say_progress if options["verbosity"] > 1 else _say_nothing
        pruned = prune_sessions(before=before, on_progress=on_progress)
        self.stdout.write(
            self.style.SUCCESS(
                f"Deleted {_count(pruned.sessions, 'session')}, "
                f"{_count(pruned.email_tokens, 'mailed link')} and "
                f"{_count(pruned.invitations, 'invitation')}."
            )
        )

    def _say_progress(self, deleted: int) -> None:
        self.stdout.write(f"{deleted} so far ...")


def _say_nothing(_deleted: int) -> None: ...


def _count(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 36_500:
        raise ArgumentTypeError("a whole number of days, at least 1")
    return int(text)
