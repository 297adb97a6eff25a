"""Who may watch what: every path of the sockets, opened by everybody."""

import json
from contextlib import AsyncExitStack
from uuid import UUID

import pytest
from websockets.exceptions import ConnectionClosed

from config.asgi import application
from realtime import doorbell
from realtime.routing import ROUTES
from tests.api import canary
from tests.api.operation import ALIKE, CALLERS, COLUMNS, OURS
from tests.api.world import MASTER_PASSWORD_HASH, World
from tests.live import in_database, live_server, open_socket
from tests.matches.builders import log

# For each column what the client is told last: a snapshot, an error, or the code of the goodbye.
#               anon view memb scor assi admi owne thei supe disa mast
HELLO = "       4401 4401 welc welc welc welc welc welc welc 4403 welc"
TO_OURS = "     4401 4401 snap snap snap snap snap lost snap 4403 lost"
TO_THEIRS = "   4401 4401 lost lost lost lost lost snap snap 4403 lost"
TO_NONE = "     4401 4401 lost lost lost lost lost lost lost 4403 lost"
AT_OURS = "     4401 4401 snap snap snap snap snap 4404 snap 4403 4401"
AT_THEIRS = "   4401 4401 4404 4404 4404 4404 4404 snap snap 4403 4401"
AT_UNKNOWN = "  4401 4401 4404 4404 4404 4404 4404 4404 4404 4403 4401"
SHARED_OURS = " 4401 snap 4401 4401 4401 4401 4401 4401 4401 4403 4401"
SHARED_ELSE = " 4401 4404 4401 4401 4401 4401 4401 4401 4401 4403 4401"
NOWHERE = "     4404 4404 4404 4404 4404 4404 4404 4404 4404 4404 4404"

# Path of the socket, topic subscribed to there, and what comes of it.
OURS_ID, THEIRS_ID, UNKNOWN_ID = "{ours}", "{theirs}", str(UUID(int=7))
TABLE = {
    ("/ws", None): HELLO,
    ("/ws", f"match.{OURS_ID}"): TO_OURS,
    ("/ws", f"match.{THEIRS_ID}"): TO_THEIRS,
    ("/ws", f"match.{UNKNOWN_ID}"): TO_NONE,
    ("/ws", "match.garbage"): TO_NONE,
    ("/ws", f"player.{OURS_ID}"): TO_NONE,
    (f"/ws/match/{OURS_ID}", None): AT_OURS,
    (f"/ws/match/{THEIRS_ID}", None): AT_THEIRS,
    (f"/ws/match/{UNKNOWN_ID}", None): AT_UNKNOWN,
    (f"/ws/match/{OURS_ID}/share", None): SHARED_OURS,
    (f"/ws/match/{THEIRS_ID}/share", None): SHARED_ELSE,
    (f"/ws/match/{UNKNOWN_ID}/share", None): SHARED_ELSE,
    ("/ws/match/garbage", None): NOWHERE,
    ("/ws/players", None): NOWHERE,
}


def expected(caller):
    column = COLUMNS.index(ALIKE.get(caller, caller))
    return {key: codes.split()[column] for key, codes in TABLE.items()}


@pytest.fixture(scope="module")
def server(django_db_setup):
    with live_server(application) as server:
        yield server
    doorbell.close()


@pytest.fixture
def world(transactional_db, settings, server):
    settings.MASTER_PASSWORD_HASH = MASTER_PASSWORD_HASH
    world = World()
    world.plant_canary()
    return world


class Visit:
    """One connection of somebody, and all that is said on it."""

    def __init__(self, world, server):
        self.world, self.server = world, server
        self.frames = []

    def _named(self, text):
        ids = {"{ours}": self.world.ours.live.pk, "{theirs}": self.world.theirs.live.pk}
        for name, key in ids.items():
            text = text.replace(name, str(key))
        return text

    async def make(self, caller, path, topic):
        """What it comes to."""
        async with open_socket(self.server.websocket(self._named(path))) as client:
            try:
                await client.hello(self.world.tokens[caller])
                if topic is not None:
                    await client.say({"type": "subscribe", "topic": self._named(topic)})
            except ConnectionClosed:
                # The goodbye was faster; it is read below.
                pass
            end = "welcome" if (path, topic) == ("/ws", None) else "snapshot"
            return await self._listen(client, end)

    async def _listen(self, client, end):
        while True:
            frame = await client.frame()
            self.frames.append(frame)
            if frame["type"] == "bye":
                return str(await client.close_code())
            if frame["type"] == end:
                return frame["type"][:4]
            if frame.get("code") == "not_found":
                return "lost"


def test_table_names_every_path():
    opened = {path.replace(OURS_ID, "{id}") for path, _ in TABLE if THEIRS_ID not in path}

    assert opened >= {route.path for route in ROUTES}


@pytest.mark.parametrize("caller", CALLERS)
async def test_everybody_watches_what_they_may_and_no_more(world, server, caller):
    visit = Visit(world, server)

    told = {key: await visit.make(caller, *key) for key in TABLE}

    assert told == expected(caller)
    if caller in OURS:
        assert not canary.sings_in(json.dumps(visit.frames))


async def test_news_of_the_other_club_reaches_nobody_of_ours(world, server):
    """Who follows both topics, as far as they are let, hears of the one match alone."""
    topics = [world.ours.topic, world.theirs.topic]
    members = [caller for caller in OURS if expected(caller)["/ws", f"match.{OURS_ID}"] == "snap"]
    async with AsyncExitStack() as stack:
        clients = {}
        for caller in members:
            url, token = server.websocket("/ws"), world.tokens[caller]
            client = await stack.enter_async_context(open_socket(url, token=token))
            for topic in topics:
                await client.say({"type": "subscribe", "topic": topic})
            await client.next("error")
            clients[caller] = client
        await in_database(log, world.theirs.live, world.theirs.scorer, notes=canary.MARK)
        await in_database(log, world.ours.live, world.ours.scorer)

        for caller, client in clients.items():
            heard = await client.frames_until("event_logged")
            assert {frame.get("topic") for frame in heard} <= {world.ours.topic, None}, caller
            assert not canary.sings_in(json.dumps(heard)), caller
