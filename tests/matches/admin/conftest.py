import pytest

from accounts.models import Role
from tests.factories import build_member, build_organisation, build_user


@pytest.fixture
def superuser(db):
    return build_user(username="root", is_staff=True, is_superuser=True)


@pytest.fixture
def staff(client, superuser):
    """A browser in which a superuser is signed in to the admin."""
    client.force_login(superuser)
    return client


@pytest.fixture
def club(db):
    return build_organisation(name="Rovers")


@pytest.fixture
def club_staff(client, club):
    """A browser of a member of staff who is admin of one club, and no superuser."""
    client.force_login(build_member(club, Role.ADMIN, is_staff=True))
    return client
