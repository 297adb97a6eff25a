import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from rich.console import Console
from rich.progress import track

from accounts.models import Organisation, User
from core.errors import DomainError
from matches.files.errors import FileError
from matches.files.reading import Row, read_file
from matches.files.worldcup import read_squads
from matches.management.options import chosen_actor, chosen_organisation
from matches.operations.imports import ImportOutcome, import_match

FAILED = "failed"


class Command(BaseCommand):
    help = (
        "Store the matches of a JSON file: our own format (docs/match-format.md), football.json "
        "of openfootball, or match reports with line-ups. Each match is stored whole or not at "
        "all, and reading the same file again changes nothing. The exit code is 1 when a match "
        "could not be stored."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="The JSON file.")
        parser.add_argument(
            "--organisation", metavar="SLUG", help="Whose matches; may be left out if only one."
        )
        parser.add_argument(
            "--as", dest="actor", metavar="USERNAME", help="Who stores them (default: a superuser)."
        )
        parser.add_argument(
            "--squads", type=Path, metavar="PATH", help="Numbers and birth dates for match reports."
        )
        parser.add_argument(
            "--timezone",
            default="UTC",
            metavar="ZONE",
            help="Of times that name no zone, like Europe/London (default: %(default)s).",
        )
        parser.add_argument("--dry-run", action="store_true", help="Try everything, store nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = chosen_actor(options["actor"])
        organisation = chosen_organisation(options["organisation"])
        try:
            rows = list(self._read(options))
        except FileError as error:
            raise CommandError(f"{options['path']}: {error}") from error
        counts: Counter[str] = Counter()
        console = Console(stderr=True)
        for row in track(
            rows,
            description="Importing",
            console=console,
            transient=True,
            disable=not console.is_terminal,
        ):
            outcome, problem = _store(row, actor, organisation, is_trial=options["dry_run"])
            counts[outcome] += 1
            if problem:
                self.stderr.write(f"match {row.number}, {row.label}: {problem}")
        self._sum_up(counts, is_trial=options["dry_run"])

    def _read(self, options: dict[str, Any]) -> Iterator[Row]:
        try:
            zone = ZoneInfo(options["timezone"])
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise CommandError(
                f"{options['timezone']!r} is no time zone; use one like Europe/London."
            ) from error
        squads = options["squads"]
        known = read_squads(_load(squads)) if squads else None
        return read_file(_load(options["path"]), zone=zone, known_players=known)

    def _sum_up(self, counts: Counter[str], *, is_trial: bool) -> None:
        figures = ", ".join(f"{counts[outcome]} {outcome}" for outcome in (*ImportOutcome, FAILED))
        trial = " Nothing was stored: this was a dry run." if is_trial else ""
        matches = "1 match" if counts.total() == 1 else f"{counts.total()} matches"
        self.stdout.write(f"{matches}: {figures}.{trial}")
        if counts[FAILED]:
            raise CommandError(
                f"{counts[FAILED]} of {counts.total()} matches could not be imported; put them "
                "right and run this again."
            )


def _store(row: Row, actor: User, organisation: Organisation, *, is_trial: bool) -> tuple[str, str]:
    """What became of one match, and what is wrong with it if it failed."""
    if row.draft is None:
        return FAILED, row.problem
    try:
        with transaction.atomic():
            result = import_match(actor=actor, organisation=organisation, draft=row.draft)
            transaction.set_rollback(is_trial)
    except DomainError as error:
        reasons = [f"{field}: {reason}" for field, reason in error.details.items()]
        return FAILED, " ".join([error.message, *reasons])
    return result.outcome, ""


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{path} is no JSON: {error}.") from error
