"""How many connections, how many topics, and how long one may be silent."""

from contextlib import AsyncExitStack
from uuid import uuid4

import pytest

from realtime.topics import UnreadableError
from tests.factories import build_session
from tests.live import in_database, open_socket, until
from tests.realtime import toys
from tests.realtime.conftest import access_token, goodbye, viewer_token


async def is_welcome(url, token):
    async with open_socket(url, token=token) as client:
        return (await client.frame())["type"] == "welcome"


async def test_person_has_at_most_ten_connections(server, url, session, token):
    another_device = access_token(await in_database(build_session, session.user))
    somebody_else = access_token(await in_database(build_session))
    async with AsyncExitStack() as stack:
        for _ in range(10):
            client = await stack.enter_async_context(open_socket(url, token=token))
            await client.next("live")

        async with open_socket(url, token=another_device) as one_more:
            error, bye, code = await goodbye(one_more)
        assert await is_welcome(url, somebody_else)
        await client.connection.close()
        await until(lambda: len(server.hub.sockets) == 9)
        assert await is_welcome(url, token)

    assert error["code"] == "too_many_connections"
    assert bye["retry_ms"]
    assert code == 4013


class TestFewViewers:
    @pytest.fixture
    def tuning(self, tuning):
        tuning["viewers_a_link"] = 2
        return tuning

    async def test_share_link_has_a_limit_of_its_own(self, share_url, toy):
        link, other_link = viewer_token(toy, uuid4()), viewer_token(toy, uuid4())
        async with AsyncExitStack() as stack:
            for _ in range(2):
                client = await stack.enter_async_context(open_socket(share_url, token=link))
                await client.next("live")

            async with open_socket(share_url, token=link) as one_more:
                error, _, code = await goodbye(one_more)
            assert await is_welcome(share_url, other_link)

        assert (error["code"], code) == ("too_many_connections", 4013)


class TestManyTopics:
    @pytest.fixture
    async def client(self, server, token):
        async with open_socket(server.websocket("/ws"), token=token) as client:
            await client.next("welcome")
            yield client

    async def test_one_connection_follows_several_topics(self, client, toy):
        other = toys.new_topic()
        for topic in (toy, other):
            await client.say({"type": "subscribe", "topic": topic})
            await client.next("live")

        await in_database(toys.say, toy, "here")
        await in_database(toys.say, other, "there")
        seen = [await client.frame(), await client.frame()]

        assert {(frame["topic"], frame["data"]["word"]) for frame in seen} == {
            (toy, "here"),
            (other, "there"),
        }

    async def test_topics_take_turns(self, client, toy):
        other = toys.new_topic()
        epochs = {}
        for topic in (toy, other):
            await in_database(toys.say, topic, *"abcd")
            await client.say({"type": "subscribe", "topic": topic})
            epochs[topic] = (await client.next("snapshot"))["epoch"]
            await client.next("live")

        for topic, epoch in epochs.items():
            await client.say({"type": "subscribe", "topic": topic, "since": 0, "epoch": epoch})
        seen = await client.frames_until("live") + await client.frames_until("live")

        for topic in epochs:
            numbers = [frame["seq"] for frame in seen if frame["topic"] == topic]
            assert numbers == [1, 2, 3, 4, 4]

    async def test_unsubscribed_topic_is_silent(self, client, toy):
        other = toys.new_topic()
        for topic in (toy, other):
            await client.say({"type": "subscribe", "topic": topic})
            await client.next("live")

        await client.say({"type": "unsubscribe", "topic": toy})
        await client.say({"type": "unsubscribe", "topic": "toy.never-had"})
        await client.say({"type": "subscribe", "topic": "nonsense"})
        await client.next("error")
        await in_database(toys.say, toy, "unheard")
        await in_database(toys.say, other, "heard")

        assert (await client.frame())["data"] == {"word": "heard"}

    @pytest.mark.parametrize("topic", ["nonsense", "nobody.7", "toy.", "toy.a b", "toy.é", ""])
    async def test_topic_that_is_none_is_not_found(self, client, topic):
        await client.say({"type": "subscribe", "topic": topic})
        error = await client.frame()

        assert (error["type"], error["code"], error["topic"]) == ("error", "not_found", topic)

    async def test_foreign_topic_is_not_found_and_the_connection_stays(self, client, toy):
        foreign = toys.new_topic()
        toys.verdicts[foreign] = UnreadableError(foreign)

        await client.say({"type": "subscribe", "topic": foreign})
        error = await client.frame()
        await client.say({"type": "subscribe", "topic": toy})

        assert error["code"] == "not_found"
        assert (await client.frame())["type"] == "snapshot"

    async def test_twenty_topics_are_enough(self, client, toy):
        for _ in range(20):
            await client.say({"type": "subscribe", "topic": toys.new_topic()})
            await client.next("live")

        await client.say({"type": "subscribe", "topic": toy})

        assert (await client.frame())["code"] == "too_many_topics"

    async def test_hello_again_changes_nothing(self, client, toy, token):
        await client.hello(token)
        await client.say({"type": "subscribe", "topic": toy})

        assert (await client.frame())["type"] == "snapshot"


async def test_viewer_reads_the_shared_topic_and_no_other(share_url, toy):
    async with open_socket(share_url, token=viewer_token(toy)) as client:
        await client.next("live")
        await client.say({"type": "subscribe", "topic": toys.new_topic()})

        assert (await client.frame())["code"] == "not_found"


class TestQuickPings:
    @pytest.fixture
    def tuning(self, tuning):
        tuning["ping"] = 0.2
        return tuning

    async def test_ping_carries_the_heads(self, url, toy, token):
        await in_database(toys.say, toy, "one")
        async with open_socket(url, token=token) as client:
            await client.next("live")
            ping = await client.next("ping")

        assert ping["heads"] == {toy: 1}
        assert ping["at"].endswith("Z")

    async def test_client_that_answers_stays(self, url, toy, token):
        async with open_socket(url, token=token) as client:
            for _ in range(5):
                await client.next("ping")
                await client.say({"type": "pong"})
            await in_database(toys.say, toy, "still here")

            assert (await client.next("word_said"))["seq"] == 1

    async def test_client_that_leaves_two_pings_unanswered_is_closed(self, url, token):
        async with open_socket(url, token=token) as client:
            seen = await client.frames_until("bye")
            code = await client.close_code()

        assert [frame["type"] for frame in seen].count("ping") == 2
        assert seen[-1]["retry_ms"]
        assert code == 4012
