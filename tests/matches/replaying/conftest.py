import pytest

from accounts.models import Role
from matches.files.touchline import read_match
from matches.operations.imports import import_match
from tests import factories
from tests.matches.files.samples import cup_tie, demo


@pytest.fixture
def organisation(transactional_db):
    return factories.build_organisation()


@pytest.fixture
def manager(organisation):
    return factories.build_member(organisation, Role.ADMIN)


@pytest.fixture
def bring_in(organisation, manager):
    def bring_in(document):
        draft = read_match(document)
        return import_match(actor=manager, organisation=organisation, draft=draft).match

    return bring_in


@pytest.fixture
def final(bring_in):
    return bring_in(demo())


@pytest.fixture
def tie(bring_in):
    """A short match, about 20 minutes long."""
    return bring_in(cup_tie())
