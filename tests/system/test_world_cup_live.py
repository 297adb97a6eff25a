"""All 64 matches of the World Cup at once, 200 viewers who are cut off ten times each.

Every viewer ends with every entry once and in order, and the scores are the file's.
"""

import asyncio
import json
import random
import sys

import pytest
from django.conf import settings
from django.core.management import call_command

from matches.models import Match
from matches.operations.replays import prepare_replay
from matches.operations.sharing import create_share_link, exchange_share_token
from realtime import feed
from tests.factories import build_organisation, build_user
from tests.live import Follower, check_history, in_database, until
from tests.system.processes import environment, server_process

WORLD_CUP = settings.BASE_DIR.parent / "shared" / "data" / "worldcup-2022" / "matches.json"
SPEED = 600
VIEWERS = 200
CUTS = 10
# 120 minutes and the breaks at that speed, and as much again for a slow machine.
REPLAY_SECONDS = 90

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.timeout(400),
    pytest.mark.skipif(not WORLD_CUP.exists(), reason="the real file is not beside the project"),
]


@pytest.fixture
def replays(transactional_db):
    """The replay of each match, ready to be kicked off, with a viewer token for each."""
    superuser = build_user(is_superuser=True)
    build_organisation()
    call_command("import_matches", str(WORLD_CUP))
    found = {}
    for source in Match.objects.filter(replay_of=None).order_by("kickoff_at"):
        replay = prepare_replay(source=source, actor=superuser, clock_rate=SPEED)
        _, token = create_share_link(match=replay, actor=superuser)
        found[replay] = exchange_share_token(token).viewer_token
    return found


async def cut_at_random(follower, seconds):
    for _ in range(CUTS):
        await asyncio.sleep(random.uniform(0.2, 2 * seconds / CUTS - 0.2))
        await until(lambda: follower.is_live)
        follower.cut()


def is_over(replays):
    finished = Match.objects.filter(pk__in=[match.pk for match in replays], status="completed")
    return finished.count() == len(replays)


async def follow_all(server, replays, command):
    chosen = [list(replays)[number % len(replays)] for number in range(VIEWERS)]
    followers = [
        Follower(server.websocket(f"/ws/match/{match.pk}/share"), replays[match], match.topic)
        for match in chosen
    ]
    for follower in followers:
        await follower.__aenter__()
    await until(lambda: all(follower.is_live for follower in followers), 60)
    process = await asyncio.create_subprocess_exec(*command, env=environment())
    cutting = [asyncio.create_task(cut_at_random(follower, 12)) for follower in followers]
    async with asyncio.timeout(REPLAY_SECONDS):
        assert await process.wait() == 0
    await asyncio.gather(*cutting)
    for follower in followers:
        head = await in_database(feed.head, follower.topic)
        await follower.reached(head.seq, 30)
    await in_database(lambda: [check_history(one, is_full=False) for one in followers])
    for follower in followers:
        await follower.__aexit__()
    return followers


def expected_result(row):
    home, away = row["score"]
    return (row["home"], row["away"], home, away, *(row["penalties"] or (None, None)))


def result(match):
    return (
        match.home_team.name,
        match.away_team.name,
        match.home_goals,
        match.away_goals,
        match.home_shootout_goals,
        match.away_shootout_goals,
    )


def test_every_viewer_sees_every_entry_once_and_the_scores_are_right(replays):
    sources = [str(match.replay_of_id) for match in replays]
    command = [sys.executable, "manage.py", "replay_match", *sources, "--speed", str(SPEED)]

    with server_process() as server:
        followers = asyncio.run(follow_all(server, replays, command))

    assert is_over(replays)
    rows = json.loads(WORLD_CUP.read_text())["matches"]
    played = Match.objects.filter(pk__in=[match.pk for match in replays]).with_teams()
    assert sorted(map(result, played), key=str) == sorted(map(expected_result, rows), key=str)
    # Each cut was survived by reading on, not by starting again: the one reset is the kick-off.
    assert all(len(follower.codes) >= CUTS for follower in followers)
    assert {len(follower.snapshots) for follower in followers} <= {1, 2}
