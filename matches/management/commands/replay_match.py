import threading
from collections.abc import Sequence
from contextlib import ExitStack, closing, suppress
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from matches.management.options import chosen_actor
from matches.models import Match
from matches.replaying.local import LocalReplay
from matches.replaying.remote import RemoteRefusalError, RemoteReplay, Server
from matches.replaying.runner import Performer, Playback, Runner


class Command(BaseCommand):
    help = (
        "Log completed matches again, in their own time, as a phone would: here, or through the "
        "HTTP API of a server. A copy is played, so the match itself stays as it is; followers of "
        "the copy see it live. The exit code is 1 when a replay could not be played to its end."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "matches", nargs="+", metavar="ID", help="A match, or `all` that are completed (here)."
        )
        parser.add_argument(
            "--speed",
            type=int,
            default=60,
            help="Seconds of the match in one second, 1 to 3600 (default: %(default)s).",
        )
        parser.add_argument("--loop", action="store_true", help="Start again after the end.")
        parser.add_argument(
            "--as", dest="actor", metavar="USERNAME", help="Who logs (default: a superuser)."
        )
        parser.add_argument("--server", metavar="URL", help="Like https://touchline.example.org")
        token = parser.add_mutually_exclusive_group()
        token.add_argument("--token", help="An access token of that server; it lasts 15 minutes.")
        token.add_argument(
            "--token-file",
            type=Path,
            metavar="PATH",
            help="Where to read the access token, and again when it has expired.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["speed"] <= 3600:
            raise CommandError("--speed takes 1 to 3600.")
        with ExitStack() as open_until_done:
            if options["server"]:
                performers = self._remote(options, open_until_done)
            else:
                performers = self._local(options)
            runner = Runner(
                performers, speed=options["speed"], loop=options["loop"], stop=threading.Event()
            )
            with suppress(KeyboardInterrupt):
                _play(runner)
        self._sum_up(runner.playbacks)

    def _local(self, options: dict[str, Any]) -> list[Performer]:
        if options["token"] or options["token_file"]:
            raise CommandError("A token is for a --server; name the server, or use --as here.")
        actor = chosen_actor(options["actor"])
        return [
            LocalReplay(match, actor=actor, speed=options["speed"])
            for match in _chosen_matches(options["matches"])
        ]

    def _remote(self, options: dict[str, Any], open_until_done: ExitStack) -> list[Performer]:
        if options["actor"]:
            raise CommandError("--as is for replays here; on a --server the token says who logs.")
        token_file, token = options["token_file"], options["token"]
        if not token and not token_file:
            raise CommandError("--server needs --token or --token-file.")
        read_token = partial(_read_token, token_file) if token_file else lambda: token
        try:
            server = Server(options["server"], read_token)
        except RemoteRefusalError as error:
            raise CommandError(error.message) from error
        open_until_done.enter_context(closing(server))
        return [
            RemoteReplay(server, match_id, speed=options["speed"])
            for match_id in _ids(options["matches"])
        ]

    def _sum_up(self, playbacks: Sequence[Playback]) -> None:
        problems = [playback for playback in playbacks if playback.problem]
        for playback in playbacks:
            line = f"{playback.performer.label}: {_score(playback)}"
            if playback.problem:
                self.stderr.write(f"{line}, not played to its end: {playback.problem}")
            else:
                self.stdout.write(line if playback.is_over else f"{line}, stopped")
        if problems:
            raise CommandError(f"{len(problems)} of {len(playbacks)} replays failed.")


def _play(runner: Runner) -> None:
    console = Console(stderr=True)
    if not console.is_terminal:
        runner.run()
        return
    columns = (
        TextColumn("{task.description}"),
        TextColumn("[bold]{task.fields[score]}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[problem]}"),
    )
    with Progress(*columns, console=console) as progress:
        tasks = [progress.add_task("", total=1.0, score="", problem="") for _ in runner.playbacks]

        def show(playbacks: Sequence[Playback]) -> None:
            for task, playback in zip(tasks, playbacks, strict=True):
                progress.update(
                    task,
                    description=playback.performer.label,
                    completed=playback.progress,
                    score=_score(playback),
                    problem=playback.problem,
                )

        runner.run(watch=show)


def _score(playback: Playback) -> str:
    score = playback.score
    text = f"{score.home}-{score.away}"
    if score.shootout_home or score.shootout_away:
        text += f" ({score.shootout_home}-{score.shootout_away} p)"
    return text


def _chosen_matches(wanted: Sequence[str]) -> list[Match]:
    played = Match.objects.with_teams().filter(replay_of=None).order_by("kickoff_at", "pk")
    if list(wanted) == ["all"]:
        matches = list(played.filter(status="completed"))
        if not matches:
            raise CommandError("No match is completed yet: `manage.py import_matches PATH`.")
        return matches
    ids = _ids(wanted)
    found = {match.pk: match for match in Match.objects.with_teams().filter(pk__in=ids)}
    if missing := [str(match_id) for match_id in ids if match_id not in found]:
        raise CommandError(f"There is no match {', '.join(missing)}.")
    return [found[match_id] for match_id in ids]


def _ids(wanted: Sequence[str]) -> list[UUID]:
    try:
        return [UUID(value) for value in dict.fromkeys(wanted)]
    except ValueError as error:
        raise CommandError("Give the id of a match, as its address in the admin has it.") from error


def _read_token(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        raise RemoteRefusalError(f"{path} cannot be read: {error}.") from error
