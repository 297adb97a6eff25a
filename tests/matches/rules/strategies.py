"""Events and formats for property tests."""

from itertools import count
from uuid import UUID

from hypothesis import strategies as st

from matches.rules.events import EventDraft, TimelineEvent
from matches.rules.kinds import EventKind, Outcome, Side
from matches.rules.lifecycle import FormatRules

_numbers = count(1)
PEOPLE = [UUID(int=number) for number in range(1, 30)]


def make_event(kind=EventKind.GOAL, side=Side.HOME, **fields):
    number = next(_numbers)
    return TimelineEvent(
        **{
            "id": UUID(int=number),
            "kind": kind,
            "side": side,
            "period": 1,
            "clock_ms": 0,
            "sequence": number,
            **fields,
        }
    )


def make_draft(kind=EventKind.GOAL, **fields):
    return EventDraft(
        **{
            "id": UUID(int=next(_numbers)),
            "kind": kind,
            "period": 1,
            "clock_ms": 60_000,
            "team_id": UUID(int=77),
            **fields,
        }
    )


def make_kick(side, *, scored):
    return make_event(
        EventKind.SHOOTOUT_KICK,
        side,
        period=5,
        outcome=Outcome.SCORED if scored else Outcome.SAVED,
    )


@st.composite
def events(draw):
    kind = draw(st.sampled_from(EventKind))
    outcome = None
    if kind in {EventKind.PENALTY, EventKind.SHOOTOUT_KICK}:
        outcome = draw(st.sampled_from(Outcome))
    return make_event(
        kind,
        draw(st.sampled_from([Side.HOME, Side.AWAY, None])),
        period=draw(st.integers(1, 5)),
        clock_ms=draw(st.none() | st.integers(0, 4_000_000)),
        outcome=outcome,
    )


formats = st.builds(
    FormatRules,
    regular_periods=st.integers(1, 8),
    regular_ms=st.integers(1, 90).map(lambda minutes: minutes * 60_000),
    extra_time_periods=st.integers(0, 4),
    extra_time_ms=st.integers(1, 45).map(lambda minutes: minutes * 60_000),
    has_shootout=st.booleans(),
)
