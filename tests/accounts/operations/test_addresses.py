import pytest

from accounts.errors import EmailTakenError, LinkGoneError
from accounts.models import EmailToken
from accounts.operations import request_email_change, verify_email
from core.errors import ForbiddenError, RateLimitedError
from tests.accounts.mailbox import deliver, token_in
from tests.factories import build_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def robin():
    return build_user(username="robin", email="robin@example.org")


def ask(user, email, actor=None):
    request_email_change(user=user, email=email, actor=actor or user)
    return [token_in(message) for message in deliver()]


def test_superusers_and_the_command_line_may_ask_for_others(robin):
    request_email_change(user=robin, email="a@example.org", actor=build_user(is_superuser=True))
    request_email_change(user=robin, email="b@example.org", actor=None)

    assert [message.to for message in deliver()] == [["b@example.org"]]


def test_others_may_not(robin):
    with pytest.raises(ForbiddenError):
        ask(robin, "new@example.org", actor=build_user())

    assert not EmailToken.objects.exists()


def test_address_of_somebody_else_is_refused_in_whatever_case(robin):
    build_user(email="sam@example.org")

    with pytest.raises(EmailTakenError):
        ask(robin, "Sam@Example.org")


def test_only_the_address_asked_for_last_can_be_proved(robin):
    [first] = ask(robin, "first@example.org")
    [last] = ask(robin, "last@example.org")

    with pytest.raises(LinkGoneError):
        verify_email(token=first)
    assert verify_email(token=last).email == "last@example.org"


def test_asking_for_ones_own_address_takes_the_request_back(robin):
    [token] = ask(robin, "typo@example.org")

    assert ask(robin, "Robin@example.org") == []

    with pytest.raises(LinkGoneError):
        verify_email(token=token)


def test_taking_back_leaves_the_proof_of_the_address_one_has(robin):
    EmailToken.objects.create(
        user=robin,
        kind="verify_email",
        email=robin.email,
        token_hash="of the first mail",
        expires_at="2099-01-01T00:00Z",
    )

    ask(robin, robin.email)

    assert EmailToken.objects.get().used_at is None


def test_tries_to_find_out_who_has_an_account_are_limited(robin, settings):
    settings.LIMITS = {**settings.LIMITS, "reset-account": "1/1h"}
    build_user(email="sam@example.org")
    with pytest.raises(EmailTakenError):
        ask(robin, "sam@example.org")

    with pytest.raises(RateLimitedError):
        ask(robin, "alex@example.org")
