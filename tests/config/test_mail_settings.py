"""Where mails go, what their links begin with, and what is refused about either."""

import pytest

from config.checks import check_deployment, refusals
from config.logs import redact
from tests.config.loading import PRODUCTION, settings_with

CONSOLE = "django.core.mail.backends.console.EmailBackend"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, "http://localhost:8000"),
        ({"PORT": "9000"}, "http://localhost:9000"),
        (PRODUCTION, "https://club.test"),
        ({**PRODUCTION, "ALLOWED_HOSTS": ".club.test,other.test"}, "https://club.test"),
        (
            {**PRODUCTION, "PUBLIC_URL": "https://live.club.test:8443/"},
            "https://live.club.test:8443",
        ),
        ({"PUBLIC_URL": "http://192.168.1.5:8000"}, "http://192.168.1.5:8000"),
    ],
)
def test_links_begin_with_the_public_address(tmp_path, environment, address):
    assert address == settings_with(tmp_path, **environment).PUBLIC_URL


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", (CONSOLE, "localhost", 25, "", "", False, False)),
        ("smtp://mail", (SMTP, "mail", 25, "", "", False, False)),
        ("smtp+tls://me:p%40ss@mail", (SMTP, "mail", 587, "me", "p@ss", True, False)),
        ("smtp+ssl://me@x.org:pw@mail:4650", (SMTP, "mail", 4650, "me@x.org", "pw", False, True)),
    ],
)
def test_one_address_names_the_mail_server(tmp_path, url, server):
    found = settings_with(tmp_path, EMAIL_URL=url)

    assert server == (
        found.EMAIL_BACKEND,
        found.EMAIL_HOST,
        found.EMAIL_PORT,
        found.EMAIL_HOST_USER,
        found.EMAIL_HOST_PASSWORD,
        found.EMAIL_USE_TLS,
        found.EMAIL_USE_SSL,
    )
    assert found.EMAIL_TIMEOUT


@pytest.mark.parametrize(
    ("environment", "sender"),
    [
        ({}, "Touchline <noreply@localhost>"),
        (PRODUCTION, "Touchline <noreply@club.test>"),
        ({"DEFAULT_FROM_EMAIL": "Club <touchline@club.test>"}, "Club <touchline@club.test>"),
    ],
)
def test_sender_is_the_site_unless_it_is_set(tmp_path, environment, sender):
    assert sender == settings_with(tmp_path, **environment).DEFAULT_FROM_EMAIL


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("EMAIL_URL", "smtps://me:secret@mail", "EMAIL_URL must begin with smtp+tls://"),
        ("EMAIL_URL", "mail.club.test", "EMAIL_URL must begin with"),
        ("PUBLIC_URL", "club.test", "PUBLIC_URL is 'club.test'; set it to the address"),
        ("PUBLIC_URL", "https://club.test/touchline", "PUBLIC_URL is"),
        ("PUBLIC_URL", "http://club.test", "PUBLIC_URL must begin with https://"),
    ],
)
def test_impossible_values_are_refused_without_telling_the_password(
    tmp_path, name, value, sentence
):
    found = list(refusals(settings_with(tmp_path, **{**PRODUCTION, name: value})))

    assert any(sentence in each for each in found)
    assert "secret" not in str(found)


def test_installation_that_sends_no_mail_is_warned(settings):
    settings.REDIS_URLS, settings.HTTPS_ONLY = ["redis://cache"], False

    settings.EMAIL_URL = ""
    assert [warning.id for warning in check_deployment()] == ["touchline.W003"]

    settings.EMAIL_URL = "smtp://mail"
    assert check_deployment() == []


def test_worker_is_in_the_server_in_development_only(tmp_path):
    assert settings_with(tmp_path).TASK_WORKER_IN_SERVER
    assert not settings_with(tmp_path, **PRODUCTION).TASK_WORKER_IN_SERVER


def test_logs_show_no_token_of_a_mailed_link():
    line = redact(None, "info", {"event": "opened https://club.test/account/reset#s3cr3t-t0ken"})

    assert "s3cr3t" not in line["event"]
