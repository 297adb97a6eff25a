"""The page's socket against a server that does whatever a test wants."""

import json
import time
from datetime import UTC, datetime

import pytest

pytestmark = pytest.mark.browser

TOPIC = "match.1"
START = """async (load) => {
  const { Feed } = await load("feed");
  window.told = [];
  window.opened = 0;
  const tell = (name) => (...values) => window.told.push([name, ...values]);
  window.feed = new Feed({
    open: async () => {
      window.opened += 1;
      if (window.refusal) throw window.refusal;
      return { address: "ws://modules.test/ws", token: "secret" };
    },
    expired: tell("expired"),
    time: tell("time"),
    snapshot: (frame) => tell("snapshot")(frame.seq),
    entry: (entry, isLive) => tell("entry")(entry.seq, isLive),
    phase: (phase, detail) => tell("phase")(phase, detail),
  });
  Math.random = () => 0;
  window.feed.connect();
}"""


class Peer:
    """The other end of each connection the page makes; `heard` are the client's frames."""

    def __init__(self, modules):
        self.modules = modules
        self.page = modules.page
        self.heard = []
        self.connections = []
        self.greets = True
        self.page.route_web_socket("ws://modules.test/ws", self._connected)

    def _connected(self, connection):
        self.connections.append(connection)
        connection.on_message(lambda text: self._hear(json.loads(text)))

    def _hear(self, frame):
        self.heard.append(frame)
        if frame["type"] == "hello" and self.greets:
            self.welcome()

    def say(self, kind, **fields):
        self.connections[-1].send(json.dumps({"type": kind, "topic": TOPIC, **fields}))

    def welcome(self, ping_seconds=25):
        now = datetime.now(UTC).isoformat()
        self.say("welcome", connection="c", server_time=now, ping_seconds=ping_seconds)

    def snapshot(self, seq):
        self.say("snapshot", epoch="e1", seq=seq, data={})

    def entries(self, *numbers):
        for seq in numbers:
            self.say("event_logged", seq=seq, data={})

    def close(self, code):
        self.connections[-1].close(code=code)

    def hears(self, count):
        self.until(lambda: len(self.heard) >= count)
        return self.heard[count - 1]

    def until(self, condition, seconds=10):
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, (self.heard, self.told())
            self.page.wait_for_timeout(10)

    def told(self, name=""):
        told = self.page.evaluate("window.told")
        return [values for one, *values in told if one == name] if name else told

    def phases(self):
        return [phase for phase, _ in self.told("phase")]

    def applied(self):
        return [seq for seq, _ in self.told("entry")]


@pytest.fixture
def peer(modules):
    modules.page.clock.install()
    modules.page.clock.resume()
    peer = Peer(modules)
    modules.run(START)
    peer.hears(1)
    return peer


@pytest.fixture
def live(peer):
    """Connected and caught up at 3."""
    peer.snapshot(3)
    peer.say("live", seq=3)
    peer.until(lambda: peer.phases()[-1] == "live")
    return peer


def test_a_page_says_hello_and_follows(live):
    live.entries(4, 5)
    live.until(lambda: live.applied() == [4, 5])

    assert live.heard == [{"type": "hello", "token": "secret"}]
    assert live.told("snapshot") == [[3]]
    assert live.told("entry") == [[4, True], [5, True]]
    assert live.phases() == ["connecting", "catching_up", "live"]


def test_an_entry_that_came_before_is_dropped(live):
    live.entries(4, 4, 3, 5)

    live.until(lambda: live.applied()[-1:] == [5])
    assert live.applied() == [4, 5]


def test_at_a_hole_the_page_asks_again_once_and_applies_in_order(live):
    live.entries(6, 7)

    assert live.hears(2) == {"type": "subscribe", "topic": TOPIC, "since": 3, "epoch": "e1"}
    live.entries(4, 5, 6, 7)
    live.until(lambda: live.applied() == [4, 5, 6, 7])
    assert len(live.heard) == 2


def test_a_hidden_entry_keeps_the_count(live):
    live.say("skip", seq=4)
    live.entries(5)

    live.until(lambda: live.applied() == [4, 5])


def test_a_cut_resumes_where_it_was(live):
    live.entries(4)
    live.until(lambda: live.applied() == [4])

    live.close(1012)

    expected = {"type": "hello", "token": "secret", "since": 4, "epoch": "e1"}
    assert live.hears(2) == expected
    live.entries(5)
    live.say("live", seq=5)
    live.until(lambda: live.phases()[-1] == "live")
    assert live.told("entry") == [[4, True], [5, False]], "what was missed is no news"


def test_a_reset_forgets_the_position(live):
    live.say("reset", reason="epoch_changed")
    live.say("snapshot", epoch="e2", seq=1, data={})
    live.say("live", seq=1)
    live.say("event_logged", seq=2, data={})

    live.until(lambda: live.applied() == [2])
    live.close(1012)
    assert live.hears(2)["epoch"] == "e2"


def test_a_heartbeat_is_answered_and_gives_the_time(live):
    live.say("ping", at="2026-11-21T15:00:00Z", heads={TOPIC: 3})

    assert live.hears(2) == {"type": "pong"}
    assert live.told("time")[-1] == ["2026-11-21T15:00:00Z", False]


