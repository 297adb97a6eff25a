"""While the database is away the sockets stay; when it is back nobody has missed anything."""

from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from realtime.models import FeedEntry, FeedHead
from tests.live import Follower, check_history, in_database, open_socket, until, wait_until
from tests.realtime import toys
from tests.realtime.conftest import goodbye


def rename_table(old, new):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {old} RENAME TO {new}")


@contextmanager
def without_entries():
    """To the hub, the same as a database that answers nothing but errors."""
    rename_table("realtime_feedentry", "away")
    try:
        yield
    finally:
        rename_table("away", "realtime_feedentry")


def write_what_cannot_be_read(topic, watched):
    with without_entries():
        with transaction.atomic(), connection.cursor() as cursor:
            FeedHead.objects.filter(topic=topic).update(last_seq=1)
            cursor.execute(
                "INSERT INTO away (topic, seq, kind, payload, created_at)"
                " VALUES (%s, 1, 'word_said', %s, %s)",
                [topic, '{"word": "one"}', timezone.now()],
            )
        asked = watched.asked
        # Swept, and swept again.
        wait_until(lambda: watched.asked > asked + 1)
        assert watched.seq == 0


async def test_reader_who_is_inside_stays_and_gets_what_was_written(server, url, toy, token):
    async with Follower(url, token, toy) as follower:
        await until(lambda: follower.is_live)
        watched = server.hub.following.tails.watched[toy]
        await in_database(write_what_cannot_be_read, toy, watched)
        await follower.reached(1)
        await in_database(toys.say, toy, "two")
        await follower.reached(2)

    assert follower.codes == []
    await in_database(check_history, follower)


async def test_reader_who_joins_waits_for_the_database(url, toy, token):
    await in_database(toys.say, toy, "one")
    toys.documents[toy] = OperationalError("the database is away")
    async with open_socket(url, token=token) as client:
        assert (await client.frame())["type"] == "welcome"
        await until(lambda: len(toys.snapshots_taken) > 1)
        toys.documents.clear()

        assert (await client.frame())["type"] == "snapshot"


@pytest.mark.parametrize("step", ["who", "may"])
async def test_reader_who_cannot_be_checked_is_asked_to_come_back(url, toy, token, step):
    async with open_socket(url) as client:
        if step == "who":
            await in_database(rename_table, "accounts_devicesession", "away")
        else:
            toys.verdicts[toy] = OperationalError("the database is away")
        try:
            await client.hello(token)
            error, bye, code = await goodbye(client)
        finally:
            if step == "who":
                await in_database(rename_table, "away", "accounts_devicesession")

    assert error["code"] == "service_unavailable"
    assert bye["retry_ms"]
    assert code == 4009


async def test_round_that_cannot_ask_sends_nobody_away(server, url, toy, token):
    async with Follower(url, token, toy) as follower:
        await until(lambda: follower.is_live)
        asked = []

        def fail(reader, topic):
            asked.append(topic)
            return OperationalError("the database is away")

        toys.verdicts[toy] = fail
        await until(lambda: len(asked) > 1)
        toys.verdicts.clear()
        await in_database(toys.say, toy, "still here")
        await follower.reached(1)

    assert follower.codes == []


async def test_document_that_cannot_be_made_ends_the_connection_and_says_so(url, toy, token):
    toys.documents[toy] = LookupError("a bug of its app")

    async with open_socket(url, token=token) as client:
        _, bye, code = await goodbye(client)

    assert bye["retry_ms"]
    assert code == 1011


async def test_check_that_fails_ends_the_connection_and_says_so(url, toy, token):
    toys.verdicts[toy] = LookupError("a bug of its app")

    async with open_socket(url, token=token) as client:
        assert (await goodbye(client))[2] == 1011


async def test_snapshot_that_never_meets_the_feed_is_given_up(url, toy, token):
    toys.documents[toy] = toys.Snapshot(epoch="of another world", seq=7, data={})

    async with open_socket(url, token=token) as client:
        _, bye, code = await goodbye(client)

    assert len(toys.snapshots_taken) == 5
    assert bye["retry_ms"]
    assert code == 4010


async def test_entry_that_cannot_be_encoded_holds_up_its_topic_and_nothing_else(
    server, url, toy, token
):
    def write_by_hand(word):
        FeedEntry.objects.update_or_create(
            topic=toy,
            seq=1,
            defaults={"kind": "x", "payload": {"word": word}, "created_at": timezone.now()},
        )
        FeedHead.objects.filter(topic=toy).update(last_seq=1)

    async with Follower(url, token, toy) as follower:
        await until(lambda: follower.is_live)
        watched = server.hub.following.tails.watched[toy]
        await in_database(write_by_hand, 2**70)
        await until(lambda: watched.asked > watched.answered + 1)
        await in_database(write_by_hand, "mended")
        await follower.reached(1)

    assert follower.codes == []


@pytest.fixture
def own_backend(transactional_db):
    """The connection that the test needs to clean up after itself."""
    connection.ensure_connection()
    return connection.connection.info.backend_pid


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connections to lose")
async def test_connections_that_postgresql_ends_are_made_again(url, toy, token, own_backend):
    def end_all_others():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid NOT IN (pg_backend_pid(), %s)",
                [own_backend],
            )

    async with Follower(url, token, toy) as follower:
        await until(lambda: follower.is_live)
        for number in range(5):
            await in_database(end_all_others)
            await in_database(toys.say, toy, str(number))
        await follower.reached(5)

    assert follower.codes == []
    await in_database(check_history, follower)
