from contextlib import ExitStack
from uuid import uuid4

import pytest

from accounts import tokens
from realtime import doorbell
from tests.factories import build_session
from tests.live import live_server, wait_until
from tests.realtime import toys

# Ten times as fast as in life, so that what takes seconds there takes a moment here.
QUICK = {
    "sweep": 0.2,
    "sweep_without_layer": 0.1,
    "people": 0.1,
    "recheck": 0.5,
    "tick": 0.05,
    "hello": 1.0,
    "close": 0.5,
    "show_out": 0.5,
    "snapshot": 0.2,
    # Whoever stalls is to be stuck, and not to be helped on with a snapshot on a busy machine.
    "kept_bytes": 64 * 1024 * 1024,
}


@pytest.fixture
def tuning(settings):
    """Set limits of the hub by name, before the server starts."""
    settings.REALTIME = dict(QUICK)
    return settings.REALTIME


@pytest.fixture
def toy():
    with toys.registered():
        yield toys.new_topic()


@pytest.fixture(scope="session")
def servers(django_db_setup):
    """One server for each set of limits, because starting and stopping one takes a while."""
    with ExitStack() as stack:

        def server_with(tuning):
            key = tuple(sorted(tuning.items()))
            if key not in started:
                started[key] = stack.enter_context(live_server(toys.application))
            return started[key]

        started = {}
        yield server_with
    doorbell.close()


@pytest.fixture
def server(transactional_db, servers, toy, tuning):
    server = servers(tuning)
    yield server
    wait_until(lambda: not server.hub.sockets)


@pytest.fixture
def fresh_server(transactional_db, toy, tuning):
    """For tests that take their server apart."""
    with live_server(toys.application) as server:
        yield server


@pytest.fixture
def url(server, toy):
    """Where members watch the toy topic."""
    return server.websocket(toys.path(toy))


@pytest.fixture
def share_url(server, toy):
    return server.websocket(toys.path(toy, "/share"))


@pytest.fixture
def session(transactional_db):
    return build_session()


@pytest.fixture
def token(session):
    return access_token(session)


def access_token(session):
    return tokens.issue_access(session.user_id, session.pk)


def viewer_token(topic, link_id=None):
    return tokens.issue_viewer(link_id or uuid4(), topic)[0]


async def goodbye(client):
    """The frame before the goodbye, the goodbye, and the close code."""
    seen = await client.frames_until("bye")
    return seen[-2] if len(seen) > 1 else None, seen[-1], await client.close_code()
