"""Nothing of another organisation is in any answer, granted or refused, to anybody of ours."""

import pytest
from django.db.models import Value
from django.db.models.functions import Concat

from accounts.models import User
from matches.models import Match, MatchEvent, Player, ShareLink
from tests.api import canary
from tests.api.matrix import OPERATIONS, address, ask, prepare
from tests.api.operation import OURS


@pytest.fixture(scope="module")
def planted(shared_world):
    return shared_world.plant_canary()


def test_canary_sits_in_every_text_there_is(planted):
    assert planted == {label for label, _, _ in canary.texts()}


def test_fields_left_alone_exist(world):
    known = {
        f"{model._meta.label}.{field.name}"
        for model in canary.rows()
        for field in model._meta.concrete_fields
    }

    assert known >= canary.UNTOUCHED


def test_canary_sings_for_its_own_organisation(planted, world):
    key = ("organisation", "GET")

    answer = ask(world.client("their owner"), key, address(key, world.theirs), None)

    assert canary.sings_in(canary.heard(answer))


@pytest.mark.parametrize("key", OPERATIONS, ids=" ".join)
def test_canary_sings_for_nobody_of_ours(planted, world, key):
    """The rows of the one or the other in the address, and of the one or the other in the body."""
    prepare(key)
    operation = OPERATIONS[key]
    bodies = [operation.body_from(world.ours)]
    # Whoever holds their key is let in by it; a key is not what is tried here.
    if operation.body and not operation.is_key:
        bodies.append(operation.body_from(world.theirs))
    clients = {caller: world.client(caller) for caller in OURS}

    leaks = [
        (caller, side is world.theirs, answer.status_code)
        for side in (world.ours, world.theirs)
        for body in bodies
        for caller, client in clients.items()
        if canary.sings_in(canary.heard(answer := ask(client, key, address(key, side), body)))
    ]

    assert leaks == []


@pytest.mark.parametrize("collection", ["seasons", "teams", "players", "matches", "items"])
def test_lists_hold_nothing_but_ones_own(world, collection):
    for caller, side in (("owner", world.ours), ("their owner", world.theirs)):
        items = world.client(caller).get(f"/api/v1/{collection}").data["items"]

        assert {str(item["organisation_id"]) for item in items} == {str(side.organisation.pk)}


def test_viewer_learns_nothing_of_the_people_behind_the_match(world):
    """Also at the addresses that are not for viewers."""
    Player.objects.update(name=canary.MARK, notes=canary.MARK, birth_date="2015-03-14")
    User.objects.update(email=Concat("username", Value(f"@{canary.MARK}.example.org")))
    for model, field in ((MatchEvent, "notes"), (ShareLink, "label"), (Match, "status_reason")):
        model.objects.update(**{field: canary.MARK})

    client = world.client("viewer")
    for key in OPERATIONS:
        answer = ask(client, key, address(key, world.ours), OPERATIONS[key].body_from(world.ours))
        assert not canary.sings_in(canary.heard(answer)) or OPERATIONS[key].is_key, key
        assert "2015-03-14" not in canary.heard(answer), key
