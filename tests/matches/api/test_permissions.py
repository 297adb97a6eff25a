"""Who may do what: every route and method, asked by everybody."""

import pytest
from django.db import transaction
from django.urls import reverse

from matches import urls
from tests.matches.api.world import CALLERS, OPERATIONS, World

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture
def world(club):
    return World(club)


def test_table_names_every_route_and_method():
    routes = {
        (pattern.name, method)
        for pattern in urls.urlpatterns
        for method in METHODS
        if hasattr(pattern.callback.view_class, method.lower())
    }

    assert set(OPERATIONS) == routes


@pytest.mark.parametrize("key", OPERATIONS, ids=" ".join)
def test_everybody_gets_what_they_may_and_no_more(world, key):
    url, body = world.url(key), world.body(key)

    codes = {}
    for caller in CALLERS:
        # Nobody leaves a trace for the next.
        with transaction.atomic():
            codes[caller] = getattr(world.clients[caller], key[1].lower())(url, body).status_code
            transaction.set_rollback(True)

    assert codes == {caller: OPERATIONS[key].code_for(caller) for caller in CALLERS}


@pytest.mark.parametrize("route", ["seasons", "teams", "players", "matches"])
def test_foreign_list_holds_nothing_of_ours(world, route):
    assert world.clients["foreign"].get(reverse(route)).data["items"] == []


def test_malformed_id_is_not_found(world):
    for key in OPERATIONS:
        for value in map(str, world.ids(key).values()):
            for malformed in ("7", "not-a-uuid", value[:-1], value + "0"):
                address = world.url(key).replace(value, malformed)
                response = world.clients["owner"].generic(key[1], address, "{}", "application/json")
                assert response.status_code == 404, address
                assert response.json()["error"]["code"] == "not_found"


def test_other_methods_are_not_allowed(world):
    for route, method in OPERATIONS:
        allowed = {known for name, known in OPERATIONS if name == route}
        for other in METHODS - allowed:
            response = world.clients["owner"].generic(other, world.url((route, method)))
            assert response.status_code == 405, (route, other)
            assert response.json()["error"]["code"] == "method_not_allowed"
            assert set(response["Allow"].split(", ")) - {"HEAD", "OPTIONS"} == allowed
