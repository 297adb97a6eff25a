"""The closed lists of the game, as plain enumerations that rules, models and clients share."""

from enum import StrEnum
from typing import Final


class MatchStatus(StrEnum):
    SCHEDULED = "scheduled"
    LIVE = "live"
    PAUSED = "paused"
    COMPLETED = "completed"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    ABANDONED = "abandoned"
    AWARDED = "awarded"


IN_PLAY: Final = frozenset({MatchStatus.LIVE, MatchStatus.PAUSED})


class PeriodKind(StrEnum):
    REGULAR = "regular"
    EXTRA_TIME = "extra_time"
    PENALTY_SHOOTOUT = "penalty_shootout"


class EventKind(StrEnum):
    GOAL = "goal"
    ASSIST = "assist"
    KEY_PASS = "key_pass"  # noqa: S105 - a pass of the game
    SAVE = "save"
    INTERCEPTION = "interception"
    TACKLE = "tackle"
    FOUL = "foul"
    PENALTY = "penalty"
    FREE_KICK = "free_kick"
    BALL_OUT = "ball_out"
    OWN_GOAL = "own_goal"
    YELLOW_CARD = "yellow_card"
    SECOND_YELLOW = "second_yellow"
    RED_CARD = "red_card"
    SUBSTITUTION = "substitution"
    SHOT = "shot"
    CORNER = "corner"
    OFFSIDE = "offside"
    SIN_BIN = "sin_bin"
    PENALTY_MISSED = "penalty_missed"
    SHOOTOUT_KICK = "shootout_kick"
    INJURY = "injury"
    NOTE = "note"


class Outcome(StrEnum):
    """What became of a penalty or a shootout kick."""

    AWARDED = "awarded"
    SCORED = "scored"
    SAVED = "saved"
    MISSED = "missed"
    RETAKEN = "retaken"


class Side(StrEnum):
    HOME = "home"
    AWAY = "away"

    @property
    def other(self) -> "Side":
        return Side.AWAY if self is Side.HOME else Side.HOME


class Position(StrEnum):
    GOALKEEPER = "GK"
    DEFENDER = "DF"
    MIDFIELDER = "MF"
    FORWARD = "FW"


class LineupRole(StrEnum):
    STARTER = "starter"
    BENCH = "bench"
