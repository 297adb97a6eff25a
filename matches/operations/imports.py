"""Storing a whole match that was played elsewhere, as if it had been logged here."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID, uuid5

from django.db import transaction

from accounts.models import Organisation, User
from core.errors import ForbiddenError, InvalidInputError
from matches import payloads
from matches.files.checking import check
from matches.files.draft import EventEntry, LineupEntry, MatchDraft, SeasonDraft, TeamDraft
from matches.files.errors import FileError
from matches.files.names import folded
from matches.models import Format, LineupPlayer, Match, MatchEvent, Pause, Period, Season, Team
from matches.operations.drafts import event_row
from matches.operations.fields import save_checked
from matches.operations.forgetting import forget_play
from matches.operations.imported_squads import find_players
from matches.operations.scoring import apply_score
from matches.policies import can_manage_roster
from matches.queries.clocks import played_times
from matches.rules.clock import MINUTE_MS
from matches.rules.events import EventDraft
from matches.rules.kinds import Side
from matches.rules.lifecycle import FormatRules
from realtime import feed

Refs = Mapping[str, UUID]


class ImportOutcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class ImportResult(NamedTuple):
    match: Match
    outcome: ImportOutcome


@transaction.atomic
def import_match(*, actor: User, organisation: Organisation, draft: MatchDraft) -> ImportResult:
    """Store a match with its line-ups, periods and events; teams and players are found by name.

    The same draft again changes nothing; another draft of the same key replaces what the first one
    stored. Raises InvalidInputError and ForbiddenError.
    """
    if not can_manage_roster(actor, organisation.pk):
        raise ForbiddenError
    try:
        check(draft)
    except FileError as error:
        raise InvalidInputError(str(error)) from error
    # Imports of one organisation go one after another, so that two never create the same team.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    digest = draft.digest()
    found = Match.objects.select_for_update(no_key=True).filter(
        organisation=organisation, source_key=draft.key
    )
    match = found.first()
    if match is not None and match.source_digest == digest:
        return ImportResult(match, ImportOutcome.UNCHANGED)
    is_new = match is None
    match = match or Match(organisation=organisation, source_key=draft.key, created_by=actor)
    if not is_new:
        forget_play(match)
    match.source_digest = digest
    _store(match, actor, draft)
    return ImportResult(match, ImportOutcome.CREATED if is_new else ImportOutcome.UPDATED)


def _store(match: Match, actor: User, draft: MatchDraft) -> None:
    teams = {side: _find_team(match.organisation, team) for side, team in draft.sides()}
    _set_header(match, draft, teams)
    save_checked(match)
    players: dict[str, UUID] = {}
    for side, team in draft.sides():
        players |= find_players(teams[side], team.players)
        LineupPlayer.objects.bulk_create(_lineup(match, teams[side], team.lineup, players))
    _store_periods(match, draft)
    ids = {event.ref: uuid5(match.pk, event.ref) for event in draft.events}
    MatchEvent.objects.bulk_create(
        event_row(match, actor, sequence, _as_sent(event, teams, players, ids))
        for sequence, event in enumerate(draft.events, start=1)
    )
    times = played_times(match)
    feed.append(topic=match.topic, **payloads.match_changed(match, times))


def _set_header(match: Match, draft: MatchDraft, teams: Mapping[Side, Team]) -> None:
    match.home_team, match.away_team = teams[Side.HOME], teams[Side.AWAY]
    match.format = _find_format(draft.rules, draft.rules_name)
    match.season = _find_season(match.organisation, draft.season) if draft.season else None
    match.competition, match.round, match.venue = draft.competition, draft.round, draft.venue
    match.kickoff_at = draft.kickoff_at
    match.status, match.status_reason = draft.status, draft.status_reason
    match.last_sequence = len(draft.events)
    apply_score(match, draft.timeline())


def _find_team(organisation: Organisation, draft: TeamDraft) -> Team:
    for team in Team.objects.filter(organisation=organisation).order_by("pk"):
        if folded(team.name) == folded(draft.name):
            return team
    team = Team(
        organisation=organisation,
        name=draft.name,
        short_name=draft.short_name,
        is_opponent=draft.is_opponent,
    )
    if draft.colour:
        team.colour = draft.colour
    save_checked(team)
    return team


def _find_format(rules: FormatRules, name: str) -> Format:
    """One with the same figures, whatever it is called here."""
    figures = {
        "regular_periods": rules.regular_periods,
        "regular_minutes": rules.regular_ms // MINUTE_MS,
        "extra_time_periods": rules.extra_time_periods,
        "extra_time_minutes": rules.extra_time_ms // MINUTE_MS,
        "has_shootout": rules.has_shootout,
        "players_on_pitch": rules.players_on_pitch,
    }
    if same := Format.objects.filter(**figures).order_by("pk").first():
        return same
    # Another format may have that name already, with other figures.
    taken = set(Format.objects.values_list("name", flat=True))
    names = (name, *(f"{name[:74]} ({number})" for number in range(2, len(taken) + 3)))
    return Format.objects.create(name=next(n for n in names if n not in taken), **figures)


def _find_season(organisation: Organisation, draft: SeasonDraft) -> Season:
    season = Season.objects.filter(organisation=organisation, name=draft.name).first()
    if season is None:
        season = Season(
            organisation=organisation,
            name=draft.name,
            starts_on=draft.starts_on,
            ends_on=draft.ends_on,
        )
        save_checked(season)
    return season


def _lineup(
    match: Match, team: Team, entries: Iterable[LineupEntry], players: Refs
) -> list[LineupPlayer]:
    return [
        LineupPlayer(
            match=match,
            team=team,
            player_id=players[entry.player],
            number=entry.number,
            role=entry.role,
            position=entry.position or "",
            x=entry.x,
            y=entry.y,
            is_captain=entry.is_captain,
            order=order,
        )
        for order, entry in enumerate(entries)
    ]


def _store_periods(match: Match, draft: MatchDraft) -> None:
    periods = [
        Period(
            match=match,
            number=number,
            kind=period.kind,
            length_ms=period.length_ms,
            started_at=period.started_at,
            ended_at=period.ended_at,
        )
        for number, period in enumerate(draft.periods, start=1)
    ]
    Period.objects.bulk_create(periods)
    Pause.objects.bulk_create(
        Pause(period=row, started_at=started_at, ended_at=ended_at)
        for row, period in zip(periods, draft.periods, strict=True)
        for started_at, ended_at in period.pauses
    )


def _as_sent(event: EventEntry, teams: Mapping[Side, Team], players: Refs, ids: Refs) -> EventDraft:
    """The draft a phone would have sent, so that the stored event equals a recorded one."""
    return EventDraft(
        id=ids[event.ref],
        kind=event.kind,
        period=event.period,
        clock_ms=event.clock_ms,
        team_id=teams[event.side].pk if event.side else None,
        player_id=players[event.player] if event.player else None,
        player_on_id=players[event.player_on] if event.player_on else None,
        player_off_id=players[event.player_off] if event.player_off else None,
        outcome=event.outcome,
        linked_event_id=ids[event.linked] if event.linked else None,
        sentiment=event.sentiment,
        notes=event.notes,
        recorded_at=event.recorded_at,
    )
