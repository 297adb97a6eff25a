"""One match through every kind of feed entry, by the operations a phone calls."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.models import NamePolicy, User
from matches.models import Match, Team
from matches.operations import lifecycle
from matches.operations.events import edit_event, void_event
from matches.operations.lineups import LineupDraft, set_lineup
from matches.operations.matches import update_match
from matches.queries import live
from matches.rules.kinds import EventKind, LineupRole, Outcome
from realtime import feed
from tests import factories
from tests.matches.builders import build_manager, log, minutes

PUBLIC = live.audience_of(NamePolicy.NUMBER)


@dataclass
class Played:
    """`snapshots` has the public snapshot after each step, as a frame of a socket would."""

    match: Match
    actor: User
    snapshots: list[dict[str, Any]] = field(default_factory=list)

    def step(self, act: Callable[[], Any]) -> Any:
        result = act()
        self.snapshots.append(self.snapshot())
        return result

    def snapshot(self) -> dict[str, Any]:
        taken = live.snapshot(self.match.topic, PUBLIC)
        return {"epoch": taken.epoch, "seq": taken.seq, "data": taken.data}

    def entries(self, since: int) -> list[dict[str, Any]]:
        """The frames that a viewer gets after `since`."""
        frames = []
        for entry in feed.entries(self.match.topic, since=since, limit=1000):
            frame = {"type": entry.kind, "seq": entry.seq, "data": entry.public_payload}
            frames.append({"type": "skip", "seq": entry.seq} if frame["data"] is None else frame)
        return frames


def lineup_of(match: Match, team: Team) -> list[LineupDraft]:
    """Eleven starters in a 4-3-3 and three on the bench, all in the squad."""
    lines = ["GK", *["DF"] * 4, *["MF"] * 3, *["FW"] * 3]
    drafts = []
    for number, position in enumerate([*lines, "", "", ""], start=1):
        player = factories.build_player(team, number=number)
        role = LineupRole.STARTER if number <= len(lines) else LineupRole.BENCH
        drafts.append(
            LineupDraft(
                player_id=player.pk,
                number=number,
                role=role,
                position=position,
                is_captain=number == 10,
            )
        )
    return drafts


def play() -> Played:
    """To 2-2 after extra time, 1-0 on penalties: edits, deletions and hidden events on the way."""
    match = factories.build_match(competition="U14 Cup", round="Final")
    played = Played(match=match, actor=build_manager(match))
    lineups = {team.pk: lineup_of(match, team) for team in (match.home_team, match.away_team)}
    for team in (match.home_team, match.away_team):
        played.step(
            lambda team=team: set_lineup(
                match=match, actor=played.actor, team=team, players=lineups[team.pk]
            )
        )
    home, away = ([row.player_id for row in rows] for rows in lineups.values())
    _first_half(played, home, away)
    _second_half(played, away)
    _extra_time_and_penalties(played, home)
    return played


def _first_half(played: Played, home: list, away: list) -> None:
    match, actor, step = played.match, played.actor, played.step
    step(lambda: lifecycle.start_match(match=match, actor=actor, at=minutes(0)))
    goal = step(lambda: log(match, actor, player_id=home[9], clock_ms=600_000))
    step(
        lambda: log(
            match,
            actor,
            EventKind.ASSIST,
            player_id=home[8],
            clock_ms=600_000,
            linked_event_id=goal.pk,
        )
    )
    step(lambda: log(match, actor, EventKind.NOTE, notes="rain"))
    step(lambda: log(match, actor, EventKind.FOUL, clock_ms=None))
    own = step(lambda: log(match, actor, EventKind.OWN_GOAL, player_id=home[3], clock_ms=900_000))
    penalty = step(
        lambda: log(
            match, actor, EventKind.PENALTY, team=match.away_team, player_id=away[9],
            clock_ms=300_000, outcome=Outcome.AWARDED,
        )
    )  # fmt: skip
    changes = {"outcome": Outcome.SCORED}
    step(lambda: edit_event(event=penalty, actor=actor, changes=changes, base_version=None))
    step(lambda: void_event(event=own, actor=actor, base_version=None))
    step(lambda: lifecycle.pause_match(match=match, actor=actor, at=minutes(20)))
    step(lambda: lifecycle.resume_match(match=match, actor=actor, at=minutes(24)))
    step(lambda: lifecycle.end_period(match=match, actor=actor, at=minutes(49)))


def _second_half(played: Played, away: list) -> None:
    match, actor, step = played.match, played.actor, played.step
    step(lambda: lifecycle.start_period(match=match, actor=actor, at=minutes(60)))
    step(
        lambda: log(
            match, actor, EventKind.SUBSTITUTION, team=match.away_team, period=2,
            player_off_id=away[9], player_on_id=away[11],
        )
    )  # fmt: skip
    step(
        lambda: log(
            match, actor, EventKind.RED_CARD, team=match.away_team, period=2, player_id=away[2]
        )
    )
    changes = {"venue": "Sports ground"}
    step(lambda: update_match(match=match, actor=actor, changes=changes, base_version=None))
    step(lambda: lifecycle.complete_match(match=match, actor=actor, at=minutes(105)))
    step(lambda: lifecycle.reopen_match(match=match, actor=actor, reason="It was a draw."))


def _extra_time_and_penalties(played: Played, home: list) -> None:
    match, actor, step = played.match, played.actor, played.step
    for number, minute in ((3, 110), (4, 130)):
        step(lambda at=minute: lifecycle.start_period(match=match, actor=actor, at=minutes(at)))
        for team in (match.home_team, match.away_team) if number == 3 else ():
            step(lambda team=team: log(match, actor, team=team, period=3, clock_ms=905_000))
        step(lambda at=minute: lifecycle.end_period(match=match, actor=actor, at=minutes(at + 16)))
    step(lambda: lifecycle.start_period(match=match, actor=actor, at=minutes(150)))
    for team, outcome in (
        (match.home_team, Outcome.SCORED),
        (match.away_team, Outcome.SAVED),
    ):
        player_id = home[9] if team == match.home_team else None
        step(
            lambda team=team, outcome=outcome, player_id=player_id: log(
                match, actor, EventKind.SHOOTOUT_KICK, team=team, period=5, clock_ms=None,
                outcome=outcome, player_id=player_id,
            )
        )  # fmt: skip
    step(lambda: lifecycle.complete_match(match=match, actor=actor, at=minutes(160)))
