"""Joining and coming back: never a gap, never anything twice."""

import asyncio
import random

import pytest
from django.db import transaction

from realtime import doorbell, feed
from tests.live import Follower, check_history, in_database, open_socket, until
from tests.realtime import toys
from tests.realtime.conftest import viewer_token


async def test_newcomer_gets_a_snapshot_and_then_what_happens(server, toy, token):
    await in_database(toys.say, toy, "one", "two")

    async with open_socket(server.websocket(toys.path(toy)), token=token) as client:
        welcome, snapshot, live = await client.frames_until("live")
        await in_database(toys.say, toy, "three")
        entry = await client.frame()

    assert welcome["type"] == "welcome"
    assert snapshot["topic"] == toy
    assert snapshot["data"] == {"words": ["one", "two"]}
    assert (snapshot["seq"], live["seq"], entry["seq"]) == (2, 2, 3)
    assert entry["type"] == "word_said"
    assert entry["data"] == {"word": "three"}


async def test_topic_in_which_nothing_has_happened_yet_can_be_watched(server, toy, token):
    async with Follower(server.websocket(toys.path(toy)), token, toy) as follower:
        await until(lambda: follower.is_live)
        await in_database(toys.say, toy, "first")
        await follower.reached(1)

    assert follower.resets == []
    await in_database(check_history, follower)


@pytest.mark.parametrize("where", [{"since": 0}, {"since": 0, "epoch": ""}])
async def test_whoever_names_no_epoch_starts_afresh(server, toy, token, where):
    await in_database(toys.say, toy, "one", "two")

    async with open_socket(server.websocket(toys.path(toy))) as client:
        await client.hello(token, **where)
        _, reset, snapshot, live = await client.frames_until("live")

    assert reset["reason"] == "epoch_changed"
    assert snapshot["data"] == {"words": ["one", "two"]}
    assert live["seq"] == 2


async def test_viewer_sees_the_public_part_and_every_number(server, toy, token):
    url = server.websocket(toys.path(toy, "/share"))
    async with Follower(url, viewer_token(toy), toy) as viewer:
        await until(lambda: viewer.is_live)
        await in_database(toys.say, toy, "open")
        await in_database(toys.say, toy, "secret", secret=True)
        await viewer.reached(2)

    assert [frame["type"] for frame in viewer.applied] == ["word_said", "skip"]
    assert "data" not in viewer.applied[1]
    await in_database(check_history, viewer, is_full=False)


async def test_entry_that_is_rolled_back_is_never_seen(server, toy, token):
    def say_and_regret():
        with transaction.atomic():
            toys.say(toy, "regretted")
            transaction.set_rollback(True)

    async with Follower(server.websocket(toys.path(toy)), token, toy) as follower:
        await until(lambda: follower.is_live)
        await in_database(say_and_regret)
        await in_database(toys.say, toy, "meant")
        await follower.reached(1)

    assert toys.words_seen(follower) == ["meant"]


async def test_nobody_misses_anything_while_everybody_joins(server, toy, token):
    """Two threads write as fast as they can; readers join in the middle of it."""
    url = server.websocket(toys.path(toy))
    followers = [Follower(url, token, toy) for _ in range(8)]
    writing = [
        asyncio.create_task(in_database(toys.say, toy, *(f"{n}-{i}" for i in range(100))))
        for n in range(2)
    ]

    for follower in followers:
        await asyncio.sleep(random.uniform(0, 0.05))
        await follower.__aenter__()
    await asyncio.gather(*writing)
    for follower in followers:
        await follower.reached(200)
        await follower.__aexit__()

    for follower in followers:
        assert follower.codes == follower.resets == []
        await in_database(check_history, follower)
        assert toys.words_seen(follower) == await in_database(toys.words_of, toy)


