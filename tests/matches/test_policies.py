"""Who may do what: every operation of matches against every role, as one table."""

import importlib
import inspect
import pkgutil
from datetime import date, timedelta

import pytest

from accounts.models import Role
from core.errors import ForbiddenError
from matches import operations
from matches.models import Match
from matches.operations import lifecycle, roster, squads
from matches.operations.erasing import erase_player
from matches.operations.events import edit_event, record_event, void_event
from matches.operations.exporting import export_player
from matches.operations.lineups import set_lineup
from matches.operations.matches import create_match, delete_match, update_match
from matches.operations.scorers import assign_scorer, unassign_scorer
from matches.operations.sharing import create_share_link, revoke_share_link
from matches.rules.kinds import MatchStatus
from tests import factories
from tests.matches.builders import KICK_OFF, draft, log, start_match

pytestmark = pytest.mark.django_db


class Club:
    """A club in which each operation could be done, if only one may."""

    def __init__(self):
        self.live, self.owner = start_match(actor=factories.build_user(is_superuser=True))
        self.organisation = self.live.organisation
        self.team = self.live.home_team
        self.player = factories.build_player(self.team, number=10)
        self.season = factories.build_season(organisation=self.organisation)
        self.event = log(self.live, self.owner)
        self.link = create_share_link(match=self.live, actor=self.owner).link
        self.membership = self.player.squads.get()
        self.helper = factories.build_member(self.organisation)
        self.assigned = factories.build_member(self.organisation)
        assign_scorer(match=self.live, actor=self.owner, user=self.assigned)
        self.newcomer = factories.build_player(organisation=self.organisation)
        self.idle_team = factories.build_team(organisation=self.organisation)

    def match(self, status):
        match = factories.build_match(
            organisation=self.organisation,
            home_team=self.live.home_team,
            away_team=self.live.away_team,
        )
        Match.objects.filter(pk=match.pk).update(status=status)
        match.refresh_from_db()
        return match

    def between_periods(self):
        return lifecycle.end_period(match=self.live, actor=self.owner)

    def paused(self):
        return lifecycle.pause_match(match=self.live, actor=self.owner)


