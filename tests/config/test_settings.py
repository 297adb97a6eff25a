import json
import re

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.config.loading import PRODUCTION, SOURCE, settings_with

EXAMPLE = SOURCE.parent.parent / ".env.example"


def test_nothing_needs_to_be_set_for_a_first_start(tmp_path):
    found = settings_with(tmp_path)

    assert found.ENVIRONMENT == "development"
    assert found.DATABASES["default"]["NAME"] == str(tmp_path / "touchline.sqlite3")
    assert found.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert found.CHANNEL_LAYERS["default"]["BACKEND"].endswith("InMemoryChannelLayer")
    assert (found.DEBUG, found.PORT, found.ALLOWED_HOSTS) == (False, 8000, ["*"])
    assert found.API_DOCS == "public"
    assert not found.SECURE_SSL_REDIRECT
    assert found.SECURE_HSTS_SECONDS == 0


def test_every_variable_of_the_issue_is_honoured(tmp_path):
    found = settings_with(
        tmp_path,
        SECRET_KEY="a" * 50,
        ALGORITHM="HS512",
        ACCESS_TOKEN_EXPIRE_MINUTES="5",
        REFRESH_TOKEN_EXPIRE_DAYS="30",
        ENVIRONMENT="staging",
        LOG_LEVEL="warning",
        CORS_ORIGINS="https://a.test,https://b.test",
        ALLOWED_HOSTS="club.test,.club.test",
        WEBSOCKET_ORIGINS="https://a.test",
        SENTRY_DSN="https://key@sentry.test/1",
        PORT="9000",
        DATABASE_URL="postgresql://user:pass@db:5433/club",
        DB_POOL_SIZE="7",
        DB_MAX_OVERFLOW="2",
        REDIS_URL="redis://one:6379/0,redis://two:6379/0",
    )

    database = found.DATABASES["default"]
    assert found.SECRET_KEY == "a" * 50
    assert found.ALGORITHM == "HS512"
    assert (found.ACCESS_TOKEN_EXPIRE_MINUTES, found.REFRESH_TOKEN_EXPIRE_DAYS) == (5, 30)
    assert (found.ENVIRONMENT, found.LOG_LEVEL, found.PORT) == ("staging", "WARNING", 9000)
    assert found.LOGGING["root"]["level"] == "WARNING"
    assert found.CORS_ALLOWED_ORIGINS == ["https://a.test", "https://b.test"]
    assert found.WEBSOCKET_ORIGINS == ["https://club.test", "https://a.test"]
    assert found.SENTRY_DSN == "https://key@sentry.test/1"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db", 5433, "club")
    assert database["OPTIONS"]["pool"]["max_size"] == 9
    assert found.REDIS_URLS == ["redis://one:6379/0", "redis://two:6379/0"]
    assert found.CACHES["default"]["LOCATION"] == "redis://one:6379/0"


def test_each_limit_can_be_set_by_its_name(tmp_path):
    names = settings_with(tmp_path).LIMITS
    variables = {name: f"LIMIT_{name.replace('-', '_').upper()}" for name in names}

    found = settings_with(tmp_path, **dict.fromkeys(variables.values(), "7/30s"))

    assert dict.fromkeys(names, "7/30s") == found.LIMITS


def test_postgres_parts_do_instead_of_the_address(tmp_path):
    found = settings_with(
        tmp_path,
        POSTGRES_HOST="db",
        POSTGRES_PORT="5433",
        POSTGRES_DB="club",
        POSTGRES_USER="robin",
        POSTGRES_PASSWORD="p@ss/word",
    )

    database = found.DATABASES["default"]
    assert database["ENGINE"] == "config.postgresql"
    assert [database[part] for part in ("HOST", "PORT", "NAME", "USER", "PASSWORD")] == [
        "db", "5433", "club", "robin", "p@ss/word",
    ]  # fmt: skip
    assert found.IS_DATABASE_CHOSEN


def test_postgresql_connections_are_pooled_and_nobody_waits_for_ever(tmp_path):
    database = settings_with(tmp_path, **PRODUCTION).DATABASES["default"]

    assert database["CONN_MAX_AGE"] == 0
    assert database["ENGINE"] == "config.postgresql"
    assert "lock_timeout" in database["OPTIONS"]["options"]
    assert database["OPTIONS"]["pool"]["timeout"] == 5


