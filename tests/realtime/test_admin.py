import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from realtime.models import FeedEntry
from tests.factories import build_user
from tests.realtime import toys

pytestmark = pytest.mark.django_db
MODELS = ["feedhead", "feedentry"]


@pytest.fixture
def staff_client(client):
    client.force_login(build_user(is_staff=True, is_superuser=True))
    toys.say("toy.first", "one")
    toys.say("toy.second", "two", secret=True)
    return client


@pytest.mark.parametrize("model", MODELS)
def test_staff_find_a_topic_by_its_beginning(staff_client, model):
    page = staff_client.get(reverse(f"admin:realtime_{model}_changelist"), {"q": "toy.f"})

    assert page.status_code == 200
    assert b"toy.first" in page.content
    assert b"toy.second" not in page.content


@pytest.mark.parametrize("model", MODELS)
def test_feed_is_not_written_by_hand(staff_client, model):
    assert staff_client.get(reverse(f"admin:realtime_{model}_add")).status_code == 403


def test_entry_can_be_looked_at_and_not_changed(staff_client):
    entry = FeedEntry.objects.get(topic="toy.first")
    page = reverse("admin:realtime_feedentry_change", args=[entry.pk])

    assert b"word" in staff_client.get(page).content
    assert staff_client.post(page, {"kind": "forged"}).status_code == 403
    deletion = reverse("admin:realtime_feedentry_delete", args=[entry.pk])
    assert staff_client.post(deletion, {"post": "yes"}).status_code == 403


def test_list_costs_the_same_for_any_length(staff_client, django_assert_max_num_queries):
    toys.say("toy.first", *map(str, range(20)))

    with django_assert_max_num_queries(6):
        staff_client.get(reverse("admin:realtime_feedentry_changelist"))


@pytest.mark.parametrize("model", MODELS)
def test_staff_of_one_club_see_no_feed_whatever_they_were_given(client, model):
    user = build_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="realtime"))
    client.force_login(user)

    assert client.get(reverse(f"admin:realtime_{model}_changelist")).status_code == 403