TOUCHLINE = {
    "record_event": lambda club, by: record_event(
        match=club.live, actor=by, event=draft(club.live)
    ),
    "edit_event": lambda club, by: edit_event(
        event=club.event, actor=by, changes={"clock_ms": 1}, base_version=None
    ),
    "void_event": lambda club, by: void_event(event=club.event, actor=by, base_version=None),
    "set_lineup": lambda club, by: set_lineup(
        match=club.live, actor=by, team=club.team, players=[]
    ),
    "start_match": lambda club, by: lifecycle.start_match(
        match=club.match(MatchStatus.SCHEDULED), actor=by
    ),
    "start_period": lambda club, by: lifecycle.start_period(match=club.between_periods(), actor=by),
    "end_period": lambda club, by: lifecycle.end_period(match=club.live, actor=by),
    "pause_match": lambda club, by: lifecycle.pause_match(match=club.live, actor=by),
    "resume_match": lambda club, by: lifecycle.resume_match(match=club.paused(), actor=by),
    "complete_match": lambda club, by: lifecycle.complete_match(match=club.live, actor=by),
    "abandon_match": lambda club, by: lifecycle.abandon_match(
        match=club.live, actor=by, reason="Fog"
    ),
    "reopen_match": lambda club, by: lifecycle.reopen_match(
        match=club.match(MatchStatus.COMPLETED), actor=by, reason="Too early"
    ),
    "create_share_link": lambda club, by: create_share_link(match=club.live, actor=by),
    "revoke_share_link": lambda club, by: revoke_share_link(link=club.link, actor=by),
}
OFFICE = {
    "create_match": lambda club, by: create_match(
        actor=by,
        organisation=club.organisation,
        home_team=club.live.home_team,
        away_team=club.live.away_team,
        kickoff_at=KICK_OFF,
    ),
    "update_match": lambda club, by: update_match(
        match=club.live, actor=by, changes={"venue": "Pitch 2"}
    ),
    "delete_match": lambda club, by: delete_match(
        match=club.match(MatchStatus.SCHEDULED), actor=by
    ),
    "postpone_match": lambda club, by: lifecycle.postpone_match(
        match=club.match(MatchStatus.SCHEDULED), actor=by, reason="Fog"
    ),
    "cancel_match": lambda club, by: lifecycle.cancel_match(
        match=club.match(MatchStatus.SCHEDULED), actor=by, reason="Fog"
    ),
    "reschedule_match": lambda club, by: lifecycle.reschedule_match(
        match=club.match(MatchStatus.CANCELLED),
        actor=by,
        kickoff_at=KICK_OFF + timedelta(days=1),
    ),
    "create_share_link listed": lambda club, by: create_share_link(
        match=club.live, actor=by, listed=True
    ),
    "assign_scorer": lambda club, by: assign_scorer(match=club.live, actor=by, user=club.helper),
    "unassign_scorer": lambda club, by: unassign_scorer(
        match=club.live, actor=by, user=club.assigned
    ),
    "create_season": lambda club, by: roster.create_season(
        actor=by,
        organisation=club.organisation,
        name="2027/28",
        starts_on=date(2027, 8, 1),
        ends_on=date(2028, 5, 31),
    ),
    "update_season": lambda club, by: roster.update_season(
        season=club.season, actor=by, changes={"name": "26/27"}
    ),
    "delete_season": lambda club, by: roster.delete_season(season=club.season, actor=by),
    "create_team": lambda club, by: roster.create_team(
        actor=by, organisation=club.organisation, name="U9"
    ),
    "update_team": lambda club, by: roster.update_team(
        team=club.team, actor=by, changes={"short_name": "U10"}
    ),
    "delete_team": lambda club, by: roster.delete_team(team=club.idle_team, actor=by),
    "create_player": lambda club, by: roster.create_player(
        actor=by, organisation=club.organisation, name="Sam"
    ),
    "update_player": lambda club, by: roster.update_player(
        player=club.player, actor=by, changes={"position": "GK"}
    ),
    "delete_player": lambda club, by: roster.delete_player(player=club.player, actor=by),
    "erase_player": lambda club, by: erase_player(player=club.player, actor=by),
    "export_player": lambda club, by: export_player(player=club.player, actor=by),
    "add_to_squad": lambda club, by: squads.add_to_squad(
        team=club.team, actor=by, player=club.newcomer
    ),
    "change_squad_membership": lambda club, by: squads.change_squad_membership(
        membership=club.membership, actor=by, changes={"number": 7}
    ),
    "remove_from_squad": lambda club, by: squads.remove_from_squad(
        membership=club.membership, actor=by
    ),
}


TESTED_WITH_COMMANDS = {"import_match", "prepare_replay"}


def build_actor(who, organisation):
    match who:
        case "owner of another club":
            return factories.build_member(factories.build_organisation(), Role.OWNER)
        case "superuser":
            return factories.build_user(is_superuser=True)
        case "disabled superuser":
            return factories.build_user(is_superuser=True, is_active=False)
        case _:
            return factories.build_member(organisation, Role(who))


@pytest.mark.parametrize(
    ("who", "touchline", "office"),
    [
        ("member", False, False),
        ("scorer", True, False),
        ("admin", True, True),
        ("owner", True, True),
        ("owner of another club", False, False),
        ("superuser", True, True),
        ("disabled superuser", False, False),
    ],
)
@pytest.mark.parametrize("operation", [*TOUCHLINE, *OFFICE])
def test_role_and_operation(operation, who, touchline, office):
    club = Club()
    actor = build_actor(who, club.organisation)
    run = {**TOUCHLINE, **OFFICE}[operation]

    if touchline if operation in TOUCHLINE else office:
        run(club, actor)
    else:
        with pytest.raises(ForbiddenError):
            run(club, actor)


def operations_of(module):
    for name, found in vars(module).items():
        is_public = not name.startswith("_") and inspect.isfunction(found)
        if is_public and found.__module__ == module.__name__ and "actor" in found.__annotations__:
            yield name


def test_table_knows_every_operation():
    """An operation is a public function of `matches.operations` that takes an `actor`."""
    modules = pkgutil.iter_modules(operations.__path__, f"{operations.__name__}.")
    named = {
        name for found in modules for name in operations_of(importlib.import_module(found.name))
    }

    assert named - TESTED_WITH_COMMANDS == {name.split()[0] for name in [*TOUCHLINE, *OFFICE]}
