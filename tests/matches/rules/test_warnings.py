from matches.rules.kinds import EventKind, Outcome, Side
from matches.rules.lineups import Lineup
from matches.rules.warnings import warnings_for
from tests.matches.rules.strategies import PEOPLE, make_draft, make_event, make_kick

STARTERS, BENCH, STRANGER = PEOPLE[:11], PEOPLE[11:15], PEOPLE[20]
LINEUPS = {Side.HOME: Lineup(frozenset(STARTERS), frozenset(BENCH))}
LATER = 600_000


def warn(draft, timeline=(), side=Side.HOME, lineups=LINEUPS):
    return warnings_for(draft, side=side, timeline=timeline, lineups=lineups)


def substitution(off, on, **fields):
    return make_event(EventKind.SUBSTITUTION, player_off_id=off, player_on_id=on, **fields)


def test_player_on_the_pitch_raises_nothing():
    assert warn(make_draft(player_id=STARTERS[0])) == []
    assert warn(make_draft()) == []


def test_unknown_lineup_raises_nothing():
    assert warn(make_draft(player_id=STRANGER), side=Side.AWAY) == []
    assert warn(make_draft(player_id=STRANGER), lineups={Side.HOME: Lineup(frozenset())}) == []
    assert warn(make_draft(EventKind.NOTE), side=None) == []


def test_player_outside_the_lineup_is_told():
    assert warn(make_draft(player_id=STRANGER)) == ["player_not_in_lineup", "player_not_on_pitch"]


def test_substituted_player_is_off_from_then_on():
    timeline = [substitution(STARTERS[0], BENCH[0], clock_ms=LATER)]

    assert warn(make_draft(player_id=STARTERS[0], clock_ms=LATER - 1), timeline) == []
    assert warn(make_draft(player_id=STARTERS[0], clock_ms=LATER), timeline) == [
        "player_not_on_pitch"
    ]
    assert warn(make_draft(player_id=BENCH[0], clock_ms=LATER), timeline) == []


def test_rolling_substitution_brings_a_player_back():
    timeline = [
        substitution(STARTERS[0], BENCH[0]),
        substitution(BENCH[0], STARTERS[0]),
        substitution(STARTERS[1], None),
    ]

    assert warn(make_draft(player_id=STARTERS[0]), timeline) == []
    assert warn(make_draft(player_id=STARTERS[1]), timeline) == ["player_not_on_pitch"]


def test_events_of_the_other_side_change_nothing():
    timeline = [substitution(STARTERS[0], BENCH[0], side=Side.AWAY)]

    assert warn(make_draft(player_id=STARTERS[0]), timeline) == []


def test_swap_of_the_wrong_players_is_told():
    swap = make_draft(EventKind.SUBSTITUTION, player_off_id=BENCH[0], player_on_id=STARTERS[0])

    assert warn(swap) == ["player_already_on_pitch", "player_not_on_pitch"]


def test_sent_off_player_takes_no_further_part():
    timeline = [make_event(EventKind.SECOND_YELLOW, player_id=STARTERS[0]),
                make_event(EventKind.RED_CARD, player_id=BENCH[0]),
                make_event(EventKind.RED_CARD)]  # fmt: skip

    assert warn(make_draft(player_id=STARTERS[0]), timeline) == ["player_sent_off"]
    swap = make_draft(EventKind.SUBSTITUTION, player_off_id=STARTERS[1], player_on_id=BENCH[0])
    assert warn(swap, timeline) == ["player_sent_off"]


def test_card_may_be_shown_to_the_bench():
    assert warn(make_draft(EventKind.YELLOW_CARD, player_id=BENCH[0])) == []


def test_cautions_are_counted():
    yellow = make_event(EventKind.YELLOW_CARD, player_id=STARTERS[0])

    again = make_draft(EventKind.YELLOW_CARD, player_id=STARTERS[0])
    second = make_draft(EventKind.SECOND_YELLOW, player_id=STARTERS[0])
    assert warn(again, [yellow]) == ["player_already_cautioned"]
    assert warn(again) == []
    assert warn(second) == ["player_not_yet_cautioned"]
    assert warn(second, [yellow]) == []


def test_edited_event_is_not_compared_with_itself():
    yellow = make_event(EventKind.YELLOW_CARD, player_id=STARTERS[0], clock_ms=60_000)
    edited = make_draft(EventKind.YELLOW_CARD, id=yellow.id, player_id=STARTERS[0])

    assert warn(edited, [yellow]) == []


def test_kick_out_of_turn_is_told():
    kick = make_draft(EventKind.SHOOTOUT_KICK, period=5, clock_ms=0, outcome=Outcome.SCORED)

    assert warn(kick) == []
    assert warn(kick, [make_kick(Side.AWAY, scored=True)]) == []
    assert warn(kick, [make_kick(Side.HOME, scored=True)]) == ["kick_out_of_turn"]


def test_kick_after_the_decision_is_told():
    timeline = [
        make_kick(side, scored=side is Side.AWAY)
        for _ in range(3)
        for side in (Side.HOME, Side.AWAY)
    ]

    kick = make_draft(EventKind.SHOOTOUT_KICK, period=5, clock_ms=0, outcome=Outcome.SCORED)
    assert warn(kick, timeline) == ["shootout_decided"]
