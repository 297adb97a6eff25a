"""Makes the demo: a club, somebody to sign in as, a match that replays and one to log oneself.

Everything goes through the operations that a phone and the admin use, and may run at every start.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.utils import timezone

from accounts.models import NamePolicy, Organisation, User
from accounts.operations import create_organisation, create_user
from accounts.queries import user_named
from matches.files.touchline import read_match
from matches.models import Match, ShareLink
from matches.operations.imports import import_match
from matches.operations.lineups import draft_of, set_lineup
from matches.operations.matches import create_match
from matches.operations.replays import prepare_replay
from matches.operations.sharing import create_share_link
from matches.rules.kinds import MatchStatus
from web import demo

MATCH_FILE: Final = Path(__file__).parent.parent / "matches" / "demo" / "world-cup-final-2022.json"
# A minute a second: something happens every few seconds, and all is over in two or three minutes.
REPLAY_SPEED: Final = 60
OWN_MATCH: Final = "Try it yourself"
LINK_HOURS: Final = 720
RENEW_BEFORE: Final = timedelta(days=7)


@dataclass(frozen=True)
class Demo:
    owner: User
    source: Match
    replay: Match
    replay_token: str
    own: Match


def set_up_demo() -> Demo:
    owner = _owner()
    club = _club(owner)
    draft = read_match(json.loads(MATCH_FILE.read_bytes()))
    source = import_match(actor=owner, organisation=club, draft=draft).match
    # One that is being played just now is left alone.
    replay = source.replays.first() or prepare_replay(
        source=source, actor=owner, clock_rate=REPLAY_SPEED
    )
    own = _own_match(owner, source)
    _listed_link(own, owner)
    return Demo(
        owner=owner,
        source=source,
        replay=replay,
        replay_token=_listed_link(replay, owner),
        own=own,
    )


def _owner() -> User:
    """One sign-in for everything: the API as owner of the club, and the admin."""
    return user_named(demo.DEMO_USERNAME) or create_user(
        username=demo.DEMO_USERNAME,
        email=demo.DEMO_EMAIL,
        password=demo.DEMO_PASSWORD,
        is_superuser=True,
    )


def _club(owner: User) -> Organisation:
    club = Organisation.objects.filter(slug=demo.DEMO_ORGANISATION_SLUG).first()
    if club is None:
        # Famous adults, who agreed: the one organisation whose players everybody may know.
        return create_organisation(
            name=demo.DEMO_ORGANISATION, owner=owner, name_policy=NamePolicy.FULL
        )
    return club


def _own_match(owner: User, source: Match) -> Match:
    """A match that waits for its first event; when it has been played, there is another one."""
    waiting = Match.objects.filter(
        organisation=source.organisation, competition=OWN_MATCH, status=MatchStatus.SCHEDULED
    )
    if match := waiting.first():
        return match
    match = create_match(
        actor=owner,
        organisation=source.organisation,
        home_team=source.home_team,
        away_team=source.away_team,
        format=source.format,
        competition=OWN_MATCH,
        kickoff_at=timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=10),
    )
    for team in (source.home_team, source.away_team):
        lineup = source.lineup.filter(team=team).order_by("order")
        set_lineup(match=match, actor=owner, team=team, players=[draft_of(row) for row in lineup])
    return match


def _listed_link(match: Match, owner: User) -> str:
    """The token of a link on the landing page; a new one in good time before the old one ends."""
    lasting = ShareLink.objects.alive(timezone.now() + RENEW_BEFORE).filter(match=match)
    if link := lasting.exclude(listed_token="").first():
        return link.listed_token
    return create_share_link(
        match=match,
        actor=owner,
        expires_in_hours=LINK_HOURS,
        label="Landing page",
        name_policy=NamePolicy.FULL,
        listed=True,
    ).token
