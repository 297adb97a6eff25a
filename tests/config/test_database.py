"""What waits, what gives up, and what the caller is told: on the real database."""

import threading

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import path
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Organisation
from tests.factories import build_organisation

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True)]


class RenamingView(APIView):
    """Renames the only club, but does not wait long for it."""

    authentication_classes = []
    permission_classes = [AllowAny]

    def get(self, request):
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '200ms'")
            Organisation.objects.select_for_update().get()
            Organisation.objects.update(name="Renamed")
        return Response({"name": "Renamed"})


class ConnectionView(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]

    def get(self, request):
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            [lock_timeout] = cursor.fetchone()
            cursor.execute("SELECT pg_backend_pid()")
            [process] = cursor.fetchone()
        return Response({"lock_timeout": lock_timeout, "process": process})


urlpatterns = [path("rename", RenamingView.as_view()), path("connection", ConnectionView.as_view())]


@pytest.fixture
def impatient(monkeypatch):
    """SQLite waits twenty seconds for a lock; a test has not so much time."""
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.2)
        connection.close()
    yield
    connection.close()


@pytest.mark.usefixtures("impatient")
def test_lock_that_is_not_granted_in_time_is_called_busy(client):
    build_organisation(name="Before")
    locked, finished = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            Organisation.objects.select_for_update().get()
            locked.set()
            finished.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    locked.wait(20)
    refused = client.get("/rename")
    finished.set()
    holder.join()
    granted = client.get("/rename")

    assert refused.status_code == 503
    assert refused.json()["error"]["code"] == "busy"
    assert refused["Retry-After"] == "1"
    assert granted.json() == {"name": "Renamed"}


@pytest.mark.postgres
def test_nobody_waits_for_a_lock_for_ever(client):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")

    assert client.get("/connection").json()["lock_timeout"] == "10s"


@pytest.mark.postgres
def test_connection_that_the_server_has_ended_is_replaced_before_it_is_used():
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    first = Client().get("/connection").json()["process"]
    open_many_connections()
    end_idle_connections()

    answers = [Client().get("/connection") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert first not in [answer.json()["process"] for answer in answers]


def open_many_connections(count=8):
    """As many as a busy hour leaves idle in the pool."""
    everybody_has_one = threading.Barrier(count)

    def use():
        with connection.cursor():
            everybody_has_one.wait(10)
        connection.close()

    threads = [threading.Thread(target=use) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def end_idle_connections():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        # Its own connection, too: nothing that was open before may answer.
        cursor.connection.close()
    connection.close()
