import asyncio

import pytest
from django.db import connection

from realtime.hub.database import DatabaseThreads, SingleFlight
from tests.factories import build_user


@pytest.fixture
def threads():
    threads = DatabaseThreads("test", 1)
    yield threads
    threads.close()


async def test_call_sees_the_database_and_leaves_no_connection_behind(transactional_db, threads):
    def read(username, *, suffix):
        build_user(username=username + suffix)
        return connection.connection is not None

    assert await threads.run(read, "ann", suffix="a")
    assert not await threads.run(lambda: connection.connection is not None)


async def test_error_reaches_the_caller(transactional_db, threads):
    def fail():
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        await threads.run(fail)


class TestSingleFlight:
    @pytest.fixture
    def asked(self):
        return []

    @pytest.fixture
    def land(self):
        return asyncio.Event()

    @pytest.fixture
    def ask(self, asked, land):
        async def ask():
            asked.append(1)
            await land.wait()
            return len(asked)

        return ask

    async def test_who_asks_meanwhile_shares_the_answer(self, asked, land, ask):
        flights = SingleFlight()
        waiting = [asyncio.create_task(flights.fetch("a", ask)) for _ in range(5)]
        await asyncio.sleep(0)
        land.set()

        assert await asyncio.gather(*waiting) == [1] * 5

    async def test_who_asks_later_asks_anew(self, land, ask):
        flights = SingleFlight()
        land.set()

        assert await flights.fetch("a", ask) == 1
        assert await flights.fetch("a", ask) == 2

    async def test_other_questions_have_other_answers(self, asked, land, ask):
        flights = SingleFlight()
        land.set()

        await asyncio.gather(flights.fetch("a", ask), flights.fetch("b", ask))

        assert len(asked) == 2

    async def test_one_who_gives_up_leaves_the_answer_to_the_others(self, land, ask):
        flights = SingleFlight()
        impatient = asyncio.create_task(flights.fetch("a", ask))
        patient = asyncio.create_task(flights.fetch("a", ask))
        await asyncio.sleep(0)

        impatient.cancel()
        land.set()

        assert await patient == 1

    async def test_failure_is_everybodys_and_is_not_kept(self):
        flights = SingleFlight()

        async def fail():
            raise LookupError

        for _ in range(2):
            with pytest.raises(LookupError):
                await flights.fetch("a", fail)
