import asyncio
from contextlib import asynccontextmanager

import pytest
from uvicorn.server import ServerState

from config.server import MAX_HEAD_BYTES, BoundedProtocol, server_config
from tests.live import DEADLINE_SECONDS


async def small_app(scope, receive, send):
    size = 0
    while (message := await receive()).get("more_body") or message.get("body"):
        size += len(message["body"])
        if not message["more_body"]:
            break
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"%d bytes" % size})


@asynccontextmanager
async def connection():
    config = server_config(app=small_app, lifespan="off")
    config.load()
    server = await asyncio.get_running_loop().create_server(
        lambda: BoundedProtocol(config=config, server_state=ServerState(), app_state={}),
        "127.0.0.1",
        0,
    )
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    yield reader, writer
    writer.close()
    server.close()


@pytest.mark.parametrize("beginning", [b"GET / HTTP/1.1\r\nX-Long: ", b"GET /"])
async def test_head_that_does_not_end_is_refused(beginning):
    async with connection() as (reader, writer):
        writer.write(beginning + b"a" * (2 * MAX_HEAD_BYTES))
        answer = await asyncio.wait_for(reader.readline(), DEADLINE_SECONDS)

    assert answer == b"HTTP/1.1 400 Bad Request\r\n"


async def test_long_bodies_and_many_requests_count_for_no_head():
    async with connection() as (reader, writer):
        for _ in range(3):
            length = 2 * MAX_HEAD_BYTES
            writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % length)
            writer.write(b"a" * length)
            answer = await asyncio.wait_for(reader.readuntil(b"bytes\r\n"), DEADLINE_SECONDS)

            assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
            assert b"%d bytes" % length in answer
            await asyncio.wait_for(reader.readuntil(b"0\r\n\r\n"), DEADLINE_SECONDS)
