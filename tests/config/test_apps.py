import pytest
import sentry_sdk
from django.apps import apps


@pytest.mark.parametrize(("dsn", "starts"), [("", 0), ("https://key@sentry.test/1", 1)])
def test_errors_are_reported_only_where_an_address_is_set(settings, monkeypatch, dsn, starts):
    started = []
    monkeypatch.setattr(sentry_sdk, "init", lambda **options: started.append(options["dsn"]))
    settings.SENTRY_DSN = dsn

    apps.get_app_config("config").ready()

    assert len(started) == starts
