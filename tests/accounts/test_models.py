import pytest
from django.db import IntegrityError

from accounts.models import RefreshToken
from core.ids import hash_token, new_token
from tests.factories import build_organisation, build_session, build_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "taken", [{"username": "ROBIN"}, {"email": "Robin@Example.org"}], ids=["username", "email"]
)
def test_names_that_differ_in_case_only_are_one_name(taken):
    build_user(username="robin", email="robin@example.org")

    with pytest.raises(IntegrityError):
        build_user(**taken)


def test_person_is_called_by_their_username():
    user = build_user(username="robin")

    assert user.get_full_name() == user.get_short_name() == str(user) == "robin"


def test_rows_read_as_what_they_are():
    session = build_session(build_user(username="robin"))
    token = RefreshToken.objects.create(
        session=session, token_hash=hash_token(new_token()), expires_at=session.expires_at
    )

    assert str(session) == "device of robin"
    session.device_name = "phone"
    assert str(session) == "phone of robin"
    assert token.token_hash not in str(token)
    assert str(build_organisation(name="Riverside")) == "Riverside"
