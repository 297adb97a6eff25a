"""Match reports with line-ups, cards, substitutions and the shootout kick by kick.

`{"name", "matches": [{"num", "stage", "group", "date", "time", "utc_offset", "venue", "home",
"away", "score", "extra_time", "penalties", "shootout", "lineups", "events"}]}`. The team of an own
goal is there the one that profits; ours is the one of the player who made it.
"""

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Any, Final

from matches.files.draft import EventEntry, LineupEntry, MatchDraft, PlayerDraft, TeamDraft
from matches.files.errors import FileError
from matches.files.names import written
from matches.files.nodes import Node
from matches.files.shared import (
    KNOCKOUT,
    LEAGUE,
    RULES_NAMES,
    Squad,
    check_count,
    key_of,
    kickoff,
    when,
)
from matches.files.timing import likely_periods
from matches.rules.kinds import EventKind, LineupRole, MatchStatus, Outcome, Position, Side
from matches.rules.lifecycle import FormatRules
from matches.rules.score import Tally

KINDS: Final = {
    "goal": EventKind.GOAL,
    "penalty": EventKind.PENALTY,
    "own_goal": EventKind.OWN_GOAL,
    "yellow": EventKind.YELLOW_CARD,
    "second_yellow": EventKind.SECOND_YELLOW,
    "red": EventKind.RED_CARD,
    "substitution": EventKind.SUBSTITUTION,
}
COACH: Final = "MG"
SHOOTOUT_PERIOD: Final = 5

Squads = Mapping[Side, Squad]
KnownPlayers = Mapping[str, list[PlayerDraft]]


def read_squads(document: Any) -> KnownPlayers:
    """`{team: [{"number", "name", "position", "born"}]}`; coaches are left out."""
    node = Node(document)
    return {
        team: [
            _known_player(team, player)
            for player in node.children(team)
            if player.value.get("position") != COACH
        ]
        for team in node.value
    }


def _known_player(team: str, node: Node) -> PlayerDraft:
    player = Squad(team).find(node.name("name", limit=120))
    return PlayerDraft(
        ref=player.ref,
        name=written(player.name),
        number=node.optional_integer("number", low=1, high=999),
        position=node.optional_choice("position", Position),
        birth_date=node.optional_day("born"),
    )


def read_match(node: Node, competition: str, zone: tzinfo, known: KnownPlayers) -> MatchDraft:
    """One match of the list; `known` adds numbers and birth dates. FileError says what is wrong."""
    names = {Side.HOME: node.name("home", limit=80), Side.AWAY: node.name("away", limit=80)}
    squads = {side: Squad(name, known.get(name, ())) for side, name in names.items()}
    rules = LEAGUE if node.has("group") else KNOCKOUT
    events = [*_events(node, squads, rules), *_kicks(node, squads)]
    kickoff_at = kickoff(node, _local_time(node), zone)
    draft = MatchDraft(
        key=key_of(competition, str(node.integer("num", low=1, high=9999))),
        competition=competition,
        round=node.text("group", "", limit=80) or node.text("stage", "", limit=80),
        venue=node.text("venue", "", limit=120),
        kickoff_at=kickoff_at,
        status=MatchStatus.COMPLETED,
        rules=rules,
        rules_name=RULES_NAMES[rules],
        home=_team(node, squads[Side.HOME], events),
        away=_team(node, squads[Side.AWAY], events),
        periods=likely_periods(rules, _period_count(node), kickoff_at, events),
        events=tuple(events),
    )
    stated = Tally(*(node.pair("score") or (0, 0)), *(node.pair("penalties") or (0, 0)))
    check_count(draft, stated, where=node.at("score"))
    return draft


def _local_time(node: Node) -> str:
    clock, offset = node.text("time", ""), node.text("utc_offset", "")
    return f"{clock} UTC{offset}" if clock and offset else clock


def _period_count(node: Node) -> int:
    if node.has("penalties"):
        return SHOOTOUT_PERIOD
    return SHOOTOUT_PERIOD - 1 if node.flag("extra_time") else 2


def _events(node: Node, squads: Squads, rules: FormatRules) -> Iterator[EventEntry]:
    for number, event in enumerate(node.children("events"), start=1):
        kind = KINDS.get(event.text("type"))
        if kind is None:
            raise FileError(f"use one of {', '.join(KINDS)}.", where=event.at("type"))
        side = _side(event, squads)
        if kind is EventKind.OWN_GOAL:
            side = side.other
        period, clock_ms = when(event, "stoppage", rules)
        yield EventEntry(
            ref=f"event {number}",
            kind=kind,
            side=side,
            period=period,
            clock_ms=clock_ms,
            player=squads[side].ref(event, "player"),
            player_on=squads[side].ref(event, "player_on"),
            player_off=squads[side].ref(event, "player_off"),
            outcome=Outcome.SCORED if kind is EventKind.PENALTY else None,
        )


def _kicks(node: Node, squads: Squads) -> Iterator[EventEntry]:
    for number, kick in enumerate(node.children("shootout"), start=1):
        side = _side(kick, squads)
        yield EventEntry(
            ref=f"kick {number}",
            kind=EventKind.SHOOTOUT_KICK,
            side=side,
            period=SHOOTOUT_PERIOD,
            player=squads[side].ref(kick, "player"),
            outcome=Outcome.SCORED if kick.flag("scored") else Outcome.MISSED,
        )


def _side(node: Node, squads: Squads) -> Side:
    team = node.text("team")
    for side, squad in squads.items():
        if squad.team == team:
            return side
    raise FileError(f"{team!r} does not play in this match.", where=node.at("team"))


def _team(node: Node, squad: Squad, events: list[EventEntry]) -> TeamDraft:
    """Of the bench only those are known who came on or were shown a card."""
    starters = list(_starters(node, squad))
    starting = {entry.player for entry in starters}
    appeared = {
        ref: None for event in events for ref in (event.player_on, event.player) if ref is not None
    }
    bench = [
        LineupEntry(
            player=player.ref,
            number=player.number,
            role=LineupRole.BENCH,
            position=player.position,
        )
        for player in squad.players
        if player.ref in appeared and player.ref not in starting
    ]
    return TeamDraft(
        name=squad.team, players=squad.players, lineup=(*starters, *bench) if starters else ()
    )


def _starters(node: Node, squad: Squad) -> Iterator[LineupEntry]:
    if not node.has("lineups"):
        return
    for starter in node.child("lineups").children(squad.team):
        player = squad.find(starter.name("player", limit=120))
        yield LineupEntry(
            player=player.ref,
            number=player.number,
            position=starter.optional_choice("line", Position),
            is_captain=starter.flag("captain"),
        )
