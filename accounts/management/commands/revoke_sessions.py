from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import DeviceSession
from accounts.models.sessions import DeviceSessionQuerySet
from accounts.operations import end_sessions
from accounts.queries import user_named


class Command(BaseCommand):
    help = (
        "Sign devices out at once: their tokens are refused, their sockets close within seconds. "
        "Passwords stay as they are, so whoever knows one can sign in again. A sign-in to the "
        "admin is a session of its own: disabling the account or changing its password ends it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        chosen = parser.add_mutually_exclusive_group(required=True)
        chosen.add_argument("--user", help="All devices of one person: username or e-mail address.")
        chosen.add_argument("--session", help="One device, by the id that list_sessions shows.")
        chosen.add_argument(
            "--master", action="store_true", help="What was opened with the master password."
        )
        chosen.add_argument("--all", action="store_true", help="Everybody, everywhere.")
        parser.add_argument(
            "--no-input", action="store_true", help="Do not ask for confirmation.", dest="no_input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        sessions = list(_chosen(options).open_at(timezone.now()).select_related("user"))
        if not sessions:
            self.stdout.write("Nothing to do: no such session is open.")
            return
        if not options["no_input"] and not self._is_meant(len(sessions)):
            raise CommandError("Nothing was ended.")
        ended = end_sessions(sessions=sessions)
        self.stdout.write(self.style.SUCCESS(f"Ended {_count(ended)}."))

    def _is_meant(self, count: int) -> bool:
        self.stdout.write(f"This ends {_count(count)}.")
        try:
            return input("Go on? [y/N] ").strip().lower() in {"y", "yes"}
        except EOFError:
            raise CommandError("Nobody to ask: say --no-input when it is meant.") from None


def _chosen(options: dict[str, Any]) -> DeviceSessionQuerySet:
    sessions = DeviceSession.objects.all()
    if options["all"]:
        return sessions
    if options["master"]:
        return sessions.filter(user=None)
    if options["session"]:
        return sessions.filter(pk=_session_id(options["session"]))
    user = user_named(options["user"])
    if user is None:
        raise CommandError(f"Nobody has the username or e-mail address {options['user']!r}.")
    return sessions.filter(user=user)


def _session_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise CommandError(f"{text!r} is no id of a session; list_sessions shows them.") from None


def _count(number: int) -> str:
    return "1 session" if number == 1 else f"{number} sessions"
