from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from realtime import feed


class Command(BaseCommand):
    help = (
        "Make every client start afresh. Run it after a database was restored from a backup: the "
        "feed gives out numbers again that clients have already seen with another content."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--topic", help="Only this topic, for example match.<id>. Default: all topics."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        changed = feed.change_epoch(options["topic"])
        if options["topic"] and not changed:
            raise CommandError(f"Nothing has happened yet in a topic {options['topic']!r}.")
        topics = "topic" if changed == 1 else "topics"
        self.stdout.write(self.style.SUCCESS(f"{changed} {topics} start afresh within seconds."))
