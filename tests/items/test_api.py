"""The notice board over HTTP."""

from uuid import uuid4

import pytest

from accounts.models import Membership, Role
from items.models import Item
from tests import factories
from tests.api.clients import client_of
from tests.api.clients import stranger as nobody

URL = "/api/v1/items"
EARLY_FIELDS = {"id", "title", "description", "owner_id", "is_private", "created_at"}


def one(item):
    return f"{URL}/{item.pk}"


def refusal(response):
    error = response.json()["error"]
    return response.status_code, error["code"]


@pytest.fixture
def author(club):
    return club.person(Role.MEMBER)


@pytest.fixture
def item(club, author):
    return factories.build_item(organisation=club.organisation, owner=author, title="Lift")


@pytest.fixture
def secret(club, author):
    return factories.build_item(organisation=club.organisation, owner=author, is_private=True)


@pytest.fixture
def other(club):
    """Another member than the author."""
    return client_of(factories.build_member(club.organisation))


def test_any_member_pins_an_item_of_their_own(club, author):
    response = club.member.post(URL, {"title": "Lift", "description": "Three seats"})

    item = Item.objects.get()
    assert response.status_code == 201
    assert response["Location"] == one(item)
    assert response["ETag"] == '"v1"'
    assert set(response.json()) == EARLY_FIELDS | {"organisation_id", "updated_at"}
    assert (
        response.json().items()
        >= {
            "id": str(item.pk),
            "title": "Lift",
            "description": "Three seats",
            "owner_id": str(author.pk),
            "organisation_id": str(club.organisation.pk),
            "is_private": False,
        }.items()
    )
    assert club.member.get(one(item)).json() == response.json()


@pytest.mark.parametrize("name", ["private", "is_private"])
def test_private_has_two_names(club, name):
    response = club.member.post(URL, {"title": "Lift", name: True})

    assert response.status_code == 201
    assert response.json()["is_private"] is True


