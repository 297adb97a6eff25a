import pytest

from accounts.errors import AccountTakenError
from accounts.models import User
from accounts.operations import create_user
from tests.factories import PASSWORD, build_user

pytestmark = pytest.mark.django_db


def test_account_signs_in_with_its_password():
    user = create_user(username="coach", email="coach@example.org", password=PASSWORD)

    assert user.check_password(PASSWORD)
    assert not user.is_superuser
    assert not user.is_staff


def test_superuser_may_enter_the_admin():
    user = create_user(
        username="chief", email="chief@example.org", password=PASSWORD, is_superuser=True
    )

    assert user.is_superuser
    assert user.is_staff


@pytest.mark.parametrize(
    ("username", "email"),
    [("COACH", "other@example.org"), ("other", "Coach@Example.org")],
)
def test_name_or_address_in_use_is_refused(username, email):
    build_user(username="coach", email="coach@example.org")

    with pytest.raises(AccountTakenError):
        create_user(username=username, email=email, password=PASSWORD)

    assert User.objects.count() == 1
