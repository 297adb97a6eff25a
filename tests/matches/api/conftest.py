import pytest

from accounts.models import Role
from tests import factories
from tests.api.clients import client_of
from tests.api.club import Club


@pytest.fixture
def club(db):
    return Club()


@pytest.fixture
def stranger(db):
    """The owner of another organisation."""
    return client_of(factories.build_member(factories.build_organisation(), Role.OWNER))
