"""A club with one of everything, somebody in each role, and how each of them signs in."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import Model

from accounts.models import Organisation, Role, User
from items.models import Item
from matches.operations.sharing import create_share_link
from matches.rules.kinds import MatchStatus
from tests import factories
from tests.matches.builders import log

# None of the document's examples: with its password an account could be erased by itself.
PASSWORD = "eleven muddy boots on the line"
MASTER_PASSWORD = "a master password of the studio"
ROLES = {"member": Role.MEMBER, "scorer": Role.SCORER, "admin": Role.ADMIN, "owner": Role.OWNER}
CALLERS = ("anonymous", "viewer", *ROLES, "foreign", "superuser", "master")
# Those whose answers differ most, where there is no time for all.
A_FEW = ("viewer", "scorer", "superuser", "master")


class FuzzWorld:
    def __init__(self, settings: Any) -> None:
        settings.MASTER_PASSWORD_HASH = make_password(MASTER_PASSWORD)
        self.club = factories.build_organisation()
        self.people = {name: self._person(self.club, role) for name, role in ROLES.items()}
        # A second owner, so that the club survives what the first may try.
        self._person(self.club, Role.OWNER)
        self.people["foreign"] = self._person(factories.build_organisation(), Role.OWNER)
        self.people["superuser"] = factories.build_user(is_superuser=True, password=PASSWORD)
        self.ids = self._rows()

    def _person(self, club: Organisation, role: Role) -> User:
        return factories.build_member(club, role, password=PASSWORD)

    def _rows(self) -> dict[str, list[str]]:
        owner = self.people["owner"]
        season = factories.build_season(organisation=self.club)
        live = factories.build_live_match(organisation=self.club, season=season)
        scheduled = factories.build_match(organisation=self.club)
        postponed = factories.build_match(organisation=self.club, status=MatchStatus.POSTPONED)
        finished = factories.build_match(organisation=self.club, status=MatchStatus.COMPLETED)
        players = factories.build_lineup(live, live.home_team)
        self.link, self.token = create_share_link(match=live, actor=owner)
        rows: dict[str, Sequence[Model]] = {
            "organisation_id": [self.club],
            "season_id": [season],
            "team_id": [live.home_team, live.away_team],
            "player_id": players,
            "membership_id": [player.squads.get() for player in players],
            "match_id": [live, scheduled, postponed, finished],
            "event_id": [log(live, owner), log(live, owner)],
            "share_id": [self.link],
            "user_id": [*self.people.values()],
            "invitation_id": [factories.build_invitation(self.club)],
            "item_id": [
                Item.objects.create(organisation=self.club, owner=person, title="Boots found")
                for person in self.people.values()
            ],
            "session_id": [factories.build_session(person) for person in self.people.values()],
        }
        return {name: [str(row.pk) for row in found] for name, found in rows.items()}

    def told_to(self, caller: str, url: str) -> dict[str, Any]:
        """What the run may know: it is another process."""
        return {"caller": self._sign_in(caller), "url": url, "ids": self.ids, "seed": 1}

    def _sign_in(self, caller: str) -> dict[str, Any]:
        if caller == "anonymous":
            return {"path": None}
        if caller == "viewer":
            body = {"token": self.token}
            return {"path": "/api/v1/share/exchange", "body": body, "field": "viewer_token"}
        body = {"master_password": MASTER_PASSWORD}
        if caller != "master":
            # By address: a person may change their username.
            body = {"email": self.people[caller].email, "password": PASSWORD}
        return {"path": "/api/v1/auth/login", "body": body, "field": "access_token"}
