from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organisation
from tests.factories import build_organisation

pytestmark = [pytest.mark.urls("tests.core.views"), pytest.mark.django_db]


@pytest.fixture
def clubs():
    return [build_organisation(name=f"Club {letter}") for letter in "abcdefg"]


def names(response):
    return [item["name"][-1] for item in response.json()["items"]]


def test_page_says_what_it_is_part_of(api, clubs):
    body = api.get("/organisations?limit=3&offset=2").json()

    assert names(api.get("/organisations?limit=3&offset=2")) == ["c", "d", "e"]
    assert (body["total"], body["limit"], body["offset"]) == (7, 3, 2)


def test_twenty_rows_come_unasked(api):
    for number in range(21):
        build_organisation(name=f"Club {number:02}")

    body = api.get("/organisations").json()

    assert len(body["items"]) == body["limit"] == 20
    assert body["total"] == 21


def test_links_lead_through_the_whole_list_and_keep_the_question(api, clubs):
    seen = []
    url = "/organisations?limit=3&sort=-name&q=club"
    while url:
        response = api.get(url)
        seen += names(response)
        links = dict(reversed(part.split("; rel=")) for part in response["Link"].split(", "))
        url = links.get('"next"', "").strip("<>")
        assert not url or "q=club" in url

    assert seen == list("gfedcba")
    assert links['"prev"'].endswith("limit=3&offset=3&q=club&sort=-name>")


def test_whole_list_on_one_page_has_no_links(api, clubs):
    assert "Link" not in api.get("/organisations")


def test_offset_beyond_the_end_is_an_empty_page(api, clubs):
    body = api.get("/organisations?offset=100").json()

    assert body["items"] == []
    assert body["total"] == 7


def test_rows_that_compare_equal_keep_one_order(api, clubs):
    Organisation.objects.update(created_at=timezone.now() - timedelta(days=1))

    one_by_one = [
        name
        for offset in range(7)
        for name in names(api.get(f"/organisations?sort=founded&limit=1&offset={offset}"))
    ]

    assert sorted(one_by_one) == list("abcdefg")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=", "limit"),
        ("limit=1_0", "limit"),
        ("limit=%D9%A3", "limit"),
        ("limit=1.0", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("offset=-1", "offset"),
        ("offset=99999999999", "offset"),
        ("sort=slug", "sort"),
        ("sort=--name", "sort"),
        ("sort=", "sort"),
        ("colour=red", "colour"),
    ],
)
def test_odd_questions_are_refused_by_name(api, query, field):
    response = api.get(f"/organisations?{query}")

    assert response.status_code == 400
    assert response.json()["error"]["code"] == "validation_error"
    assert list(response.json()["error"]["details"]) == [field]


@pytest.mark.parametrize("rows", [1, 10])
def test_list_costs_two_queries_for_any_length(api, rows, django_assert_num_queries):
    for _ in range(rows):
        build_organisation()

    with django_assert_num_queries(2):
        api.get("/organisations")