def test_two_names_with_two_values_contradict(club):
    both = {"title": "Lift", "is_private": True, "private": True}
    assert club.member.post(URL, both).status_code == 201

    response = club.member.post(URL, {**both, "private": False})

    assert refusal(response) == (400, "validation_error")
    assert list(response.json()["error"]["details"]) == ["private"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        ({"title": ""}, "title"),
        ({"title": " \t "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "two\nlines"}, "title"),
        ({"title": 5}, "title"),
        ({"title": None}, "title"),
        ({"title": "x", "description": "x" * 10_001}, "description"),
        ({"title": "x", "description": "a bell\x07"}, "description"),
        ({"title": "x", "description": "a delete\x7f"}, "description"),
        ({"title": "x", "description": None}, "description"),
        ({"title": "x", "is_private": "yes"}, "is_private"),
        ({"title": "x", "private": None}, "private"),
        ({"title": "x", "owner_id": "7"}, "owner_id"),
        ({"title": "x", "organisation_id": "7"}, "organisation_id"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_field_is_named_and_pins_nothing(club, body, field):
    response = club.member.post(URL, body)

    assert refusal(response) == (400, "validation_error")
    assert list(response.json()["error"]["details"]) == [field]
    assert not Item.objects.exists()


def test_text_keeps_its_lines_and_loses_the_blanks_around_it(club):
    response = club.member.post(URL, {"title": "  Lift ", "description": "Seats:\r\n\tthree\r\n\n"})

    assert response.json()["title"] == "Lift"
    assert response.json()["description"] == "Seats:\n\tthree"


def test_who_belongs_nowhere_is_told_what_to_do(db):
    client = client_of(factories.build_user())

    response = client.post(URL, {"title": "Lift"})

    assert refusal(response) == (400, "validation_error")
    assert "accept an invitation" in response.json()["error"]["details"]["organisation_id"][0]


def test_who_belongs_to_two_organisations_says_for_which(club, author):
    second = factories.build_organisation()
    Membership.objects.create(organisation=second, user=author)

    unsaid = club.member.post(URL, {"title": "Lift"})
    said = club.member.post(URL, {"title": "Lift", "organisation_id": str(second.pk)})

    assert refusal(unsaid) == (400, "validation_error")
    assert said.json()["organisation_id"] == str(second.pk)


def test_foreign_board_is_as_unknown_as_none(club, stranger):
    def post(organisation_id):
        response = stranger.post(URL, {"title": "x", "organisation_id": str(organisation_id)})
        return response.status_code, {**response.json()["error"], "request_id": ""}

    assert post(club.organisation.pk) == post(uuid4())


def test_same_key_pins_one_item(club):
    first, again = (
        club.member.post(URL, {"title": "Lift"}, HTTP_IDEMPOTENCY_KEY="k") for _ in range(2)
    )

    assert again.json() == first.json()
    assert Item.objects.count() == 1


def test_private_item_is_closed_to_other_members(club, other, secret):
    for method in ("get", "put", "patch", "delete"):
        response = getattr(other, method)(one(secret), {"title": "Mine now"})
        assert refusal(response) == (403, "forbidden"), method
        assert secret.title not in response.content.decode()
    secret.refresh_from_db()
    assert secret.version == 1


def test_private_item_is_listed_for_its_owner_and_managers_alone(club, other, stranger, secret):
    counts = [client.get(URL).json()["total"] for client in (club.member, club.admin, other)]

    assert counts == [1, 1, 0]
    assert club.client(Role.OWNER).get(URL).json()["total"] == 1
    assert club.scorer.get(URL).json()["total"] == 0
    assert stranger.get(URL).json()["total"] == 0


def test_search_finds_nothing_in_what_is_hidden(other, secret):
    assert other.get(URL, {"q": secret.title}).json()["total"] == 0
    assert other.get(URL, {"private": "true"}).json()["total"] == 0


def test_public_item_is_read_by_all_members_and_written_by_few(club, other, item):
    assert other.get(one(item)).status_code == 200
    for method in ("put", "patch", "delete"):
        response = getattr(other, method)(one(item), {"title": "Mine now"})
        assert refusal(response) == (403, "forbidden"), method
    for client in (club.member, club.admin, club.client(Role.OWNER)):
        assert client.patch(one(item), {"title": "Lift home"}).status_code == 200


@pytest.mark.parametrize("is_private", [True, False])
def test_foreign_item_is_unknown(stranger, is_private):
    item = factories.build_item(is_private=is_private)

    def answers(url):
        for method in ("get", "put", "patch", "delete"):
            response = getattr(stranger, method)(url, {"title": "x"})
            yield response.status_code, {**response.json()["error"], "request_id": ""}

    assert list(answers(one(item))) == list(answers(f"{URL}/{uuid4()}"))
    assert {code for code, _ in answers(one(item))} == {404}


def test_who_has_left_has_no_item_there_any_more(club, author, item, secret):
    client = client_of(author)
    Membership.objects.filter(user=author).delete()

    assert client.get(URL).json()["items"] == []
    assert client.get(one(secret)).status_code == 404
    assert client.delete(one(item)).status_code == 404


def test_put_sets_the_whole_and_never_publishes_by_silence(club, secret):
    response = club.member.put(one(secret), {"title": "Another"})

    assert response.json().items() >= {"title": "Another", "description": ""}.items()
    assert response.json()["is_private"] is True
    assert club.member.put(one(secret), {"description": "x"}).status_code == 400


def test_patch_sets_what_is_said(club, item):
    response = club.member.patch(one(item), {"private": True})

    assert response.json()["is_private"] is True
    assert response.json()["description"] == item.description
    assert response["ETag"] == '"v2"'


def test_item_never_moves_to_another_board(club, author, item):
    second = factories.build_organisation()
    Membership.objects.create(organisation=second, user=author)

    response = club.member.patch(one(item), {"organisation_id": str(second.pk)})

    assert refusal(response) == (400, "validation_error")


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_stale_version_writes_nothing(club, item, method):
    response = getattr(club.member, method)(one(item), {"title": "x"}, HTTP_IF_MATCH='"v7"')

    assert refusal(response) == (412, "version_conflict")
    assert response.json()["error"]["details"] == {"current_version": 1}
    assert Item.objects.get().title == item.title


def test_known_version_costs_no_body(club, item):
    response = club.member.get(one(item), HTTP_IF_NONE_MATCH='"v1"')

    assert (response.status_code, response.content) == (304, b"")


def test_item_is_taken_down(club, item):
    response = club.member.delete(one(item), HTTP_IF_MATCH='"v1"')

    assert (response.status_code, response.content) == (204, b"")
    assert club.member.get(one(item)).status_code == 404


def test_list_is_searched_narrowed_sorted_and_paged(club, author):
    organisation = club.organisation
    admin = club.person(Role.ADMIN)
    factories.build_item(organisation=organisation, owner=author, title="Alder")
    factories.build_item(organisation=organisation, owner=admin, title="Birch", is_private=True)
    factories.build_item(organisation=organisation, owner=author, title="C", description="ALDERS")

    def titles(**parameters):
        return [item["title"] for item in club.admin.get(URL, parameters).json()["items"]]

    assert titles() == ["C", "Birch", "Alder"]
    assert titles(q="alder", sort="title") == ["Alder", "C"]
    assert titles(sort="-title", limit=1, offset=1) == ["Birch"]
    assert titles(private="true") == ["Birch"]
    assert titles(private="false") == ["C", "Alder"]
    assert titles(owner_id=admin.pk) == ["Birch"]
    assert titles(organisation_id=organisation.pk) == ["C", "Birch", "Alder"]
    assert titles(organisation_id=uuid4()) == []


def test_list_has_the_shape_that_early_clients_read(club, item):
    body = club.member.get(URL).json()

    assert set(body) == {"items", "total", "limit", "offset"}
    assert set(body["items"][0]) >= EARLY_FIELDS


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "offset=-1", "sort=owner_id", "private=perhaps", "owner_id=7", "x=1"],
)
def test_bad_parameter_is_named(club, query):
    response = club.member.get(f"{URL}?{query}")

    assert refusal(response) == (400, "validation_error")
    assert list(response.json()["error"]["details"]) == [query.partition("=")[0]]


def test_whoever_is_not_signed_in_reads_nothing(db, item):
    assert refusal(nobody().get(URL))[0] == 401
    assert refusal(nobody().get(one(item)))[0] == 401


@pytest.mark.parametrize("count", [1, 10])
def test_list_costs_the_same_for_any_length(club, author, count, django_assert_num_queries):
    for _ in range(count):
        factories.build_item(organisation=club.organisation, owner=author)
    client = club.member

    # Who asks, how many there are, and the page.
    with django_assert_num_queries(3):
        body = client.get(URL, {"q": "item", "limit": 100}).json()

    assert len(body["items"]) == count
