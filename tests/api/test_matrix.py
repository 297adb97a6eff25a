"""Who may do what: every route and method, asked by everybody."""

import pytest

from tests.api.matrix import OPERATIONS, ROUTES, address, ask, prepare
from tests.api.operation import CALLERS
from tests.api.routes import METHODS, routes_below


def test_tables_name_every_route_and_method():
    routes = {(route.name, method) for route in ROUTES.values() for method in route.methods}

    assert {key[:2] for key in OPERATIONS} == routes


def test_alias_has_the_same_routes():
    assert routes_below("api/") == ROUTES


@pytest.mark.parametrize("key", OPERATIONS, ids=" ".join)
def test_everybody_gets_what_they_may_and_no_more(world, key):
    prepare(key)
    operation = OPERATIONS[key]
    url, body = address(key, world.ours), operation.body_from(world.ours)

    answers = {caller: ask(world.client(caller), key, url, body) for caller in CALLERS}

    codes = {caller: answer.status_code for caller, answer in answers.items()}
    assert codes == {caller: operation.code_for(caller) for caller in CALLERS}


def test_malformed_id_is_not_found(world):
    client = world.client("owner")
    for key in OPERATIONS:
        route, operation = ROUTES[key[0]], OPERATIONS[key]
        for value in map(str, world.ours.ids(route.parameters, operation.rows).values()):
            for malformed in ("7", "not-a-uuid", value[:-1], value + "0"):
                url = address(key, world.ours).replace(value, malformed)
                response = client.generic(key[1], url, "{}", "application/json")
                assert response.status_code == 404, url
                assert response.json()["error"]["code"] == "not_found"


def test_other_methods_are_not_allowed(world):
    client = world.client("owner")
    for key in OPERATIONS:
        allowed = set(ROUTES[key[0]].methods)
        for other in set(METHODS) - allowed:
            if key[0] == "api-openapi":
                continue
            response = client.generic(other, address(key, world.ours))
            assert response.status_code == 405, (key, other)
            assert response.json()["error"]["code"] == "method_not_allowed"
            assert set(response["Allow"].split(", ")) - {"HEAD", "OPTIONS"} == allowed
