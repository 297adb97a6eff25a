"""A club with a live match, and the two servers to measure: Touchline and the bare one."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from socket import create_server
from urllib.request import urlopen

from django.core.management import call_command
from django.utils import timezone

from accounts.operations import create_organisation, create_user, sign_in
from core.ids import uuid7
from matches.models import Format, Match
from matches.operations.events import record_event
from matches.operations.lifecycle import start_match
from matches.operations.matches import create_match
from matches.operations.roster import create_team
from matches.operations.sharing import create_share_link, exchange_share_token
from matches.rules.events import EventDraft
from matches.rules.kinds import EventKind

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "only-on-this-machine-and-only-now"  # noqa: S105 - in a database that is thrown away


@dataclass(frozen=True)
class Paths:
    """Where to log, to read and to watch one match."""

    events: str
    live: str
    socket: str
    viewer_token: str


@dataclass(frozen=True)
class World:
    team_id: str
    scorer_token: str
    # Read only, with as many events as a match has by half-time.
    halfway: Paths
    # One for each round, so that no round logs to a longer match than another.
    fresh: list[Paths]


class Club:
    def __init__(self) -> None:
        self.scorer = create_user(username="scorer", email="scorer@example.org", password=PASSWORD)
        self.club = create_organisation(name="Benchmark", owner=self.scorer)
        self.home, self.away = (
            create_team(actor=self.scorer, organisation=self.club, name=name)
            for name in ("Home", "Away")
        )

    def start_match(self) -> Match:
        match = create_match(
            actor=self.scorer,
            organisation=self.club,
            home_team=self.home,
            away_team=self.away,
            format=Format.objects.order_by("name").first(),
            kickoff_at=timezone.now() - timedelta(minutes=1),
        )
        return start_match(match=match, actor=self.scorer)

    def log(self, match: Match, count: int) -> None:
        for number in range(count):
            draft = EventDraft(
                id=uuid7(),
                kind=EventKind.SHOT,
                period=1,
                clock_ms=number * 60_000,
                team_id=self.home.pk,
            )
            record_event(match=match, actor=self.scorer, event=draft)

    def paths(self, match: Match) -> Paths:
        token = create_share_link(match=match, actor=self.scorer).token
        return Paths(
            events=f"/api/v1/matches/{match.pk}/events",
            live=f"/api/v1/matches/{match.pk}/live",
            socket=f"/ws/match/{match.pk}/share",
            viewer_token=exchange_share_token(token).viewer_token,
        )


def build_world(rounds: int) -> World:
    call_command("migrate", interactive=False, verbosity=0)
    club = Club()
    halfway = club.start_match()
    club.log(halfway, 40)
    return World(
        team_id=str(club.home.pk),
        scorer_token=sign_in(identifier="scorer", password=PASSWORD).access_token,
        halfway=club.paths(halfway),
        fresh=[club.paths(club.start_match()) for _ in range(rounds)],
    )


def free_port() -> int:
    with closing(create_server(("127.0.0.1", 0))) as probe:
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(arguments: list[str], port: int) -> Iterator[None]:
    """A server in a process of its own, from its first answer until it is no longer needed."""
    process = subprocess.Popen(  # noqa: S603 - our own commands
        [sys.executable, *arguments, str(port)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/health/live", timeout=1):
            return
        time.sleep(0.05)
    raise SystemExit("A server to measure did not start.")
