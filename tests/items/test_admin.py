"""The notice board in the admin: staff with a role see theirs, superusers all."""

import pytest
from django.urls import reverse

from accounts.models import Role
from items.models import Item
from tests import factories

LIST = "admin:items_item_changelist"


@pytest.fixture
def item(club):
    return factories.build_item(organisation=club.organisation, title="Lift to Marlow")


@pytest.fixture
def foreign(db):
    return factories.build_item(title="Foreign boots")


def browser_of(client, user):
    client.force_login(user)
    return client


def form(item, **values):
    return {"title": item.title, "description": item.description, **values}


def page(item):
    return reverse("admin:items_item_change", args=[item.pk])


@pytest.fixture
def admin_browser(client, club):
    return browser_of(client, factories.build_member(club.organisation, Role.ADMIN, is_staff=True))


def test_staff_see_the_board_of_their_organisation(admin_browser, item, foreign):
    text = admin_browser.get(reverse(LIST)).content.decode()

    assert "Lift to Marlow" in text
    assert "Foreign" not in text
    assert admin_browser.get(page(foreign)).status_code == 302


def test_superuser_sees_every_board_and_searches_it(client, item, foreign):
    browser = browser_of(client, factories.build_user(is_staff=True, is_superuser=True))

    assert "Foreign boots" in browser.get(reverse(LIST)).content.decode()
    found = browser.get(reverse(LIST), {"q": "MARLOW"}).content.decode()
    assert "Lift to Marlow" in found
    assert "Foreign" not in found


def test_staff_who_are_mere_members_read_what_is_public(client, club, item):
    secret = factories.build_item(organisation=club.organisation, title="Secret", is_private=True)
    browser = browser_of(client, factories.build_member(club.organisation, is_staff=True))

    text = browser.get(reverse(LIST)).content.decode()

    assert "Lift to Marlow" in text
    assert "Secret" not in text
    assert browser.get(page(secret)).status_code == 302
    assert browser.post(page(item), form(item, title="Mine now")).status_code == 403


def test_admin_changes_through_the_operation(admin_browser, item):
    response = admin_browser.post(page(item), form(item, title="Lift home", description="a\r\nb"))

    assert response.status_code == 302
    item.refresh_from_db()
    assert (item.title, item.description, item.version) == ("Lift home", "a\nb", 2)


def test_who_adds_an_item_owns_it(admin_browser, club):
    admin_browser.post(
        reverse("admin:items_item_add"),
        {"organisation": club.organisation.pk, "title": "Boots", "description": ""},
    )

    item = Item.objects.get()
    assert item.organisation == club.organisation
    assert item.owner.memberships.get().role == Role.ADMIN


def test_foreign_board_takes_nothing(admin_browser, foreign):
    response = admin_browser.post(
        reverse("admin:items_item_add"),
        {"organisation": foreign.organisation_id, "title": "Boots", "description": ""},
    )

    assert response.status_code == 200
    assert "Select a valid choice" in response.content.decode()
    assert Item.objects.count() == 1


def test_selected_items_are_taken_down(admin_browser, item):
    admin_browser.post(
        reverse(LIST),
        {"action": "delete_selected", "_selected_action": [str(item.pk)], "post": "yes"},
    )

    assert not Item.objects.exists()


@pytest.mark.parametrize("count", [1, 10])
def test_list_costs_the_same_for_any_length(
    admin_browser, club, count, django_assert_max_num_queries
):
    for _ in range(count):
        factories.build_item(organisation=club.organisation)

    with django_assert_max_num_queries(14):
        assert admin_browser.get(reverse(LIST)).status_code == 200
