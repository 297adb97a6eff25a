import pytest

from tests.api.world import MASTER_PASSWORD_HASH, World


@pytest.fixture
def world(db, settings):
    settings.MASTER_PASSWORD_HASH = MASTER_PASSWORD_HASH
    # A few of the limits count for everybody together, and here everybody asks.
    settings.LIMITS = dict.fromkeys(settings.LIMITS, "100000/1h")
    return World()
