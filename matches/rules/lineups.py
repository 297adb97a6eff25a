"""Who is on the pitch when, derived from the starters and the events (IFAB Laws 3 and 12)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from matches.rules.events import TimelineEvent
from matches.rules.kinds import EventKind, Side

DISMISSALS: Final = frozenset({EventKind.SECOND_YELLOW, EventKind.RED_CARD})


@dataclass(frozen=True, slots=True)
class Lineup:
    starters: frozenset[UUID]
    bench: frozenset[UUID] = frozenset()

    @property
    def everybody(self) -> frozenset[UUID]:
        return self.starters | self.bench


@dataclass(frozen=True, slots=True)
class OnPitch:
    """`sent_off` are out of the match, from the pitch or from the bench."""

    players: frozenset[UUID]
    sent_off: frozenset[UUID] = frozenset()


def on_pitch_at(
    starters: Iterable[UUID],
    events: Iterable[TimelineEvent],
    *,
    side: Side,
    before: tuple[int, float, int],
) -> OnPitch:
    """Who of a side is on the pitch just before the moment `before` (see `events.order_key`).

    Substitutions may be rolling: a player who went off can come on again, unless sent off. A
    sin bin is temporary and leaves the line-up as it is.
    """
    players = set(starters)
    sent_off: set[UUID] = set()
    for event in sorted(events, key=lambda event: event.order):
        if event.side is not side or event.order >= before:
            continue
        if event.kind is EventKind.SUBSTITUTION:
            players -= {event.player_off_id}
            if event.player_on_id is not None:
                players.add(event.player_on_id)
        elif event.kind in DISMISSALS and event.player_id is not None:
            players.discard(event.player_id)
            sent_off.add(event.player_id)
    return OnPitch(frozenset(players - sent_off), frozenset(sent_off))
