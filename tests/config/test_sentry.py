import sentry_sdk

from config import sentry
from config.logs import REDACTED


def test_report_carries_no_secret_and_no_query():
    event = {
        "message": "It broke.",
        "request": {
            "url": "https://club.test/api/v1/matches?q=Robin",
            "query_string": "q=Robin",
            "cookies": {"sessionid": "x"},
            "data": {"password": "x"},
            "env": {"REMOTE_ADDR": "203.0.113.9"},
            "headers": {"Authorization": "Bearer x", "Accept": "text/html"},
        },
    }

    sent = sentry.without_secrets(event, {})

    assert sent == {
        "message": "It broke.",
        "request": {
            "url": "https://club.test/api/v1/matches",
            "headers": {"Authorization": REDACTED, "Accept": "text/html"},
        },
    }


def test_report_from_outside_a_request_is_sent_as_it_is():
    assert sentry.without_secrets({"message": "It broke."}, {}) == {"message": "It broke."}


def test_start_sends_no_personal_data(monkeypatch):
    options = {}
    monkeypatch.setattr(sentry_sdk, "init", lambda **given: options.update(given))

    sentry.start(dsn="https://key@sentry.test/1", environment="staging", release="0.1.0")

    assert options["dsn"] == "https://key@sentry.test/1"
    assert options["before_send"] is sentry.without_secrets
    assert not options["send_default_pii"]
    assert not options["include_local_variables"]
