"""An organisation with one of everything: the rows that the tables of expected codes speak of."""

from datetime import UTC, datetime, timedelta

from accounts.models import EmailToken, RefreshToken, Role
from accounts.operations import record_audit
from accounts.proofs import email_token, invitation_token
from core.ids import hash_token, new_token
from matches.models import Match
from matches.operations import lifecycle
from matches.operations.events import edit_event
from matches.operations.scorers import assign_scorer
from matches.operations.sharing import create_share_link, exchange_share_token
from matches.rules.kinds import MatchStatus
from tests import factories
from tests.api.club import Club
from tests.matches.builders import log

# Which row a name in an address is, unless an operation says otherwise.
ROWS = {
    "organisation_id": "organisation",
    "user_id": "reader",
    "invitation_id": "invitation",
    "session_id": "session",
    "item_id": "item",
    "season_id": "season",
    "team_id": "team",
    "membership_id": "membership",
    "player_id": "spare",
    "match_id": "match",
    "event_id": "event",
    "share_id": "link",
}


class Side:
    def __init__(self):
        self.club = Club()
        self.organisation = self.club.organisation
        self.member, self.scorer, self.admin, self.owner = (
            self.club.person(role) for role in (Role.MEMBER, Role.SCORER, Role.ADMIN, Role.OWNER)
        )
        # A second owner, so that the first may leave.
        factories.build_member(self.organisation, Role.OWNER)
        self.assigned, self.elsewhere, self.reader = (
            factories.build_member(self.organisation) for _ in range(3)
        )
        self.disabled = factories.build_member(self.organisation, Role.ADMIN)
        # Somebody who has heard of the organisation, and no more.
        self.outsider = factories.build_user()
        self._schedule_matches()
        self._log_and_share()
        self._assign()
        self._open_accounts()

    def _schedule_matches(self):
        club = self.club
        self.season = factories.build_season(organisation=self.organisation)
        self.team = club.team()
        self.match = club.match(season=self.season)
        self.other_match = club.match()
        self.postponed = club.match(status=MatchStatus.POSTPONED)
        self.live = club.live_match()
        self.paused = lifecycle.pause_match(match=club.live_match(), actor=self.scorer)
        self.between = lifecycle.end_period(match=club.live_match(), actor=self.scorer)
        self.over = lifecycle.complete_match(match=club.live_match(), actor=self.scorer)

    def _log_and_share(self):
        self.membership = factories.build_player(self.team, number=8).squads.get()
        self.spare = factories.build_player(organisation=self.organisation)
        factories.build_lineup(self.live, self.live.home_team, starters=1, bench=1)
        event = log(self.live, self.scorer)
        self.event = edit_event(
            event=event, actor=self.scorer, changes={"clock_ms": 700_000}, base_version=None
        )
        self.link, self.share_token = create_share_link(
            match=self.live, actor=self.admin, listed=True
        )
        self.viewer_token = exchange_share_token(self.share_token).viewer_token

    def _assign(self):
        matches = (self.match, self.postponed, self.live, self.paused, self.between, self.over)
        for match in matches:
            assign_scorer(match=match, actor=self.admin, user=self.assigned)
        assign_scorer(match=self.other_match, actor=self.admin, user=self.elsewhere)

    def _open_accounts(self):
        owned = {"organisation": self.organisation, "owner": self.scorer}
        self.item = factories.build_item(**owned)
        self.private_item = factories.build_item(**owned, is_private=True)
        self.invitation = factories.build_invitation(self.organisation, invited_by=self.owner)
        self.session = factories.build_session(self.scorer, device_name="Phone")
        self.refresh_token = new_token()
        RefreshToken.objects.create(
            session=self.session,
            token_hash=hash_token(self.refresh_token),
            expires_at=datetime.now(UTC) + timedelta(days=7),
        )
        self.mailed = {kind: self._mail(kind) for kind in EmailToken.Kind}
        record_audit(action="role_changed", actor=self.owner, organisation=self.organisation)

    def _mail(self, kind):
        row = EmailToken(kind=kind, user=self.reader, email=self.reader.email)
        row.expires_at = datetime.now(UTC) + timedelta(hours=1)
        row.token_hash = hash_token(email_token(row))
        row.save()
        return email_token(row)

    @property
    def invitation_token(self):
        return invitation_token(self.invitation)

    def ids(self, parameters, rows):
        return {name: getattr(self, {**ROWS, **rows}[name]).pk for name in parameters}

    @property
    def topic(self):
        return self.live.topic

    def read_again(self):
        """After its rows were changed behind its back."""
        for row in (self.organisation, self.reader, self.outsider, self.invitation):
            row.refresh_from_db()
        assert Match.objects.filter(organisation=self.organisation).exists()
