"""Seasons, teams and players of an organisation."""

from collections.abc import Mapping
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

from django.db import models, transaction
from django.db.models import Prefetch, Q, RestrictedError

from accounts.models import Organisation, User
from core.errors import ForbiddenError, NotFoundError
from matches import payloads
from matches.errors import InUseError
from matches.models import Match, MatchEvent, Period, Player, Season, Team
from matches.operations.fields import assign, check_version, save_checked
from matches.policies import can_manage_roster
from matches.queries.clocks import period_times
from realtime import feed

SEASON_FIELDS: Final = frozenset({"name", "starts_on", "ends_on"})
TEAM_FIELDS: Final = frozenset({"name", "short_name", "colour", "is_opponent"})
PLAYER_FIELDS: Final = frozenset({"name", "birth_date", "name_consent", "position", "notes"})
SHOWN_OF_TEAM: Final = frozenset({"name", "short_name", "colour"})


class Owned(Protocol):
    """A row with an owner and a version."""

    organisation_id: UUID
    version: int


Row = TypeVar("Row", Season, Team, Player)


@transaction.atomic
def create_season(*, actor: User, organisation: Organisation, **fields: Any) -> Season:
    """Raises AlreadyExistsError, InvalidInputError, ForbiddenError, like all that creates here."""
    return _created(Season(organisation=organisation), actor, fields, SEASON_FIELDS)


@transaction.atomic
def update_season(
    *, season: Season, actor: User, changes: Mapping[str, Any], base_version: int | None = None
) -> Season:
    """Raises VersionConflictError when `base_version` is stale, like all that updates here."""
    season, _ = _updated(season, actor, changes, base_version, SEASON_FIELDS)
    return season


@transaction.atomic
def delete_season(*, season: Season, actor: User) -> None:
    """Its matches stay, without a season."""
    _deleted(season, actor)


@transaction.atomic
def create_team(*, actor: User, organisation: Organisation, **fields: Any) -> Team:
    return _created(Team(organisation=organisation), actor, fields, TEAM_FIELDS)


@transaction.atomic
def update_team(
    *, team: Team, actor: User, changes: Mapping[str, Any], base_version: int | None = None
) -> Team:
    """Change a team; everyone who follows one of its matches sees the new name and colour."""
    # The matches before the team: an event locks its match, and then refers to the team.
    matches = _locked_matches(team) if changes.keys() & SHOWN_OF_TEAM else []
    team, changed = _updated(team, actor, changes, base_version, TEAM_FIELDS)
    if changed & SHOWN_OF_TEAM:
        _announce(matches)
    return team


@transaction.atomic
def delete_team(*, team: Team, actor: User) -> None:
    """InUseError while it has matches."""
    _deleted(team, actor)


@transaction.atomic
def create_player(*, actor: User, organisation: Organisation, **fields: Any) -> Player:
    return _created(Player(organisation=organisation), actor, fields, PLAYER_FIELDS)


@transaction.atomic
def update_player(
    *, player: Player, actor: User, changes: Mapping[str, Any], base_version: int | None = None
) -> Player:
    player, _ = _updated(player, actor, changes, base_version, PLAYER_FIELDS)
    return player


@transaction.atomic
def delete_player(*, player: Player, actor: User) -> None:
    """InUseError for a player of any match: what happened there stays true, so end the squad
    memberships instead."""
    player = _locked_for_deletion(player, actor)
    took_part = Q(player=player) | Q(player_on=player) | Q(player_off=player)
    if player.lineups.exists() or MatchEvent.objects.filter(took_part).exists():
        raise InUseError("The player took part in a match. End the squad membership instead.")
    player.delete()


def _require_manager(actor: User, row: Owned) -> None:
    if not can_manage_roster(actor, row.organisation_id):
        raise ForbiddenError


def _created(row: Row, actor: User, fields: Mapping[str, Any], allowed: frozenset[str]) -> Row:
    _require_manager(actor, row)
    assign(row, fields, allowed)
    save_checked(row)
    return row


def _updated(
    row: Row,
    actor: User,
    changes: Mapping[str, Any],
    base_version: int | None,
    allowed: frozenset[str],
) -> tuple[Row, set[str]]:
    row = _locked_row(row)
    _require_manager(actor, row)
    check_version(row.version, base_version)
    changed = assign(row, changes, allowed)
    if changed:
        row.version += 1
        save_checked(row)
    return row, changed


def _locked_row(row: Row, *, with_key: bool = False) -> Row:
    rows: models.QuerySet[Row] = type(row)._default_manager.select_for_update(no_key=not with_key)
    found = rows.filter(pk=row.pk).first()
    if found is None:
        raise NotFoundError
    return found


def _locked_for_deletion(row: Row, actor: User) -> Row:
    # The whole row, key and all: a row that begins to refer to it while we look who does finds it
    # gone when it commits, and is refused (references are checked at commit).
    row = _locked_row(row, with_key=True)
    _require_manager(actor, row)
    return row


def _deleted(row: Row, actor: User) -> None:
    try:
        _locked_for_deletion(row, actor).delete()
    except RestrictedError as error:
        kinds = sorted({str(found._meta.verbose_name_plural) for found in error.restricted_objects})
        raise InUseError(f"There are still {' and '.join(kinds)} with this.") from error


def _locked_matches(team: Team) -> list[Match]:
    matches = Match.objects.filter(Q(home_team=team) | Q(away_team=team))
    # In the order of their keys, so that no two operations wait for each other.
    return list(matches.select_for_update(no_key=True).order_by("pk"))


def _announce(matches: list[Match]) -> None:
    # Where nothing was ever announced nobody has a document that could be out of date.
    heads = feed.heads(match.topic for match in matches)
    followed = [match.pk for match in matches if match.topic in heads]
    periods = Period.objects.order_by("number").prefetch_related("pauses")
    rows = Match.objects.with_teams().filter(pk__in=followed).order_by("pk")
    # A team may have played for years, so what they all need is read at once.
    for match in rows.prefetch_related(Prefetch("periods", periods)):
        times = period_times(match, match.periods.all())
        feed.append(topic=match.topic, **payloads.match_changed(match, times))
