from base64 import urlsafe_b64decode
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import queries
from accounts.errors import InvalidCredentialsError, UserDisabledError
from accounts.models import ActorKind, AuditEntry, DeviceSession, RefreshToken, User
from accounts.operations import sessions, sign_in
from core.errors import RateLimitedError, ServiceUnavailableError
from core.ids import hash_token
from tests.factories import PASSWORD, build_session, build_user

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


@pytest.mark.parametrize("name", ["jessica", "nobody.ssica"], ids=["known", "unknown"])
def test_other_spellings_of_a_name_count_alike_whether_or_not_anybody_has_it(name, settings):
    settings.LIMITS = {**settings.LIMITS, "login-account": "2/1d"}
    build_user(username="jessica")

    def is_limited(spelling):
        with pytest.raises((InvalidCredentialsError, RateLimitedError)) as refused:
            sign_in(identifier=spelling, password="wrong")
        return refused.errisinstance(RateLimitedError)

    # Full-width letters are another spelling of the name, a sharp s is another name.
    wide = chr(ord(name[0]) + 0xFEE0) + name[1:]
    spellings = [name, name.upper(), name.replace("ss", "ß"), wide]

    assert [is_limited(spelling) for spelling in spellings] == [False, False, False, True]


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


def actions():
    return list(AuditEntry.objects.order_by("at", "id").values_list("action", flat=True))


@pytest.mark.parametrize(
    ("identifier", "is_known"), [("robin", True), ("robin@example.org", True), ("nobody", False)]
)
def test_refusal_is_noted_without_what_was_typed(robin, identifier, is_known):
    with pytest.raises(InvalidCredentialsError):
        sign_in(identifier=identifier, password="hunter2hunter2", address="192.0.2.1")

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_kind) == ("sign_in_refused", ActorKind.ANONYMOUS)
    assert entry.subject == (robin if is_known else None)
    assert entry.details == {}
    assert entry.target == ""


def test_sign_in_is_noted_with_its_session(robin):
    sign_in(identifier="robin", password=PASSWORD)

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor) == ("signed_in", robin)
    assert entry.target == f"session {DeviceSession.objects.get().pk}"


def test_refusal_of_the_disabled_is_noted(robin):
    User.objects.update(is_active=False)

    with pytest.raises(UserDisabledError):
        sign_in(identifier="robin", password=PASSWORD)

    assert actions() == ["sign_in_refused"]


def test_unknown_and_known_names_take_the_same_steps(robin):
    build_session(robin, address="192.0.2.1")
    build_user(username="sam", password=PASSWORD, is_active=False)
    queries_each = []
    for identifier in ("robin", "nobody", "sam"):
        with CaptureQueriesContext(connection) as captured, pytest.raises(InvalidCredentialsError):
            sign_in(identifier=identifier, password="wrong", address="192.0.2.1")
        queries_each.append([query["sql"].split(" WHERE ")[0][:60] for query in captured])

    assert queries_each[0] == queries_each[1] == queries_each[2]


class TestStrangers:
    """Who tries at an account from where it was never used."""

    @pytest.fixture(autouse=True)
    def noon(self, settings):
        settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
        with time_machine.travel(NOON, tick=False):
            yield

    @pytest.fixture
    def robin(self, noon):
        return build_user(username="robin", password=PASSWORD)

    def exhaust(self, address, identifier="robin"):
        for _ in range(10):
            with pytest.raises(InvalidCredentialsError):
                sign_in(identifier=identifier, password="wrong", address=address)
        with pytest.raises(RateLimitedError):
            sign_in(identifier=identifier, password=PASSWORD, address=address)

    def test_cannot_lock_the_owner_out_at_home(self, robin):
        build_session(robin, address="198.51.100.7")
        self.exhaust("192.0.2.1")

        with pytest.raises(RateLimitedError):
            sign_in(identifier="robin", password=PASSWORD, address="192.0.2.2")
        sign_in(identifier="robin", password=PASSWORD, address="198.51.100.7")

    def test_home_is_the_whole_network_of_an_ipv6_household(self, robin):
        build_session(robin, address="2001:db8::1")
        self.exhaust("192.0.2.1")

        sign_in(identifier="robin", password=PASSWORD, address="2001:db8::2:3")

    def test_home_may_be_a_session_that_has_ended(self, robin):
        build_session(robin, address="198.51.100.7", revoked_at=NOON)
        self.exhaust("192.0.2.1")

        sign_in(identifier="robin", password=PASSWORD, address="198.51.100.7")

    def test_guesses_from_home_are_limited_too_and_lock_nobody_else_out(self, robin):
        build_session(robin, address="198.51.100.7")
        self.exhaust("198.51.100.7")

        sign_in(identifier="robin", password=PASSWORD, address="192.0.2.1")

    @pytest.mark.parametrize("days", [89, 91])
    def test_home_is_remembered_for_ninety_days(self, robin, days):
        session = build_session(robin, address="198.51.100.7")
        DeviceSession.objects.filter(pk=session.pk).update(last_seen_at=NOON - timedelta(days=days))
        self.exhaust("192.0.2.1")

        with nullcontext() if days == 89 else pytest.raises(RateLimitedError):
            sign_in(identifier="robin", password=PASSWORD, address="198.51.100.7")

    def test_homes_of_others_count_as_strange(self, robin):
        build_session(address="198.51.100.7")
        self.exhaust("192.0.2.1")

        with pytest.raises(RateLimitedError):
            sign_in(identifier="robin", password=PASSWORD, address="198.51.100.7")

    def test_cannot_lock_it_with_a_name_that_reads_like_its_counter(self, robin):
        build_session(robin, address="198.51.100.7")
        self.exhaust("192.0.2.1", identifier=f"user {robin.pk} 198.51.100.7")
        self.exhaust("192.0.2.2", identifier=f"user {robin.pk}")

        sign_in(identifier="robin", password=PASSWORD, address="198.51.100.7")
        sign_in(identifier="robin", password=PASSWORD, address="192.0.2.3")
