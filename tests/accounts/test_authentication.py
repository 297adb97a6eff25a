from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from accounts import tokens
from accounts.authentication import (
    BearerAuthentication,
    ReaderAuthentication,
    actor_of,
    reader_of,
)
from accounts.queries import Anonymous, Viewer
from accounts.tokens import TokenInvalidError
from tests.factories import build_access_token, build_user

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
