"""Penalties (IFAB Law 10.3): five kicks each, then one each until one side scores and one fails."""

from collections.abc import Iterable
from dataclasses import dataclass

from matches.rules.events import TimelineEvent
from matches.rules.kinds import EventKind, Outcome, Side

KICKS_EACH = 5


@dataclass(frozen=True, slots=True)
class ShootoutState:
    home: int
    away: int
    home_kicks: int
    away_kicks: int
    winner: Side | None
    is_sudden_death: bool
    next_side: Side | None


def state(
    kicks: Iterable[TimelineEvent], first: Side, *, kicks_each: int = KICKS_EACH
) -> ShootoutState:
    """Where the shootout stands; `first` is the side that takes the first kick.

    It is decided as soon as the other side could not catch up with the kicks it has left of its
    five, and after five each when a side is ahead after equally many kicks.
    """
    scored = {Side.HOME: 0, Side.AWAY: 0}
    taken = {Side.HOME: 0, Side.AWAY: 0}
    for kick in kicks:
        # A kick that is retaken did not happen.
        if kick.kind is not EventKind.SHOOTOUT_KICK or kick.outcome is Outcome.RETAKEN:
            continue
        if kick.side is not None:
            taken[kick.side] += 1
            scored[kick.side] += kick.outcome is Outcome.SCORED
    rounds = max(kicks_each, *taken.values())
    winner = next(
        (side for side in Side if scored[side] > scored[side.other] + rounds - taken[side.other]),
        None,
    )
    return ShootoutState(
        home=scored[Side.HOME],
        away=scored[Side.AWAY],
        home_kicks=taken[Side.HOME],
        away_kicks=taken[Side.AWAY],
        winner=winner,
        is_sudden_death=min(taken.values()) >= kicks_each,
        next_side=None if winner else _next_side(taken, first),
    )


def first_side(kicks: Iterable[TimelineEvent]) -> Side:
    """The side of the earliest kick; home while there is none."""
    ordered = sorted(
        (kick for kick in kicks if kick.kind is EventKind.SHOOTOUT_KICK),
        key=lambda kick: kick.order,
    )
    return next((kick.side for kick in ordered if kick.side is not None), Side.HOME)


def _next_side(taken: dict[Side, int], first: Side) -> Side:
    return first.other if taken[first.other] < taken[first] else first
