from datetime import timedelta
from uuid import UUID, uuid4

import jwt
import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts import tokens
from accounts.tokens import AccessClaims, TokenExpiredError, TokenInvalidError, ViewerClaims

USER_ID = UUID("019343f2-8c00-7c2e-9d55-0f6a8b1c2d3e")
SESSION_ID = UUID("019343f2-9a10-7b4f-8e21-5c7d9e0f1a2b")
TOPIC = "match.019343f2-aaaa-7b4f-8e21-5c7d9e0f1a2b"


def signed(algorithm="HS256", key=None, **changes):
    """An access token that is right but for `changes`; None leaves a claim out."""
    now = int(timezone.now().timestamp())
    claims = {
        "typ": "access",
        "iss": tokens.ISSUER,
        "aud": tokens.AUDIENCE,
        "sub": str(USER_ID),
        "sid": str(SESSION_ID),
        "iat": now,
        "nbf": now,
        "exp": now + 60,
    }
    claims = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    key = key or tokens._backend("HS256", settings.SECRET_KEY).signing_key
    return jwt.encode(claims, key, algorithm=algorithm)


def test_access_token_says_who_and_which_session_and_nothing_else():
    token = tokens.issue_access(USER_ID, SESSION_ID)

    claims = tokens.read(token, kind="access")
    payload = jwt.decode(token, options={"verify_signature": False})

    assert isinstance(claims, AccessClaims)
    assert (claims.user_id, claims.session_id) == (USER_ID, SESSION_ID)
    assert set(payload) == {"typ", "iss", "aud", "sub", "sid", "iat", "nbf", "exp"}
    assert payload["exp"] - payload["iat"] == settings.ACCESS_TOKEN_EXPIRE_MINUTES * 60


def test_viewer_token_is_bound_to_its_link_and_topic_for_fifteen_minutes():
    link_id = uuid4()

    token, expires_in = tokens.issue_viewer(link_id, TOPIC)

    claims = tokens.read(token, kind="viewer")
    assert isinstance(claims, ViewerClaims)
    assert (claims.link_id, claims.topic, expires_in) == (link_id, TOPIC, 900)


def test_either_kind_is_read_when_none_is_asked_for():
    viewer_token, _ = tokens.issue_viewer(uuid4(), TOPIC)

    assert isinstance(tokens.read(viewer_token), ViewerClaims)
    assert isinstance(tokens.read(tokens.issue_access(USER_ID, SESSION_ID)), AccessClaims)


def test_one_kind_never_passes_for_the_other():
    viewer_token, _ = tokens.issue_viewer(uuid4(), TOPIC)

    with pytest.raises(TokenInvalidError):
        tokens.read(viewer_token, kind="access")
    with pytest.raises(TokenInvalidError):
        tokens.read(tokens.issue_access(USER_ID, SESSION_ID), kind="viewer")


def test_token_expires_at_its_last_second():
    now = timezone.now().replace(microsecond=0)
    with time_machine.travel(now, tick=False):
        token = tokens.issue_access(USER_ID, SESSION_ID)
    lifetime = timedelta(minutes=settings.ACCESS_TOKEN_EXPIRE_MINUTES)

    with time_machine.travel(now + lifetime - timedelta(seconds=1), tick=False):
        assert tokens.read(token, kind="access").expires_at == now + lifetime
    with time_machine.travel(now + lifetime, tick=False), pytest.raises(TokenExpiredError):
        tokens.read(token, kind="access")


def test_the_helper_of_the_refusals_below_makes_a_good_token():
    assert tokens.read(signed(), kind="access").user_id == USER_ID


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody"},
        {"iss": None},
        {"aud": "somebody"},
        {"aud": None},
        {"aud": ["somebody"]},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 10**30},
        {"exp": 1e308},
        {"nbf": None},
        {"nbf": 4_102_444_800},
        {"iat": None},
        {"iat": 4_102_444_800},
        {"sub": None},
        {"sub": "robin"},
        {"sid": None},
        {"sid": "here"},
        {"sid": 7},
        {"typ": None},
        {"typ": "refresh"},
        {"typ": "viewer"},
        {"typ": ["access"]},
        {"key": "another key of the right length, or nearly so, for sure"},
        {"algorithm": "HS384"},
        {"algorithm": "HS512"},
    ],
    ids=str,
)
def test_token_with_anything_wrong_is_refused(changes):
    token = signed(**changes)

    with pytest.raises(TokenInvalidError):
        tokens.read(token, kind="access")


def test_token_of_an_unknown_kind_is_refused_even_when_any_kind_would_do():
    with pytest.raises(TokenInvalidError):
        tokens.read(signed(typ="refresh"))


def test_viewer_token_without_a_topic_is_refused():
    with pytest.raises(TokenInvalidError):
        tokens.read(signed(typ="viewer"), kind="viewer")


def test_unsigned_token_is_refused():
    header, payload, _ = signed().split(".")
    unsigned_header = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"

    for token in (f"{unsigned_header}.{payload}.", f"{header}.{payload}."):
        with pytest.raises(TokenInvalidError):
            tokens.read(token)


def test_key_of_the_tokens_is_not_the_secret_key_itself():
    with pytest.raises(TokenInvalidError):
        tokens.read(signed(key=settings.SECRET_KEY), kind="access")


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_algorithm_is_the_one_of_the_settings(settings, algorithm):
    settings.ALGORITHM = algorithm

    token = tokens.issue_access(USER_ID, SESSION_ID)

    assert jwt.get_unverified_header(token)["alg"] == algorithm
    assert tokens.read(token, kind="access").session_id == SESSION_ID


def test_another_secret_key_ends_all_tokens(settings):
    token = tokens.issue_access(USER_ID, SESSION_ID)

    settings.SECRET_KEY = "another secret key that is long enough to be taken for one"

    with pytest.raises(TokenInvalidError):
        tokens.read(token, kind="access")


@given(st.text() | st.from_regex(r"[\w-]*\.[\w-]*\.[\w-]*", fullmatch=True))
def test_no_text_breaks_the_reader(text):
    with pytest.raises(TokenInvalidError):
        tokens.read(text)
