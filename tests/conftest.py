from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps
from django.db.models.signals import post_migrate
from rest_framework.test import APIClient

from core import limits


@pytest.fixture(autouse=True)
def _own_cache(settings):
    """Every test counts and remembers for itself, also when test processes share one Redis."""
    default = {**settings.CACHES["default"], "KEY_PREFIX": f"test-{uuid4().hex}"}
    if "socket_timeout" in default["OPTIONS"]:
        # A machine that is busy with tests must not look like a Redis that is gone.
        patience = {"socket_timeout": 20, "socket_connect_timeout": 20}
        default["OPTIONS"] = {**default["OPTIONS"], **patience}
    settings.CACHES = {**settings.CACHES, "default": default}
    limits.forget()


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """Argon2 is slow by design, and many a test signs in a dozen times."""
    settings.PASSWORD_HASHERS = ["tests.hashers.QuickHasher"]


def _ship_formats_again(**_kwargs):
    """Tests that commit are cleaned up by emptying every table, also of what migrations put in."""
    import_module("matches.migrations.0002_formats").add_formats(apps, None)


@pytest.fixture(autouse=True, scope="session")
def _shipped_formats(django_db_setup, django_db_blocker):
    post_migrate.connect(_ship_formats_again, sender=apps.get_app_config("matches"))
    yield
    post_migrate.disconnect(_ship_formats_again, sender=apps.get_app_config("matches"))


@pytest.fixture
def api():
    """A client of the API; `api.force_authenticate(user=...)` signs somebody in."""
    return APIClient()


@pytest.fixture
def without_cache(settings):
    """The shared cache is gone: nothing listens where Redis should be."""
    settings.CACHES = {
        **settings.CACHES,
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_connect_timeout": 0.2},
        },
    }
