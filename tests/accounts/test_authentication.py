from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from accounts import tokens
from accounts.authentication import (
    BearerAuthentication,
    HasSession,
    ReaderAuthentication,
    actor_of,
    reader_of,
    session_of,
)
from accounts.errors import SessionRevokedError
from accounts.models.sessions import master_key
from accounts.operations.refreshing import open_session
from accounts.queries import Anonymous, Service, Viewer
from accounts.tokens import TokenInvalidError
from core.errors import ForbiddenError
from tests.factories import build_access_token, build_session, build_user

pytestmark = pytest.mark.django_db


def request_with(authorization=None, authenticator=BearerAuthentication):
    headers = {"Authorization": authorization} if authorization is not None else {}
    request = APIRequestFactory().get("/", headers=headers)
    return Request(request, authenticators=[authenticator()])


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
@pytest.mark.parametrize("authenticator", [BearerAuthentication, ReaderAuthentication])
def test_access_token_makes_the_request_its_users(scheme, authenticator):
    user = build_user()

    request = request_with(f"{scheme} {build_access_token(user)}", authenticator)

    assert actor_of(request) == user
    assert reader_of(request).key == f"user.{user.pk}"


@pytest.mark.parametrize("authorization", [None, "", "Basic cm9iaW46cGFzcw==", "Token x"])
@pytest.mark.parametrize("authenticator", [BearerAuthentication, ReaderAuthentication])
def test_request_without_a_bearer_token_is_a_strangers(authorization, authenticator):
    request = request_with(authorization, authenticator)

    assert isinstance(request.user, AnonymousUser)
    assert reader_of(request) == Anonymous()
    with pytest.raises(NotAuthenticated):
        actor_of(request)


@pytest.mark.parametrize(
    "authorization", ["Bearer", "Bearer ", "Bearer x", "Bearer a b", "Bearer \xe9.\xe9.\xe9"]
)
@pytest.mark.parametrize("authenticator", [BearerAuthentication, ReaderAuthentication])
def test_malformed_token_is_refused(authorization, authenticator):
    with pytest.raises(TokenInvalidError):
        _ = request_with(authorization, authenticator).user


def test_viewer_token_reads_and_is_nobodys_access_token():
    link_id = uuid4()
    token, _ = tokens.issue_viewer(link_id, "match.1")

    request = request_with(f"Bearer {token}", ReaderAuthentication)

    assert reader_of(request) == Viewer(link_id=link_id, topic="match.1")
    assert isinstance(request.user, AnonymousUser)
    with pytest.raises(TokenInvalidError):
        _ = request_with(f"Bearer {token}").user


def test_refusal_names_the_scheme():
    header = BearerAuthentication().authenticate_header(request_with())

    assert header == 'Bearer realm="touchline"'


@pytest.mark.parametrize("authenticator", [BearerAuthentication, ReaderAuthentication])
def test_dashboard_is_nobody_and_forbidden_to_act_and_to_read(settings, authenticator):
    settings.MASTER_PASSWORD_HASH = "argon2$a hash"
    session, credentials = open_session(master_key=master_key(), address="", device_name="OBS")
    request = request_with(f"Bearer {credentials.access_token}", authenticator)

    assert isinstance(request.user, AnonymousUser)
    assert request.auth == session_of(request) == Service(session.pk)
    assert HasSession().has_permission(request, None)
    for ask in (actor_of, reader_of):
        with pytest.raises(ForbiddenError):
            ask(request)


def test_token_of_a_session_is_no_persons_unless_it_says_so():
    session = build_session()

    with pytest.raises(SessionRevokedError):
        _ = request_with(f"Bearer {tokens.issue_access(session.pk, session.pk)}").user
