"""The other addresses of what the tables name, and what lies beside the API."""

import pytest

from tests.api import canary
from tests.api.expected_auth import SESSION
from tests.api.operation import CALLERS, OURS, Operation

OPEN = ("/health", "/healthz", "/health/live", "/health/ready", "/openapi.json", "/docs", "/redoc")


@pytest.mark.parametrize("address", ["/api/v1/auth/verify", "/api/auth/verify", "/auth/verify"])
def test_session_is_judged_alike_at_each_address(world, address):
    codes = {caller: world.client(caller).get(address).status_code for caller in CALLERS}

    assert codes == {caller: Operation(SESSION).code_for(caller) for caller in CALLERS}


def test_alias_hides_what_the_route_hides(world):
    addresses = [f"/api{version}/matches/{world.theirs.match.pk}" for version in ("", "/v1")]

    for caller in OURS:
        plain, versioned = (world.client(caller).get(address) for address in addresses)
        assert plain.status_code == versioned.status_code
        assert plain.json()["error"]["code"] == versioned.json()["error"]["code"]


@pytest.mark.parametrize("address", OPEN)
def test_what_lies_beside_the_api_is_open_and_tells_nothing(world, address):
    world.plant_canary()
    for caller in OURS:
        answer = world.client(caller).get(address)
        assert answer.status_code == 200, caller
        assert not canary.sings_in(canary.heard(answer)), caller


def test_head_and_options_tell_no_more_than_get(world):
    """Nothing of a foreign row, and not whether there is one."""
    foreign, unknown = (
        f"/api/v1/matches/{pk}" for pk in (world.theirs.match.pk, world.theirs.organisation.pk)
    )
    client = world.client("owner")

    assert client.head(foreign).status_code == client.head(unknown).status_code == 404
    assert client.options(foreign).content == client.options(unknown).content
