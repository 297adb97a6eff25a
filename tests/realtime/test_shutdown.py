"""A server that is told to stop says goodbye first, and nobody misses anything on a deploy."""

import asyncio

import pytest

from tests.live import DEADLINE_SECONDS, Follower, check_history, in_database, open_socket, until
from tests.realtime import toys
from tests.realtime.conftest import goodbye
from tests.realtime.processes import daphne_process, free_port, uvicorn_process


@pytest.fixture
def server(transactional_db, toy, tuning):
    with uvicorn_process(tuning) as server:
        yield server


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
async def test_sockets_are_told_when_to_come_back(transactional_db, toy, tuning, token, loop):
    with uvicorn_process(tuning, loop=loop) as server:
        async with open_socket(server.websocket(toys.path(toy)), token=token) as client:
            await client.next("live")
            server.tell_to_stop()
            _, bye, code = await goodbye(client)

        assert server.exit_code() in (0, -15)

    assert bye["code"] == code == 1012
    assert 1_000 <= bye["retry_ms"] <= 5_000


async def test_nothing_is_lost_on_a_deploy(transactional_db, toy, tuning, token):
    port = free_port()
    with uvicorn_process(tuning, port) as old:
        async with Follower(old.websocket(toys.path(toy)), token, toy) as follower:
            await in_database(toys.say, toy, "before")
            await follower.reached(1)
            old.tell_to_stop()
            await in_database(old.exit_code)
            await in_database(toys.say, toy, "meanwhile")
            with uvicorn_process(tuning, port):
                await in_database(toys.say, toy, "after")
                await follower.reached(3)

    assert follower.codes[0] == 1012
    assert len(follower.snapshots) == 1
    await in_database(check_history, follower)


async def test_server_that_is_killed_loses_nothing_either(transactional_db, toy, tuning, token):
    port = free_port()
    with uvicorn_process(tuning, port) as old:
        async with Follower(old.websocket(toys.path(toy)), token, toy) as follower:
            await in_database(toys.say, toy, "before")
            await follower.reached(1)
            old.process.kill()
            await in_database(toys.say, toy, "meanwhile")
            with uvicorn_process(tuning, port):
                await follower.reached(2)

    assert len(follower.snapshots) == 1
    await in_database(check_history, follower)


async def stuck_client(client, toy):
    """Somebody who takes neither entries nor a goodbye."""
    await client.next("live")
    client.connection.transport.pause_reading()
    await in_database(toys.say, toy, *["x" * 200_000] * 60)


async def is_sent_on(url):
    code = None
    async with asyncio.timeout(DEADLINE_SECONDS):
        while code != 1012:
            async with open_socket(url) as late:
                code = (await goodbye(late))[2]


class TestPatientServer:
    @pytest.fixture
    def tuning(self, tuning):
        tuning["close"] = 60
        tuning["drain"] = 4
        return tuning

    async def test_who_comes_while_it_drains_is_sent_on(self, server, toy, token):
        url = server.websocket(toys.path(toy))
        async with open_socket(url, token=token) as stuck:
            await stuck_client(stuck, toy)
            server.tell_to_stop()

            await is_sent_on(url)
            # Nobody waits for ever for the one who does not take the goodbye.
            assert await in_database(server.exit_code) in (0, -15)
            stuck.cut()

    async def test_second_signal_stops_at_once(self, server, toy, token, tuning):
        url = server.websocket(toys.path(toy))
        async with open_socket(url, token=token) as stuck:
            await stuck_client(stuck, toy)
            server.tell_to_stop()
            await is_sent_on(url)
            server.tell_to_stop()

            assert await in_database(server.exit_code, 2) in (0, -15)
            stuck.cut()


async def test_daphne_serves_and_says_goodbye_too(transactional_db, toy, tuning, token):
    with daphne_process(tuning) as server:
        url = server.websocket(toys.path(toy))
        async with open_socket(url, token=token) as client:
            await client.next("live")
            await in_database(toys.say, toy, "one")
            assert (await client.frame())["data"] == {"word": "one"}

            server.tell_to_stop()
            _, bye, code = await goodbye(client)

        await in_database(server.exit_code)

    # It knows no close code below 3000, so it gives the other one that means the same.
    assert (bye["code"], code) == (1012, 4009)


async def test_daphne_cuts_who_does_not_read(transactional_db, toy, tuning, token):
    """It buffers without bound and never blocks a write, so only the missing pong tells."""
    with daphne_process({**tuning, "ping": 0.2}) as server:
        async with open_socket(server.websocket(toys.path(toy)), token=token) as client:
            await client.next("live")
            assert (await goodbye(client))[2] == 4012


async def test_processes_hear_of_each_other(transactional_db, toy, tuning, token):
    """On SQLite through the sweep, with Redis through the doorbell."""
    with uvicorn_process(tuning) as one, uvicorn_process(tuning) as other:
        path = toys.path(toy)
        async with (
            Follower(one.websocket(path), token, toy) as here,
            Follower(other.websocket(path), token, toy) as there,
        ):
            await until(lambda: here.is_live and there.is_live)
            await in_database(toys.say, toy, "one", "two")
            await here.reached(2)
            await there.reached(2)

    for follower in (here, there):
        await in_database(check_history, follower)
