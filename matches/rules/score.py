"""The score is a recount of the events, never a number that somebody keeps."""

from collections.abc import Iterable
from dataclasses import dataclass

from matches.rules.events import TimelineEvent
from matches.rules.kinds import EventKind, Outcome, Side


@dataclass(frozen=True, slots=True)
class Tally:
    """Goals, and apart from them the kicks scored in the penalty shootout."""

    home: int = 0
    away: int = 0
    shootout_home: int = 0
    shootout_away: int = 0


def goal_for(event: TimelineEvent) -> Side | None:
    """The side whose score the event raises by one, if any.

    An own goal is listed against the side that made it and counts for the other; a kick of the
    penalty shootout is no goal (IFAB Law 10).
    """
    if event.side is None:
        return None
    if event.kind is EventKind.OWN_GOAL:
        return event.side.other
    is_goal = event.kind is EventKind.GOAL or (
        event.kind is EventKind.PENALTY and event.outcome is Outcome.SCORED
    )
    return event.side if is_goal else None


def tally(events: Iterable[TimelineEvent]) -> Tally:
    """Count the standing events of a match, in whatever order they come."""
    goals = {Side.HOME: 0, Side.AWAY: 0}
    kicks = {Side.HOME: 0, Side.AWAY: 0}
    for event in events:
        if side := goal_for(event):
            goals[side] += 1
        elif (
            event.kind is EventKind.SHOOTOUT_KICK
            and event.outcome is Outcome.SCORED
            and event.side is not None
        ):
            kicks[event.side] += 1
    return Tally(goals[Side.HOME], goals[Side.AWAY], kicks[Side.HOME], kicks[Side.AWAY])
