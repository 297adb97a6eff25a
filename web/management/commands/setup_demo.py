from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from web import demo
from web.demo_setup import set_up_demo


class Command(BaseCommand):
    help = (
        "Put the demo into the database: a club, a sign-in that everybody knows, the World Cup "
        "final of 2022 and a match to log oneself. Running it again completes what is missing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--force", action="store_true", help="Also outside development, for a rehearsal."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IS_DEVELOPMENT and not options["force"]:
            raise CommandError(
                f"The demo's password is public, and ENVIRONMENT is {settings.ENVIRONMENT!r}. "
                "Use --force if this server is a rehearsal."
            )
        made = set_up_demo()
        self.stdout.write(
            f"{made.source} is in the organisation {demo.DEMO_ORGANISATION}.\n"
            f"Sign in as {demo.DEMO_USERNAME} with {demo.DEMO_PASSWORD}.\n"
            f"Play it live: manage.py replay_match {made.source.pk} --speed 60 "
            "(while no `make run` does)\n"
            f"Viewers follow at /w#{made.replay_token}"
        )
