"""The tables of expected codes as one, and how an operation of them is asked for."""

from functools import cache

from django.contrib.auth.hashers import make_password

from accounts.models import User
from tests import factories
from tests.api import (
    expected_auth,
    expected_items,
    expected_matches,
    expected_organisations,
    expected_system,
    expected_users,
)
from tests.api.routes import routes_below
from tests.api.world import undone

ROUTES = routes_below("api/v1/")
OPERATIONS = {
    **expected_auth.OPERATIONS,
    **expected_users.OPERATIONS,
    **expected_organisations.OPERATIONS,
    **expected_items.OPERATIONS,
    **expected_matches.OPERATIONS,
    **expected_system.OPERATIONS,
}
# The routes that ask for a password.
WITH_PASSWORD = {
    ("auth-login", "POST"),
    ("auth-password-change", "POST"),
    ("users-me", "DELETE"),
}


@cache
def _hashed():
    return make_password(factories.PASSWORD)


def prepare(key):
    """Everybody gets the one password where it is asked for; hashing one each would take long."""
    if key in WITH_PASSWORD:
        User.objects.update(password=_hashed())


def address(key, side):
    route, operation = ROUTES[key[0]], OPERATIONS[key]
    return route.address(**side.ids(route.parameters, operation.rows)) + operation.query_from(side)


def ask(client, key, url, body):
    """The answer; whatever it did is taken back, so that nobody leaves a trace for the next."""
    with undone():
        return getattr(client, key[1].lower())(url, body)
