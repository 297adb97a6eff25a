"""Every way to lose a right ends the connection, with Redis, without it, reading or not."""

from collections.abc import Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from websockets.exceptions import ConnectionClosed

from accounts.errors import RefreshReusedError
from accounts.models import Role
from accounts.operations import (
    change_role,
    end_session,
    refresh,
    refreshing,
    remove_member,
    set_active,
    sign_out,
    sign_out_everywhere,
)
from accounts.queries import Service, SignedIn
from core.ids import hash_token, new_token
from matches.operations.sharing import (
    create_share_link,
    exchange_share_token,
    revoke_share_link,
)
from realtime import doorbell
from realtime.hub.tuning import Tuning
from tests.factories import build_member, build_session, build_user
from tests.live import SocketClient, in_database, live_server, open_socket, until
from tests.matches.builders import start_match
from tests.realtime import toys
from tests.realtime.conftest import access_token, goodbye
from tests.realtime.own_redis import needs_redis, own_redis
from tests.realtime.test_slow_readers import LONG_WORD, is_stuck, narrow_socket, read_on, stall

MASTER_HASH = make_password("seventeen geese over the harbour")


def test_rhythms_leave_two_seconds_with_redis_and_twelve_without():
    tuning = Tuning()

    assert tuning.people + tuning.show_out <= 1.5
    assert tuning.recheck + tuning.show_out <= 11


@dataclass
class Loss:
    """Who watches what, and how they lose the right to."""

    path: str
    token: str
    topic: str
    happen: Callable[[], Any]
    code: int


class Home:
    """A match, somebody who may watch it on a phone, and the club's owner."""

    def __init__(self):
        self.match, self.manager = start_match()
        self.organisation = self.match.organisation
        self.owner = build_member(self.organisation, Role.OWNER)
        self.user = build_member(self.organisation, Role.MEMBER)
        self.session = build_session(self.user)
        self.path = f"/ws/match/{self.match.pk}"

    def loses(self, happen, code=4403, **fields):
        usual = {"path": self.path, "token": access_token(self.session), "topic": self.match.topic}
        return Loss(**{**usual, **fields}, happen=happen, code=code)


def logout(home):
    return home.loses(lambda: sign_out(reader=SignedIn(home.user, home.session.pk)))


def logout_all(home):
    return home.loses(lambda: sign_out_everywhere(actor=home.user))


def session_ended(home):
    return home.loses(lambda: end_session(session=home.session, actor=home.user))


def disabled(home):
    staff = build_user(is_staff=True, is_superuser=True)
    return home.loses(lambda: set_active(user=home.user, is_active=False, actor=staff))


def removed(home):
    def happen():
        remove_member(organisation=home.organisation, user=home.user, actor=home.owner)

    return home.loses(happen, 4404)


def refresh_reused(home):
    token = new_token()
    refreshing._store(home.session, token, home.session.created_at)
    refresh(token=refresh(token=token).refresh_token)

    def happen():
        with pytest.raises(RefreshReusedError):
            refresh(token=token)

    return home.loses(happen)


def share_revoked(home):
    link, token = create_share_link(match=home.match, actor=home.manager)
    viewer_token = exchange_share_token(token).viewer_token
    return home.loses(
        lambda: revoke_share_link(link=link, actor=home.manager),
        4410,
        path=f"{home.path}/share",
        token=viewer_token,
    )


PERSONAL = [logout, logout_all, session_ended, disabled, removed, refresh_reused]
LOSSES = [*PERSONAL, share_revoked]


@pytest.fixture(params=["memory", *(pytest.param(p, marks=needs_redis) for p in ("redis", "dead"))])
def server(request, transactional_db, settings, tuning):
    """On the in-memory layer, with Redis, with a Redis that has died; writers are elsewhere."""
    with ExitStack() as stack:
        if request.param != "memory":
            redis = stack.enter_context(own_redis())
            settings.CHANNEL_LAYERS = redis.layers
            stack.callback(doorbell.close)
        server = stack.enter_context(live_server(toys.application))
        if request.param == "dead":
            redis.stop()
        server.has_layer = request.param != "memory"
        yield server


async def elsewhere(server, happen):
    """As if in another process, where there can be one: only Redis and the rounds tell."""
    if server.has_layer:
        doorbell.stop_listening(server.hub.hear)
    await in_database(happen)


