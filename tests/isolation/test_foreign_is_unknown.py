"""What belongs to others looks as if it were not there: same answer, headers and queries."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, reverse
from rest_framework.renderers import JSONRenderer
from rest_framework.test import APIClient

from accounts.models import Role
from config.urls import versioned
from core.ids import uuid7
from tests import factories
from tests.isolation.rows import OWNED, build, owner_of

pytestmark = pytest.mark.django_db

METHODS = ("get", "post", "put", "patch", "delete")
# What an id in an address names, where the name of the model does not say so.
NAMED = {
    "share_id": "ShareLink",
    "event_id": "MatchEvent",
    "membership_id": "SquadMembership",
}
BY_NAME = {model.__name__.lower(): model for model in OWNED}
# They change with every request, whatever is asked for.
PASSING = {"X-Request-ID", "RateLimit", "Date"}
PASSING_IN_SQL = re.compile(
    r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}"  # an id
    r"|\d{4}-\d\d-\d\d[ T][0-9:.]+(\+[0-9:]+)?"  # a moment
    r"|\"s\d+_x\d+\""  # a savepoint
)


def routes(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns)
        elif pattern.pattern.converters:
            yield pattern


CASES = [
    (pattern.name, tuple(pattern.pattern.converters), asked, method)
    for pattern in routes(versioned)
    for asked in pattern.pattern.converters
    for method in METHODS
    if hasattr(pattern.callback.view_class, method)
]


class Club:
    """An organisation, and a row in it for any id that an address takes."""

    def __init__(self):
        self.organisation = factories.build_organisation()
        self.match = build(BY_NAME["match"], self.organisation)
        self.owner = owner_of(self.organisation)

    def pk_for(self, name):
        if name == "organisation_id":
            return self.organisation.pk
        if name == "match_id":
            return self.match.pk
        if name == "user_id":
            return factories.build_member(self.organisation).pk
        if name == "session_id":
            return factories.build_session(self.owner).pk
        model = BY_NAME[NAMED.get(name, name.removesuffix("_id")).lower()]
        return build(model, self.organisation).pk

    def client(self, role=Role.OWNER):
        user = self.owner if role == Role.OWNER else factories.build_member(self.organisation, role)
        client = APIClient()
        token = factories.build_access_token(user)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return client


@pytest.fixture
def ours():
    factories.build_format()
    return Club()


@pytest.fixture
def theirs(ours):
    return Club()


def asked(client, method, address, body=None):
    """All of an answer that a caller could compare, and what it cost."""
    with CaptureQueriesContext(connection) as queries:
        response = client.generic(method.upper(), address, _json(body), "application/json")
    content = response.json()
    content.get("error", {}).pop("request_id", None)
    headers = {name: value for name, value in response.items() if name not in PASSING}
    sql = [PASSING_IN_SQL.sub("ID", query["sql"]) for query in queries]
    return response.status_code, content, headers, sql


def _json(body):
    return JSONRenderer().render(body or {}).decode()


@pytest.mark.parametrize("role", [Role.OWNER, Role.MEMBER])
@pytest.mark.parametrize(
    ("route", "names", "name", "method"),
    CASES,
    ids=[f"{route} {name} {method}" for route, _, name, method in CASES],
)
def test_foreign_id_in_an_address_is_unknown(ours, theirs, role, route, names, name, method):
    client = ours.client(role)
    own = {other: ours.pk_for(other) for other in names if other != name}

    def ask(pk):
        return asked(client, method, reverse(route, kwargs={**own, name: pk}))

    ask(uuid7())
    foreign, unknown = ask(theirs.pk_for(name)), ask(uuid7())

    assert foreign == unknown
    # In one's own organisation the role is asked first.
    is_inside = bool(own) and role == Role.MEMBER
    assert foreign[0] in ({403, 404} if is_inside else {404})


@pytest.mark.parametrize(
    ("route", "names", "name", "method"),
    CASES,
    ids=[f"{route} {name} {method}" for route, _, name, method in CASES],
)
def test_malformed_id_in_an_address_is_unknown_without_a_question(ours, route, names, name, method):
    client = ours.client()
    ids = {other: ours.pk_for(other) for other in names}
    address = reverse(route, kwargs=ids).replace(str(ids[name]), "not-an-id")

    code, content, _, sql = asked(client, method, address)

    assert (code, content["error"]["code"]) == (404, "not_found")
    assert sql == []


KICK_OFF = "2026-12-05T11:00:00Z"
DATES = {"starts_on": "2030-08-01", "ends_on": "2031-05-31"}


def _fixture(club):
    return {
        "organisation_id": club.organisation.pk,
        "home_team_id": club.match.home_team_id,
        "away_team_id": club.match.away_team_id,
        "kickoff_at": KICK_OFF,
    }


def _event(club):
    home = club.match.home_team_id
    return {"id": uuid7(), "kind": "goal", "period": 1, "team_id": home}


def _swap(club):
    return {**_event(club), "kind": "substitution"}


# Address, method, a body that works and the field in which a foreign id is sent.
BODIES = [
    ("seasons", "post", lambda club: {"name": "2030/31", **DATES}, "organisation_id"),
    ("teams", "post", lambda club: {"name": "Hollybrook"}, "organisation_id"),
    ("players", "post", lambda club: {"name": "Robin"}, "organisation_id"),
    ("matches", "post", _fixture, "organisation_id"),
    ("matches", "post", _fixture, "season_id"),
    ("matches", "post", _fixture, "home_team_id"),
    ("matches", "post", _fixture, "away_team_id"),
    ("matches/{match}", "put", _fixture, "home_team_id"),
    ("matches/{match}", "patch", lambda club: {}, "season_id"),
    ("matches/{match}", "patch", lambda club: {}, "home_team_id"),
    ("matches/{match}", "patch", lambda club: {}, "away_team_id"),
    ("matches/{match}/events", "post", _event, "team_id"),
    ("matches/{match}/events", "post", _event, "player_id"),
    ("matches/{match}/events", "post", _event, "linked_event_id"),
    ("matches/{match}/events", "post", _swap, "player_on_id"),
    ("matches/{match}/events", "post", _swap, "player_off_id"),
    ("matches/{match}/lineup", "put", lambda club: {"players": []}, "team_id"),
    ("matches/{match}/scorers", "post", lambda club: {}, "user_id"),
    ("teams/{team}/players", "post", lambda club: {}, "player_id"),
    ("items", "post", lambda club: {"title": "Kit"}, "organisation_id"),
    ("organisations/{organisation}/members", "post", lambda club: {"role": "member"}, "user_id"),
    ("organisations/{organisation}/members", "patch", lambda club: {"role": "member"}, "user_ids"),
    ("organisations/{organisation}/members", "delete", lambda club: {}, "user_ids"),
]
ROW_OF = {
    "home_team_id": "team_id",
    "away_team_id": "team_id",
    "player_on_id": "player_id",
    "player_off_id": "player_id",
    "linked_event_id": "event_id",
    "user_ids": "user_id",
    "owner_id": "user_id",
    "actor_id": "user_id",
    "subject_id": "user_id",
}


@pytest.mark.parametrize(
    ("address", "method", "body", "field"),
    BODIES,
    ids=[f"{method} {address} {field}" for address, method, _, field in BODIES],
)
def test_foreign_id_in_a_body_is_unknown(ours, theirs, address, method, body, field):
    match = factories.build_live_match(organisation=ours.organisation)
    ours.match = match
    client = ours.client()
    url = "/api/v1/" + address.format(
        match=match.pk, team=match.home_team_id, organisation=ours.organisation.pk
    )
    sent = body(ours) | {"id": uuid7()} if "events" in address else body(ours)
    if method == "put":
        sent.pop("organisation_id", None)

    def ask(pk):
        code, content, *rest = asked(
            client, method, url, {**sent, field: [pk] if field == "user_ids" else pk}
        )
        return code, str(content).replace(str(pk), "ID"), *rest

    ask(uuid7())
    foreign, unknown = ask(theirs.pk_for(ROW_OF.get(field, field))), ask(uuid7())

    assert foreign == unknown
    assert foreign[0] in {400, 403, 404, 409}
    assert field in foreign[1] or foreign[0] in {403, 409}


def test_foreign_player_in_a_line_up_is_unknown(ours, theirs):
    url = f"/api/v1/matches/{ours.match.pk}/lineup"
    client = ours.client()

    def ask(pk):
        body = {"team_id": ours.match.home_team_id, "players": [{"player_id": pk}]}
        code, content, headers, sql = asked(client, "put", url, body)
        return code, str(content).replace(str(pk), "ID"), headers, sql

    ask(uuid7())
    foreign = ask(theirs.pk_for("player_id"))

    assert foreign == ask(uuid7())
    assert foreign[0] == 400


FILTERS = [
    ("seasons", "organisation"),
    ("teams", "organisation"),
    ("players", "organisation"),
    ("players", "team"),
    ("matches", "organisation"),
    ("matches", "team"),
    ("matches", "season"),
    ("items", "organisation_id"),
    ("items", "owner_id"),
    ("organisations/{organisation}/audit", "actor_id"),
    ("organisations/{organisation}/audit", "subject_id"),
]


@pytest.mark.parametrize(("route", "name"), FILTERS)
def test_foreign_id_in_a_filter_finds_as_little_as_an_unknown_one(ours, theirs, route, name):
    client = ours.client()
    address = route.format(organisation=ours.organisation.pk)

    def ask(pk):
        return asked(client, "get", f"/api/v1/{address}?{name}={pk}")

    ask(uuid7())
    field = name if name.endswith("_id") else f"{name}_id"
    foreign = ask(theirs.pk_for(ROW_OF.get(field, field)))

    assert foreign == ask(uuid7())
    assert foreign[1]["items"] == []
