"""Canaries planted in every place that can hold something of a person, and the whole database as
text to listen in."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID

from django.apps import apps
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection, models

from accounts import operations
from accounts.models import (
    ActorKind,
    AuditEntry,
    EmailToken,
    Invitation,
    Membership,
    Organisation,
    RefreshToken,
    Role,
    User,
)
from accounts.tasks import send_password_notice
from items.models import Item
from matches.models import LineupPlayer, Match, MatchScorer, Player, Team
from matches.operations.events import edit_event, void_event
from matches.operations.sharing import create_share_link
from matches.rules.kinds import EventKind, LineupRole
from realtime.models import FeedEntry, FeedHead
from tests import factories
from tests.matches.builders import log, start_match

_numbers = count(1)


class Account:
    """Somebody who scores for a club, whose traces are in every table that takes any."""

    username = "Zanzibár"
    email = "zanzibar.first@example.org"
    former_email = "zanzibar.former@example.org"
    pending_email = "zanzibar.pending@example.org"
    invited_email = "zanzibar.invited@example.org"
    former_username = "Zanzibar_before"
    device = "Zanzibar phone"
    address = "203.0.113.77"
    title = "Zanzibar boots"

    def __init__(self):
        self.match, _ = start_match()
        self.club = self.match.organisation
        self.owner = factories.build_member(self.club, Role.OWNER)
        self.user = factories.build_member(
            self.club, Role.SCORER, username=self.username, email=self.email, password="x"
        )
        self.device_session()
        self.membership = Membership.objects.get(user=self.user)
        MatchScorer.objects.create(match=self.match, membership=self.membership)
        Item.objects.create(organisation=self.club, owner=self.user, title=self.title)
        self.user.groups.add(Group.objects.create(name="Editors"))
        self.mailed_links()
        self.invitations()
        self.trail()
        self.admin()
        self.play()

    @property
    def personal(self):
        """What an export must say."""
        return [
            self.username,
            self.email,
            self.former_email,
            self.pending_email,
            self.invited_email,
            self.former_username,
            self.device,
            self.address,
            self.title,
            str(self.user_id),
        ]

    def device_session(self):
        self.user_id = self.user.pk
        session = factories.build_session(self.user, device_name=self.device, address=self.address)
        self.session_id = session.pk
        RefreshToken.objects.create(
            session=session, token_hash="f" * 64, expires_at=session.expires_at
        )

    def mailed_links(self):
        operations.request_email_change(user=self.user, email=self.pending_email, actor=self.user)
        EmailToken.objects.create(
            user=self.user,
            kind=EmailToken.Kind.VERIFY_EMAIL,
            email=self.email,
            replaced_email=self.former_email,
            token_hash="e" * 64,
            expires_at=datetime.now(UTC),
            used_at=datetime.now(UTC),
        )
        operations.request_password_reset(email=self.email)
        send_password_notice.enqueue(str(self.user.pk))

    def invitations(self):
        other = factories.build_organisation()
        for email in (self.former_email, self.email):
            Invitation.objects.create(
                organisation=other,
                email=email.upper(),
                token_hash=f"{email:x<64}",
                invited_by=self.owner,
                expires_at=datetime.now(UTC) + timedelta(days=1),
            )
        accepted, _ = operations.invite_member(
            organisation=self.club, email=self.invited_email, role=Role.SCORER, actor=self.owner
        )
        accepted.accepted_by, accepted.accepted_at = self.user, datetime.now(UTC)
        accepted.save()
        self.invitation_id = accepted.pk

    def trail(self):
        trail = [
            {"actor": self.user, "action": "signed_in", "target": f"session {self.session_id}"},
            {"actor": self.owner, "subject": self.user, "action": "role_changed"},
            {
                "actor_kind": ActorKind.ANONYMOUS,
                "subject": self.user,
                "action": "sign_in_refused",
                "address": self.address,
            },
            {
                "actor": self.owner,
                "action": "role_changed",
                "target": f"user {self.user.pk}",
                "details": {"user_ids": [str(self.user.pk)], "role": "scorer"},
            },
        ]
        for fields in trail:
            actor = fields.get("actor")
            AuditEntry.objects.create(
                **{
                    "actor_kind": ActorKind.PERSON,
                    "address": self.address if actor == self.user else None,
                    "request_id": f"zanzibar-{next(_numbers)}" if actor == self.user else "",
                    "organisation": self.club,
                    **fields,
                }
            )

    def admin(self):
        session = SessionStore()
        session[SESSION_KEY] = str(self.user.pk)
        session[BACKEND_SESSION_KEY] = "accounts.backends.NameBackend"
        session[HASH_SESSION_KEY] = self.user.get_session_auth_hash()
        session.create()
        inline = f'{{"name": "membership", "object": "{self.user} is scorer of {self.club}"}}'
        inline = inline.replace("á", "\\u00e1")
        entries = [
            (self.user, self.match, str(self.match), ""),
            (self.owner, self.user, self.former_username, '[{"changed": {"fields": ["Email"]}}]'),
            (self.owner, self.membership, str(self.membership), ""),
            (self.owner, self.club, str(self.club), f'[{{"added": {inline}}}]'),
            (self.owner, self.club, f"{self.former_username} is owner", ""),
        ]
        for author, row, words, message in entries:
            _log(author, row, words, message)

    def play(self):
        goal = log(self.match, self.user)
        edit_event(event=goal, actor=self.user, changes={"clock_ms": 5}, base_version=1)
        void_event(event=log(self.match, self.user), actor=self.user, base_version=1)
        create_share_link(match=self.match, actor=self.user)
        Match.objects.filter(pk=self.match.pk).update(created_by=self.user)


class Child:
    """A player about whom much was written down."""

    name = "Quetzal Canarybird"
    former_name = "Quetzal Formerbird"
    born = date(2013, 4, 5)
    words = ("quetzal", "canarybird", "formerbird", "2013-04-05", "2024-02-29")

    def __init__(self):
        self.match, self.scorer = start_match()
        self.team = self.match.home_team
        self.player = factories.build_player(
            self.team,
            number=7,
            name=self.name,
            birth_date=self.born,
            name_consent=True,
            position="FW",
            notes="Quetzal allergy",
        )
        self.other = factories.build_player(self.team, number=8, name="Somebody Else")
        self.squad = self.player.squads.get()
        self.player.squads.update(joined_on=date(2024, 2, 29))
        LineupPlayer.objects.create(
            match=self.match,
            team=self.team,
            player=self.player,
            number=17,
            role=LineupRole.STARTER,
        )
        self.play()
        self.admin()

    def play(self):
        self.goal = self._log(EventKind.GOAL, player_id=self.player.pk)
        self._log(EventKind.SUBSTITUTION, player_off_id=self.player.pk, player_on_id=self.other.pk)
        self._correct(self.goal, notes="Quetzal again")
        self.corrected = self._log(EventKind.CORNER, player_id=self.player.pk)
        self._correct(self.corrected, player_id=self.other.pk)
        self.not_theirs = log(
            self.match, self.scorer, player_id=self.other.pk, notes="Well done, Else"
        )

    def _log(self, kind, **fields):
        return log(self.match, self.scorer, kind, notes=f"Quetzal {kind}", **fields)

    def _correct(self, event, **changes):
        edit_event(
            event=event,
            actor=self.scorer,
            changes=changes,
            base_version=None,
            reason="Quetzal's mother said so",
        )

    def admin(self):
        author = factories.build_user(is_staff=True)
        _log(author, self.player, self.former_name, "")
        _log(author, self.squad, f"7 {self.former_name}", "")
        _log(author, self.squad, "7 Quetzal Oldestbird", "")
        inline = f'[{{"added": {{"name": "squad membership", "object": "7 {self.name}"}}}}]'
        _log(author, self.team, str(self.team), inline)


def _log(author, row, words, message):
    LogEntry.objects.create(
        user=author,
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        object_repr=words,
        action_flag=CHANGE if message else ADDITION,
        change_message=message,
    )


def database_as_text():
    """Every row of every table, in small letters, one a line; cookies are opened."""
    lines = [str(session.get_decoded()) for session in Session.objects.all()]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            lines += [
                f"{table}: " + " | ".join(_text(value) for value in row)
                for row in cursor.fetchall()
            ]
    return "\n".join(lines).casefold()


def _text(value):
    # In JSON a letter beyond ASCII may stand as its number.
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), str(value))


def forms_of(key: UUID):
    return [str(key), key.hex]


def play_as_text():
    """All feeds and scores, to the byte."""
    feed = [*FeedHead.objects.order_by("pk").values_list()]
    feed += FeedEntry.objects.order_by("pk").values_list()
    scores = Match.objects.order_by("pk").values_list(
        "pk",
        "status",
        "home_goals",
        "away_goals",
        "home_shootout_goals",
        "away_shootout_goals",
        "version",
        "last_sequence",
    )
    return repr([feed, list(scores)])


class Planter:
    """Makes a row of any model, whatever it needs; all of it in one organisation."""

    def __init__(self):
        self.match, _ = start_match()
        club = self.match.organisation
        player = factories.build_player(self.match.home_team)
        event = log(self.match, factories.build_member(club, Role.SCORER))
        self.known = {
            Organisation: club,
            Match: self.match,
            Player: player,
            type(event): event,
        }

    def plant(self, model, **fields):
        if model is User:
            return factories.build_user()
        if model is Team:
            return factories.build_team(organisation=self.match.organisation)
        for field in model._meta.concrete_fields:
            if field.name not in fields and _is_needed(field):
                fields[field.name] = self._value(field)
        return model._base_manager.create(**fields)

    def _value(self, field):
        if field.is_relation:
            return self.known.get(field.related_model) or self.plant(field.related_model)
        if field.choices:
            return field.choices[0][0]
        number = next(_numbers)
        for kind, make in _VALUES:
            if isinstance(field, kind):
                return make(number)
        return number


_VALUES = [
    (models.DateTimeField, lambda _: datetime.now(UTC) + timedelta(days=1)),
    (models.DateField, lambda _: date(2026, 11, 21)),
    (models.JSONField, lambda _: {}),
    (models.UUIDField, lambda number: UUID(int=number)),
    (models.EmailField, lambda number: f"planted{number}@example.org"),
    ((models.CharField, models.TextField), lambda number: f"p{number}"),
    (models.BooleanField, lambda _: False),
]


def _is_needed(field):
    if field.null or field.has_default() or isinstance(field, models.AutoField):
        return False
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return False
    return field.is_relation or not (field.blank and field.empty_strings_allowed)


def every_relation_to(model):
    """Found another way than the application finds them: by walking all models."""
    return [
        (other, field)
        for other in apps.get_models(include_auto_created=True)
        for field in other._meta.get_fields()
        if field.concrete and (field.many_to_one or field.one_to_one)
        if field.related_model is model
    ]
