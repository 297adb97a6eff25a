"""Seasons, teams and players: three collections that behave alike."""

from dataclasses import dataclass, field
from uuid import uuid4

import pytest

from accounts.models import Role
from matches.models import Player, Season, Team
from tests import factories
from tests.api.clients import client_of

API = "/api/v1"


@dataclass
class Collection:
    name: str
    model: type
    build: object
    draft: dict
    changes: dict = field(default_factory=lambda: {"name": "Another name"})

    @property
    def url(self):
        return f"{API}/{self.name}"

    def one(self, row):
        return f"{API}/{self.name}/{row.pk}"


COLLECTIONS = [
    Collection(
        "seasons",
        Season,
        factories.build_season,
        {"name": "2026/27", "starts_on": "2026-08-01", "ends_on": "2027-05-31"},
    ),
    Collection("teams", Team, factories.build_team, {"name": "Hollybrook U13"}),
    Collection("players", Player, factories.build_player, {"name": "Robin Ashdown"}),
]
each = pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda one: one.name)


@each
def test_row_is_created_in_the_only_organisation_of_the_caller(club, collection):
    response = club.admin.post(collection.url, collection.draft)

    row = collection.model.objects.get()
    assert response.status_code == 201
    assert response["Location"] == collection.one(row)
    assert response["ETag"] == '"v1"'
    assert response.json().items() >= {**collection.draft, "id": str(row.pk)}.items()
    assert row.organisation_id == club.organisation.pk


@each
def test_who_has_two_organisations_says_for_which(club, collection):
    other = factories.build_organisation()
    other.memberships.create(user=club.person(Role.ADMIN), role=Role.ADMIN)

    unsaid = club.admin.post(collection.url, collection.draft)
    said = club.admin.post(
        collection.url, {**collection.draft, "organisation_id": str(club.organisation.pk)}
    )

    assert unsaid.status_code == 400
    assert "organisation_id" in unsaid.data["error"]["details"]
    assert said.status_code == 201
    assert said.data["organisation_id"] == club.organisation.pk


@each
def test_foreign_organisation_is_as_unknown_as_none(club, stranger, collection):
    def post(organisation_id):
        body = {**collection.draft, "organisation_id": str(organisation_id)}
        response = stranger.post(collection.url, body)
        return response.status_code, {**response.data["error"], "request_id": ""}

    assert post(club.organisation.pk) == post(uuid4())
    assert post(uuid4())[0] == 404
    assert not collection.model.objects.exists()


@each
@pytest.mark.parametrize("role", [Role.SCORER, Role.MEMBER])
def test_role_too_low_creates_nothing(club, collection, role):
    response = club.client(role).post(collection.url, collection.draft)

    assert response.status_code == 403
    assert response.data["error"]["code"] == "forbidden"
    assert not collection.model.objects.exists()


@each
def test_repeated_post_with_a_key_creates_one(club, collection):
    client = club.admin

    first = client.post(collection.url, collection.draft, HTTP_IDEMPOTENCY_KEY="k1")
    again = client.post(collection.url, collection.draft, HTTP_IDEMPOTENCY_KEY="k1")
    other = client.post(
        collection.url, {**collection.draft, **collection.changes}, HTTP_IDEMPOTENCY_KEY="k1"
    )

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == again.json()
    assert other.json()["error"]["code"] == "idempotency_key_reused"
    assert collection.model.objects.count() == 1


@each
def test_row_is_read_with_its_version_and_not_twice(club, collection):
    row = collection.build(organisation=club.organisation)

    read = club.member.get(collection.one(row))
    held = club.member.get(collection.one(row), HTTP_IF_NONE_MATCH=read["ETag"])

    assert read.data["name"] == row.name
    assert (held.status_code, held.content) == (304, b"")


@each
def test_row_is_found_by_an_id_in_capitals(club, collection):
    row = collection.build(organisation=club.organisation)

    assert club.member.get(f"{collection.url}/{str(row.pk).upper()}").status_code == 200


@each
def test_row_is_changed(club, collection):
    row = collection.build(organisation=club.organisation)

    response = club.admin.patch(collection.one(row), collection.changes, HTTP_IF_MATCH='"v1"')

    assert response.status_code == 200
    assert response["ETag"] == '"v2"'
    assert response.data["name"] == "Another name"


@each
def test_stale_if_match_changes_nothing(club, collection):
    row = collection.build(organisation=club.organisation)

    patched = club.admin.patch(collection.one(row), collection.changes, HTTP_IF_MATCH='"v9"')
    deleted = club.admin.delete(collection.one(row), HTTP_IF_MATCH='"v9"')

    assert (patched.status_code, deleted.status_code) == (412, 412)
    assert patched.data["error"]["code"] == "version_conflict"
    assert patched.data["error"]["details"] == {"current_version": 1}
    row.refresh_from_db()
    assert row.version == 1


@each
def test_asterisk_matches_any_version(club, collection):
    row = collection.build(organisation=club.organisation)

    response = club.admin.patch(collection.one(row), collection.changes, HTTP_IF_MATCH="*")

    assert response.status_code == 200


@each
def test_organisation_of_a_row_cannot_be_changed(club, collection):
    row = collection.build(organisation=club.organisation)

    response = club.admin.patch(collection.one(row), {"organisation_id": str(club.organisation.pk)})

    assert response.status_code == 400
    assert response.data["error"]["details"] == {"organisation_id": ["Unknown field."]}


