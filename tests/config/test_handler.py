import asyncio

import httpx
import pytest
from django.core.signals import request_finished, request_started
from django.db import connections

from config.handler import ThreadedHandler

pytestmark = pytest.mark.urls("tests.config.views")


@pytest.fixture
def handler():
    made = ThreadedHandler()
    yield made
    made.close()


@pytest.fixture
async def client(handler):
    transport = httpx.ASGITransport(handler)
    async with httpx.AsyncClient(transport=transport, base_url="http://club.test") as made:
        yield made


async def test_requests_share_a_few_threads(client):
    answers = await asyncio.gather(*(client.get("/thread") for _ in range(40)))

    assert {answer.text.partition("_")[0] for answer in answers} == {"http"}
    assert 1 <= len({answer.text for answer in answers}) <= 4


async def test_every_request_has_an_id_and_its_headers(client):
    answer = await client.get("/thread", headers={"X-Request-ID": "trace-1"})

    assert answer.headers["x-request-id"] == "trace-1"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_script_prefix_of_the_server_is_respected(handler):
    transport = httpx.ASGITransport(handler, root_path="/live")
    async with httpx.AsyncClient(transport=transport, base_url="http://club.test") as client:
        answer = await client.get("/live/address")

    assert answer.text == "http://club.test/x"


@pytest.mark.parametrize(
    ("length", "content_type", "status"),
    [
        (1_048_576, "application/json", 200),
        (1_048_577, "application/json", 413),
        (1_048_577, "multipart/form-data; boundary=x", 200),
        (10_485_761, "multipart/form-data; boundary=x", 413),
    ],
)
async def test_body_may_have_its_size_and_no_more(client, length, content_type, status):
    answer = await client.post(
        "/size", content=b"x" * length, headers={"Content-Type": content_type}
    )

    assert answer.status_code == status
    assert answer.text == str(length) or answer.json()["error"]["code"] == "too_large"


def scope(**changes):
    return {
        "type": "http",
        "method": "POST",
        "path": "/size",
        "query_string": b"",
        "headers": [],
        **changes,
    }


async def answered(handler, messages, **changes):
    """What is sent, and how many of `messages` were read for it."""
    sent, waiting = [], list(messages)

    async def receive():
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    await handler(scope(**changes), receive, send)
    return sent, len(messages) - len(waiting)


async def test_announced_size_is_refused_before_anything_is_read(handler):
    sent, read = await answered(
        handler,
        [],
        headers=[(b"content-length", b"1048577"), (b"x-request-id", b"trace-1")],
    )

    assert read == 0
    assert sent[0]["status"] == 413
    assert (b"X-Request-ID", b"trace-1") in sent[0]["headers"]
    assert b'"request_id": "trace-1"' in sent[1]["body"]


async def test_unannounced_size_is_read_no_further_than_allowed(handler):
    chunk = {"type": "http.request", "body": b"x" * 600_000, "more_body": True}

    sent, read = await answered(handler, [chunk] * 50)

    assert read == 2
    assert sent[0]["status"] == 413


async def test_body_that_does_not_arrive_in_time_is_refused(handler, monkeypatch):
    monkeypatch.setattr("config.handler.JSON_SECONDS", 0.05)
    beginning = iter([{"type": "http.request", "body": b"{", "more_body": True}])

    async def receive():
        return next(beginning, None) or await asyncio.Future()

    sent = []

    async def send(message):
        sent.append(message)

    await handler(scope(), receive, send)

    assert sent[0]["status"] == 408
    assert (b"Connection", b"close") in sent[0]["headers"]
    assert b'"code": "request_timeout"' in sent[1]["body"]


async def test_caller_who_hangs_up_is_not_answered(handler):
    chunk = {"type": "http.request", "body": b"x", "more_body": True}

    sent, _ = await answered(handler, [chunk, {"type": "http.disconnect"}])

    assert sent == []


async def test_query_that_is_no_text_is_refused_with_the_envelope(handler):
    sent, _ = await answered(
        handler, [{"type": "http.request"}], method="GET", query_string=b"q=\xff\xfe"
    )

    assert sent[0]["status"] == 400
    assert b'"code": "bad_request"' in sent[1]["body"]


@pytest.mark.django_db(transaction=True)
async def test_stream_is_sent_piece_by_piece_from_a_thread(client):
    answer = await client.get("/stream")

    assert [line.partition(" in ")[0] for line in answer.text.splitlines()] == ["0", "1", "2"]
    assert all("http_" in line for line in answer.text.splitlines())


async def test_asynchronous_stream_is_sent_too(client):
    answer = await client.get("/async-stream")

    assert answer.text == "one\ntwo\n"


async def test_each_request_begins_and_ends_in_its_thread(client):
    seen = []

    def note_start(**_):
        seen.append("started")

    def note_end(**_):
        seen.append("finished")

    request_started.connect(note_start)
    request_finished.connect(note_end)
    await client.get("/thread")
    await client.get("/stream")
    request_started.disconnect(note_start)
    request_finished.disconnect(note_end)

    assert seen == ["started", "finished"] * 2


async def test_bug_becomes_a_refusal_and_the_handler_lives(client):
    broken = await client.get("/api/broken")
    page = await client.get("/broken", headers={"Accept": "text/html"})
    fine = await client.get("/thread")

    assert broken.status_code == page.status_code == 500
    assert broken.json()["error"]["code"] == "internal_error"
    assert "secret reason" not in broken.text + page.text
    assert fine.status_code == 200


def test_ending_waits_for_the_threads(handler):
    handler.close()

    assert not any(connection.in_atomic_block for connection in connections.all())
