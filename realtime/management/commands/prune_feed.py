from argparse import ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from realtime import feed


class Command(BaseCommand):
    help = (
        "Delete old entries of the feed. Nothing that is shown depends on them: a client that was "
        "away for so long starts from a snapshot. Meant to run every night."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--days", type=_days, required=True, help="Keep what is younger than so many days."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        deleted = feed.prune(before=timezone.now() - timedelta(days=options["days"]))
        entries = "entry" if deleted == 1 else "entries"
        self.stdout.write(self.style.SUCCESS(f"Deleted {deleted} {entries}."))


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 36_500:
        raise ArgumentTypeError("a whole number of days, at least 1")
    return int(text)
