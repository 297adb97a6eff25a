import gzip

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_pages_carry_a_strict_policy(client):
    response = client.get("/health")

    policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["img-src"] == "'self' data:"
    assert policy["frame-ancestors"] == "'none'"


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ],
)
@pytest.mark.parametrize("path", ["/health", "/api/v1/nowhere", "/nowhere"])
def test_every_answer_carries_the_safe_headers(client, path, header, value):
    assert client.get(path)[header] == value


def test_pages_may_use_no_sensors(client):
    assert "camera=(), " in client.get("/health")["Permissions-Policy"]


def test_admin_forms_can_be_posted_over_https():
    client = Client(enforce_csrf_checks=True)
    page = client.get("/admin/login/", secure=True)
    token = client.cookies["csrftoken"].value

    posted = client.post(
        "/admin/login/",
        {"username": "nobody", "password": "wrong", "csrfmiddlewaretoken": token},
        headers={"Origin": "https://testserver"},
        secure=True,
    )

    assert page["Referrer-Policy"] == "same-origin"
    assert posted.status_code == 200


def test_personal_answers_are_not_stored(client):
    assert client.get("/api/v1/auth/me")["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/api/health", "/api/v1/health"),
        ("/api/auth/me", "/api/v1/auth/me"),
        ("/api/version", "/api/v1/version"),
        ("/auth/me", "/api/v1/auth/me"),
    ],
)
def test_alias_names_the_canonical_address(client, path, canonical):
    assert client.get(path)["Link"] == f'<{canonical}>; rel="canonical"'


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/api/%0d%0aX-Evil:%201", "/api/v1/%0D%0AX-Evil:%201"),
        ("/auth/%0a", "/api/v1/auth/%0A"),
        ("/api/a%3E;rel=%22next%22", "/api/v1/a%3E%3Brel%3D%22next%22"),
        ("/api/%E2%82%AC", "/api/v1/%E2%82%AC"),
    ],
)
def test_odd_address_breaks_out_of_no_header(client, path, canonical):
    response = client.get(path)

    assert response.status_code == 404
    assert response["Link"] == f'<{canonical}>; rel="canonical"'
    assert "X-Evil" not in response


@pytest.mark.parametrize("path", ["/api/v1/health", "/health", "/api/v2/health"])
def test_other_addresses_name_none(client, path):
    assert "Link" not in client.get(path)


@pytest.mark.parametrize(
    "url", ["/api/v1/health?q=%00", "/api/v1/health?q=a%00b", "/api/v1/%00", "/w%00"]
)
def test_nul_is_refused_in_any_address(client, url):
    response = client.get(url, headers={"Accept": "application/json"})

    assert response.status_code == 400
    assert response.json()["error"]["code"] == "bad_request"


def test_long_answers_are_compressed_for_those_who_ask(client):
    response = client.get("/openapi.json", headers={"Accept-Encoding": "gzip"})

    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content).startswith(b"{")


@pytest.mark.parametrize(("peer", "status"), [("10.0.0.2", 200), ("203.0.113.9", 301)])
def test_only_our_proxy_may_say_that_a_request_was_safe(settings, peer, status):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]

    response = Client().get("/w", headers={"X-Forwarded-Proto": "https"}, REMOTE_ADDR=peer)

    assert response.status_code == status


def test_plain_http_is_led_to_https_but_probes_are_not(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    client = Client()

    assert client.get("/w")["Location"] == "https://testserver/w"
    assert client.get("/health/live").status_code == 200
