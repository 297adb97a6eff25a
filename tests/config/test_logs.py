import io
import json
import logging
from contextlib import contextmanager

import pytest
import structlog

from config.logs import REDACTED, logging_settings, redact

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "name",
    ["password", "access_token", "refresh_token", "SECRET_KEY", "Authorization", "Cookie", "dsn"],
)
def test_value_under_a_telling_name_is_hidden(name):
    assert redact(None, "", {name: "s3cret-value"}) == {name: REDACTED}
    assert redact(None, "", {"headers": {name: ["s3cret-value"]}}) == {
        "headers": {name: [REDACTED]}
    }
    assert redact(None, "", {name: 12345}) == {name: REDACTED}
    assert redact(None, "", {name: None}) == {name: None}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"refused {JWT} again", f"refused {REDACTED} again"),
        ("Authorization: Bearer abcdefgh12345", f"Authorization: Bearer {REDACTED}"),
        ("postgresql://user:pa$$@db/club", f"postgresql://user:{REDACTED}@db/club"),
        ("GET /w?token=abc HTTP/1.1", "GET /w HTTP/1.1"),
        ('"GET /api/v1/matches?q=Robin" 200', '"GET /api/v1/matches" 200'),
        ("https://club.test/ws/match/1?token=abc", "https://club.test/ws/match/1"),
        ("/w#Vn3uX0kq4mS8hB1tYzJ6cR9wPfE2aLdG7oQiKxNsTvU", f"/w#{REDACTED}"),
        ("Is this fine? Yes.", "Is this fine? Yes."),
        ("3/4 done", "3/4 done"),
    ],
)
def test_secrets_are_hidden_within_texts(text, shown):
    assert redact(None, "", {"event": text}) == {"event": shown}


def test_ordinary_values_stay():
    event = {"event": "goal", "minute": 90, "is_live": True, "ids": [1, 2], "none": None}

    assert redact(None, "", event) == event


@contextmanager
def written(*, as_json):
    """What the configured format makes of everything that is logged meanwhile."""
    lines = logging_settings(level="INFO", as_json=as_json)["formatters"]["lines"]
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(lines.pop("()")(**lines))
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def lines():
    """Gives back what has been logged, as production writes it, decoded."""
    with written(as_json=True) as stream:
        yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.django_db
def test_request_is_one_json_line_with_its_id_and_no_query_string(client, lines):
    client.get(
        f"/health/live?token={JWT}",
        headers={"X-Request-ID": "trace-1", "Authorization": f"Bearer {JWT}"},
        REMOTE_ADDR="203.0.113.9",
    )

    [line] = lines()
    assert line["event"] == "request_finished"
    assert line["request"] == "GET /health/live"
    assert line["request_id"] == "trace-1"
    assert line["ip"] == "203.0.113.9"
    assert line["code"] == 200
    assert line["milliseconds"] >= 0
    assert line["level"] == "info"
    assert line["timestamp"].endswith("Z")
    assert "eyJ" not in json.dumps(line)


def test_lines_of_other_libraries_look_the_same(lines):
    structlog.contextvars.bind_contextvars(request_id="trace-2")
    logging.getLogger("somebody.else").warning("connecting to %s", "redis://user:pw12345@cache/0")
    structlog.contextvars.clear_contextvars()

    [line] = lines()
    assert line["event"] == f"connecting to redis://user:{REDACTED}@cache/0"
    assert (line["logger"], line["request_id"]) == ("somebody.else", "trace-2")


def test_traceback_is_part_of_its_line(lines):
    try:
        int(f"bad token {JWT}")
    except ValueError:
        structlog.get_logger("ours").exception("it_broke", password="hunter2")

    [line] = lines()
    assert "bad token [redacted]" in line["exception"]
    assert line["password"] == REDACTED


def test_access_logs_of_servers_are_silent(lines):
    for name in ("uvicorn.access", "daphne.access", "django.server", "django.channels.server"):
        logging.getLogger(name).info("GET /w?token=abc")
    logging.getLogger("uvicorn.error").info("Started")

    assert [line["event"] for line in lines()] == ["Started"]


@pytest.mark.parametrize(
    ("asked_for", "kept"), [("DEBUG", "INFO"), ("INFO", "INFO"), ("ERROR", "ERROR")]
)
def test_server_never_prints_the_frames_of_sockets(asked_for, kept):
    loggers = logging_settings(level=asked_for, as_json=True)["loggers"]

    assert loggers["uvicorn"]["level"] == loggers["uvicorn.error"]["level"] == kept


def test_console_prints_no_local_variables():
    def sign_in(password):
        return int("no")

    with written(as_json=False) as stream:
        try:
            sign_in(f"hunter2-{'local'}")
        except ValueError:
            structlog.get_logger("ours").exception("it_broke")

    assert "ValueError" in stream.getvalue()
    assert "hunter2-local" not in stream.getvalue()