async def test_readers_that_are_cut_again_and_again_resume_without_a_snapshot(server, toy, token):
    url = server.websocket(toys.path(toy))
    followers = [Follower(url, token, toy) for _ in range(6)]
    for follower in followers:
        await follower.__aenter__()
        await until(lambda each=follower: each.is_live)
    writing = asyncio.create_task(in_database(toys.say, toy, *map(str, range(200))))

    while not writing.done():
        random.choice(followers).cut()
        await asyncio.sleep(random.uniform(0, 0.03))
    for follower in followers:
        await follower.reached(200)
        await follower.__aexit__()

    assert sum(len(follower.codes) for follower in followers) > 5
    for follower in followers:
        assert follower.resets == []
        assert len(follower.snapshots) == 1
        await in_database(check_history, follower)


async def test_resume_sends_the_rest_and_no_snapshot(server, toy, token):
    await in_database(toys.say, toy, "one", "two", "three")
    epoch, _ = await in_database(feed.head, toy)

    async with open_socket(server.websocket(toys.path(toy))) as client:
        await client.hello(token, since=1, epoch=epoch)
        kinds = [(frame["type"], frame.get("seq")) for frame in await client.frames_until("live")]

    assert kinds == [("welcome", None), ("word_said", 2), ("word_said", 3), ("live", 3)]


async def test_reader_that_is_up_to_date_is_told_so(server, toy, token):
    await in_database(toys.say, toy, "one")
    epoch, _ = await in_database(feed.head, toy)

    async with open_socket(server.websocket(toys.path(toy))) as client:
        await client.hello(token, since=1, epoch=epoch)
        kinds = [frame["type"] for frame in await client.frames_until("live")]

    assert kinds == ["welcome", "live"]


async def reset_reason(server, toy, token, cursor):
    """Why a reader at `cursor` is reset; checks that a snapshot of the head follows."""
    async with open_socket(server.websocket(toys.path(toy))) as client:
        await client.hello(token, **cursor)
        welcome, reset, snapshot, live = await client.frames_until("live")
    assert (welcome["type"], reset["type"], snapshot["type"]) == ("welcome", "reset", "snapshot")
    assert (snapshot["epoch"], snapshot["seq"]) == await in_database(feed.head, toy)
    assert live["seq"] == snapshot["seq"]
    return reset["reason"]


@pytest.mark.parametrize("epoch", ["another", "", None])
async def test_cursor_of_another_epoch_starts_afresh(server, toy, token, epoch):
    await in_database(toys.say, toy, "one")

    reason = await reset_reason(server, toy, token, {"since": 1, "epoch": epoch})

    assert reason == "epoch_changed"


async def test_cursor_ahead_of_the_head_starts_afresh(server, toy, token):
    await in_database(toys.say, toy, "one")
    epoch, _ = await in_database(feed.head, toy)

    reason = await reset_reason(server, toy, token, {"since": 2, "epoch": epoch})

    assert reason == "position_ahead"


async def test_cursor_older_than_what_was_pruned_starts_afresh(server, toy, token):
    await in_database(toys.say, toy, "one", "two", "three")
    epoch, _ = await in_database(feed.head, toy)
    await in_database(toys.forget_up_to, toy, 2)

    reason = await reset_reason(server, toy, token, {"since": 1, "epoch": epoch})

    assert reason == "history_pruned"


async def test_cursor_at_the_edge_of_what_was_pruned_resumes(server, toy, token):
    await in_database(toys.say, toy, "one", "two", "three")
    epoch, _ = await in_database(feed.head, toy)
    await in_database(toys.forget_up_to, toy, 2)

    async with open_socket(server.websocket(toys.path(toy))) as client:
        await client.hello(token, since=2, epoch=epoch)
        kinds = [frame["type"] for frame in await client.frames_until("live")]

    assert kinds == ["welcome", "word_said", "live"]


