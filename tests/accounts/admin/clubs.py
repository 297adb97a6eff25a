"""A club with one row of everything the admin shows, each with the club's word in its texts."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.db.models import Model
from django_tasks_db.models import DBTaskResult

from accounts.models import ActorKind, AuditEntry, Invitation, Organisation, Role, User
from core.ids import hash_token, new_token
from items.models import Item
from matches.models import Match, MatchEvent, MatchScorer, Season, ShareLink, Team
from matches.operations.events import edit_event
from tests.factories import (
    build_format,
    build_lineup,
    build_member,
    build_organisation,
    build_player,
    build_season,
    build_session,
    build_team,
)
from tests.matches.builders import log, start_match


@dataclass
class Club:
    word: str
    organisation: Organisation
    people: dict[str, User]
    rows: dict[str, Model] = field(default_factory=dict)


def build_club(word: str) -> Club:
    organisation = build_organisation(name=f"{word} Club", slug=f"{word.lower()}-club")
    people = {
        role.value: build_member(
            organisation,
            role,
            username=f"{word}-{role}",
            email=f"{role}@{word.lower()}.example",
            is_staff=True,
        )
        for role in Role
    }
    club = Club(word, organisation, people)
    club.rows = {**_rows_of_people(club), **_rows_of_matches(club)}
    return club


def _rows_of_people(club: Club) -> dict[str, Model]:
    word, owner, member = club.word, club.people["owner"], club.people["member"]
    now = datetime.now(UTC)
    LogEntry.objects.log_actions(owner.pk, [owner], CHANGE, f"{word} was here.")
    return {
        "items.item": Item.objects.create(
            organisation=club.organisation, owner=owner, title=f"{word} bake sale"
        ),
        "accounts.organisation": club.organisation,
        "accounts.membership": club.organisation.memberships.get(user=member),
        "accounts.user": member,
        "accounts.devicesession": build_session(owner, device_name=f"{word} phone"),
        "accounts.invitation": Invitation.objects.create(
            organisation=club.organisation,
            email=f"guest@{word.lower()}.example",
            token_hash=hash_token(new_token()),
            invited_by=owner,
            expires_at=now + timedelta(days=7),
        ),
        "accounts.auditentry": AuditEntry.objects.create(
            action="role_changed",
            actor_kind=ActorKind.PERSON,
            actor=owner,
            organisation=club.organisation,
            subject=member,
            target=f"team {word}",
            details={"role": word},
        ),
    }


def _rows_of_matches(club: Club) -> dict[str, Model]:
    word, organisation = club.word, club.organisation
    season = build_season(organisation=organisation, name=f"{word} season")
    home, away, spare = (
        build_team(organisation=organisation, name=f"{word} {name}")
        for name in ("Reds", "Blues", "Spares")
    )
    build_player(spare, number=7, name=f"{word} Keeper")
    match, event = _played(club, season, home, away)
    membership = organisation.memberships.get(user=club.people["member"])
    MatchScorer.objects.create(match=match, membership=membership)
    link = ShareLink.objects.create(
        match=match,
        label=f"{word} family",
        token_hash=hash_token(word),
        token_prefix=word[:6],
        expires_at=datetime.now(UTC) + timedelta(days=1),
    )
    return {
        "matches.season": build_season(organisation=organisation, name=f"{word} next season"),
        "matches.team": spare,
        "matches.player": build_player(
            organisation=organisation, name=f"{word} Striker", birth_date=date(2014, 3, 9)
        ),
        "matches.match": match,
        "matches.matchevent": event,
        "matches.sharelink": link,
    }


def _played(club: Club, season: Season, home: Team, away: Team) -> tuple[Match, MatchEvent]:
    word, scorer = club.word, club.people["scorer"]
    match, _ = start_match(
        scorer,
        organisation=club.organisation,
        season=season,
        home_team=home,
        away_team=away,
        competition=f"{word} Cup",
        venue=f"{word} Park",
    )
    player = build_lineup(match, home, starters=1, bench=0)[0]
    event = log(match, scorer, player_id=player.pk, notes=f"{word} scored")
    notes = {"notes": f"{word} again"}
    return match, edit_event(event=event, actor=scorer, base_version=1, changes=notes, reason=word)


def platform_rows() -> dict[str, Model]:
    """Rows that belong to nobody's club."""
    return {
        "auth.group": Group.objects.create(name="Helpers"),
        "matches.format": build_format(),
        "django_tasks_database.dbtaskresult": DBTaskResult.objects.create(
            args_kwargs={"args": [], "kwargs": {}},
            task_path="accounts.tasks.x",
            queue_name="default",
            backend_name="default",
        ),
    }
