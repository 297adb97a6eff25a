import pytest
import time_machine
from django.contrib.auth import authenticate
from django.test import RequestFactory
from django.urls import reverse

from accounts.models import AuditEntry
from tests.factories import PASSWORD, build_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_(rf: RequestFactory):
    return rf.post("/admin/login/")


@pytest.mark.parametrize("name", ["robin", "ROBIN", "Robin@example.org"])
def test_staff_sign_in_by_username_or_email(client, name):
    user = build_user(username="robin", password=PASSWORD, is_staff=True)

    answer = client.post(reverse("admin:login"), {"username": name, "password": PASSWORD})

    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize(
    ("credentials", "fields"),
    [
        ({"username": "robin", "password": "wrong"}, {}),
        ({"username": "nobody", "password": PASSWORD}, {}),
        ({"username": "robin", "password": PASSWORD}, {"is_active": False}),
        ({"username": "", "password": PASSWORD}, {}),
        ({"username": "robin", "password": None}, {}),
    ],
)
def test_wrong_credentials_and_disabled_people_are_refused(request_, credentials, fields):
    build_user(username="robin", password=PASSWORD, **fields)

    assert authenticate(request_, **credentials) is None


@time_machine.travel("2026-11-21T12:00:00Z", tick=False)
def test_failures_are_limited_as_in_the_api(request_):
    build_user(username="robin", password=PASSWORD)
    for _ in range(10):
        assert authenticate(request_, username="robin", password="wrong") is None

    assert authenticate(request_, username="robin", password=PASSWORD) is None


def test_code_without_a_request_can_ask_too():
    user = build_user(username="robin", password=PASSWORD)

    assert authenticate(None, username="robin", password=PASSWORD) == user


@pytest.mark.parametrize(
    ("is_staff", "actions"), [(True, ["signed_in"]), (False, [])], ids=["staff", "others"]
)
def test_sign_in_of_staff_is_noted(request_, is_staff, actions):
    user = build_user(username="robin", password=PASSWORD, is_staff=is_staff)

    authenticate(request_, username="robin", password=PASSWORD)

    trail = AuditEntry.objects.filter(actor=user)
    assert list(trail.values_list("action", flat=True)) == actions
