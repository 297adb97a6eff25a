import random
import threading
from contextlib import closing

import httpx
import pytest

from accounts.models import DeviceSession
from config.asgi import application
from matches.operations import lifecycle
from matches.replaying.remote import RemoteRefusalError, RemoteReplay, Server
from matches.replaying.runner import Runner, UnreachableError
from matches.rules.kinds import EventKind
from matches.rules.replay import StepKind
from realtime import feed
from tests import factories
from tests.live import live_server
from tests.matches.builders import log
from tests.matches.replaying.played import facts

FASTEST = 3600


class Lossy(httpx.BaseTransport):
    """A network that loses every fourth request, and every fourth answer."""

    def __init__(self):
        self.inner = httpx.HTTPTransport()
        self.random = random.Random(7)
        self.lost = 0

    def handle_request(self, request):
        fate = self.random.randrange(4)
        if fate == 0:
            self.lost += 1
            raise httpx.ConnectError("no signal", request=request)
        response = self.inner.handle_request(request)
        if fate == 1:
            self.lost += 1
            response.read()
            raise httpx.ReadError("signal lost", request=request)
        return response

    def close(self):
        self.inner.close()


class Canned(httpx.BaseTransport):
    """Answers what the test says, one answer after another."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.seen = []

    def handle_request(self, request):
        self.seen.append(request)
        return self.answers.pop(0)


@pytest.fixture(scope="module")
def site():
    with live_server(application) as server:
        yield server


@pytest.fixture
def token(manager):
    return factories.build_access_token(manager)


@pytest.fixture
def server(site, token):
    server = Server(site.url, lambda: token)
    yield server
    server.close()


def play(*performers):
    runner = Runner(performers, speed=FASTEST, stop=threading.Event())
    runner.run()
    return runner.playbacks


def test_match_is_replayed_over_http(final, server):
    [playback] = play(RemoteReplay(server, final.pk, speed=FASTEST))

    copy = final.replays.get()
    assert playback.problem == ""
    assert playback.performer.label == "Argentina - France"
    assert (copy.clock_rate, copy.replay_of) == (FASTEST, final)
    assert facts(copy) == facts(final)


def test_nothing_is_lost_or_doubled_on_a_bad_network(tie, site, token):
    network = Lossy()

    with closing(Server(site.url, lambda: token, transport=network)) as server:
        [playback] = play(RemoteReplay(server, tie.pk, speed=FASTEST))

    copy = tie.replays.get()
    assert network.lost > 5
    assert playback.problem == ""
    assert facts(copy) == facts(tie)
    kinds = [entry.kind for entry in feed.entries(copy.topic, since=0, limit=100)]
    assert kinds.count("event_logged") + kinds.count("substitution") == tie.events.count()
    assert [kinds.count(kind) for kind in ("period_started", "period_ended", "match_finished")] == [
        2,
        2,
        1,
    ]


def test_step_done_twice_changes_nothing(tie, server):
    performer = RemoteReplay(server, tie.pk, speed=FASTEST)
    steps = performer.prepare()
    copy = tie.replays.get()

    for step in steps:
        performer.perform(step)
        head = feed.head(copy.topic)
        performer.perform(step)
        assert feed.head(copy.topic) == head

    assert facts(copy) == facts(tie)


def test_step_done_by_somebody_else_is_no_problem(tie, server, manager):
    performer = RemoteReplay(server, tie.pk, speed=FASTEST)
    steps = performer.prepare()
    copy = tie.replays.get()
    by_hand = {
        StepKind.END_PERIOD: lifecycle.end_period,
        StepKind.COMPLETE: lifecycle.complete_match,
    }

    for step in steps:
        if step.kind is StepKind.START_PERIOD:
            start = lifecycle.start_match if step.period == 1 else lifecycle.start_period
            start(match=copy, actor=manager)
        elif step.kind in by_hand:
            by_hand[step.kind](match=copy, actor=manager)
        performer.perform(step)

    assert facts(copy) == facts(tie)


def test_match_that_was_ended_meanwhile_gives_up(tie, server, manager):
    performer = RemoteReplay(server, tie.pk, speed=FASTEST)
    start, event, *_, last = performer.prepare()
    performer.perform(start)
    lifecycle.abandon_match(match=tie.replays.get(), actor=manager, reason="Thunderstorm")

    with pytest.raises(RemoteRefusalError) as refusal:
        performer.perform(event)
    assert refusal.value.remote_code == "match_not_live"
    with pytest.raises(RemoteRefusalError, match="does not allow"):
        performer.perform(last)


def test_long_log_is_read_to_its_end(tie, server, manager):
    lifecycle.reopen_match(match=tie, actor=manager, reason="Late corrections")
    for _ in range(120):
        log(tie, manager, EventKind.FOUL)
    lifecycle.complete_match(match=tie, actor=manager)

    steps = RemoteReplay(server, tie.pk, speed=FASTEST).prepare()

    assert sum(step.kind is StepKind.EVENT for step in steps) == 125


def test_expired_token_is_read_again(tie, site, manager):
    first, second = (factories.build_access_token(manager) for _ in range(2))
    tokens = [second, first]
    DeviceSession.objects.order_by("pk").first().delete()

    with closing(Server(site.url, tokens.pop)) as server:
        steps = RemoteReplay(server, tie.pk, speed=FASTEST).prepare()

    assert steps
    assert tokens == []


def test_refused_token_ends_the_replay(tie, site):
    with (
        closing(Server(site.url, lambda: "forged")) as server,
        pytest.raises(RemoteRefusalError) as refusal,
    ):
        RemoteReplay(server, tie.pk, speed=FASTEST).prepare()

    assert refusal.value.remote_code == "token_invalid"


def ask(*answers):
    server = Server("http://touchline.test", lambda: "token", transport=Canned(*answers))
    return server.get("/health")


def envelope(code):
    return {"error": {"code": code, "message": "Try again shortly.", "details": {}}}


@pytest.mark.parametrize(
    ("answer", "wait_seconds"),
    [
        (httpx.Response(503, json=envelope("service_unavailable")), 0),
        (httpx.Response(502, text="<h1>Bad Gateway</h1>"), 0),
        (httpx.Response(429, json=envelope("rate_limited"), headers={"Retry-After": "7"}), 7),
        (httpx.Response(409, json=envelope("idempotency_in_flight")), 0),
        (httpx.Response(503, headers={"Retry-After": "Fri, 21 Nov 2026 09:00:00 GMT"}), 0),
        # The sign-in page of a public network.
        (httpx.Response(200, text="<h1>Welcome to our Wi-Fi</h1>"), 0),
    ],
)
def test_what_passes_by_itself_is_tried_again(answer, wait_seconds):
    with pytest.raises(UnreachableError) as error:
        ask(answer)

    assert error.value.wait_seconds == wait_seconds


def test_server_that_is_down_is_tried_again():
    with (
        closing(Server("http://127.0.0.1:9", lambda: "token")) as server,
        pytest.raises(UnreachableError, match=r"127\.0\.0\.1"),
    ):
        server.get("/health")


def test_answer_that_is_no_touchline_is_told():
    with pytest.raises(RemoteRefusalError, match="answered 404"):
        ask(httpx.Response(404, json=["Not Found"]))
