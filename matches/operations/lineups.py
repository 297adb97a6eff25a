from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from core.errors import ForbiddenError, InvalidInputError
from matches import payloads
from matches.models import LineupPlayer, Match, Player, SquadMembership, Team
from matches.operations.locking import locked
from matches.policies import can_log_events
from matches.queries.document import side_of
from matches.rules.kinds import LineupRole, Side
from realtime import feed


@dataclass(frozen=True, slots=True, kw_only=True)
class LineupDraft:
    """One player of a line-up. `x` and `y` are percent of the pitch, see LineupPlayer."""

    player_id: UUID
    number: int | None = None
    role: LineupRole = LineupRole.STARTER
    position: str = ""
    x: float | None = None
    y: float | None = None
    is_captain: bool = False


@transaction.atomic
def set_lineup(
    *, match: Match, actor: User, team: Team, players: Sequence[LineupDraft]
) -> list[LineupPlayer]:
    """Replace one side's line-up; the order of `players` is kept. The same again changes nothing.

    Players come from the squad, or as guests from the rest of the organisation. Raises
    InvalidInputError and ForbiddenError.
    """
    match = locked(match)
    if not can_log_events(actor, match):
        raise ForbiddenError
    side = side_of(match, team.pk)
    if side is None:
        raise InvalidInputError(team_id=["This team does not play in this match."])
    _check(match, side, players)
    before = list(match.lineup.filter(team_id=team.pk).order_by("order", "pk"))
    if [draft_of(row) for row in before] == list(players):
        return before
    rows = [_row(match, team.pk, order, player) for order, player in enumerate(players)]
    match.lineup.filter(team_id=team.pk).delete()
    LineupPlayer.objects.bulk_create(rows)
    feed.append(topic=match.topic, **payloads.lineup_changed(match, side, rows))
    return rows


def draft_of(row: LineupPlayer) -> LineupDraft:
    return LineupDraft(
        player_id=row.player_id,
        number=row.number,
        role=LineupRole(row.role),
        position=row.position,
        x=row.x,
        y=row.y,
        is_captain=row.is_captain,
    )


def _check(match: Match, side: Side, players: Sequence[LineupDraft]) -> None:
    problems = [
        *_repeats("Player", [str(player.player_id) for player in players]),
        *_repeats("Number", [player.number for player in players if player.number is not None]),
        *_too_many(match, players),
        *_strangers(match, side, {player.player_id for player in players}),
    ]
    if problems:
        raise InvalidInputError(players=problems)


def _repeats(what: str, values: Sequence[object]) -> list[str]:
    counts = Counter(values)
    return [f"{what} {value} is there twice." for value, count in counts.items() if count > 1]


def _too_many(match: Match, players: Sequence[LineupDraft]) -> list[str]:
    problems = []
    most = match.format.players_on_pitch
    if sum(player.role == LineupRole.STARTER for player in players) > most:
        problems.append(f"At most {most} players start.")
    if sum(player.is_captain for player in players) > 1:
        problems.append("A team has one captain.")
    return problems


def _strangers(match: Match, side: Side, wanted: set[UUID]) -> list[str]:
    """Whoever is of another organisation, or plays for the other side."""
    home, away = match.home_team_id, match.away_team_id
    own_id, other_id = (home, away) if side is Side.HOME else (away, home)
    known = Player.objects.filter(pk__in=wanted, organisation_id=match.organisation_id)
    squads = SquadMembership.objects.current().filter(player_id__in=wanted)
    squads = squads.filter(team_id__in=[own_id, other_id])
    teams = list(squads.values_list("player_id", "team_id"))
    own = {player for player, team in teams if team == own_id}
    theirs = {player for player, team in teams if team == other_id} - own
    lined_up = match.lineup.filter(team_id=other_id, player_id__in=wanted)
    theirs |= set(lined_up.values_list("player_id", flat=True))
    strangers = (wanted - set(known.values_list("pk", flat=True))) | theirs
    return [f"{player} is no player of this team." for player in sorted(strangers, key=str)]


def _row(match: Match, team_id: UUID, order: int, draft: LineupDraft) -> LineupPlayer:
    row = LineupPlayer(
        match=match,
        team_id=team_id,
        player_id=draft.player_id,
        number=draft.number,
        role=draft.role,
        position=draft.position,
        x=draft.x,
        y=draft.y,
        is_captain=draft.is_captain,
        order=order,
    )
    try:
        row.clean_fields(exclude=["match", "team", "player"])
    except ValidationError as error:
        fields = "; ".join(
            f"{name}: {' '.join(found)}" for name, found in error.message_dict.items()
        )
        raise InvalidInputError(players=[f"Row {order + 1}: {fields}"]) from error
    return row
