import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import DeviceSession
from accounts.models.sessions import DeviceSessionQuerySet
from accounts.queries import user_named

COLUMNS = ("id", "who", "device", "address", "last seen", "state")


class Command(BaseCommand):
    help = (
        "Show who is signed in on which device. Ids may be given to revoke_sessions. Sessions of "
        "the graphics dashboard belong to nobody and are shown as `master`."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "user", nargs="?", help="Username or e-mail address; everybody's sessions without it."
        )
        parser.add_argument(
            "--all", action="store_true", help="Ended sessions, too, as far as they are kept."
        )
        parser.add_argument("--json", action="store_true", help="One JSON list, for programs.")

    def handle(self, *args: Any, **options: Any) -> None:
        sessions = _chosen(options["user"]).select_related("user").order_by("-last_seen_at", "pk")
        if not options["all"]:
            sessions = sessions.open_at(timezone.now())
        rows = [_row(session) for session in sessions.iterator()]
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=2))
        elif rows:
            self._write_table([[row[column] for column in COLUMNS] for row in rows])
        else:
            self.stdout.write("Nobody is signed in." if not options["user"] else "No sessions.")

    def _write_table(self, rows: list[list[str]]) -> None:
        table = [list(COLUMNS), *rows]
        widths = [max(len(row[place]) for row in table) for place in range(len(COLUMNS))]
        for row in table:
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
            self.stdout.write("  ".join(cells).rstrip())


def _chosen(identifier: str | None) -> DeviceSessionQuerySet:
    if identifier is None:
        return DeviceSession.objects.all()
    user = user_named(identifier)
    if user is None:
        raise CommandError(f"Nobody has the username or e-mail address {identifier!r}.")
    return DeviceSession.objects.filter(user=user)


def _row(session: DeviceSession) -> dict[str, str]:
    return {
        "id": str(session.pk),
        "who": session.user.username if session.user else "master",
        "device": session.device_name,
        "address": session.address or "",
        "last seen": f"{session.last_seen_at:%Y-%m-%d %H:%M}",
        "state": _state(session),
    }


def _state(session: DeviceSession) -> str:
    now = timezone.now()
    if session.is_open(now):
        return "open"
    if session.revoked_at is not None:
        return "ended"
    # Neither ended nor expired: its user is disabled, or the master password is another.
    return "expired" if session.expires_at <= now else "shut out"
