"""What a client may say: strict JSON, a few kinds of frames, not too long and not too many."""

import json

import pytest

from tests.live import in_database, open_socket
from tests.realtime import toys
from tests.realtime.conftest import goodbye

MALFORMED = {
    "no json": "hello?",
    "empty": "",
    "no object": "[1, 2]",
    "NaN": '{"type": "subscribe", "topic": "x", "since": NaN}',
    "Infinity": '{"type": "pong", "x": -Infinity}',
    "duplicate key": '{"type": "pong", "type": "pong"}',
    "lone surrogate": '{"type": "pong", "x": "\\ud800"}',
    "NUL": '{"type": "pong", "x": "\\u0000"}',
    "deep nesting": '{"type": "pong", "x": ' + "[" * 50 + "]" * 50 + "}",
    "very deep nesting": "[" * 16_000,
    "huge integer": '{"type": "subscribe", "topic": "x", "since": 1' + "0" * 300 + "}",
    "trailing text": '{"type": "pong"} {"type": "pong"}',
    "binary": b'{"type": "pong"}',
    "no type": "{}",
    "unknown type": '{"type": "shout"}',
    "type is no string": '{"type": ["pong"]}',
    "type of the server": '{"type": "snapshot"}',
    "no topic": '{"type": "subscribe"}',
    "topic is no string": '{"type": "unsubscribe", "topic": 7}',
    "topic too long": json.dumps({"type": "subscribe", "topic": "toy." + "x" * 100}),
    "token is no string": '{"type": "hello", "token": 7}',
    "since is no number": '{"type": "hello", "since": "41"}',
    "since is true": '{"type": "hello", "since": true}',
    "since is negative": '{"type": "hello", "since": -1}',
    "since is a fraction": '{"type": "hello", "since": 1.5}',
    "since beyond 64 bits": '{"type": "hello", "since": 9223372036854775808}',
    "epoch is no string": '{"type": "hello", "since": 1, "epoch": 7}',
    "epoch too long": json.dumps({"type": "hello", "since": 1, "epoch": "e" * 33}),
}


@pytest.mark.parametrize("raw", MALFORMED.values(), ids=MALFORMED)
async def test_malformed_frame_is_named_and_the_third_is_the_last(url, toy, token, raw):
    async with open_socket(url, token=token) as client:
        await client.next("live")
        for _ in range(2):
            await client.say(raw)
            error = await client.frame()
            assert error["type"] == "error"
            assert error["code"]
            assert error["message"]
        # Still there, and still told of everything.
        await in_database(toys.say, toy, "one")
        assert (await client.frame())["type"] == "word_said"

        await client.say(raw)
        _, bye, code = await goodbye(client)

    assert bye["retry_ms"] is None
    assert code == 4422


async def test_fields_of_a_newer_client_are_ignored(url, token):
    async with open_socket(url) as client:
        await client.hello(token, device="a phone of next year")
        assert (await client.frame())["type"] == "welcome"


async def test_first_frame_is_a_hello(url, token):
    async with open_socket(url) as client:
        await client.say({"type": "pong"})
        error = await client.frame()
        await client.hello(token)
        welcome = await client.frame()

    assert error["code"] == "hello_expected"
    assert welcome["type"] == "welcome"


async def test_text_that_is_no_utf_8_closes_at_once(url, token):
    async with open_socket(url, token=token) as client:
        await client.next("live")
        await client.connection.send(b"\xff\xfe", text=True)

        assert await client.close_code() == 1007


async def test_frame_over_16_kib_closes_at_once(url, token):
    async with open_socket(url, token=token) as client:
        await client.next("live")
        await client.say({"type": "pong", "padding": "x" * 16 * 1024})

        assert await client.close_code() == 1009


async def test_large_binary_frame_closes_at_once(url, token):
    async with open_socket(url, token=token) as client:
        await client.next("live")
        await client.say(b"x" * 17 * 1024)

        assert await client.close_code() == 1009


async def test_hello_over_4_kib_closes_at_once(url, token):
    async with open_socket(url) as client:
        await client.hello(token, padding="x" * 4 * 1024)

        assert await client.close_code() == 1009


async def test_client_that_talks_too_much_is_closed(url, token):
    async with open_socket(url, token=token) as client:
        for _ in range(60):
            await client.say({"type": "pong"})
        last, bye, code = await goodbye(client)

    assert last["type"] != "error"
    assert 1_000 <= bye["retry_ms"] <= 5_000
    assert code == 4013
