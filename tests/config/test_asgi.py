"""The application as a server runs it: start, requests, sockets, farewell."""

import asyncio
import signal

import httpx
import pytest

from config.asgi import application
from realtime.hub import current_hub

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def running():
    """Between start and end of the server; the signals are the test runner's own again after."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    to_application, sent = asyncio.Queue(), asyncio.Queue()
    life = asyncio.create_task(application({"type": "lifespan"}, to_application.get, sent.put))
    await to_application.put({"type": "lifespan.startup"})
    assert await sent.get() == {"type": "lifespan.startup.complete"}
    yield application
    await to_application.put({"type": "lifespan.shutdown"})
    assert await sent.get() == {"type": "lifespan.shutdown.complete"}
    await life
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
async def client(running):
    transport = httpx.ASGITransport(running)
    async with httpx.AsyncClient(transport=transport, base_url="http://club.test") as made:
        yield made


async def test_one_application_answers_api_pages_and_files(client):
    assert (await client.get("/api/v1/health")).json()["status"] == "ok"
    assert (await client.get("/w")).headers["content-type"].startswith("text/html")
    assert (await client.get("/static/admin/css/base.css")).status_code == 200


async def test_ending_process_asks_for_no_more_requests(client):
    assert (await client.get("/health/ready")).status_code == 200

    current_hub().is_draining = True
    ending = await client.get("/health/ready")

    assert ending.status_code == 503
    assert ending.headers["retry-after"] == "1"
    assert (await client.get("/health/live")).status_code == 200


async def test_socket_to_nowhere_is_refused(running):
    sent = []
    messages = [{"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1006}]

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message["type"])

    scope = {"type": "websocket", "path": "/ws/nowhere", "headers": [], "client": None}
    await running(scope, receive, send)

    assert sent[-1] == "websocket.close"