@asynccontextmanager
async def watching(server, loss, **options):
    async with open_socket(server.websocket(loss.path), token=loss.token, **options) as client:
        await client.next("live")
        yield client


@pytest.mark.parametrize("cause", LOSSES)
async def test_connection_is_closed_with_the_reason(server, cause):
    loss = await in_database(lambda: cause(Home()))
    async with watching(server, loss) as client:
        await elsewhere(server, loss.happen)

        _, bye, code = await goodbye(client)

    assert bye["retry_ms"] is None
    assert code == loss.code
    await until(lambda: not server.connections)


@pytest.mark.parametrize("cause", LOSSES)
@pytest.mark.parametrize("is_full", [False, True], ids=["room left", "buffers full"])
async def test_client_that_has_stopped_reading_is_cut_and_gets_no_more(server, cause, is_full):
    loss = await in_database(lambda: cause(Home()))
    async with watching(server, loss, sock=narrow_socket(server)) as client:
        stall(client)
        if is_full:
            await in_database(toys.say, loss.topic, *[LONG_WORD] * 60)
            await until(lambda: is_stuck(server))
        await elsewhere(server, loss.happen)
        await until(lambda: not server.connections)
        await in_database(toys.say, loss.topic, "afterwards")

        read_on(client)
        assert "afterwards" not in await everything_left(client)


async def everything_left(client: SocketClient) -> str:
    texts = []
    try:
        while True:
            texts.append(str(await client.connection.recv()))
    except ConnectionClosed:
        return "".join(texts)


async def test_another_role_that_still_may_read_keeps_the_connection(server):
    home = await in_database(Home)
    loss = home.loses(
        lambda: change_role(
            organisation=home.organisation, user=home.user, role=Role.SCORER, actor=home.owner
        )
    )
    async with watching(server, loss) as client:
        await until(lambda: home.user.pk in server.hub.guard._standings)
        before = server.hub.guard._standings[home.user.pk]
        await elsewhere(server, loss.happen)
        await until(lambda: server.hub.guard._standings[home.user.pk] != before)
        await in_database(toys.say, loss.topic, "still told")

        assert (await client.next("word_said"))["data"] == {"word": "still told"}


async def test_right_lost_between_coming_in_and_the_first_round_is_noticed(server):
    home = await in_database(Home)
    loss = removed(home)
    async with open_socket(server.websocket(loss.path), token=loss.token) as client:
        await client.next("welcome")
        await elsewhere(server, loss.happen)

        assert (await client.close_code()) == 4404


class TestMasterPassword:
    @pytest.fixture(autouse=True)
    def master_hash(self, settings):
        settings.MASTER_PASSWORD_HASH = MASTER_HASH

    @pytest.fixture
    def session(self, transactional_db, master_hash):
        session, _ = refreshing.open_session(
            master_key=hash_token(MASTER_HASH), address="", device_name="OBS"
        )
        return session

    @pytest.fixture
    def token(self, session):
        return refreshing._credentials(session, "").access_token

    async def test_dashboard_comes_in_and_finds_no_topic(self, server, token):
        match, _ = await in_database(start_match)
        async with open_socket(server.websocket("/ws"), token=token) as client:
            assert (await client.frame())["type"] == "welcome"
            await client.say({"type": "subscribe", "topic": match.topic})

            assert (await client.frame())["code"] == "not_found"

    async def test_dashboard_does_not_come_in_where_people_watch(self, server, token):
        match, _ = await in_database(start_match)
        url = server.websocket(f"/ws/match/{match.pk}")
        async with open_socket(url, token=token) as client:
            error, _, code = await goodbye(client)

        assert (error["code"], code) == ("token_invalid", 4401)

    @pytest.mark.parametrize("is_reading", [True, False])
    async def test_rotated_hash_closes_its_connections(self, server, settings, token, is_reading):
        async with open_socket(server.websocket("/ws"), token=token) as client:
            await client.next("welcome")
            if not is_reading:
                stall(client)
            settings.MASTER_PASSWORD_HASH = make_password("another long password")
            await until(lambda: not server.connections)
            read_on(client)

            assert await client.close_code() == 4403

    async def test_signing_out_closes_its_connections(self, server, session, token):
        async with open_socket(server.websocket("/ws"), token=token) as client:
            await client.next("welcome")
            await in_database(sign_out, reader=Service(session.pk))

            assert (await goodbye(client))[2] == 4403
