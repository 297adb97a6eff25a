"""Clients that sign in as somebody and hold every answer against the OpenAPI document."""

from tests import factories
from tests.api.contract import DocumentedClient


def client_of(user):
    return client_with(factories.build_access_token(user))


def client_with(token):
    client = stranger()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def stranger():
    client = DocumentedClient()
    # As a JSON API, and no form encoding by accident.
    client.default_format = "json"
    return client
