import pytest
from hypothesis import given
from hypothesis import strategies as st

from matches.rules.kinds import EventKind, Outcome, Side
from matches.rules.shootout import first_side, state
from tests.matches.rules.strategies import make_event, make_kick


def kicks_from(text, first=Side.HOME):
    """ "xo..." kick by kick in turn: x scored, o not."""
    sides = (first, first.other)
    return [make_kick(sides[index % 2], scored=mark == "x") for index, mark in enumerate(text)]


@pytest.mark.parametrize(
    ("marks", "winner"),
    [
        ("", None),
        ("xoxo", None),
        ("xoxox", None),  # 3-0, three kicks left for the other side
        ("xoxoxo", Side.HOME),  # 3-0, two left
        ("xoxoo", None),  # 2-0, three left
        ("oxoxox", Side.AWAY),  # 0-3, two left
        ("xxoxoxxx", Side.AWAY),  # 2-4 after four each, one left
        ("xxxxxxxxxx", None),  # 5-5
        ("xxxxxxxxxo", Side.HOME),
        ("xxxxxxxxox", Side.AWAY),
    ],
)
def test_shootout_is_decided_when_the_other_side_cannot_catch_up(marks, winner):
    assert state(kicks_from(marks), Side.HOME).winner is winner


@pytest.mark.parametrize(
    ("marks", "winner"),
    [
        ("x", None),  # ahead, but the other side has a kick to come
        ("xo", Side.HOME),
        ("ox", Side.AWAY),
        ("oo", None),
        ("xx", None),
        ("ooxxxo", Side.HOME),
    ],
)
def test_sudden_death_needs_equally_many_kicks(marks, winner):
    shootout = state(kicks_from("xxxxxxxxxx" + marks), Side.HOME)

    assert shootout.is_sudden_death
    assert shootout.winner is winner


def test_final_of_2022_ends_after_eight_kicks():
    # France first: scored, saved, missed, scored; Argentina scored all four.
    kicks = kicks_from("xxoxoxxx", first=Side.AWAY)

    assert state(kicks[:-1], Side.AWAY).winner is None
    final = state(kicks, Side.AWAY)
    assert (final.home, final.away, final.winner) == (4, 2, Side.HOME)
    assert final.next_side is None


def test_sides_take_turns():
    assert state([], Side.AWAY).next_side is Side.AWAY
    assert state(kicks_from("x", Side.AWAY), Side.AWAY).next_side is Side.HOME
    assert state(kicks_from("xx", Side.AWAY), Side.AWAY).next_side is Side.AWAY


def test_retaken_kick_did_not_happen():
    retaken = make_event(EventKind.SHOOTOUT_KICK, outcome=Outcome.RETAKEN, period=5)

    shootout = state([retaken], Side.HOME)

    assert (shootout.home_kicks, shootout.next_side) == (0, Side.HOME)


def test_other_events_and_kicks_of_no_side_do_not_count():
    shootout = state([make_event(), make_kick(None, scored=True)], Side.HOME)

    assert (shootout.home_kicks, shootout.away_kicks) == (0, 0)


def test_first_side_is_that_of_the_earliest_kick():
    kicks = kicks_from("xo", first=Side.AWAY)

    assert first_side(reversed(kicks)) is Side.AWAY
    assert first_side([make_event(side=Side.AWAY)]) is Side.HOME


@given(st.lists(st.booleans(), max_size=30))
def test_shootout_is_decided_only_when_nobody_can_turn_it(results):
    kicks = kicks_from("".join("x" if scored else "o" for scored in results))
    shootout = state(kicks, Side.HOME)

    # Let the side that is behind score everything it has left, and the other nothing.
    rounds = max(5, shootout.home_kicks, shootout.away_kicks)
    home_best = shootout.home + rounds - shootout.home_kicks
    away_best = shootout.away + rounds - shootout.away_kicks
    can_turn = home_best >= shootout.away and away_best >= shootout.home
    assert (shootout.winner is None) == can_turn