class TestShortTail:
    @pytest.fixture
    def tuning(self, tuning):
        tuning["kept_entries"] = 5
        return tuning

    async def test_cursor_too_far_behind_starts_afresh(self, server, toy, token):
        await in_database(toys.say, toy, *"abcdefgh")
        epoch, _ = await in_database(feed.head, toy)

        reason = await reset_reason(server, toy, token, {"since": 2, "epoch": epoch})

        assert reason == "too_far_behind"

    async def test_cursor_just_near_enough_resumes(self, server, toy, token):
        await in_database(toys.say, toy, *"abcdefgh")
        epoch, _ = await in_database(feed.head, toy)

        async with open_socket(server.websocket(toys.path(toy))) as client:
            await client.hello(token, since=3, epoch=epoch)
            seen = await client.frames_until("live")

        assert [frame["seq"] for frame in seen[1:-1]] == [4, 5, 6, 7, 8]


async def test_rewritten_history_resets_everyone_who_watches(server, toy, token):
    def rewrite():
        with transaction.atomic():
            feed.restart(toy)
            toys.say(toy, "new")

    await in_database(toys.say, toy, "old", "older")
    async with Follower(server.websocket(toys.path(toy)), token, toy) as follower:
        await until(lambda: follower.is_live)
        await in_database(rewrite)
        await follower.reached(1)

    assert follower.resets == ["epoch_changed"]
    assert toys.words_seen(follower) == ["new"]
    await in_database(check_history, follower)


async def test_epoch_that_an_operator_changes_is_found_by_the_sweep(server, toy, token):
    await in_database(toys.say, toy, "one")
    async with Follower(server.websocket(toys.path(toy)), token, toy) as follower:
        await until(lambda: follower.is_live)
        await in_database(feed.change_epoch)
        await until(lambda: follower.resets and follower.is_live)

    assert follower.resets == ["epoch_changed"]
    await in_database(check_history, follower)


async def test_head_that_vanishes_with_a_restored_database_resets(server, toy, token):
    await in_database(toys.say, toy, "one")
    async with Follower(server.websocket(toys.path(toy)), token, toy) as follower:
        await until(lambda: follower.is_live)
        await in_database(toys.lose_everything, toy)
        await until(lambda: follower.resets and follower.is_live)

    assert follower.snapshots[-1]["data"] == {"words": []}
    await in_database(check_history, follower)


async def test_lost_doorbell_delays_and_loses_nothing(fresh_server, toy, token):
    async with Follower(fresh_server.websocket(toys.path(toy)), token, toy) as follower:
        await until(lambda: follower.is_live)
        doorbell.stop_listening(fresh_server.hub.hear)
        await in_database(toys.say, toy, "unheard")
        await follower.reached(1)

    await in_database(check_history, follower)


async def test_crowd_that_joins_at_once_shares_a_snapshot(server, toy, session, tuning):
    await in_database(toys.say, toy, "one")
    url = server.websocket(toys.path(toy, "/share"))
    followers = [Follower(url, viewer_token(toy), toy) for _ in range(40)]

    for follower in followers:
        await follower.__aenter__()
    for follower in followers:
        await follower.reached(1)
        await follower.__aexit__()

    # One would be enough within `snapshot` seconds; a slow machine may take a few of them.
    assert len(toys.snapshots_taken) < 8


async def test_topic_nobody_watches_any_longer_is_forgotten(server, toy, token):
    async with Follower(server.websocket(toys.path(toy)), token, toy) as follower:
        await until(lambda: follower.is_live)
        assert toy in server.hub.following.tails.watched

    await until(lambda: toy not in server.hub.following.tails.watched)
    assert server.hub.sockets == set()


async def test_client_that_found_a_hole_gets_the_rest_again(server, toy, token):
    await in_database(toys.say, toy, "one", "two")
    async with open_socket(server.websocket(toys.path(toy)), token=token) as client:
        snapshot = await client.next("snapshot")
        await client.next("live")

        await client.say(
            {"type": "subscribe", "topic": toy, "since": 1, "epoch": snapshot["epoch"]}
        )
        again = await client.frames_until("live")

    assert [(frame["type"], frame["seq"]) for frame in again] == [("word_said", 2), ("live", 2)]
