import io

import pytest

pytestmark = pytest.mark.urls("tests.core.views")

JSON = "application/json"


def post(api, body, content_type=JSON, **extra):
    return api.generic("POST", "/echo", body, content_type, **extra)


def test_json_arrives(api):
    response = post(api, b'{"a": [1, 2.5, "\xc3\xa9"]}')

    assert response.json() == {"a": [1, 2.5, "é"]}


@pytest.mark.parametrize("body", [b'{"a":1,"a":2}', b"NaN", b'"\\u0000"', b'"\\ud800"', b"{"])
def test_malformed_json_is_named_as_such(api, body):
    response = post(api, body)

    assert response.status_code == 400
    assert response.json()["error"]["code"] == "malformed_json"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "nonsense",
    ],
)
def test_other_media_types_are_refused(api, content_type):
    response = post(api, b'{"a": 1}', content_type)

    assert response.status_code == 415
    assert response.json()["error"]["code"] == "unsupported_media_type"


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8"])
def test_utf8_may_be_said_aloud(api, charset):
    assert post(api, b'{"a": 1}', f"{JSON}; charset={charset}").status_code == 200


def test_other_encodings_are_refused(api):
    response = post(api, '{"a": "é"}'.encode("latin-1"), f"{JSON}; charset=iso-8859-1")

    assert response.status_code == 415


def test_body_over_a_megabyte_is_refused(api, settings):
    body = b'"' + b"x" * settings.MAX_JSON_BYTES + b'"'

    response = post(api, body)

    assert response.status_code == 413
    assert response.json()["error"]["code"] == "too_large"


class CountingStream(io.BytesIO):
    read_bytes = 0

    def read(self, size=-1):
        found = super().read(size)
        self.read_bytes += len(found)
        return found


def test_announced_size_is_refused_without_reading(api):
    stream = CountingStream(b"x" * 5_000_000)

    response = post(api, b"", CONTENT_LENGTH="5000000", **{"wsgi.input": stream})

    assert response.status_code == 413
    assert stream.read_bytes == 0


def test_hidden_size_is_read_only_as_far_as_allowed(api, settings):
    stream = CountingStream(b"x" * 5_000_000)

    response = post(api, b"", CONTENT_LENGTH=str(settings.MAX_JSON_BYTES), **{"wsgi.input": stream})

    assert response.status_code == 400
    assert stream.read_bytes <= settings.MAX_JSON_BYTES + 1
