"""Builders, valid by default: each makes one row and the rows it cannot live without."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from accounts.models import DeviceSession, Invitation, Membership, Organisation, Role, User
from accounts.proofs import invitation_token
from accounts.tokens import issue_access
from core.ids import hash_token
from items.models import Item
from matches.models import (
    Format,
    LineupPlayer,
    Match,
    Period,
    Player,
    Season,
    SquadMembership,
    Team,
)
from matches.rules.kinds import LineupRole, MatchStatus, PeriodKind

PASSWORD = "correct horse battery staple"
_numbers = count(1)


def build_user(**fields: Any) -> User:
    number = next(_numbers)
    username = fields.pop("username", f"person{number}")
    email = fields.pop("email", f"{username}@example.org")
    password = fields.pop("password", None)
    user = User(username=username, email=email, **fields)
    if password:
        user.set_password(password)
    else:
        # Argon2 is slow by design; most tests never sign in with a password.
        user.set_unusable_password()
    user.save()
    return user


def build_organisation(**fields: Any) -> Organisation:
    number = next(_numbers)
    return Organisation.objects.create(
        **{"name": f"Club {number}", "slug": f"club-{number}", **fields}
    )


def build_member(organisation: Organisation, role: Role = Role.MEMBER, **fields: Any) -> User:
    user = build_user(**fields)
    Membership.objects.create(organisation=organisation, user=user, role=role)
    return user


def build_invitation(organisation: Organisation | None = None, **fields: Any) -> Invitation:
    """Sent by an owner; `invitation_token` is what its link carries."""
    organisation = organisation or build_organisation()
    defaults = {
        "email": f"invited{next(_numbers)}@example.org",
        "role": Role.SCORER,
        "invited_by": fields.pop("invited_by", None) or build_member(organisation, Role.OWNER),
        "expires_at": datetime.now(UTC) + timedelta(days=7),
    }
    invitation = Invitation(organisation=organisation, **{**defaults, **fields})
    invitation.token_hash = hash_token(invitation_token(invitation))
    invitation.save()
    return invitation


def build_item(**fields: Any) -> Item:
    """By a member; their organisation's, unless it says another."""
    organisation = fields.pop("organisation", None) or build_organisation()
    owner = fields.pop("owner", None) or build_member(organisation)
    return Item.objects.create(
        organisation=organisation,
        owner=owner,
        **{"title": f"Item {next(_numbers)}", "description": "Bring boots.", **fields},
    )


def build_season(**fields: Any) -> Season:
    organisation = fields.pop("organisation", None) or build_organisation()
    return Season.objects.create(
        organisation=organisation,
        **{
            "name": f"Season {next(_numbers)}",
            "starts_on": date(2026, 8, 1),
            "ends_on": date(2027, 5, 31),
            **fields,
        },
    )


def build_team(**fields: Any) -> Team:
    organisation = fields.pop("organisation", None) or build_organisation()
    return Team.objects.create(
        organisation=organisation, **{"name": f"Team {next(_numbers)}", **fields}
    )


def build_player(team: Team | None = None, number: int | None = None, **fields: Any) -> Player:
    organisation = fields.pop("organisation", None) or (
        team.organisation if team else build_organisation()
    )
    player = Player.objects.create(
        organisation=organisation, **{"name": f"Player {next(_numbers)}", **fields}
    )
    if team:
        SquadMembership.objects.create(team=team, player=player, number=number)
    return player


def build_format(**fields: Any) -> Format:
    defaults = {
        "name": f"Format {next(_numbers)}",
        "extra_time_periods": 2,
        "extra_time_minutes": 15,
        "has_shootout": True,
    }
    return Format.objects.create(**{**defaults, **fields})


def build_match(**fields: Any) -> Match:
    home_team = fields.pop("home_team", None)
    organisation = fields.pop("organisation", None) or (
        home_team.organisation if home_team else build_organisation()
    )
    home_team = home_team or build_team(organisation=organisation)
    away_team = fields.pop("away_team", None) or build_team(organisation=organisation)
    format_ = fields.pop("format", None) or build_format()
    return Match.objects.create(
        organisation=organisation,
        home_team=home_team,
        away_team=away_team,
        format=format_,
        **{"kickoff_at": datetime(2026, 11, 21, 15, tzinfo=UTC), **fields},
    )


def build_live_match(*, minutes_played: int = 10, **fields: Any) -> Match:
    """A match in its first period, kicked off `minutes_played` ago."""
    match = build_match(status=MatchStatus.LIVE, **fields)
    Period.objects.create(
        match=match,
        number=1,
        kind=PeriodKind.REGULAR,
        length_ms=match.format.regular_minutes * 60_000,
        started_at=datetime.now(UTC) - timedelta(minutes=minutes_played),
    )
    return match


def build_lineup(match: Match, team: Team, starters: int = 11, bench: int = 3) -> list[Player]:
    """Numbered players in the squad and the line-up of `team`, starters first."""
    players = []
    for index in range(starters + bench):
        player = build_player(team, number=index + 1)
        LineupPlayer.objects.create(
            match=match,
            team=team,
            player=player,
            number=index + 1,
            order=index,
            role=LineupRole.STARTER if index < starters else LineupRole.BENCH,
        )
        players.append(player)
    return players


def build_session(user: User | None = None, **fields: Any) -> DeviceSession:
    """A signed-in device, without the cost of a password."""
    return DeviceSession.objects.create(
        user=user or build_user(),
        **{"expires_at": datetime.now(UTC) + timedelta(days=90), **fields},
    )


def build_access_token(user: User | None = None) -> str:
    user = user or build_user()
    return issue_access(user.pk, build_session(user).pk)