@each
def test_row_is_deleted(club, collection):
    row = collection.build(organisation=club.organisation)

    response = club.admin.delete(collection.one(row))

    assert (response.status_code, response.content) == (204, b"")
    assert not collection.model.objects.exists()


@each
def test_foreign_row_looks_like_an_unknown_one(club, stranger, collection):
    row = collection.build(organisation=club.organisation)

    def ask(method, url, *body):
        response = getattr(stranger, method)(url, *body)
        return response.status_code, {**response.data["error"], "request_id": ""}

    for method, body in (("get", ()), ("patch", (collection.changes,)), ("delete", ())):
        foreign = ask(method, collection.one(row), *body)
        assert foreign == ask(method, f"{collection.url}/{uuid4()}", *body)
        assert foreign[0] == 404
    assert collection.model.objects.filter(pk=row.pk).exists()


@each
def test_list_holds_the_rows_of_ones_own_organisations(club, stranger, collection):
    row = collection.build(organisation=club.organisation, name="Own")
    collection.build(name="Foreign")

    own = club.member.get(collection.url)

    assert [item["id"] for item in own.data["items"]] == [row.pk]
    assert own.data.items() >= {"total": 1, "limit": 20, "offset": 0}.items()
    assert stranger.get(collection.url).data["items"] == []


@each
def test_list_is_narrowed_sorted_and_paged(club, collection):
    for name in ("Alder", "Birch", "Bramble"):
        collection.build(organisation=club.organisation, name=name)

    def names(**parameters):
        response = club.member.get(collection.url, parameters)
        return [item["name"] for item in response.data["items"]]

    assert names(q="b", sort="-name") == ["Bramble", "Birch"]
    assert names(sort="name", limit=1, offset=1) == ["Birch"]
    assert len(names(organisation=club.organisation.pk)) == 3
    assert names(organisation=uuid4()) == []


@each
def test_list_links_to_its_neighbours(club, collection):
    for _ in range(3):
        collection.build(organisation=club.organisation)

    links = club.member.get(collection.url, {"limit": 1, "offset": 1})["Link"]

    assert 'rel="next"' in links
    assert 'rel="prev"' in links


def test_season_cannot_end_before_it_starts(club):
    row = factories.build_season(organisation=club.organisation)

    created = club.admin.post(
        f"{API}/seasons", {"name": "Odd", "starts_on": "2027-01-01", "ends_on": "2026-01-01"}
    )
    changed = club.admin.patch(f"{API}/seasons/{row.pk}", {"ends_on": "2020-01-01"})

    for response in (created, changed):
        assert response.status_code == 400
        assert response.data["error"]["code"] == "validation_error"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("seasons", {"name": "2026/27", "starts_on": "2026-08-01", "ends_on": "2027-05-31"}),
        ("teams", {"name": "Hollybrook"}),
    ],
)
def test_name_is_taken_once(club, kind, body):
    assert club.admin.post(f"{API}/{kind}", body).status_code == 201

    response = club.admin.post(f"{API}/{kind}", body)

    assert response.status_code == 409
    assert response.data["error"]["code"] == "already_exists"


@pytest.mark.parametrize("colour", ["red", "#12345", "#1234567", "#12345g"])
def test_colour_is_six_hexadecimal_digits(club, colour):
    response = club.admin.post(f"{API}/teams", {"name": "Hollybrook", "colour": colour})

    assert response.status_code == 400
    assert list(response.data["error"]["details"]) == ["colour"]


def test_teams_are_narrowed_to_opponents(club):
    club.team(name="Ours")
    club.team(name="Theirs", is_opponent=True)

    def names(**parameters):
        response = club.member.get(f"{API}/teams", parameters)
        return [item["name"] for item in response.data["items"]]

    assert names(is_opponent="true") == ["Theirs"]
    assert names(is_opponent="false") == ["Ours"]
    assert names() == ["Ours", "Theirs"]


def test_team_with_matches_stays(club):
    match = club.match()

    response = club.admin.delete(f"{API}/teams/{match.home_team_id}")

    assert response.status_code == 409
    assert response.data["error"]["code"] == "in_use"


def test_players_are_narrowed_to_the_squad_of_today(club):
    team = club.team()
    stays = factories.build_player(team)
    left = factories.build_player(team)
    left.squads.update(left_on="2026-01-01")
    factories.build_player(organisation=club.organisation)

    response = club.member.get(f"{API}/players", {"team": team.pk})

    assert [item["id"] for item in response.data["items"]] == [stays.pk]


def test_player_of_a_match_stays(club):
    match = club.match()
    player, *_ = factories.build_lineup(match, match.home_team)

    response = club.admin.delete(f"{API}/players/{player.pk}")

    assert response.status_code == 409
    assert response.data["error"]["code"] == "in_use"


def test_player_has_personal_fields_for_members(club):
    player = factories.build_player(
        organisation=club.organisation, notes="Asthma", birth_date="2014-03-09"
    )

    response = club.member.get(f"{API}/players/{player.pk}")

    assert response.json()["notes"] == "Asthma"
    assert response.json()["birth_date"] == "2014-03-09"


def test_superuser_works_everywhere(club):
    client = client_of(factories.build_user(is_superuser=True))

    one = client.post(f"{API}/teams", {"name": "A", "organisation_id": str(club.organisation.pk)})
    # There is one organisation, and a superuser belongs to all.
    other = client.post(f"{API}/teams", {"name": "B"})

    assert (one.status_code, other.status_code) == (201, 201)
    assert one.data["organisation_id"] == other.data["organisation_id"] == club.organisation.pk
