import pytest

from accounts.models import Role
from tests.factories import build_access_token, build_live_match, build_member


@pytest.fixture
def match(transactional_db):
    return build_live_match()


@pytest.fixture
def scorer(match):
    return build_member(match.organisation, Role.SCORER)


@pytest.fixture
def headers(scorer):
    return {"Authorization": f"Bearer {build_access_token(scorer)}"}
