from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.utils import timezone

from accounts import queries
from accounts.errors import InvalidCredentialsError, UserDisabledError
from accounts.models import DeviceSession, RefreshToken, User
from accounts.operations import sessions, sign_in
from core.errors import RateLimitedError, ServiceUnavailableError
from core.ids import hash_token
from tests.factories import PASSWORD, build_user

pytestmark = pytest.mark.django_db
# Limits count in fixed windows, and noon is the beginning of one.
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class CountingHasher(MD5PasswordHasher):
    """Cheap, and tells how often it was asked."""

    hashes = 0

    def encode(self, password, salt):
        type(self).hashes += 1
        return super().encode(password, salt)


@pytest.fixture
def robin():
    return build_user(username="robin", email="robin@example.org", password=PASSWORD)


@pytest.mark.parametrize("identifier", ["robin", "ROBIN", "robin@example.org", "Robin@Example.org"])
def test_right_password_opens_a_session(robin, identifier):
    credentials = sign_in(
        identifier=identifier, password=PASSWORD, address="192.0.2.1", device_name="phone"
    )

    reader = queries.signed_in(credentials.access_token)
    session = DeviceSession.objects.get(pk=reader.session_id)
    assert reader.user == robin
    assert (session.device_name, session.address) == ("phone", "192.0.2.1")
    assert session.expires_at - timezone.now() > timedelta(days=89, hours=23)
    assert credentials.expires_in == 900


def test_refresh_token_has_256_bits_and_only_its_hash_is_kept(robin):
    credentials = sign_in(identifier="robin", password=PASSWORD)

    stored = RefreshToken.objects.get()
    assert len(urlsafe_b64decode(credentials.refresh_token + "=")) == 32
    assert stored.token_hash == hash_token(credentials.refresh_token)
    assert credentials.refresh_token not in str(vars(stored))
    assert stored.expires_at - timezone.now() > timedelta(days=6, hours=23)


def test_each_device_has_a_session_of_its_own(robin):
    phone = queries.signed_in(sign_in(identifier="robin", password=PASSWORD).access_token)
    laptop = queries.signed_in(sign_in(identifier="robin", password=PASSWORD).access_token)

    assert phone.session_id != laptop.session_id


def test_sign_in_is_remembered_for_staff(robin):
    sign_in(identifier="robin", password=PASSWORD)

    robin.refresh_from_db()
    assert robin.last_login is not None


@pytest.mark.parametrize(
    ("identifier", "password"),
    [("robin", "wrong"), ("robin", ""), ("robin", PASSWORD.upper()), ("nobody", PASSWORD)],
)
def test_unknown_user_and_wrong_password_are_refused_alike(robin, identifier, password):
    with pytest.raises(InvalidCredentialsError) as refusal:
        sign_in(identifier=identifier, password=password)

    assert refusal.value.message == InvalidCredentialsError.default_message
    assert not refusal.value.details
    assert not DeviceSession.objects.exists()


@pytest.mark.parametrize("identifier", ["nobody", "robin", "without-password"])
def test_refusal_costs_one_hash_whoever_is_named(settings, identifier):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    build_user(username="robin", password=PASSWORD)
    build_user(username="without-password")
    CountingHasher.hashes = 0

    with pytest.raises(InvalidCredentialsError):
        sign_in(identifier=identifier, password="wrong")

    assert CountingHasher.hashes == 1


def test_disabled_user_hears_so_only_with_the_right_password(robin):
    User.objects.update(is_active=False)

    with pytest.raises(UserDisabledError):
        sign_in(identifier="robin", password=PASSWORD)
    with pytest.raises(InvalidCredentialsError):
        sign_in(identifier="robin", password="wrong")
    assert not DeviceSession.objects.exists()


def test_password_changed_while_it_was_checked_opens_nothing(robin):
    stale = User.objects.get(pk=robin.pk)
    robin.set_password("another correct horse")
    robin.save()

    with pytest.raises(InvalidCredentialsError):
        sessions._open_session(stale, "", "")


@time_machine.travel(NOON, tick=False)
def test_failures_on_one_account_are_limited_wherever_they_come_from(robin):
    for number in range(10):
        name = "robin" if number % 2 else "Robin@example.org"
        with pytest.raises(InvalidCredentialsError):
            sign_in(identifier=name, password="wrong", address=f"192.0.2.{number}")

    with pytest.raises(RateLimitedError) as refusal:
        sign_in(identifier="Robin", password=PASSWORD, address="192.0.2.99")
    assert refusal.value.details["retry_after"] == 900
    with time_machine.travel(NOON + timedelta(seconds=900)):
        sign_in(identifier="robin", password=PASSWORD)


@time_machine.travel(NOON, tick=False)
def test_failures_from_one_address_are_limited_whoever_they_name(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    build_user(username="robin", password=PASSWORD)
    for number in range(60):
        with pytest.raises(InvalidCredentialsError):
            sign_in(identifier=f"guess-{number}", password="wrong", address="192.0.2.1")

    with pytest.raises(RateLimitedError):
        sign_in(identifier="robin", password=PASSWORD, address="192.0.2.1")
    sign_in(identifier="robin", password=PASSWORD, address="192.0.2.2")


def test_addresses_of_one_ipv6_household_are_counted_together():
    assert sessions._network("2001:db8::1") == sessions._network("2001:db8::ffff:1")
    assert sessions._network("2001:db8::1") != sessions._network("2001:db8:0:1::1")
    assert sessions._network("192.0.2.1") != sessions._network("192.0.2.2")


def test_right_password_never_uses_up_the_tries(robin):
    for _ in range(12):
        sign_in(identifier="robin", password=PASSWORD, address="192.0.2.1")


def test_nobody_signs_in_while_failures_cannot_be_counted(robin, settings):
    nobody_listens = "redis://127.0.0.1:1"
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": nobody_listens,
        }
    }

    with pytest.raises(ServiceUnavailableError):
        sign_in(identifier="robin", password=PASSWORD)
