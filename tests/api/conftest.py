"""One world for all tests of a module, since it takes longer to make than to ask of."""

import pytest

from tests.api.world import MASTER_PASSWORD_HASH, World, undone


@pytest.fixture(scope="module")
def shared_world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, undone():
        patch.setattr("django.conf.settings.MASTER_PASSWORD_HASH", MASTER_PASSWORD_HASH)
        yield World()


@pytest.fixture
def db(django_db_blocker):
    """In place of the usual one, which would close the connection that holds the shared world."""
    with django_db_blocker.unblock(), undone():
        yield


@pytest.fixture
def world(shared_world, db, settings):
    settings.MASTER_PASSWORD_HASH = MASTER_PASSWORD_HASH
    # A few of the limits count for everybody together, and here everybody asks.
    settings.LIMITS = dict.fromkeys(settings.LIMITS, "100000/1h")
    return shared_world