def test_a_heartbeat_ahead_of_the_page_uncovers_a_loss(live):
    live.say("ping", at="2026-11-21T15:00:00Z", heads={TOPIC: 5})

    assert live.hears(3) == {"type": "subscribe", "topic": TOPIC, "since": 3, "epoch": "e1"}


def test_a_heartbeat_may_overtake_entries(live):
    live.say("ping", at="2026-11-21T15:00:00Z", heads={TOPIC: 4})
    live.entries(4)
    live.until(lambda: live.applied() == [4])

    live.page.clock.fast_forward(3_000)
    live.say("ping", at="2026-11-21T15:00:00Z", heads={TOPIC: 4})

    assert [frame["type"] for frame in (live.hears(3), *live.heard)].count("subscribe") == 0


def test_a_claim_to_be_live_further_on_uncovers_a_loss(peer):
    peer.snapshot(3)
    peer.say("live", seq=4)

    assert peer.hears(2)["type"] == "subscribe"


def test_a_loss_that_is_not_made_good_ends_the_connection(live):
    live.entries(6)
    live.hears(2)

    live.page.clock.fast_forward(5_100)

    assert live.hears(3) == {"type": "hello", "token": "secret", "since": 3, "epoch": "e1"}


def test_silence_longer_than_the_heartbeat_ends_the_connection(live):
    live.page.clock.fast_forward(36_000)

    assert live.hears(2)["type"] == "hello"


def test_a_server_that_never_says_welcome_is_tried_again(peer):
    peer.greets = False
    peer.close(1012)
    peer.hears(2)

    peer.page.clock.fast_forward(11_000)

    assert peer.hears(3)["type"] == "hello"


def test_the_server_says_when_to_come_back(live):
    live.say("bye", code=4009, retry_ms=60_000)
    live.close(4009)
    live.until(lambda: live.phases()[-1] == "waiting")

    assert live.told("phase")[-1] == ["waiting", {"attempt": 1, "retryMs": 60_000}]
    live.page.clock.fast_forward(61_000)
    assert live.hears(2)["type"] == "hello"


def test_hope_ends_a_wait(live):
    live.say("bye", code=4009, retry_ms=60_000)
    live.close(4009)
    live.until(lambda: live.phases()[-1] == "waiting")

    live.page.evaluate("window.feed.wake()")

    assert live.hears(2)["type"] == "hello"


def test_a_device_that_slept_trusts_no_old_connection(live):
    live.page.evaluate("window.feed.wake()")
    assert live.page.evaluate("window.opened") == 1

    # The wall clock moved on and no timer has fired, which is what sleep looks like.
    live.page.clock.set_system_time(time.time() + 3_600)
    live.page.evaluate("window.feed.wake()")

    assert live.hears(2)["type"] == "hello"


def test_a_device_without_network_drops_the_socket_at_once(live):
    live.page.evaluate("window.feed.cut()")

    assert live.phases()[-1] == "waiting"
    live.page.evaluate("window.feed.cut()")
    assert live.phases().count("waiting") == 1


def test_a_refused_token_is_renewed(live):
    live.close(4401)
    live.hears(2)

    assert live.told("expired") == [[]]


@pytest.mark.parametrize(("code", "reason"), [(4404, "unknown"), (4410, "gone"), (4403, "gone")])
def test_some_ends_are_final(live, code, reason):
    live.close(code)
    live.until(lambda: live.phases()[-1] == "stopped")

    assert live.told("phase")[-1] == ["stopped", {"reason": reason}]
    live.page.evaluate("window.feed.wake(); window.feed.cut(); window.feed.connect()")
    live.page.clock.fast_forward(120_000)
    assert live.page.evaluate("window.opened") == 1


def test_a_page_that_is_not_understood_gives_up_after_three_tries(peer):
    for count in (1, 2, 3):
        peer.hears(count)
        peer.close(4422)

    peer.until(lambda: peer.phases()[-1] == "stopped")
    assert peer.told("phase")[-1] == ["stopped", {"reason": "broken"}]


def test_a_final_refusal_before_the_socket_stops_too(live):
    live.page.evaluate("window.refusal = { isFinal: true, reason: 'gone' }")

    live.close(1012)

    live.until(lambda: live.phases()[-1] == "stopped")


def test_a_passing_refusal_waits_as_long_as_it_asks(live):
    live.page.evaluate("window.refusal = { isFinal: false, retryMs: 30_000 }")

    live.close(1012)
    live.until(lambda: live.told("phase")[-1] == ["waiting", {"attempt": 2, "retryMs": 30_000}])


def test_failures_in_a_row_wait_longer_each_time(peer):
    for count in (1, 2, 3):
        peer.hears(count)
        peer.close(1011)

    peer.until(lambda: peer.phases().count("waiting") == 3)
    waits = [detail["retryMs"] for phase, detail in peer.told("phase") if phase == "waiting"]
    assert waits == [250, 500, 1000]


def test_what_this_page_does_not_know_is_passed_over(live):
    live.say("error", code="too_many_topics", message="no")
    live.say("weather")
    live.entries(4)

    live.until(lambda: live.applied() == [4])
