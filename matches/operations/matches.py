"""Arranging a match: its header, its teams, and taking it away again."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from accounts.models import Organisation, User
from core.errors import ForbiddenError, InvalidInputError
from matches import payloads
from matches.errors import InUseError, MatchStartedError
from matches.models import Match
from matches.operations.fields import assign, check_version, save_checked
from matches.operations.locking import locked
from matches.policies import can_manage_match, can_manage_roster
from matches.queries.clocks import played_times
from matches.queries.formats import default_format
from matches.rules.kinds import IN_PLAY, MatchStatus, Side
from realtime import feed

HEADER: Final = frozenset({"season", "competition", "round", "venue", "kickoff_at"})
# What events, line-ups and the clock rest on.
FOUNDATIONS: Final = frozenset({"home_team", "away_team", "format"})
NOT_STARTED: Final = frozenset({MatchStatus.SCHEDULED, MatchStatus.POSTPONED})


@transaction.atomic
def create_match(*, actor: User, organisation: Organisation, **fields: Any) -> Match:
    """Schedule a match between two teams of the organisation, in the default format if none is
    given. Raises InvalidInputError and ForbiddenError."""
    if not can_manage_roster(actor, organisation.pk):
        raise ForbiddenError
    required = {"home_team", "away_team", "kickoff_at"}
    if missing := required - fields.keys():
        raise InvalidInputError(**{name: ["This is required."] for name in sorted(missing)})
    match = Match(organisation=organisation, created_by=actor)
    values = fields if fields.get("format") else fields | {"format": default_format()}
    assign(match, values, HEADER | FOUNDATIONS)
    _check_owners(match)
    save_checked(match)
    return match


@transaction.atomic
def update_match(
    *, match: Match, actor: User, changes: Mapping[str, Any], base_version: int | None = None
) -> Match:
    """Change the header at any time, teams and format until the match starts.

    A team that is replaced takes its line-up with it. Raises VersionConflictError,
    MatchStartedError, InvalidInputError and ForbiddenError.
    """
    match = locked(match)
    if not can_manage_match(actor, match):
        raise ForbiddenError
    check_version(match.version, base_version)
    changed = assign(match, changes, HEADER | FOUNDATIONS)
    if not changed:
        return match
    if (fixed := changed & FOUNDATIONS) and match.status not in NOT_STARTED:
        raise MatchStartedError(fields=sorted(fixed))
    _check_owners(match)
    match.version += 1
    save_checked(match)
    feed.append(
        topic=match.topic,
        **payloads.match_changed(match, played_times(match)),
    )
    if changed & {"home_team", "away_team"}:
        _realign_lineups(match)
    return match


@transaction.atomic
def delete_match(*, match: Match, actor: User) -> None:
    """Delete a match with everything in it, its replays, and what the feeds said of them.

    Raises InUseError while it is played, and ForbiddenError.
    """
    match = locked(match)
    if not can_manage_match(actor, match):
        raise ForbiddenError
    if match.status in IN_PLAY:
        raise InUseError("The match is being played. Complete or abandon it first.")
    # Locked as well, for a replay can be running while its match is deleted.
    replays = match.replays.select_for_update(no_key=True).order_by("pk")
    topics = [match.topic, *(replay.topic for replay in replays)]
    match.delete()
    for topic in topics:
        feed.restart(topic)
        feed.recheck(topic)


def _check_owners(match: Match) -> None:
    problems = {}
    for name in ("home_team", "away_team", "season"):
        row = getattr(match, name)
        if row is not None and row.organisation_id != match.organisation_id:
            problems[f"{name}_id"] = ["This belongs to another organisation."]
    if match.home_team == match.away_team:
        problems["away_team_id"] = ["A team cannot play itself."]
    if problems:
        raise InvalidInputError(**problems)


def _realign_lineups(match: Match) -> None:
    """Forget the line-ups of teams that no longer play; the others may have changed sides."""
    teams = {Side.HOME: match.home_team_id, Side.AWAY: match.away_team_id}
    match.lineup.exclude(team_id__in=teams.values()).delete()
    rows = list(match.lineup.order_by("order", "pk"))
    for side, team_id in teams.items():
        of_side = [row for row in rows if row.team_id == team_id]
        feed.append(topic=match.topic, **payloads.lineup_changed(match, side, of_side))
