"""Our own format, `"format": "touchline-match/1"`; docs/match-format.md describes it.

It is strict: unknown fields are refused, so that nothing somebody wrote is silently lost.
"""

from typing import Any, Final

from matches.files.draft import (
    EventEntry,
    LineupEntry,
    MatchDraft,
    PeriodDraft,
    PlayerDraft,
    SeasonDraft,
    TeamDraft,
)
from matches.files.nodes import Node
from matches.rules.clock import MINUTE_MS
from matches.rules.events import MAX_CLOCK_MS, MAX_NOTES
from matches.rules.kinds import (
    EventKind,
    LineupRole,
    MatchStatus,
    Outcome,
    PeriodKind,
    Position,
    Side,
)
from matches.rules.lifecycle import FormatRules

FORMAT: Final = "touchline-match/1"


def read_match(document: Any) -> MatchDraft:
    """FileError names the place of the first thing that is wrong."""
    node = Node(document)
    node.only(
        *("format", "key", "competition", "round", "venue", "kickoff_at", "season"),
        *("status", "status_reason", "rules", "teams", "periods", "events"),
    )
    teams = node.child("teams")
    teams.only("home", "away")
    rules = node.child("rules")
    return MatchDraft(
        key=node.name("key", limit=200),
        competition=node.text("competition", "", limit=120),
        round=node.text("round", "", limit=80),
        venue=node.text("venue", "", limit=120),
        kickoff_at=node.moment("kickoff_at"),
        season=_season(node.child("season")) if node.has("season") else None,
        status=node.choice("status", MatchStatus),
        status_reason=node.text("status_reason", "", limit=200),
        rules=_rules(rules),
        rules_name=rules.name("name", limit=80),
        home=_team(teams.child("home")),
        away=_team(teams.child("away")),
        periods=tuple(_period(period) for period in node.children("periods")),
        events=tuple(_event(event) for event in node.children("events")),
    )


def _season(node: Node) -> SeasonDraft:
    node.only("name", "starts_on", "ends_on")
    return SeasonDraft(
        name=node.name("name", limit=80),
        starts_on=node.day("starts_on"),
        ends_on=node.day("ends_on"),
    )


def _rules(node: Node) -> FormatRules:
    node.only(
        *("name", "regular_periods", "regular_minutes", "extra_time_periods"),
        *("extra_time_minutes", "has_shootout", "players_on_pitch"),
    )
    return FormatRules(
        regular_periods=node.integer("regular_periods", low=1, high=8),
        regular_ms=node.integer("regular_minutes", low=1, high=90) * MINUTE_MS,
        extra_time_periods=node.integer("extra_time_periods", 0, low=0, high=4),
        extra_time_ms=node.integer("extra_time_minutes", 0, low=0, high=45) * MINUTE_MS,
        has_shootout=node.flag("has_shootout"),
        players_on_pitch=node.integer("players_on_pitch", 11, low=1, high=15),
    )


def _team(node: Node) -> TeamDraft:
    node.only("name", "short_name", "colour", "is_opponent", "players", "lineup")
    return TeamDraft(
        name=node.name("name", limit=80),
        short_name=node.text("short_name", "", limit=12),
        colour=node.text("colour", "", limit=7),
        is_opponent=node.flag("is_opponent"),
        players=tuple(_player(player) for player in node.children("players")),
        lineup=tuple(_entry(entry) for entry in node.children("lineup")),
    )


def _player(node: Node) -> PlayerDraft:
    node.only("id", "name", "number", "position", "birth_date", "name_consent")
    return PlayerDraft(
        ref=node.name("id", limit=80),
        name=node.name("name", limit=120),
        number=node.optional_integer("number", low=1, high=999),
        position=node.optional_choice("position", Position),
        birth_date=node.optional_day("birth_date"),
        name_consent=node.flag("name_consent"),
    )


def _entry(node: Node) -> LineupEntry:
    node.only("player", "number", "role", "position", "x", "y", "is_captain")
    return LineupEntry(
        player=node.name("player", limit=80),
        number=node.optional_integer("number", low=1, high=999),
        role=node.choice("role", LineupRole),
        position=node.optional_choice("position", Position),
        x=node.percent("x"),
        y=node.percent("y"),
        is_captain=node.flag("is_captain"),
    )


def _period(node: Node) -> PeriodDraft:
    node.only("kind", "length_ms", "started_at", "ended_at", "pauses")
    pauses = list(node.children("pauses"))
    for pause in pauses:
        pause.only("started_at", "ended_at")
    return PeriodDraft(
        kind=node.choice("kind", PeriodKind),
        length_ms=node.integer("length_ms", low=0, high=MAX_CLOCK_MS),
        started_at=node.moment("started_at"),
        ended_at=node.optional_moment("ended_at"),
        pauses=tuple((p.moment("started_at"), p.optional_moment("ended_at")) for p in pauses),
    )


def _event(node: Node) -> EventEntry:
    node.only(
        *("id", "kind", "team", "player", "player_on", "player_off", "period", "clock_ms"),
        *("outcome", "linked_event", "sentiment", "notes", "recorded_at"),
    )

    def reference(field: str) -> str | None:
        return node.name(field, limit=80) if node.has(field) else None

    return EventEntry(
        ref=node.name("id", limit=80),
        kind=node.choice("kind", EventKind),
        side=node.optional_choice("team", Side),
        period=node.integer("period", low=1, high=32),
        clock_ms=node.optional_integer("clock_ms", low=0, high=MAX_CLOCK_MS),
        player=reference("player"),
        player_on=reference("player_on"),
        player_off=reference("player_off"),
        outcome=node.optional_choice("outcome", Outcome),
        linked=reference("linked_event"),
        sentiment=node.optional_integer("sentiment", low=-3, high=3),
        notes=node.text("notes", "", limit=MAX_NOTES),
        recorded_at=node.optional_moment("recorded_at"),
    )
