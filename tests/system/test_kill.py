"""The server is killed with SIGKILL; the phone sends again; nothing is lost, nothing double."""

import threading
import time
from uuid import uuid4

import httpx
from django.db import connection

from matches.models import Match, MatchEvent
from realtime import feed
from tests.system.processes import server_process

KILLS = 4
EVENTS = 60


def event_body(match, clock_ms):
    return {
        "id": str(uuid4()),
        "kind": "goal",
        "team_id": str(match.home_team_id),
        "period": 1,
        "clock_ms": clock_ms,
    }


def send(server, match, headers, body, timeout=10.0):
    address = f"{server.url}/api/v1/matches/{match.pk}/events"
    return httpx.post(address, json=body, headers=headers, timeout=timeout)


def send_until_answered(server, match, headers, body):
    """A phone's patience: the same event again until somebody confirms it."""
    for _ in range(200):
        try:
            answer = send(server, match, headers, body)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            assert answer.status_code in (200, 201), answer.text
            return answer.status_code
    raise AssertionError("the event was never confirmed")


def assert_logged_once(match, bodies):
    numbers = [entry.seq for entry in feed.entries(match.topic, since=0, limit=10_000)]
    stored = MatchEvent.objects.filter(match=match).values_list("pk", flat=True)
    assert sorted(map(str, stored)) == sorted(body["id"] for body in bodies)
    assert numbers == list(range(1, len(bodies) + 1))
    assert Match.objects.get(pk=match.pk).home_goals == len(bodies)


def test_event_committed_before_the_kill_is_confirmed_by_the_retry(match, headers):
    body = event_body(match, 60_000)
    outcome = []

    def phone():
        try:
            outcome.append(send(server, match, headers, body, timeout=20.0))
        except httpx.TransportError as error:
            outcome.append(error)

    with server_process("tests.system.held_answers:application") as server:
        sending = threading.Thread(target=phone)
        sending.start()
        deadline = time.monotonic() + 20
        while not MatchEvent.objects.filter(pk=body["id"]).exists():
            assert time.monotonic() < deadline, "the event was never stored"
            time.sleep(0.01)
        server.kill()
        sending.join()
    assert isinstance(outcome[0], httpx.TransportError)

    with server_process() as server:
        assert send_until_answered(server, match, headers, body) == 200

    assert_logged_once(match, [body])


def test_kills_at_any_moment_lose_and_double_nothing(match, headers):
    bodies = [event_body(match, number * 1000) for number in range(EVENTS)]
    is_done = threading.Event()
    kills = []

    def kill_again_and_again():
        for _ in range(KILLS):
            # Not a round number, so that each kill meets another moment of a request.
            if is_done.wait(0.237):
                return
            server.kill()
            kills.append(MatchEvent.objects.filter(match=match).count())
            connection.close()
            server.start()

    with server_process() as server:
        killer = threading.Thread(target=kill_again_and_again)
        killer.start()
        for body in bodies:
            send_until_answered(server, match, headers, body)
        is_done.set()
        killer.join()

    assert kills
    assert kills[0] < EVENTS
    assert_logged_once(match, bodies)
