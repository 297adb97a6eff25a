from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import make_password

from accounts import queries
from accounts.errors import InvalidCredentialsError, RefreshReusedError, SessionRevokedError
from accounts.models import ActorKind, AuditEntry, DeviceSession
from accounts.operations import refresh, sign_in_with_master_password, sign_out
from accounts.queries import Service
from core.errors import RateLimitedError, ServiceUnavailableError
from tests.hashers import quick_hash

pytestmark = pytest.mark.django_db
# Limits count in fixed windows, and noon is the beginning of one.
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MASTER = "seventeen geese over the harbour"
HASH = quick_hash(MASTER)


@pytest.fixture(autouse=True)
def master_hash(settings):
    settings.MASTER_PASSWORD_HASH = HASH


def sign_in(password=MASTER, address="192.0.2.1"):
    return sign_in_with_master_password(password=password, address=address, device_name="OBS")


def wrong(address="192.0.2.1"):
    with pytest.raises(InvalidCredentialsError):
        sign_in("wrong", address)


def trail():
    return list(AuditEntry.objects.order_by("at", "id").values_list("action", "actor_kind"))


def test_master_password_opens_a_session_of_nobody_with_two_scopes():
    reader = queries.signed_in(sign_in().access_token)

    session = DeviceSession.objects.get()
    assert reader == Service(session.pk, frozenset({"graphics", "tournaments"}))
    assert (session.user, session.device_name, session.address) == (None, "OBS", "192.0.2.1")
    assert HASH not in str(vars(session))
    assert trail() == [("master_signed_in", ActorKind.MASTER)]
    assert str(session.pk) in AuditEntry.objects.get().target


def test_its_session_costs_one_query_a_request(django_assert_num_queries):
    token = sign_in().access_token

    with django_assert_num_queries(1):
        queries.reader_for(token)


def test_its_tokens_rotate_like_anybodys():
    first = sign_in()
    second = refresh(token=first.refresh_token)

    assert isinstance(queries.signed_in(second.access_token), Service)
    refresh(token=second.refresh_token)
    with pytest.raises(RefreshReusedError):
        refresh(token=first.refresh_token)
    with pytest.raises(SessionRevokedError):
        queries.signed_in(second.access_token)
    assert trail()[-1] == ("refresh_reused", ActorKind.ANONYMOUS)


def test_signing_out_ends_it():
    token = sign_in().access_token
    sign_out(reader=queries.signed_in(token))

    with pytest.raises(SessionRevokedError):
        queries.signed_in(token)
    assert trail()[-1] == ("signed_out", ActorKind.MASTER)


@pytest.mark.parametrize("rotated", [make_password("another long password"), ""])
def test_another_hash_ends_its_sessions(settings, rotated):
    credentials = sign_in()
    settings.MASTER_PASSWORD_HASH = rotated

    with pytest.raises(SessionRevokedError):
        queries.signed_in(credentials.access_token)
    with pytest.raises(SessionRevokedError):
        refresh(token=credentials.refresh_token)


def test_wrong_password_opens_nothing_and_is_noted():
    wrong()

    assert not DeviceSession.objects.exists()
    assert trail() == [("master_sign_in_refused", ActorKind.ANONYMOUS)]


@pytest.mark.parametrize(
    "unfit",
    [
        "",
        MASTER,
        "!",
        "argon2",
        "argon2$",
        "argon2$argon2id$v=19",
        HASH[:-10],
        HASH.removeprefix("argon2"),
        HASH.replace("m=", "m=x"),
        f"'{HASH}'",
        "pbkdf2_sha256$1$salt$hash",
    ],
    ids=[
        *("none", "the password itself", "unusable", "a word", "a beginning", "no salt"),
        *("cut off", "bare", "no memory", "quoted", "another kind"),
    ],
)
@pytest.mark.parametrize("password", [MASTER, "", "x"])
def test_what_is_no_hash_lets_nobody_in(settings, unfit, password):
    settings.MASTER_PASSWORD_HASH = unfit

    with pytest.raises(InvalidCredentialsError):
        sign_in(password)


@time_machine.travel(NOON, tick=False)
def test_one_address_has_five_tries_in_fifteen_minutes():
    for number in range(5):
        wrong(f"2001:db8::{number}")

    with pytest.raises(RateLimitedError) as refusal:
        sign_in(address="2001:db8::ffff")
    assert refusal.value.details["retry_after"] == 900
    assert len(trail()) == 5
    sign_in(address="2001:db8:0:1::1")
    with time_machine.travel(NOON + timedelta(minutes=15)):
        sign_in(address="2001:db8::ffff")


@time_machine.travel(NOON, tick=False)
def test_everybody_together_has_twenty_tries_an_hour():
    for number in range(20):
        wrong(f"192.0.2.{number}")

    with pytest.raises(RateLimitedError) as refusal:
        sign_in(address="192.0.2.99")
    assert refusal.value.details["retry_after"] == 3600


def test_right_password_never_uses_up_the_tries():
    for _ in range(7):
        sign_in()


def test_nobody_signs_in_while_tries_cannot_be_counted(without_cache):
    with pytest.raises(ServiceUnavailableError):
        sign_in()
    assert not DeviceSession.objects.exists()
