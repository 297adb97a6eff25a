"""Shorthand for what a volunteer does, for tests of operations and queries."""

from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.models import Role, User
from core.ids import uuid7
from matches.models import Match, MatchEvent, Team
from matches.operations import lifecycle
from matches.operations.events import Recorded, record_event
from matches.rules.events import EventDraft
from matches.rules.kinds import EventKind
from tests import factories

KICK_OFF = datetime(2026, 11, 21, 15, tzinfo=UTC)


def minutes(count: float) -> datetime:
    """So many minutes after kick-off."""
    return KICK_OFF + timedelta(minutes=count)


def build_scorer(match: Match) -> User:
    return factories.build_member(match.organisation, Role.SCORER)


def build_manager(match: Match) -> User:
    return factories.build_member(match.organisation, Role.ADMIN)


def start_match(actor: User | None = None, **fields: Any) -> tuple[Match, User]:
    """A match in its first period and who logs it."""
    match = factories.build_match(**fields)
    actor = actor or build_scorer(match)
    return lifecycle.start_match(match=match, actor=actor, at=KICK_OFF), actor


def draft(match: Match, kind: EventKind = EventKind.GOAL, **fields: Any) -> EventDraft:
    """A home goal in the first period, unless told otherwise; `team=None` for nobody's."""
    team: Team | None = fields.pop("team", match.home_team)
    return EventDraft(
        **{
            "id": uuid7(),
            "kind": kind,
            "period": 1,
            "clock_ms": 754_000,
            "team_id": team.pk if team else None,
            **fields,
        }
    )


def record(match: Match, actor: User, kind: EventKind = EventKind.GOAL, **fields: Any) -> Recorded:
    return record_event(match=match, actor=actor, event=draft(match, kind, **fields))


def log(match: Match, actor: User, kind: EventKind = EventKind.GOAL, **fields: Any) -> MatchEvent:
    return record(match, actor, kind, **fields).event
