from accounts.models import Role
from tests import factories
from tests.api.clients import client_of


class Club:
    """An organisation with somebody in each role, and a client for whoever asks."""

    def __init__(self):
        self.organisation = factories.build_organisation()
        self.people = {}

    def person(self, role):
        if role not in self.people:
            self.people[role] = factories.build_member(self.organisation, role)
        return self.people[role]

    def client(self, role):
        return client_of(self.person(role))

    @property
    def member(self):
        return self.client(Role.MEMBER)

    @property
    def scorer(self):
        return self.client(Role.SCORER)

    @property
    def admin(self):
        return self.client(Role.ADMIN)

    def team(self, **fields):
        return factories.build_team(organisation=self.organisation, **fields)

    def match(self, **fields):
        return factories.build_match(organisation=self.organisation, **fields)

    def live_match(self, **fields):
        return factories.build_live_match(organisation=self.organisation, **fields)
