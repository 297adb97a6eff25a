"""Bodies that are no JSON, too much of it, or not meant as JSON: nothing changes or breaks."""

import pytest

from accounts.models import AuditEntry
from tests.api import canary
from tests.api.matrix import OPERATIONS, address

WRITES = [key for key in OPERATIONS if key[1] != "GET" and OPERATIONS[key].body is not None]
JSON = "application/json"


@pytest.fixture
def refusals(world):
    """Sends a body to every operation that takes one; what it was answered, with how many."""
    client = world.client("superuser")

    def rows():
        # The trail may note what was tried.
        models = canary.rows().keys() - {AuditEntry}
        return {model: list(model._base_manager.order_by("pk").values()) for model in models}

    def send(body, content_type=JSON):
        before = rows()
        answers = {}
        for key in WRITES:
            url = address(key, world.ours)
            response = client.generic(key[1], url, body, content_type)
            answer = (response.status_code, response.json()["error"]["code"])
            answers.setdefault(answer, []).append(" ".join(key))
        assert rows() == before
        return answers

    return send


def everywhere(*answer):
    return {answer: [" ".join(key) for key in WRITES]}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"goal!", id="no JSON"),
        pytest.param(b'{"kind": "goal"', id="unfinished"),
        pytest.param(b'{"x": NaN}', id="NaN"),
        pytest.param(b'{"x": -Infinity}', id="infinity"),
        pytest.param(b'{"name": "A", "name": "B"}', id="duplicate key"),
        pytest.param(b'{"name": "A\\u0000B"}', id="NUL"),
        pytest.param(b'{"name": "\\ud83d"}', id="lone surrogate"),
        pytest.param(b'{"name": "\xff"}', id="no UTF-8"),
        pytest.param(b'{"a":' * 33 + b"1" + b"}" * 33, id="deep"),
        pytest.param(b'{"period": 1' + b"0" * 400 + b"}", id="huge number"),
    ],
)
def test_malformed_json_is_refused(refusals, body):
    assert refusals(body) == everywhere(400, "malformed_json")


def test_large_body_is_refused(refusals):
    body = b'{"name": "' + b"x" * (10 * 1024 * 1024) + b'"}'

    assert refusals(body) == everywhere(413, "too_large")


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml"]
)
def test_other_media_types_are_refused(refusals, media_type):
    assert refusals(b"kind=goal", media_type) == everywhere(415, "unsupported_media_type")


def test_unknown_field_is_refused(refusals):
    assert refusals(b'{"colour_of_the_sky": "blue"}') == everywhere(400, "validation_error")


def test_list_is_refused_where_an_object_is_due(refusals):
    assert refusals(b"[]") == everywhere(400, "validation_error")