def test_idle_doorbell_readers_are_not_dropped(tmp_path):
    layer = settings_with(tmp_path, **PRODUCTION).CHANNEL_LAYERS["default"]

    [host] = layer["CONFIG"]["hosts"]
    assert host["socket_timeout"] is None


def test_production_is_strict_where_development_is_convenient(tmp_path):
    found = settings_with(tmp_path, **PRODUCTION)

    assert found.ALLOWED_HOSTS == ["club.test"]
    assert found.API_DOCS == "staff"
    assert found.SECURE_SSL_REDIRECT
    assert found.SECURE_HSTS_SECONDS == 31_536_000
    assert found.SESSION_COOKIE_SECURE
    assert found.CSRF_COOKIE_SECURE
    assert found.STORAGES["staticfiles"]["BACKEND"] == "config.static.HashedStorage"
    assert not hasattr(found, "SECURE_PROXY_SSL_HEADER")


def test_only_a_trusted_proxy_may_speak_for_https(tmp_path):
    found = settings_with(tmp_path, **PRODUCTION, TRUSTED_PROXIES="10.0.0.0/8")

    assert found.SECURE_PROXY_SSL_HEADER == ("HTTP_X_FORWARDED_PROTO", "https")


def test_production_without_https_is_possible_behind_a_private_network(tmp_path):
    found = settings_with(tmp_path, **PRODUCTION, HTTPS_ONLY="false")

    assert not found.SECURE_SSL_REDIRECT
    assert not found.SESSION_COOKIE_SECURE
    assert found.SECURE_HSTS_SECONDS == 0


@pytest.mark.parametrize(
    ("said", "meant"),
    [("true", "public"), ("false", "off"), ("staff", "staff"), ("PUBLIC", "public"), ("", "staff")],
)
def test_documents_can_be_switched(tmp_path, said, meant):
    found = settings_with(tmp_path, **PRODUCTION, API_DOCS=said)

    assert meant == found.API_DOCS


def test_content_policy_has_three_modes(tmp_path):
    strict, relaxed, disabled = (
        settings_with(tmp_path, CSP_MODE=mode) for mode in ("strict", "relaxed", "disabled")
    )

    assert strict.CONTENT_SECURITY_POLICY["DIRECTIVES"]["default-src"] == ["'none'"]
    assert "unsafe" not in json.dumps(strict.CONTENT_SECURITY_POLICY)
    assert "'unsafe-inline'" in relaxed.CONTENT_SECURITY_POLICY["DIRECTIVES"]["style-src"]
    assert relaxed.CONTENT_SECURITY_POLICY["DIRECTIVES"]["script-src"] == ["'self'"]
    assert not hasattr(disabled, "CONTENT_SECURITY_POLICY")


def test_files_are_read_and_the_nearer_one_wins(tmp_path):
    (tmp_path / ".env").write_text("PORT=1111\nLOG_LEVEL=ERROR\nENVIRONMENT=staging\n")
    (tmp_path / ".env.local").write_text("PORT=2222\nENVIRONMENT=production\n")

    found = settings_with(tmp_path, ENVIRONMENT="development")

    assert (found.PORT, found.LOG_LEVEL, found.ENVIRONMENT) == (2222, "ERROR", "development")


@pytest.mark.parametrize("name", ["PORT", "ACCESS_TOKEN_EXPIRE_MINUTES", "HTTP_THREADS"])
def test_number_that_is_none_is_named(tmp_path, name):
    with pytest.raises(ImproperlyConfigured, match=f"{name} is 'many'; set it to a whole number"):
        settings_with(tmp_path, **{name: "many"})


def test_unknown_log_level_is_left_to_the_checks(tmp_path):
    found = settings_with(tmp_path, LOG_LEVEL="chatty")

    assert (found.LOG_LEVEL, found.LOGGING["root"]["level"]) == ("CHATTY", "INFO")


def test_example_file_explains_every_variable_and_sets_no_secret(tmp_path):
    text = EXAMPLE.read_text(encoding="utf-8")
    names_read = set(_names_read(SOURCE.read_text(encoding="utf-8")))

    lines = [line.removeprefix("#").strip() for line in text.splitlines()]
    named = {line.partition("=")[0] for line in lines if "=" in line and " " not in line[:12]}
    assert names_read <= named
    (tmp_path / ".env").write_text(text)
    assert settings_with(tmp_path).SECRET_KEY == settings_with(tmp_path).DEVELOPMENT_SECRET


def _names_read(source):
    return re.findall(r'(?:env\.\w+|_number)\(\s*"([A-Z_]+)"', source)
