"""Results as openfootball's `football.json` publishes them (https://github.com/openfootball).

`{"name", "matches": [{"round", "date", "time", "team1", "team2", "score": {"ht", "ft", "et", "p"},
"goals1", "goals2"}]}`. A goal list belongs to the team that profits, so an own goal in `goals1`
was made by a player of `team2`. Without lists the score is all there is: then each goal becomes
an event without player and time, in the half that the half-time score puts it in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from matches.files.checking import NOT_PLAYED
from matches.files.draft import EventEntry, MatchDraft, TeamDraft
from matches.files.errors import FileError
from matches.files.nodes import Node
from matches.files.shared import (
    KNOCKOUT,
    LEAGUE,
    RULES_NAMES,
    SHOOTOUT_ONLY,
    Squad,
    check_count,
    key_of,
    kickoff,
    when,
)
from matches.files.timing import likely_periods
from matches.rules.kinds import EventKind, MatchStatus, Outcome, Side
from matches.rules.lifecycle import FormatRules, planned_periods
from matches.rules.score import Tally

FIELDS: Final = {Side.HOME: "goals1", Side.AWAY: "goals2"}
STATUSES: Final = {
    "": MatchStatus.COMPLETED,
    "awarded": MatchStatus.AWARDED,
    "abandoned": MatchStatus.ABANDONED,
    "cancelled": MatchStatus.CANCELLED,
    "canceled": MatchStatus.CANCELLED,
    "postponed": MatchStatus.POSTPONED,
}

Pair = tuple[int, int]
NIL: Final[Pair] = (0, 0)
Squads = Mapping[Side, Squad]


def read_match(node: Node, competition: str, zone: tzinfo) -> MatchDraft:
    """One match of the list; without a score it is still to be played."""
    home, away = node.name("team1", limit=80), node.name("team2", limit=80)
    squads = {Side.HOME: Squad(home), Side.AWAY: Squad(away)}
    status = _status(node)
    score = _score(node) if status not in NOT_PLAYED else Score()
    rules = score.rules()
    events = [*_goals(node, squads, score, rules), *_kicks(score, rules)]
    kickoff_at = kickoff(node, node.text("time", ""), zone)
    periods = score.period_count() if status not in NOT_PLAYED else 0
    draft = MatchDraft(
        key=key_of(competition, node.text("round", "") or node.text("date"), home, away),
        competition=competition,
        round=", ".join(filter(None, [node.text("group", ""), node.text("round", "")]))[:80],
        venue=node.text("ground", "", limit=120),
        kickoff_at=kickoff_at,
        status=status,
        rules=rules,
        rules_name=RULES_NAMES[rules],
        home=TeamDraft(name=home, players=squads[Side.HOME].players),
        away=TeamDraft(name=away, players=squads[Side.AWAY].players),
        periods=likely_periods(rules, periods, kickoff_at, events),
        events=tuple(events),
    )
    check_count(draft, Tally(*score.final, *(score.shootout or NIL)), where=node.at("score"))
    return draft


@dataclass(frozen=True, slots=True)
class Score:
    """Half-time, full time, after extra time, and the shootout; None when it was not said."""

    half_time: Pair | None = None
    full_time: Pair = NIL
    extra_time: Pair | None = None
    shootout: Pair | None = None

    @property
    def final(self) -> Pair:
        return self.extra_time or self.full_time

    def rules(self) -> FormatRules:
        if self.extra_time:
            return KNOCKOUT
        return SHOOTOUT_ONLY if self.shootout else LEAGUE

    def period_count(self) -> int:
        return 2 + (2 if self.extra_time else 0) + (1 if self.shootout else 0)

    def by_period(self) -> Iterator[tuple[int, Pair]]:
        """The goals of each half as far as known: without a half-time score, all in the second."""
        half_time = self.half_time or NIL
        yield 1, half_time
        yield 2, _difference(self.full_time, half_time)
        if self.extra_time:
            yield 4, _difference(self.extra_time, self.full_time)


def _difference(later: Pair, earlier: Pair) -> Pair:
    if later[0] < earlier[0] or later[1] < earlier[1]:
        raise FileError(f"{earlier[0]}-{earlier[1]} cannot become {later[0]}-{later[1]}.")
    return later[0] - earlier[0], later[1] - earlier[1]


def _status(node: Node) -> MatchStatus:
    text = node.text("status", "").casefold()
    if text not in STATUSES:
        raise FileError(f"use one of {', '.join(filter(None, STATUSES))}.", where=node.at("status"))
    is_played = node.has("score") and node.value["score"] != {}
    return STATUSES[text] if text or is_played else MatchStatus.SCHEDULED


def _score(node: Node) -> Score:
    score = node.child("score")
    full_time = score.pair("ft")
    if full_time is None:
        raise FileError("the full-time score is missing.", where=score.at("ft"))
    return Score(score.pair("ht"), full_time, score.pair("et"), score.pair("p"))


def _goals(node: Node, squads: Squads, score: Score, rules: FormatRules) -> list[EventEntry]:
    listed = [
        _goal(goal, side, squads, rules, ref=f"{field} {number}")
        for side, field in FIELDS.items()
        for number, goal in enumerate(node.children(field), start=1)
    ]
    if listed:
        return sorted(listed, key=lambda goal: (goal.period, goal.clock_ms))
    try:
        return list(_unlisted(score))
    except FileError as error:
        raise FileError(error.problem, where=node.at("score")) from error


def _goal(node: Node, side: Side, squads: Squads, rules: FormatRules, *, ref: str) -> EventEntry:
    is_own_goal, is_penalty = node.flag("owngoal"), node.flag("penalty")
    scorer_side = side.other if is_own_goal else side
    kind = EventKind.PENALTY if is_penalty else EventKind.GOAL
    period, clock_ms = when(node, "offset", rules)
    return EventEntry(
        ref=ref,
        kind=EventKind.OWN_GOAL if is_own_goal else kind,
        side=scorer_side,
        period=period,
        clock_ms=clock_ms,
        player=squads[scorer_side].ref(node, "name"),
        outcome=Outcome.SCORED if kind is EventKind.PENALTY and not is_own_goal else None,
    )


def _unlisted(score: Score) -> Iterator[EventEntry]:
    for period, goals in score.by_period():
        for side, count in zip(Side, goals, strict=True):
            for number in range(1, count + 1):
                yield EventEntry(
                    ref=f"{side} {period}.{number}",
                    kind=EventKind.GOAL,
                    side=side,
                    period=period,
                )


def _kicks(score: Score, rules: FormatRules) -> Iterator[EventEntry]:
    """Only the kicks that were scored are known."""
    last_period = len(planned_periods(rules))
    for side, count in zip(Side, score.shootout or NIL, strict=True):
        for number in range(1, count + 1):
            yield EventEntry(
                ref=f"{side} kick {number}",
                kind=EventKind.SHOOTOUT_KICK,
                side=side,
                period=last_period,
                outcome=Outcome.SCORED,
            )
