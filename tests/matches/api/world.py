"""One of everything, and for every route and method: whom it is for, and a body that works."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.models import Role
from core.ids import uuid7
from matches.operations import lifecycle
from matches.operations.scorers import assign_scorer
from matches.operations.sharing import create_share_link, exchange_share_token
from matches.rules.kinds import MatchStatus
from tests import factories
from tests.api.clients import client_of, client_with
from tests.api.contract import DocumentedClient
from tests.matches.builders import log

CALLERS = ("anonymous", "viewer", "foreign", "member", "scorer", "admin", "owner", "superuser")

# In the order of CALLERS. A foreign caller asks for our rows by id, or lists their own: none.
#          anon  view  fore  memb  scor  admi  owne  supe
LIST = "    401   401   200   200   200   200   200   200"
READ = "    401   401   404   200   200   200   200   200"
FOLLOW = "  401   200   404   200   200   200   200   200"
ADD = "     401   401   404   403   403   201   201   201"
MANAGE = "  401   401   404   403   403   200   200   200"
REMOVE = "  401   401   404   403   403   204   204   204"
LOG = "     401   401   404   403   201   201   201   201"
SCORE = "   401   401   404   403   200   200   200   200"
UNDO = "    401   401   404   403   204   204   204   204"
ANYBODY = " 200   200   200   200   200   200   200   200"


class World:
    def __init__(self, club):
        self.club = club
        self.organisation = club.organisation
        scorer = club.person(Role.SCORER)
        self.season = factories.build_season(organisation=self.organisation)
        self.team = club.team()
        self.match = club.match()
        self.postponed = club.match(status=MatchStatus.POSTPONED)
        self.live = club.live_match()
        self.paused = lifecycle.pause_match(match=club.live_match(), actor=scorer)
        self.between = lifecycle.end_period(match=club.live_match(), actor=scorer)
        self.over = lifecycle.complete_match(match=club.live_match(), actor=scorer)
        self.membership = factories.build_player(self.team, number=8).squads.get()
        self.spare = factories.build_player(organisation=self.organisation)
        self.event = log(self.live, scorer)
        new = create_share_link(match=self.live, actor=club.person(Role.ADMIN), listed=True)
        self.link, self.token = new
        self.reader = factories.build_member(self.organisation)
        self.helper = factories.build_member(self.organisation)
        for match in (self.match, self.live):
            assign_scorer(match=match, actor=club.person(Role.ADMIN), user=self.helper)
        self.clients = self._clients()

    def _clients(self):
        anonymous = DocumentedClient()
        anonymous.default_format = "json"
        foreign = factories.build_member(factories.build_organisation(), Role.OWNER)
        roles = (Role.MEMBER, Role.SCORER, Role.ADMIN, Role.OWNER)
        return {
            "anonymous": anonymous,
            "viewer": client_with(exchange_share_token(self.token).viewer_token),
            "foreign": client_of(foreign),
            **{role.value: self.club.client(role) for role in roles},
            "superuser": client_of(factories.build_user(is_superuser=True)),
        }

    def ids(self, key):
        """The ids in the address: a name in the route is a row of this world."""
        rows = {**ROWS, "match_id": OPERATIONS[key].match}
        return {name: getattr(self, row).pk for name, row in rows.items() if name in _names(key)}

    def url(self, key):
        return reverse(key[0], kwargs=self.ids(key))

    def body(self, key):
        body = OPERATIONS[key].body
        return body(self) if callable(body) else body


@dataclass(frozen=True)
class Operation:
    """`match` is the one of the world whose state allows the operation."""

    expected: str
    body: Callable[[World], Any] | dict[str, Any] | None = None
    match: str = "match"

    def code_for(self, caller):
        return int(self.expected.split()[CALLERS.index(caller)])


ROWS = {
    "season_id": "season",
    "team_id": "team",
    "membership_id": "membership",
    "player_id": "spare",
    "event_id": "event",
    "share_id": "link",
    "user_id": "helper",
}
REASON = {"reason": "Thunderstorm"}
NEW_DATE = {"kickoff_at": "2026-12-05T11:00:00Z"}


def _names(key):
    route = key[0]
    names = {
        "season": {"season_id"},
        "team": {"team_id"},
        "squad": {"team_id"},
        "squad-membership": {"team_id", "membership_id"},
        "player": {"player_id"},
        "event": {"event_id"},
        "event-revisions": {"event_id"},
        "match-scorer": {"match_id", "user_id"},
        "share-link": {"match_id", "share_id"},
        "share-link-qr": {"match_id", "share_id"},
    }
    is_about_match = route == "match" or route.startswith("match-")
    return names.get(route, {"match_id"} if is_about_match else set())


def _owned(**fields):
    return lambda world: {**fields, "organisation_id": str(world.organisation.pk)}


def _header(world):
    return {
        "home_team_id": str(world.match.home_team_id),
        "away_team_id": str(world.match.away_team_id),
        "kickoff_at": "2026-12-05T11:00:00Z",
    }


def _match(world):
    return {**_header(world), "organisation_id": str(world.organisation.pk)}


def _goal(world):
    team_id = str(world.live.home_team_id)
    return {"id": str(uuid7()), "kind": "goal", "team_id": team_id, "period": 1}


def _event(world):
    return {"period": 1, "team_id": str(world.live.home_team_id), "base_version": 1}


def _lineup(world):
    return {"team_id": str(world.match.home_team_id), "players": []}


OPERATIONS = {
    ("seasons", "GET"): Operation(LIST),
    ("seasons", "POST"): Operation(
        ADD, _owned(name="2030/31", starts_on="2030-08-01", ends_on="2031-05-31")
    ),
    ("season", "GET"): Operation(READ),
    ("season", "PATCH"): Operation(MANAGE, {"name": "Another"}),
    ("season", "DELETE"): Operation(REMOVE),
    ("teams", "GET"): Operation(LIST),
    ("teams", "POST"): Operation(ADD, _owned(name="Hollybrook")),
    ("team", "GET"): Operation(READ),
    ("team", "PATCH"): Operation(MANAGE, {"name": "Another"}),
    ("team", "DELETE"): Operation(REMOVE),
    ("squad", "GET"): Operation(READ),
    ("squad", "POST"): Operation(ADD, lambda world: {"player_id": str(world.spare.pk)}),
    ("squad-membership", "PATCH"): Operation(MANAGE, {"number": 9}),
    ("squad-membership", "DELETE"): Operation(REMOVE),
    ("players", "GET"): Operation(LIST),
    ("players", "POST"): Operation(ADD, _owned(name="Robin")),
    ("player", "GET"): Operation(READ),
    ("player", "PATCH"): Operation(MANAGE, {"name": "Another"}),
    ("player", "DELETE"): Operation(REMOVE),
    ("formats", "GET"): Operation(LIST),
    ("matches", "GET"): Operation(LIST),
    ("matches", "POST"): Operation(ADD, _match),
    ("match", "GET"): Operation(READ),
    ("match", "PUT"): Operation(MANAGE, _header),
    ("match", "PATCH"): Operation(MANAGE, {"venue": "Elsewhere"}),
    ("match", "DELETE"): Operation(REMOVE),
    ("match-live", "GET"): Operation(FOLLOW, match="live"),
    ("match-feed", "GET"): Operation(FOLLOW, match="live"),
    ("match-score", "GET"): Operation(READ, match="live"),
    ("match-timeline", "GET"): Operation(READ, match="live"),
    ("match-events", "GET"): Operation(READ, match="live"),
    ("match-events", "POST"): Operation(LOG, _goal, match="live"),
    ("event", "GET"): Operation(READ),
    ("event", "PUT"): Operation(SCORE, _event),
    ("event", "PATCH"): Operation(SCORE, {"clock_ms": 1, "base_version": 1}),
    ("event", "DELETE"): Operation(UNDO, {"base_version": 1}),
    ("event-revisions", "GET"): Operation(READ),
    ("match-start", "POST"): Operation(SCORE),
    ("match-pause", "POST"): Operation(SCORE, match="live"),
    ("match-resume", "POST"): Operation(SCORE, match="paused"),
    ("match-periods-start", "POST"): Operation(SCORE, match="between"),
    ("match-periods-end", "POST"): Operation(SCORE, match="live"),
    ("match-complete", "POST"): Operation(SCORE, match="live"),
    ("match-abandon", "POST"): Operation(SCORE, REASON, match="live"),
    ("match-postpone", "POST"): Operation(MANAGE, REASON),
    ("match-cancel", "POST"): Operation(MANAGE, REASON),
    ("match-reschedule", "POST"): Operation(MANAGE, NEW_DATE, match="postponed"),
    ("match-reopen", "POST"): Operation(SCORE, REASON, match="over"),
    ("match-replay", "POST"): Operation(ADD, {"clock_rate": 60}, match="over"),
    ("match-lineup", "GET"): Operation(READ),
    ("match-lineup", "PUT"): Operation(SCORE, _lineup),
    ("match-scorers", "GET"): Operation(READ),
    ("match-scorers", "POST"): Operation(ADD, lambda world: {"user_id": str(world.reader.pk)}),
    ("match-scorer", "DELETE"): Operation(REMOVE),
    ("match-share", "GET"): Operation(READ, match="live"),
    ("match-share", "POST"): Operation(LOG, {}),
    ("share-link", "DELETE"): Operation(UNDO, match="live"),
    ("share-link-qr", "GET"): Operation(READ, match="live"),
    ("share-exchange", "POST"): Operation(ANYBODY, lambda world: {"token": world.token}),
}
