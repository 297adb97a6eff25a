"""A reader that stalls costs nobody else anything, and misses nothing if it comes back in time."""

import socket

import pytest

from realtime import feed
from realtime.topics import UnreadableError
from tests.live import Follower, check_history, in_database, open_socket, until
from tests.realtime import toys
from tests.realtime.conftest import goodbye

# Enough of these fill every buffer between the server and a client that does not read.
LONG_WORD = "x" * 100_000


def narrow_socket(server):
    """A connection of which the kernel holds little, so that the server notices soon."""
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
    host, port = server.address.split(":")
    narrow.connect((host, int(port)))
    narrow.setblocking(False)
    return narrow


def stall(client):
    client.connection.transport.pause_reading()


def read_on(client):
    client.connection.transport.resume_reading()


@pytest.fixture
async def stalled(server, url, token):
    async with open_socket(url, sock=narrow_socket(server), token=token) as client:
        await client.next("live")
        stall(client)
        yield client
        # A goodbye would wait for all that was not read.
        client.cut()


def is_stuck(server):
    return any(each._writing_since is not None for each in server.hub.sockets)


async def test_reader_that_stalls_holds_up_nobody(server, url, toy, token, stalled):
    async with Follower(url, token, toy) as follower:
        await until(lambda: follower.is_live)
        await in_database(toys.say, toy, *[LONG_WORD] * 60)
        await follower.reached(60)
        await in_database(toys.say, toy, "after")
        await follower.reached(61, seconds=5)

        assert is_stuck(server)

    await in_database(check_history, follower)


async def test_reader_that_reads_on_in_time_gets_everything_in_order(server, toy, stalled):
    await in_database(toys.say, toy, *[LONG_WORD] * 60)
    await until(lambda: is_stuck(server))

    read_on(stalled)
    seen = [(await stalled.next("word_said"))["seq"] for _ in range(60)]

    assert seen == list(range(1, 61))


class TestShortTail:
    @pytest.fixture
    def tuning(self, tuning):
        tuning["kept_entries"] = 50
        return tuning

    async def test_reader_that_falls_behind_what_is_kept_starts_afresh(
        self, server, toy, url, token, stalled
    ):
        await in_database(toys.say, toy, *[LONG_WORD] * 200)
        await until(lambda: is_stuck(server))
        await until(lambda: server.hub.following.tails.watched[toy].seq == 200)

        read_on(stalled)
        seen = await stalled.frames_until("reset")
        after = await stalled.frames_until("live")

        assert [frame["seq"] for frame in seen[:-1]] == list(range(1, len(seen)))
        assert seen[-1]["reason"] == "too_far_behind"
        assert [frame["type"] for frame in after] == ["snapshot", "live"]
        assert after[0]["seq"] == 200


class TestSmallTail:
    @pytest.fixture
    def tuning(self, tuning):
        tuning["kept_bytes"] = 1_000_000
        return tuning

    async def test_what_is_kept_is_bounded_in_bytes_too(self, server, toy, url, token):
        async with Follower(url, token, toy) as follower:
            await until(lambda: follower.is_live)
            await in_database(toys.say, toy, *[LONG_WORD] * 20)
            await follower.reached(20)

            watched = server.hub.following.tails.watched[toy]
            assert 0 < len(watched.entries) < 10
            assert watched.oldest == 20 - len(watched.entries) + 1


class TestImpatience:
    @pytest.fixture
    def tuning(self, tuning):
        tuning["write"] = 0.3
        tuning["close"] = 1
        return tuning

    async def test_reader_that_does_not_read_is_cut(self, server, url, toy, token, stalled):
        async with Follower(url, token, toy) as follower:
            await until(lambda: follower.is_live)
            await in_database(toys.say, toy, *[LONG_WORD] * 60)
            await until(lambda: len(server.hub.sockets) == 1)
            await follower.reached(60)

            read_on(stalled)
            # No close frame gets past what it has not read.
            assert await stalled.close_code() is None

    async def test_reader_that_reads_on_a_little_late_is_told_that_it_was_too_slow(
        self, server, url, toy, tuning, stalled
    ):
        await in_database(toys.say, toy, *[LONG_WORD] * 60)
        await until(lambda: all(each.close_code == 4008 for each in server.hub.sockets))

        read_on(stalled)
        _, bye, code = await goodbye(stalled)

        assert bye["retry_ms"]
        assert code == 4008


async def test_goodbye_that_is_not_taken_ends_in_a_cut(server, toy, stalled):
    await in_database(toys.say, toy, *[LONG_WORD] * 60)
    await until(lambda: is_stuck(server))

    toys.verdicts[toy] = UnreadableError(toy)
    await in_database(feed.recheck, toy)

    await until(lambda: not server.hub.sockets)
    read_on(stalled)
    assert await stalled.close_code() is None
