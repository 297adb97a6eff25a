"""Two organisations, and everybody who may ask for something of the one or the other."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import transaction

from accounts.models import DeviceSession, Role
from accounts.models.sessions import master_key
from accounts.tokens import issue_access
from tests import factories
from tests.api import canary
from tests.api.clients import client_with, stranger
from tests.api.operation import CALLERS
from tests.api.side import Side

# Of no password; a world is made while this is the setting, and opens a session under it.
MASTER_PASSWORD_HASH = "argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdHNhbHQ$aGFzaGhhc2g"


@contextmanager
def undone():
    """A transaction that leaves nothing behind."""
    block = transaction.atomic()
    # As tests of Django wrap their own, so that what must commit by itself may run inside.
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


class World:
    def __init__(self):
        self.ours = Side()
        self._ours = canary.rows()
        self.theirs = Side()
        self._theirs = canary.rows()
        self.superuser = factories.build_user(is_superuser=True)
        # A second one, so that the first may go.
        factories.build_user(is_superuser=True)
        self.tokens = self._tokens()

    def _tokens(self):
        people = {
            **{role.value: self.ours.club.person(role) for role in Role},
            "assigned": self.ours.assigned,
            "assigned elsewhere": self.ours.elsewhere,
            **{f"their {role.value}": self.theirs.club.person(role) for role in Role},
            "superuser": self.superuser,
            "disabled": self.ours.disabled,
        }
        tokens = {name: factories.build_access_token(user) for name, user in people.items()}
        type(self.superuser).objects.filter(pk=self.ours.disabled.pk).update(is_active=False)
        tokens |= {"anonymous": None, "viewer": self.ours.viewer_token, "master": _master_token()}
        assert set(tokens) == set(CALLERS)
        return tokens

    def plant_canary(self):
        """A mark in all that the other organisation has; returns the fields that hold it."""
        everybody = canary.rows()
        spared = {
            model: keys - (self._theirs[model] - self._ours[model])
            for model, keys in everybody.items()
        }
        planted = canary.plant(spared)
        self.theirs.read_again()
        return planted

    def client(self, caller):
        token = self.tokens[caller]
        return client_with(token) if token else stranger()


def _master_token():
    session = DeviceSession.objects.create(
        master_key=master_key(), expires_at=datetime.now(UTC) + timedelta(days=1)
    )
    return issue_access(session.subject_id, session.pk)
