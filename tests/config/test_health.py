import time

import pytest
from django.db import connections

PATHS = ["/health", "/healthz", "/api/v1/health", "/api/health"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_healthy_server_says_so_everywhere(client, settings, path):
    response = client.get(path)

    body = response.json()
    assert response.status_code == 200
    assert (body["status"], body["db"]) == ("ok", "ok")
    assert body["uptime_seconds"] > 0
    assert body["version"] == settings.VERSION
    assert body["environment"] == settings.ENVIRONMENT
    assert body["timestamp"].endswith("Z")
    assert body["checks"]["database"] == "ok"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_probes_answer_briefly(client, path):
    assert client.get(path).json() == {"status": "ok"}


@pytest.fixture
def without_database(django_db_blocker, monkeypatch):
    """The database cannot be reached: whatever engine it is, its address leads nowhere."""
    connection = connections["default"]
    if connection.vendor == "sqlite":
        changes = {"NAME": "/nowhere/at/all.sqlite3"}
    else:
        options = {**connection.settings_dict["OPTIONS"], "pool": False, "connect_timeout": 1}
        changes = {"PORT": "1", "OPTIONS": options}
    with django_db_blocker.unblock():
        connection.close()
        for name, value in changes.items():
            monkeypatch.setitem(connection.settings_dict, name, value)
        yield
        connection.close()


@pytest.mark.usefixtures("without_database")
@pytest.mark.parametrize("path", [*PATHS, "/health/ready"])
def test_server_without_its_database_is_not_well(client, path):
    response = client.get(path)

    error = response.json()["error"]
    assert response.status_code == 503
    assert error["code"] == "service_unavailable"
    assert error["details"]["checks"]["database"] == "down"
    assert response["Retry-After"] == "5"


@pytest.mark.usefixtures("without_database")
def test_server_without_its_database_is_alive(client):
    assert client.get("/health/live").status_code == 200


@pytest.mark.django_db
def test_server_without_redis_works_less_well(client, settings):
    settings.REDIS_URLS = ["redis://127.0.0.1:1/0"]

    started = time.monotonic()
    body = client.get("/health").json()

    assert (body["status"], body["checks"]["redis"]) == ("degraded", "down")
    assert client.get("/health/ready").status_code == 200
    assert time.monotonic() - started < 5


@pytest.mark.django_db
def test_other_methods_are_refused(client):
    response = client.post("/health")

    assert response.status_code == 405
    assert "GET" in response["Allow"]
