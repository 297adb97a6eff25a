import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from config.checks import check_deployment, check_settings, refusals, refuse_unsafe_start
from tests.config.loading import PRODUCTION, settings_with


def said(folder, **environment):
    return list(refusals(settings_with(folder, **environment)))


def test_development_starts_with_nothing_set(tmp_path):
    assert said(tmp_path) == []


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_well_configured_installation_starts(tmp_path, environment):
    assert said(tmp_path, **{**PRODUCTION, "ENVIRONMENT": environment}) == []


def test_production_with_nothing_set_names_everything_at_once(tmp_path):
    found = said(tmp_path, ENVIRONMENT="production")

    assert [sentence.split()[0] for sentence in found] == [
        "SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "", "SECRET_KEY is missing"),
        ("SECRET_KEY", "short", "SECRET_KEY is missing, short"),
        ("SECRET_KEY", "ab" * 40, "SECRET_KEY is missing, short"),
        ("SECRET_KEY", "django-insecure-" + "k3jH8d" * 10, "SECRET_KEY"),
        ("SECRET_KEY", "please-change-me-" + "k3jH8d" * 10, "SECRET_KEY"),
        ("DEBUG", "true", "DEBUG is on"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS must list"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS must list"),
        ("DATABASE_URL", "postgresql://touchline:postgres@db/x", "password of the database"),
        ("DATABASE_URL", "postgresql://touchline:changeme@db/x", "password of the database"),
        ("DATABASE_URL", "mysql://touchline:Hj3-kd93@db/x", "DATABASE_URL must begin with"),
        ("FIRST_SUPERUSER_PASSWORD", "short", "FIRST_SUPERUSER_PASSWORD must have 12"),
        ("FIRST_SUPERUSER_PASSWORD", "change-me-change-me", "FIRST_SUPERUSER_PASSWORD"),
        ("MASTER_PASSWORD_HASH", "touchline", "MASTER_PASSWORD_HASH is no Argon2id hash"),
        ("MASTER_PASSWORD_HASH", "argon2$argon2id", "MASTER_PASSWORD_HASH is no Argon2id hash"),
        ("LOG_LEVEL", "chatty", "LOG_LEVEL is 'CHATTY'; set it to one of"),
        ("CSP_MODE", "loose", "CSP_MODE is 'loose'"),
        ("API_DOCS", "maybe", "API_DOCS is 'maybe'"),
        ("ALGORITHM", "none", "ALGORITHM is 'none'"),
        ("ALGORITHM", "RS256", "ALGORITHM is 'RS256'"),
        ("PORT", "0", "PORT is 0; set it to a number from 1 to 65535"),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "0", "ACCESS_TOKEN_EXPIRE_MINUTES is 0"),
        ("REFRESH_TOKEN_EXPIRE_DAYS", "91", "REFRESH_TOKEN_EXPIRE_DAYS is 91"),
        ("HTTP_THREADS", "0", "HTTP_THREADS is 0"),
        ("CORS_ORIGINS", "*", "CORS_ORIGINS contains '*'"),
        ("CORS_ORIGINS", "https://*.club.test", "CORS_ORIGINS contains"),
        ("CORS_ORIGINS", "https://club.test/", "CORS_ORIGINS contains"),
        ("CORS_ORIGINS", "club.test", "CORS_ORIGINS contains 'club.test'"),
        ("WEBSOCKET_ORIGINS", "*", "WEBSOCKET_ORIGINS contains"),
        ("LIMIT_READS", "0/1m", "LIMIT_READS is '0/1m'; set it to a count and a period such as"),
        ("LIMIT_WRITES", "1200", "LIMIT_WRITES is '1200'"),
        ("LIMIT_REGISTER", "", "LIMIT_REGISTER is ''"),
        ("LIMIT_MASTER_ALL", "20/0h", "LIMIT_MASTER_ALL is '20/0h'"),
        ("LIMIT_SHARE_EXCHANGE", "-5/1h", "LIMIT_SHARE_EXCHANGE is '-5/1h'"),
        ("LIMIT_LOGIN_ADDRESS", "60/5 minutes", "LIMIT_LOGIN_ADDRESS is '60/5 minutes'"),
        ("TRUSTED_PROXIES", "proxy", "TRUSTED_PROXIES contains 'proxy'"),
    ],
)
def test_each_unsafe_or_impossible_value_is_refused_with_what_to_set(
    tmp_path, name, value, sentence
):
    [found] = said(tmp_path, **{**PRODUCTION, name: value})

    assert sentence in found
    assert found.endswith(".")


def test_unknown_environment_is_treated_as_production(tmp_path):
    found = said(tmp_path, ENVIRONMENT="prod")

    assert found[0].startswith("ENVIRONMENT is 'prod'; set it to one of development, staging")
    assert any("SECRET_KEY" in sentence for sentence in found)


def test_secrets_are_not_repeated_in_the_refusal(tmp_path):
    secret = "change-me-1234567890"
    secrets = {"SECRET_KEY": secret, "MASTER_PASSWORD_HASH": secret}

    found = said(tmp_path, ENVIRONMENT="production", ALLOWED_HOSTS="a.test", **secrets)

    assert len(found) > 2
    assert secret not in " ".join(found)


def test_server_does_not_load_an_unsafe_application(settings):
    settings.ENVIRONMENT = "production"

    with pytest.raises(ImproperlyConfigured, match="Touchline does not start:\n- SECRET_KEY"):
        refuse_unsafe_start()


def test_server_loads_a_safe_application():
    refuse_unsafe_start()


def test_commands_say_the_same(settings):
    settings.ENVIRONMENT = "production"

    messages = check_settings()

    assert messages[0].id == "touchline.E001"
    assert all(message.level == checks.ERROR for message in messages)


def test_deployment_without_redis_is_warned(settings):
    settings.REDIS_URLS, settings.EMAIL_URL = [], "smtp://mail"
    [warning] = check_deployment()
    settings.REDIS_URLS = ["redis://cache:6379/0"]

    assert warning.id == "touchline.W001"
    assert check_deployment() == []


def test_deployment_over_https_behind_an_unknown_proxy_is_warned(settings):
    settings.REDIS_URLS, settings.EMAIL_URL = ["redis://cache:6379/0"], "smtp://mail"
    settings.HTTPS_ONLY, settings.TRUSTED_PROXIES = True, []
    [warning] = check_deployment()
    settings.TRUSTED_PROXIES = ["10.0.0.2"]

    assert warning.id == "touchline.W002"
    assert check_deployment() == []
