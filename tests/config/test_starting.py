"""What only a process of its own can show: does a server start, and what does it say when not."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests.config.loading import PRODUCTION

BARE = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}


def run(*command, **environment):
    return subprocess.run(
        [sys.executable, *command],
        env={**BARE, **environment},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("application", ["config.asgi", "config.wsgi"])
def test_production_without_secrets_starts_under_no_server(application):
    ended = run("-c", f"import {application}", ENVIRONMENT="production")

    assert ended.returncode != 0
    assert "Touchline does not start:\n- SECRET_KEY is missing" in ended.stderr
    assert "- DATABASE_URL is not set" in ended.stderr


def test_production_without_secrets_migrates_nothing():
    ended = run("manage.py", "migrate", ENVIRONMENT="production")

    assert ended.returncode != 0
    assert "SECRET_KEY is missing" in ended.stderr


def test_deployment_check_is_clean_for_a_production_installation():
    environment = {**PRODUCTION, "TRUSTED_PROXIES": "10.0.0.2"}

    ended = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **environment)

    assert ended.returncode == 0, ended.stderr


def test_both_applications_load_in_production():
    ended = run("-c", "import config.asgi, config.wsgi; print('loaded')", **PRODUCTION)

    assert ended.stdout == "loaded\n", ended.stderr
